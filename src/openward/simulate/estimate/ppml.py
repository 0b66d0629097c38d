"""Poisson pseudo-maximum likelihood with fixed effects of any number of ways: the gravity equation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError
from openward.simulate.estimate.clusters import Convention, sandwich
from openward.simulate.estimate.effects import Array, Effects, Index, Weighted
from openward.simulate.estimate.separation import keep_estimable, separated_by_regressors

Mask = NDArray[np.bool_]
MOST_ITERATIONS = 200
SLACK = 0.1
VANISHING = 1e-6
"""Against the least positive outcome: zeros fitted below it are looked at for separation."""
TIGHT = 1e-10
"""Relative residual of the normal equations of the effects in the last iteration."""


@dataclass(frozen=True, slots=True, eq=False)
class PoissonEstimate:
    """Coefficients of a fixed-effects Poisson regression, with what they rest on.

    Attributes
    ----------
    names : tuple of str
        Regressors [k] that are estimated.
    coefficients : [k]
    covariance : [k, k]
        Robust, clustered as asked.
    dropped : tuple of str
        Regressors that the effects or other regressors explain.
    used : bool array [n]
        Observations that take part; the others are separated or alone in a level.
    separated, alone : int
        How many of each.
    fitted : [m]
        Mean of the observations used.
    residual_regressors : [m, k]
        Regressors after the effects, in the metric of the fitted means.
    levels : tuple of int arrays [m]
        The effects of the observations used.
    deviance : float
    pseudo_r2 : float
        Squared correlation of outcome and fit.
    iterations : int
        Of reweighted least squares.
    converged : bool
    change : float
        Last relative change of the deviance.
    clusters : tuple of int
        Clusters in each way; empty for heteroskedasticity-robust errors.
    convention : str
        Small-sample factor, in words.
    """

    names: tuple[str, ...]
    coefficients: Array
    covariance: Array
    dropped: tuple[str, ...]
    used: Mask
    separated: int
    alone: int
    fitted: Array
    residual_regressors: Array
    levels: tuple[Index, ...]
    deviance: float
    pseudo_r2: float
    iterations: int
    converged: bool
    change: float
    clusters: tuple[int, ...]
    convention: str

    @property
    def standard_errors(self) -> Array:
        """Square roots of the variances [k]."""
        return np.sqrt(np.diag(self.covariance))

    def as_dict(self) -> dict[str, float]:
        """Give the coefficients by name."""
        return dict(zip(self.names, self.coefficients.tolist(), strict=True))


def ppml(
    *,
    outcome: Array,
    regressors: Mapping[str, Array],
    effects: Sequence[NDArray[np.generic]],
    clusters: Sequence[NDArray[np.generic]] = (),
    convention: Convention = "stata",
    tolerance: float = 1e-10,
) -> PoissonEstimate:
    r"""Estimate :math:`E[y] = \exp(x'\beta + \text{effects})` by Poisson pseudo-maximum likelihood.

    Iteratively reweighted least squares; in each iteration the effects are swept out of the working outcome
    ``z = eta + (y - mu) / mu`` and of the regressors with weights ``mu`` (Santos Silva and Tenreyro 2006;
    Correia, Guimaraes and Zylkin 2020). Observations that no finite coefficient can fit are left out first
    (:mod:`.separation`).

    Parameters
    ----------
    outcome : [n]
        Non-negative.
    regressors : mapping of name to [n]
    effects : sequence of [n]
        Codes of any kind; at least one (a constant counts).
    clusters : sequence of [n]
        Ways to cluster the errors in; none gives heteroskedasticity-robust errors.
    convention : {"stata", "none", "full"}
        Small-sample factor of the variance; see :func:`.clusters.sandwich`.
    tolerance : float
        Relative change of the deviance at which to stop.

    Raises
    ------
    InputError
        A negative or missing outcome or regressor, lengths that differ, nothing left to estimate.
    NotConvergedError
        No convergence in 200 iterations.
    """
    y, columns, names = _checked(outcome, regressors, effects, clusters)
    kept = keep_estimable(outcome=y, effects=[_codes(one) for one in effects])
    used, separated = kept.used, kept.separated
    setting = _set_up(y, columns, effects, used, names)
    fit = _reweight(setting.y, setting.columns, setting.effects, tolerance, until_vanishing=True)
    if fit is None:
        gone = separated_by_regressors(outcome=setting.y, columns=setting.columns, effects=setting.effects)
        if gone.any():
            used, separated = used.copy(), separated + int(gone.sum())
            used[np.flatnonzero(used)[gone]] = False
            setting = _set_up(y, columns, effects, used, names)
        fit = _reweight(setting.y, setting.columns, setting.effects, tolerance)
    assert fit is not None
    y, swept, scale = setting.y, setting.effects, setting.scale
    bread: Array = np.linalg.inv(fit.inside.T @ (fit.inside * fit.mean[:, None])).astype(np.float64)
    scores = fit.inside * (y - fit.mean)[:, None]
    nested = [_codes(one[used]) for one in clusters]
    covariance, words = sandwich(
        bread=bread, scores=scores, clusters=nested, convention=convention, effects=swept
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(y > 0, y * np.log(y / fit.mean), 0.0)
    return PoissonEstimate(
        names=tuple(setting.names),
        coefficients=fit.beta / scale,
        covariance=covariance / np.outer(scale, scale),
        dropped=setting.dropped,
        used=used,
        separated=separated,
        alone=kept.alone,
        fitted=fit.mean,
        residual_regressors=fit.inside * scale,
        levels=setting.levels,
        deviance=float(2 * (logs - (y - fit.mean)).sum()),
        pseudo_r2=float(np.corrcoef(y, fit.mean)[0, 1] ** 2),
        iterations=fit.iterations,
        converged=True,
        change=fit.change,
        clusters=tuple(int(one.max()) + 1 for one in nested),
        convention=words,
    )


@dataclass(slots=True)
class _Setting:
    y: Array
    columns: Array
    scale: Array
    names: tuple[str, ...]
    dropped: tuple[str, ...]
    levels: tuple[Index, ...]
    effects: Effects


def _set_up(
    y: Array, columns: Array, effects: Sequence[NDArray[np.generic]], used: Mask, names: Sequence[str]
) -> _Setting:
    """Take the observations used, scale regressors, and leave out those that others explain."""
    y, columns = y[used], columns[used]
    levels = tuple(_codes(one[used]) for one in effects)
    scale = np.maximum(columns.std(axis=0), 1e-300)
    columns = columns / scale
    swept = Effects(levels)
    keep = _independent(columns, swept, names)
    return _Setting(
        y=y,
        columns=columns[:, keep],
        scale=scale[keep],
        names=tuple(name for name, kept in zip(names, keep, strict=True) if kept),
        dropped=tuple(name for name, kept in zip(names, keep, strict=True) if not kept),
        levels=levels,
        effects=swept,
    )


@dataclass(slots=True)
class _Fit:
    beta: Array
    mean: Array
    inside: Array
    iterations: int
    change: float


def _reweight(
    y: Array, columns: Array, effects: Effects, tolerance: float, *, until_vanishing: bool = False
) -> _Fit | None:
    """Iterate to the end; or, if asked, to the first mean that vanishes, which is what separation does."""
    vanishing = VANISHING * y[y > 0].min() if until_vanishing else 0.0
    mean = (y + y.mean()) / 2
    eta = np.log(mean)
    old, accuracy, coefficients = np.inf, SLACK, None
    k = columns.shape[1]
    for iteration in range(1, MOST_ITERATIONS + 1):
        weighted: Weighted = effects.weigh(mean)
        working = eta + (y - mean) / mean
        both = np.column_stack([working, columns])
        coefficients, _ = weighted.fit(both, tolerance=accuracy, start=coefficients)
        left = both - effects.spread(coefficients)
        inside = left[:, 1:]
        gram = inside.T @ (inside * mean[:, None])
        beta = np.linalg.solve(gram, inside.T @ (left[:, 0] * mean)) if k else np.zeros(0)
        eta = working - (left[:, 0] - inside @ beta)
        mean = np.exp(np.minimum(eta, 700.0))
        if until_vanishing and mean.min() < vanishing:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            deviance = 2 * float(np.where(y > 0, y * (np.log(y) - eta), 0.0).sum() - (y - mean).sum())
        change = abs(deviance - old) / max(abs(deviance), abs(old) if np.isfinite(old) else 1.0, 0.1)
        if change < tolerance and accuracy <= TIGHT:
            return _Fit(beta, mean, inside, iteration, change)
        # The deviance moves with the square of the error: the effects need no more digits than that.
        accuracy = TIGHT if change < 1e-8 else min(accuracy, SLACK * change**0.5)
        old = deviance
    raise NotConvergedError(
        f"no convergence in {MOST_ITERATIONS} iterations, the deviance still changes by {change:.1e}",
        hint="an observation may be separated, or a regressor far out of scale",
        where="ppml",
    )


def _independent(columns: Array, effects: Effects, names: Sequence[str]) -> Mask:
    """Tell which regressors the effects and the regressors before them leave something of."""
    if not columns.shape[1]:
        raise InputError("there is no regressor", hint="name at least one", where="regressors")
    coefficients, _ = effects.weigh(np.ones(len(columns))).fit(columns, tolerance=1e-10)
    left = columns - effects.spread(coefficients)
    keep = np.zeros(columns.shape[1], dtype=bool)
    basis: list[Array] = []
    for k, column in enumerate(left.T):
        size = float(columns[:, k] @ columns[:, k])
        for one in basis:
            column = column - one * (one @ column)
        norm = float(column @ column)
        if norm > 1e-12 * max(size, 1e-300):
            keep[k] = True
            basis.append(column / np.sqrt(norm))
    if not keep.any():
        raise InputError(
            "the effects explain every regressor", hint="leave an effect out", where=", ".join(names)
        )
    return keep


def _checked(
    outcome: Array,
    regressors: Mapping[str, Array],
    effects: Sequence[NDArray[np.generic]],
    clusters: Sequence[NDArray[np.generic]],
) -> tuple[Array, Array, tuple[str, ...]]:
    y = np.asarray(outcome, dtype=np.float64)
    names = tuple(regressors)
    columns = np.column_stack([np.asarray(regressors[name], dtype=np.float64) for name in names])
    for what, length in [("effect", len(one)) for one in effects] + [
        ("cluster", len(one)) for one in clusters
    ]:
        if length != len(y):
            raise InputError(
                f"an {what} has {length} rows, the outcome {len(y)}", hint="align them", where=what
            )
    if not effects:
        raise InputError("there is no effect", hint="give a constant as the only level", where="effects")
    if not np.isfinite(y).all() or (y < 0).any():
        raise InputError(
            "the outcome is negative or missing in some rows",
            hint="leave out what is not known; zero is a value",
            where="outcome",
        )
    bad = [name for name, column in zip(names, columns.T, strict=True) if not np.isfinite(column).all()]
    if bad:
        raise InputError(
            "a regressor is missing in some rows", hint="leave the rows out", where=", ".join(bad)
        )
    return y, columns, names


def _codes(values: NDArray[np.generic]) -> Index:
    codes: Index = np.unique(values, return_inverse=True)[1].astype(np.int64)
    return codes
