"""Estimation of the parameters that models need."""
