"""Retaliation and rebalancing: lists of equal trade effect."""
