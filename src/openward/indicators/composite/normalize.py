"""Normalization: columns on one scale, larger better (OECD/JRC 2008, Handbook, ch. 5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.indicators.composite.ranks import descending_ranks
from openward.indicators.composite.steps import Rule

Array = NDArray[np.float64]


def normalized(*, values: Array, direction: int, rule: Rule, target: float | None, where: str) -> Array:
    """Normalize one column.

    Parameters
    ----------
    values : [U]
        NaN where missing.
    direction : {1, -1}
        -1 negates before anything else (goalposts and targets included).
    rule : Rule
        min-max: the least to `low`, the most to `high`. z-score: to `mean` and `sd` (sample standard
        deviation). rank: the best U, the last 1, ties share their mean. percentile: 100 (rank - 1/2) / U.
        goalposts: `low` and `high` in the indicator's own unit, to 0 and 100, cut off outside.
        distance-to-target: the least to `low`, the target and beyond to `high`. distance-to-best: 100 times
        the value over the best.
    target : float, optional
    where : str
        Of the column, for messages.

    Raises
    ------
    InputError
        The column has no spread, or nothing it could be compared with.
    """
    x = values * direction
    known = x[~np.isnan(x)]
    if rule.method == "none":
        return x
    if known.size == 0:
        raise InputError("no unit has a value", where=where, hint="impute or leave the indicator out")
    low, high = rule.low or 0.0, rule.high or 0.0
    if rule.method in ("rank", "percentile"):
        upward = known.size + 1 - descending_ranks(scores=x[None, :], ties="mean")[0]
        return np.asarray(upward if rule.method == "rank" else 100.0 * (upward - 0.5) / known.size)
    if rule.method == "goalposts":
        start, end = sorted((low * direction, high * direction))
        return np.asarray(np.clip((x - start) / (end - start), 0.0, 1.0) * 100.0)
    least, most = float(known.min()), float(known.max())
    if rule.method == "distance-to-target":
        aim = (np.nan if target is None else target) * direction
        if not aim > least:
            raise InputError("no unit is short of the target", where=where, hint="set one further off")
        return np.minimum((x - least) / (aim - least), 1.0) * (high - low) + low
    if least == most:
        raise InputError(
            f"all units have {known[0] * direction:g}",
            where=where,
            hint="leave the indicator out, or use goalposts",
        )
    if rule.method == "min-max":
        return (x - least) / (most - least) * (high - low) + low
    if rule.method == "z-score":
        return np.asarray((x - known.mean()) / known.std(ddof=1) * (rule.sd or 1.0) + (rule.mean or 0.0))
    if least < 0:
        raise InputError("distance to the best of negative values", where=where, hint="use min-max")
    return x / most * 100.0
