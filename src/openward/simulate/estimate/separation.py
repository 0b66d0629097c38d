"""Observations that a Poisson regression cannot fit with finite coefficients, found before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError
from openward.simulate.estimate.effects import Array, Effects, Index

Mask = NDArray[np.bool_]
MOST_ROUNDS = 300
HEAVY = 1e7
ZERO = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What takes part.

    Attributes
    ----------
    used : bool array [n]
    separated : int
        Left out because their mean would tend to zero.
    alone : int
        Left out because a level of an effect holds nothing else.
    """

    used: Mask
    separated: int
    alone: int


def keep_estimable(*, outcome: Array, effects: Sequence[Index]) -> Kept:
    """Leave out levels without any positive outcome, and observations alone in a level, until none is left.

    Parameters
    ----------
    outcome : [n]
        Non-negative.
    effects : sequence of int arrays [n]

    Raises
    ------
    InputError
        Nothing is left.
    """
    used = np.ones(len(outcome), dtype=bool)
    separated = alone = 0
    while True:
        dark, single = _by_levels(outcome, effects, used)
        separated, alone = separated + dark, alone + single
        if not dark + single:
            break
    if not used.any():
        raise InputError(
            "no observation is left: every outcome is zero or alone in a level",
            hint="use fewer effects",
            where="effects",
        )
    return Kept(used, separated, alone)


def _by_levels(outcome: Array, effects: Sequence[Index], used: Mask) -> tuple[int, int]:
    zero = alone = 0
    for level in effects:
        size = int(level.max()) + 1
        here = level[used]
        total = np.bincount(here, outcome[used], size)
        count = np.bincount(here, minlength=size)
        dark = used & (total[level] == 0)
        zero += int(dark.sum())
        used &= ~dark
        single = used & (count[level] == 1)
        alone += int(single.sum())
        used &= ~single
    return zero, alone


def separated_by_regressors(*, outcome: Array, columns: Array, effects: Effects) -> Mask:
    """Find zeros that a combination of regressors and effects singles out: their mean tends to zero.

    The iterative rectifier of Correia, Guimaraes and Zylkin (2021, "Verifying the existence of maximum
    likelihood estimates for generalized linear models", section 4): a combination that is zero wherever the
    outcome is positive, and nowhere negative, is sought by least squares with heavy weights on the former.

    Parameters
    ----------
    outcome : [n]
    columns : [n, k]
    effects : Effects

    Returns
    -------
    bool array [n]
    """
    zero = outcome == 0
    none = np.zeros(len(outcome), dtype=bool)
    if not zero.any():
        return none
    weighted = effects.weigh(np.where(zero, 1.0, HEAVY))
    x = columns / np.maximum(np.abs(columns).max(axis=0), 1e-300)
    coefficients, _ = weighted.fit(x, tolerance=1e-9)
    inside = x - effects.spread(coefficients)
    weights = weighted.weights[:, None]
    inverse = np.linalg.pinv(inside.T @ (inside * weights), rcond=1e-12, hermitian=True)
    target, start = zero.astype(np.float64), None
    for _ in range(MOST_ROUNDS):
        start, _ = weighted.fit(target[:, None], tolerance=1e-9, start=start)
        left = target[:, None] - effects.spread(start)
        off = (left - inside @ (inverse @ (inside.T @ (left * weights))))[:, 0]
        fitted = target - off
        if np.abs(off).max() < ZERO:
            return np.asarray(zero & (fitted > 10 * ZERO))
        target = np.where(zero, np.maximum(fitted, 0.0), 0.0)
    raise NotConvergedError(
        f"whether zeros are separated is not settled in {MOST_ROUNDS} rounds",
        hint="a regressor nearly singles out observations without trade; leave it or them out",
        where="ppml",
    )
