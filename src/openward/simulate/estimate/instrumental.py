"""Weighted two-stage least squares with one endogenous regressor and errors clustered by group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.baseline import Array


@dataclass(frozen=True, slots=True)
class InstrumentalEstimate:
    """The coefficient on the endogenous regressor, with what it rests on.

    Attributes
    ----------
    coefficient, standard_error : float
        Clustered by group; ``small_sample`` says with which factor.
    first_stage, first_stage_error : float
        Coefficient on the instrument in the first stage, and its error.
    observations, clusters : int
    small_sample : float
        Factor on the variance; 1 is none.
    """

    coefficient: float
    standard_error: float
    first_stage: float
    first_stage_error: float
    observations: int
    clusters: int
    small_sample: float


def two_stage_least_squares(
    *,
    outcome: Array,
    endogenous: Array,
    instrument: Array,
    controls: Array,
    weights: Array,
    clusters: NDArray[np.int64],
    small_sample: bool,
) -> InstrumentalEstimate:
    """Estimate ``y = b x + controls + u`` with ``x`` instrumented by ``z``.

    ``b = (X' P X)^-1 X' P y`` on rows scaled by the root of the weights, ``P`` the projection on instrument
    and controls; variance ``(X' P X)^-1 (sum_g s_g s_g') (X' P X)^-1``, ``s_g`` the sum of ``x_hat u`` over a
    cluster (Liang and Zeger 1986).

    Parameters
    ----------
    outcome, endogenous, instrument, weights : [R]
        Weights are positive.
    controls : [R, K]
        With a constant, if there is to be one.
    clusters : int array [R]
    small_sample : bool
        Multiply the variance by ``G/(G-1) (R-1)/(R-K-1)``, as Stata's ``ivregress, small`` does.

    Raises
    ------
    InputError
        Missing values, weights that are not positive, fewer than two clusters, or collinear regressors.
    """
    root = np.sqrt(weights)[:, None]
    X, Z = np.column_stack([endogenous, controls]), np.column_stack([instrument, controls])
    _check(np.column_stack([outcome, X, Z]), weights, clusters)
    X, Z, y = X * root, Z * root, outcome * root[:, 0]
    for name, matrix in (("regressors", X), ("instrument and controls", Z)):
        if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
            raise InputError(f"the {name} are collinear", hint="leave one out")
    first, first_variance = _clustered(Z, Z, X[:, 0], clusters, small_sample)
    projected = Z @ np.linalg.solve(Z.T @ Z, Z.T @ X)
    second, variance = _clustered(projected, X, y, clusters, small_sample)
    return InstrumentalEstimate(
        coefficient=float(second[0]),
        standard_error=float(np.sqrt(variance[0, 0])),
        first_stage=float(first[0]),
        first_stage_error=float(np.sqrt(first_variance[0, 0])),
        observations=len(y),
        clusters=len(np.unique(clusters)),
        small_sample=_factor(X, clusters) if small_sample else 1.0,
    )


def _clustered(
    P: Array, X: Array, y: Array, clusters: NDArray[np.int64], small_sample: bool
) -> tuple[Array, Array]:
    """Coefficients and their variance; ``P`` is ``X``, or its projection on the instruments."""
    beta = np.linalg.solve(P.T @ X, P.T @ y)
    group = np.unique(clusters, return_inverse=True)[1]
    scores = np.zeros((group.max() + 1, X.shape[1]))
    np.add.at(scores, group, P * (y - X @ beta)[:, None])
    bread = np.linalg.inv(P.T @ P)
    factor = _factor(X, clusters) if small_sample else 1.0
    return np.asarray(beta), np.asarray(factor * bread @ (scores.T @ scores) @ bread)


def _factor(X: Array, clusters: NDArray[np.int64]) -> float:
    G, (rows, columns) = len(np.unique(clusters)), X.shape
    return float(G / (G - 1) * (rows - 1) / (rows - columns))


def _check(values: Array, weights: Array, clusters: NDArray[np.int64]) -> None:
    if not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
        raise InputError("a value is missing or infinite", where=f"row {row}", hint="leave the row out")
    if not (weights > 0).all():
        raise InputError("a weight is not positive", hint="leave out rows without weight")
    if len(np.unique(clusters)) < 2:
        raise InputError("fewer than two clusters", hint="errors cannot be clustered by one group")
