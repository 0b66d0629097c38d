"""The fifteen factors of WTO Anti-Dumping Agreement art 3.4, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Bad = Literal["down", "up", "none"]
ARTICLE = "ADA art 3.4"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor.

    Attributes
    ----------
    name : str
    bad : str
        Direction that points to injury; ``none`` where the figure has no direction of its own.
    text : str
        How the Agreement groups it.
    """

    name: str
    bad: Bad
    text: str


FACTORS: tuple[Factor, ...] = (
    Factor("sales", "down", "actual and potential decline"),
    Factor("profits", "down", "actual and potential decline"),
    Factor("output", "down", "actual and potential decline"),
    Factor("market_share", "down", "actual and potential decline"),
    Factor("productivity", "down", "actual and potential decline"),
    Factor("return_on_investments", "down", "actual and potential decline"),
    Factor("capacity_utilization", "down", "actual and potential decline"),
    Factor("domestic_prices", "down", "factors affecting domestic prices"),
    Factor("margin_of_dumping", "none", "magnitude of the margin of dumping"),
    Factor("cash_flow", "down", "actual and potential negative effects"),
    Factor("inventories", "up", "actual and potential negative effects"),
    Factor("employment", "down", "actual and potential negative effects"),
    Factor("wages", "down", "actual and potential negative effects"),
    Factor("growth", "down", "actual and potential negative effects"),
    Factor("ability_to_raise_capital", "down", "actual and potential negative effects"),
)
"""Capital and investments are one factor of the Agreement's text."""
