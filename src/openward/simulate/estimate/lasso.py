r"""Poisson regression with effects and an :math:`\ell_1` penalty: which of many terms matter.

Breinlich, Corradi, Rocha, Ruta, Santos Silva and Zylkin (2022, "Machine learning in international trade
research"): minimize :math:`\sum (\mu - y \ln \mu) + \lambda \sum_k \phi_k |\beta_k|`, the effects
free. In each reweighted step the effects are swept out and coordinate descent runs on the Gram matrix that is
left, which is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError
from openward.simulate.estimate.effects import Array, Effects, Index
from openward.simulate.estimate.ppml import MOST_ITERATIONS, SLACK, TIGHT
from openward.simulate.estimate.separation import keep_estimable

CHANGE = 1e-10
ROUGH = 1e-7
MOST_PASSES = 10_000
MOST_LOADINGS = 30
C, GAMMA = 1.1, 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Rows that effects alone can fit, with columns in units of their standard deviation."""

    y: Array
    columns: Array
    scale: Array
    effects: Effects
    clusters: Index | None
    used: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LassoFit:
    """A penalized fit.

    Attributes
    ----------
    coefficients : [p]
        In units of the columns as given.
    mean : [m]
    score : [p]
        ``x'(y - mean)``, columns scaled: at most ``penalty * loadings``, with equality where selected.
    penalty : float
    loadings : [p]
        0 for columns that are not penalized.
    deviance : float
    iterations : int
    """

    coefficients: Array
    mean: Array
    score: Array
    penalty: float
    loadings: Array
    deviance: float
    iterations: int


def problem(*, outcome: Array, columns: Array, effects: Sequence[Index], clusters: Index | None) -> Problem:
    """Take the rows that can be fitted.

    Parameters
    ----------
    outcome : [n]
    columns : [n, p]
    effects : sequence of int arrays [n]
    clusters : int array [n], optional
        Scores may be dependent inside; without, by row.

    Raises
    ------
    InputError
        Nothing is left, or a column is constant.
    """
    used = keep_estimable(outcome=outcome, effects=effects).used
    levels = [np.unique(one[used], return_inverse=True)[1].astype(np.int64) for one in effects]
    x = columns[used]
    scale = x.std(axis=0)
    if (scale == 0).any():
        raise InputError(
            f"columns {', '.join(str(k) for k in np.flatnonzero(scale == 0))} do not vary",
            where="candidates",
            hint="leave them out",
        )
    groups = None if clusters is None else np.unique(clusters[used], return_inverse=True)[1].astype(np.int64)
    return Problem(outcome[used], x / scale, scale, Effects(levels), groups, used)


