"""Indicators: what is measured from tables of what happened."""
