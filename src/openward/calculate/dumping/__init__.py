"""Dumping: normal value, export price, comparison, margin, rates."""
