"""Skewness and kurtosis of the second type, as spreadsheets and the handbooks of indices have them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def skewness(*, values: Array) -> float | None:
    """Give the sample skewness ``G1 = g1 sqrt(n (n-1)) / (n-2)`` (Joanes and Gill 1998, type 2).

    NaN are left out; None for fewer than three values or no spread.
    """
    x = values[~np.isnan(values)]
    n = x.size
    x = x - x.mean() if n else x
    second = float((x**2).sum())
    if n < 3 or second == 0.0:
        return None
    g1 = np.sqrt(n) * float((x**3).sum()) / second**1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(*, values: Array) -> float | None:
    """Give the sample excess kurtosis ``G2 = ((n+1) g2 + 6) (n-1) / ((n-2)(n-3))`` (type 2).

    NaN are left out; None for fewer than four values or no spread.
    """
    x = values[~np.isnan(values)]
    n = x.size
    x = x - x.mean() if n else x
    second = float((x**2).sum())
    if n < 4 or second == 0.0:
        return None
    g2 = n * float((x**4).sum()) / second**2 - 3.0
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))


def within_limits(*, values: Array, skew: float, kurt: float) -> bool:
    """Tell whether ``|skewness| < skew`` or ``kurtosis < kurt``; a column too short to tell is within."""
    s, k = skewness(values=values), kurtosis(values=values)
    return s is None or k is None or abs(s) < skew or k < kurt