def fit_lasso(
    this: Problem,
    *,
    penalty: float,
    loadings: Array,
    start: LassoFit | None = None,
    tolerance: float = CHANGE,
) -> LassoFit:
    """Minimize the penalized criterion.

    Parameters
    ----------
    this : Problem
    penalty : float
    loadings : [p]
    start : LassoFit, optional
        A fit nearby.
    tolerance : float
        Relative change of the criterion at which to stop.

    Raises
    ------
    NotConvergedError
    """
    y, x, effects = this.y, this.columns, this.effects
    mean = (y + y.mean()) / 2 if start is None else start.mean
    beta = np.zeros(x.shape[1]) if start is None else start.coefficients * this.scale
    eta, old, accuracy, coefficients = np.log(mean), np.inf, SLACK, None
    tight = TIGHT * max(tolerance / CHANGE, 1.0)
    for iteration in range(1, MOST_ITERATIONS + 1):
        weighted = effects.weigh(mean)
        working = eta + (y - mean) / mean
        both = np.column_stack([working, x])
        coefficients, _ = weighted.fit(both, tolerance=accuracy, start=coefficients)
        left = both - effects.spread(coefficients)
        z, inside = left[:, 0], left[:, 1:]
        heavy = inside * mean[:, None]
        beta = descend(gram=inside.T @ heavy, target=heavy.T @ z, threshold=penalty * loadings, start=beta)
        eta = working - (z - inside @ beta)
        mean = np.exp(np.minimum(eta, 700.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            deviance = 2 * float(np.where(y > 0, y * (np.log(y) - eta), 0.0).sum() - (y - mean).sum())
        goal = deviance + 2 * penalty * float(loadings @ np.abs(beta))
        change = abs(goal - old) / max(abs(goal), 0.1)
        if change < tolerance and accuracy <= tight:
            score = x.T @ (y - mean)
            return LassoFit(beta / this.scale, mean, score, penalty, loadings, deviance, iteration)
        accuracy = tight if change < 100 * tolerance else min(accuracy, SLACK * change**0.5)
        old = goal
    raise NotConvergedError(
        f"no convergence in {MOST_ITERATIONS} iterations",
        hint="a candidate may separate observations; leave it out",
        where="lasso",
    )


def descend(*, gram: Array, target: Array, threshold: Array, start: Array) -> Array:
    r"""Minimize :math:`\tfrac12 b'Gb - t'b + \sum \theta_k |b_k|` by cyclic coordinate descent.

    Parameters
    ----------
    gram : [p, p]
    target : [p]
    threshold : [p]
    start : [p]
    """
    b = start.copy()
    # A column that the effects explain has nothing on the diagonal: its coefficient is zero.
    floor = 1e-10 * float(np.diag(gram).max())
    for _ in range(MOST_PASSES):
        most = 0.0
        for k in range(len(b)):
            own = gram[k, k]
            if own <= floor:
                b[k] = 0.0
                continue
            rest = target[k] - gram[k] @ b + own * b[k]
            new = np.sign(rest) * max(abs(rest) - threshold[k], 0.0) / own
            most = max(most, abs(new - b[k]) * own**0.5)
            b[k] = new
        if most <= 1e-13 * max(float(np.abs(target).max()) / float(np.diag(gram).max()) ** 0.5, 1e-300):
            break
    return b


def score_loadings(this: Problem, mean: Array, penalized: NDArray[np.bool_]) -> Array:
    r"""Give :math:`\phi_k = \sqrt{\tfrac1n \sum_g (\sum_{i \in g} \tilde x_{ik} e_i)^2}`; 0: no penalty."""
    weighted = this.effects.weigh(mean)
    coefficients, _ = weighted.fit(this.columns, tolerance=1e-8)
    scores = (this.columns - this.effects.spread(coefficients)) * (this.y - mean)[:, None]
    if this.clusters is not None:
        size = int(this.clusters.max()) + 1
        scores = np.stack([np.bincount(this.clusters, one, size) for one in scores.T], axis=1)
    phi = np.sqrt((scores**2).sum(axis=0) / len(this.y))
    return np.where(penalized, phi, 0.0)


def plug_in(this: Problem, penalized: NDArray[np.bool_]) -> LassoFit:
    r"""Fit with the plug-in penalty: :math:`\lambda = c \sqrt n\, \Phi^{-1}(1 - \gamma / 2p)`.

    ``c = 1.1``, ``gamma = 0.1 / ln n`` (Belloni, Chernozhukov, Hansen and Kozbur 2016); the loadings are
    found with the residuals of the fit and the fit with the loadings, in turn, until the selection stands.
    """
    from scipy.stats import norm

    n, p = len(this.y), int(penalized.sum())
    penalty = C * n**0.5 * float(norm.ppf(1 - GAMMA / np.log(n) / (2 * p)))
    # First residuals: of the effects and the unpenalized columns alone.
    fit = fit_lasso(this, penalty=1.0, loadings=np.where(penalized, 1e300, 0.0), tolerance=ROUGH)
    loadings = score_loadings(this, fit.mean, penalized)
    for _ in range(MOST_LOADINGS):
        fit = fit_lasso(this, penalty=penalty, loadings=loadings, start=fit, tolerance=ROUGH)
        new = score_loadings(this, fit.mean, penalized)
        if np.abs(new - loadings).max() <= 1e-4 * np.abs(loadings).max():
            break
        loadings = new
    return fit_lasso(this, penalty=penalty, loadings=loadings, start=fit)


def penalty_path(this: Problem, penalized: NDArray[np.bool_], *, steps: int = 20) -> list[LassoFit]:
    """Fit along a path of penalties, from the least that selects nothing down to a thousandth of it.

    Loadings are those of the plug-in at no selection. Fits are rough: refit the one that is chosen.
    """
    fit = fit_lasso(this, penalty=1.0, loadings=np.where(penalized, 1e300, 0.0), tolerance=ROUGH)
    loadings = score_loadings(this, fit.mean, penalized)
    with np.errstate(divide="ignore", invalid="ignore"):
        start = float(np.nanmax(np.where(loadings > 0, np.abs(fit.score) / loadings, np.nan)))
    out = []
    for penalty in np.geomspace(start * (1 + 1e-6), start / 1000, steps):
        fit = fit_lasso(this, penalty=float(penalty), loadings=loadings, start=fit, tolerance=ROUGH)
        out.append(fit)
    return out
