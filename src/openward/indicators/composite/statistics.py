"""What the columns of an index are like: spread, shape, gaps, ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.indicators.composite.moments import kurtosis, skewness

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """One column of U units.

    Attributes
    ----------
    code : str
    minimum, maximum, mean, median, sd : float or None
        None where no unit has a value (`sd`: fewer than two).
    skewness, kurtosis : float or None
        Of type 2; excess kurtosis.
    available, nonzero, unique, same : int
        Units with a value; with one other than zero; different values; units that share the commonest.
    units : int
        U.
    outliers : bool
        Both limits reached: ``|skewness| >= 2`` and ``kurtosis >= 3.5``.
    """

    code: str
    minimum: float | None
    maximum: float | None
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    available: int
    nonzero: int
    unique: int
    same: int
    units: int
    outliers: bool


def column_statistics(*, values: Array, codes: Sequence[str]) -> tuple[ColumnStatistics, ...]:
    """Describe every column of [U, I]; NaN are missing."""
    return tuple(_one(values[:, k], code) for k, code in enumerate(codes))


def _one(column: Array, code: str) -> ColumnStatistics:
    x = column[~np.isnan(column)]
    s, k = skewness(values=x), kurtosis(values=x)
    counts = np.unique(x, return_counts=True)[1]
    return ColumnStatistics(
        code=code,
        minimum=float(x.min()) if x.size else None,
        maximum=float(x.max()) if x.size else None,
        mean=float(x.mean()) if x.size else None,
        median=float(np.median(x)) if x.size else None,
        sd=float(x.std(ddof=1)) if x.size > 1 else None,
        skewness=s,
        kurtosis=k,
        available=int(x.size),
        nonzero=int((x != 0).sum()),
        unique=int(counts.size),
        same=int(counts.max()) if x.size else 0,
        units=int(column.size),
        outliers=s is not None and k is not None and abs(s) >= 2.0 and k >= 3.5,
    )
