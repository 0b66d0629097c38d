"""Structural gravity in one sector: resistances, and general equilibrium with fixed endowments."""

from openward.simulate.gravity.endowment import GravityOutcome, solve_gravity
from openward.simulate.gravity.resistance import Resistance, multilateral_resistance

__all__ = ["GravityOutcome", "Resistance", "multilateral_resistance", "solve_gravity"]
