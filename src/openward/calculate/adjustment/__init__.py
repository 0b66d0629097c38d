"""Adjustment assistance: exposure of regions to imports, its effect with honest errors, eligibility."""
