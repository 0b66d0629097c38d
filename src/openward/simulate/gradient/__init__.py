"""Derivatives of an equilibrium: every policy at once, by one linear solve (implicit differentiation)."""
