"""Skewness and kurtosis of the second type, as spreadsheets and the handbooks of indices have them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def moments(*, values: Array) -> tuple[float | None, float | None]:
    """Give skewness and excess kurtosis of type 2 (Joanes and Gill 1998, The Statistician 47).

    ``G1 = g1 sqrt(n (n-1)) / (n-2)`` and ``G2 = ((n+1) g2 + 6) (n-1) / ((n-2)(n-3))``. NaN are left out; None
    for fewer than three and four values, or no spread.
    """
    x = values[~np.isnan(values)]
    n = int(x.size)
    if n < 3:
        return None, None
    x = x - x.mean()
    square = x * x
    second = float(square.sum())
    if second == 0.0:
        return None, None
    g1 = n**0.5 * float((square * x).sum()) / second**1.5
    skew = g1 * (n * (n - 1)) ** 0.5 / (n - 2)
    if n < 4:
        return skew, None
    g2 = n * float((square * square).sum()) / second**2 - 3.0
    return skew, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))


def skewness(*, values: Array) -> float | None:
    """Give the skewness alone."""
    return moments(values=values)[0]


def kurtosis(*, values: Array) -> float | None:
    """Give the excess kurtosis alone."""
    return moments(values=values)[1]


def within_limits(shape: tuple[float | None, float | None], *, skew: float, kurt: float) -> bool:
    """Tell whether ``|skewness| < skew`` or ``kurtosis < kurt``; a column too short to tell is within."""
    s, k = shape
    return s is None or k is None or abs(s) < skew or k < kurt
