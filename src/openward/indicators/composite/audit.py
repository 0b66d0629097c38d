"""The trail of an index: every cell a step changed, with what it was, what it became, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.indicators.composite.hierarchy import Hierarchy
from openward.indicators.composite.state import Move, State


@dataclass(frozen=True, slots=True)
class Change:
    """One cell changed by one step.

    Attributes
    ----------
    unit, indicator, step : str
    before, after : float or None
        None: missing.
    why : str
    """

    unit: str
    indicator: str
    step: str
    before: float | None
    after: float | None
    why: str


def changes(*, step: str, tree: Hierarchy, before: State, move: Move) -> list[Change]:
    """List the cells of columns with a reason that differ after a step.

    Aggregates are results, not changes; units that a screen drops are listed as ``screen`` without a cell.
    """
    after = move.state
    if len(before.data.units) != len(after.data.units):
        kept = set(after.data.units)
        share = 1.0 - np.isnan(before.values[:, : tree.indicators]).mean(axis=1)
        return [
            Change(unit, "", step, None, None, f"left out: {available:.0%} of the indicators available")
            for unit, available in zip(before.data.units, share, strict=True)
            if unit not in kept
        ]
    found = []
    for code, why in move.reasons.items():
        k = tree.codes.index(code)
        old, new = before.values[:, k], after.values[:, k]
        for row in np.flatnonzero((old != new) & ~(np.isnan(old) & np.isnan(new))):
            found.append(
                Change(before.data.units[row], code, step, _or_none(old[row]), _or_none(new[row]), why)
            )
    return found


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
