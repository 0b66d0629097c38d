"""Adapters to public sources: fetch with patience, check for wholeness, read into openward's own tables."""
