"""The same coefficient seen from the shocks: one observation for each sector, errors by sector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ShockLevelEstimate:
    """A coefficient from a regression over shocks.

    Attributes
    ----------
    coefficient, standard_error : float
        Error robust to heteroskedasticity, or clustered where labels are given; no small-sample factor.
    effective_shocks : float
        ``1 / sum(s^2)`` of the importance weights: how many shocks there are in effect.
    shocks : int
    """

    coefficient: float
    standard_error: float
    effective_shocks: float
    shocks: int


def shock_level(
    *,
    outcome: Array,
    endogenous: Array,
    shares: Array,
    shocks: Array,
    controls: Array,
    weights: Array,
    shock_controls: Array | None = None,
    clusters: Labels | None = None,
) -> ShockLevelEstimate:
    """Estimate an effect by a regression of shock-level averages, instrumented by the shocks.

    Outcome and regressor are taken net of the controls, averaged for each shock with the weights ``w_i
    share_is``, and regressed on each other with the importance weights ``s_n = sum_i w_i share_in`` and the
    shock as instrument. The coefficient is that of the region-level regression instrumented by ``sum_n
    share_in shock_n``, if the region-level controls span ``sum_n share_in q_n`` for every shock-level control
    q; those are added here.

    Parameters
    ----------
    outcome, endogenous, weights : [N]
    shares : [N, S]
    shocks : [S]
    controls : [N, K]
    shock_controls : [S, Q], optional
        Such as a constant, which asks for the sum of shares as a region-level control, or periods.
    clusters : int array [S], optional

    Raises
    ------
    InputError
        No sector has weight, or the shocks explain nothing.

    References
    ----------
    Borusyak, Hull and Jaravel (2022), Rev. Econ. Stud. 89, 181-213, propositions 1 and 5.
    """
    if shock_controls is not None:
        controls = np.column_stack([controls, shares @ shock_controls])
    root = np.sqrt(weights)
    projected = root[:, None] * controls
    y, x = (
        column - controls @ np.linalg.lstsq(projected, root * column, rcond=None)[0]
        for column in (outcome, endogenous)
    )
    importance = weights @ shares
    kept = importance > 0
    if not kept.any():
        raise InputError("no sector has weight in any region", where="shares")
    importance = importance[kept]
    y_bar, x_bar = ((weights * column) @ shares[:, kept] / importance for column in (y, x))
    g = shocks[kept]
    if shock_controls is not None:
        q = shock_controls[kept]
        scale = np.sqrt(importance)
        g = g - q @ np.linalg.lstsq(scale[:, None] * q, scale * g, rcond=None)[0]
    first = float(np.sum(importance * g * x_bar))
    if abs(first) <= 1e-12 * float(np.sqrt(np.sum(importance * g**2) * np.sum(importance * x_bar**2))):
        raise InputError("the shocks do not explain the regressor", where="shocks")
    coefficient = float(np.sum(importance * g * y_bar)) / first
    scores = importance * g * (y_bar - coefficient * x_bar)
    if clusters is not None:
        _, place = np.unique(clusters[kept], return_inverse=True)
        scores = np.asarray(np.bincount(place, weights=scores), dtype=np.float64)
    part = importance / importance.sum()
    return ShockLevelEstimate(
        coefficient=coefficient,
        standard_error=float(np.sqrt(scores @ scores)) / abs(first),
        effective_shocks=float(1 / np.sum(part**2)),
        shocks=int(kept.sum()),
    )
