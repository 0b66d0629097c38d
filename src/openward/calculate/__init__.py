"""Calculators of trade remedies: pure functions of the facts of a case; every step is a printed record."""
