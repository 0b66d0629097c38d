"""Denominating: size taken out of an indicator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def denominated(*, values: Array, denominator: Array) -> Array:
    """Divide [U] by [U]; missing where the denominator is missing or not positive."""
    out = np.full(values.shape, np.nan)
    return np.asarray(np.divide(values, denominator, out=out, where=denominator > 0))
