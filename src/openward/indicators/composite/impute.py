"""Imputation: missing cells filled from other units, or from the year before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def filled_by_mean(*, values: Array) -> Array:
    """Fill missing cells of [U] with the mean of the others; all missing stays missing."""
    known = values[~np.isnan(values)]
    return np.where(np.isnan(values), known.mean(), values) if known.size else values


def filled_by_median(*, values: Array) -> Array:
    """Fill missing cells of [U] with the median of the others."""
    known = values[~np.isnan(values)]
    return np.where(np.isnan(values), np.median(known), values) if known.size else values


def filled_from_before(*, values: Array, earlier: Sequence[Array]) -> Array:
    """Fill missing cells of [U] with the unit's own value of the latest earlier year that has one."""
    out = values
    for year in earlier:
        out = np.where(np.isnan(out), year, out)
    return out
