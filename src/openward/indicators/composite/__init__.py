"""Composite indices: many indicators to one score, every choice written down, varied and traced."""
