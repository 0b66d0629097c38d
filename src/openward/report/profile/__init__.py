"""The profile of an economy on one page: how open, how exposed."""
