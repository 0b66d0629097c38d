"""Amounts of many rows, rounded as one row would be: half up, in the minor unit of the currency."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.kinds import SCALE

Array = NDArray[np.float64]


def exactly(value: float, rate: Decimal, minor: int) -> float:
    """Charge one rate on one value, in decimals."""
    exact = (Decimal(repr(float(value))) * rate).scaleb(int(minor))
    return float(exact.to_integral_value(rounding=ROUND_HALF_UP).scaleb(-int(minor)))


def amounts(value: Array, rate: NDArray[np.int64] | np.int64, minor: NDArray[np.int8]) -> Array:
    """Charge rates on values.

    Parameters
    ----------
    value : float array
        Customs values; each stands for the shortest decimal that reads back to it.
    rate : int array
        Billionths.
    minor : int array
        Decimal digits of the minor unit of each row's currency.

    Returns
    -------
    float array
        The exact product rounded half up. Those near a half are worked out in
        decimals.
    """
    scale = 10.0 ** minor.astype(np.float64)
    product = value * (rate / SCALE) * scale
    whole = np.floor(product + 0.5)
    near = np.abs(product - np.floor(product) - 0.5) <= np.maximum(1e-6, product * 4e-15)
    found: Array = whole / scale
    billionths = np.broadcast_to(rate, product.shape)
    for k in np.flatnonzero(near):
        found[k] = exactly(value[k], Decimal(int(billionths[k])) / SCALE, int(minor[k]))
    return found
