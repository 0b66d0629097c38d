"""Ranks, 1 the highest, many rows at a time."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def descending_ranks(*, scores: Array, ties: Literal["least", "mean"]) -> Array:
    """Rank every row of [R, U], the highest score first.

    Parameters
    ----------
    scores : [R, U]
        NaN where a unit has no score.
    ties : {"least", "mean"}
        Units with the same score share the least of their ranks, or its mean.

    Returns
    -------
    [R, U]
        NaN where there is no score.
    """
    rows, units = scores.shape
    order = np.argsort(-scores, axis=1, kind="stable")
    at = np.take_along_axis(scores, order, axis=1)
    first = np.ones((rows, units), dtype=bool)
    np.not_equal(at[:, 1:], at[:, :-1], out=first[:, 1:])
    position = np.arange(1, units + 1, dtype=np.float64)
    least = np.maximum.accumulate(np.where(first, position, 0.0), axis=1)
    if ties == "mean" and not first.all():
        last = np.ones((rows, units), dtype=bool)
        last[:, :-1] = first[:, 1:]
        most = np.minimum.accumulate(np.where(last, position, np.inf)[:, ::-1], axis=1)[:, ::-1]
        least = (least + most) / 2.0
    out = np.empty((rows, units))
    np.put_along_axis(out, order, least, axis=1)
    missing = np.isnan(scores)
    if missing.any():
        out[missing] = np.nan
    return out
