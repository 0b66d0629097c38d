"""Score a prediction against what happened, beside naive ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array

FEWEST = 3


@dataclass(frozen=True, slots=True)
class Score:
    """How one way of predicting did on one group of pairs; log points of a share in trade.

    Attributes
    ----------
    method, group : str
    pairs : int
    sign_share : float or None
        Share of pairs whose direction was right; None where the method predicts no direction.
    rank_correlation, slope : float or None
        Spearman; of what happened on what was predicted (least squares with a constant). None where the
        method predicts the same for all.
    rmse : float
        Root of the mean squared miss.
    inside : float or None
        Share of pairs inside the interval of 90 %; None where the method gives none.
    """

    method: str
    group: str
    pairs: int
    sign_share: float | None
    rank_correlation: float | None
    slope: float | None
    rmse: float
    inside: float | None


def score(
    predicted: Array,
    observed: Array,
    *,
    method: str,
    group: str,
    low: Array | None = None,
    high: Array | None = None,
) -> Score:
    """Score one method on one group.

    Parameters
    ----------
    predicted, observed : [pairs]
    low, high : [pairs], optional

    Raises
    ------
    InputError
        Fewer than three pairs, or values that are not finite.
    """
    if len(observed) < FEWEST:
        raise InputError(f"{len(observed)} pairs are too few to score", where=group)
    if not (np.isfinite(predicted).all() and np.isfinite(observed).all()):
        raise InputError("a change is not a finite number", where=group, hint="leave out pairs without trade")
    directed = predicted != 0
    sign = float((np.sign(predicted) == np.sign(observed))[directed].mean()) if directed.any() else None
    rank = slope = None
    if np.ptp(predicted) > 0 and np.ptp(observed) > 0:
        rank = float(np.corrcoef(ranks(predicted), ranks(observed))[0, 1])
        centered = predicted - predicted.mean()
        slope = float(centered @ observed / (centered @ centered))
    inside = None
    if low is not None and high is not None:
        inside = float(((low <= observed) & (observed <= high)).mean())
    return Score(
        method=method,
        group=group,
        pairs=len(observed),
        sign_share=sign,
        rank_correlation=rank,
        slope=slope,
        rmse=float(np.sqrt(((predicted - observed) ** 2).mean())),
        inside=inside,
    )


def ranks(values: Array | Sequence[float]) -> Array:
    """Give ranks from 1, ties at their mean."""
    array = np.asarray(values, dtype=np.float64)
    _, inverse, counts = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[inverse], dtype=np.float64)
