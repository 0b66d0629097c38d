"""Treatment of outliers: winsorize; where that is not enough, transform (OECD/JRC 2008, Handbook, ch. 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.indicators.composite.moments import moments, within_limits

Array = NDArray[np.float64]

OFFSET = 0.01
"""Of the range, added before the logarithm, so that the least value has one."""


@dataclass(frozen=True, slots=True, eq=False)
class Treated:
    """A treated column.

    Attributes
    ----------
    values : [U]
    how : str
        Empty where nothing was done.
    points : int
        Winsorized in the end; 0 where the column was transformed instead.
    passes : bool
        Whether skewness or kurtosis is within its limit now.
    """

    values: Array
    how: str
    points: int
    passes: bool


def treated(*, values: Array, skew: float, kurt: float, max_points: int | None, otherwise: str) -> Treated:
    """Treat one column.

    Winsorizing sets the extreme value to the next one, on the side the skewness points to; cells that share
    the extreme go together, and what is counted against `max_points` is cells. A column that still has
    outliers is transformed from its original values, not from the winsorized ones.

    Parameters
    ----------
    values : [U]
        NaN where missing.
    skew, kurt : float
        Limits; reaching neither both is an outlier.
    max_points : int or None
        None: as many as it takes.
    otherwise : {"log-ct", "log-ct-signed", "none"}
        ``log-ct``: ``ln(x - min + 0.01 range)``; signed: mirrored where skewness is negative.
    """
    s, k = shape = moments(values=values)
    if within_limits(shape, skew=skew, kurt=kurt):
        return Treated(values, "", 0, passes=True)
    found = f"skewness {s:.3g}, kurtosis {k:.3g}"
    x, points, passes = winsorized(values=values, skew=skew, kurt=kurt, max_points=max_points)
    if passes:
        return Treated(x, f"winsorized, {points} cells ({found})", points, passes=True)
    if otherwise == "none":
        how = f"winsorized, {points} cells, still outside the limits ({found})" if points else ""
        return Treated(x, how, points, passes=False)
    x = logged(values=values, mirror=otherwise == "log-ct-signed" and s is not None and s < 0)
    passes = within_limits(moments(values=x), skew=skew, kurt=kurt)
    return Treated(x, f"{otherwise} ({found}; winsorizing {points} cells was not enough)", 0, passes=passes)


def winsorized(*, values: Array, skew: float, kurt: float, max_points: int | None) -> tuple[Array, int, bool]:
    """Winsorize [U] until a limit holds or `max_points` cells are set.

    Gives the values, the count, and whether a limit holds.
    """
    x = values.copy()
    high = low = points = 0
    s, _ = shape = moments(values=x)
    while not (done := within_limits(shape, skew=skew, kurt=kurt)):
        if max_points is not None and points >= max_points:
            break
        upward = s is not None and s >= 0
        at = x == (np.nanmax(x) if upward else np.nanmin(x))
        rest = x[~at & ~np.isnan(x)]
        x[at] = rest.max() if upward else rest.min()
        count = int(at.sum())
        high, low = (count, low) if upward else (high, count)
        points = high + low
        s, _ = shape = moments(values=x)
    return x, points, done


def logged(*, values: Array, mirror: bool) -> Array:
    """Give ``ln(x - min + 0.01 range)`` of [U], or ``-ln(max + 0.01 range - x)`` mirrored."""
    least, most = np.nanmin(values), np.nanmax(values)
    shift = OFFSET * (most - least)
    return -np.log(most + shift - values) if mirror else np.log(values - least + shift)
