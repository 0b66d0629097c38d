"""What fixed effects do to gravity estimates (a bias, and errors that are too small), corrected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import pinvh

from openward.errors import InputError
from openward.simulate.estimate.effects import Array, Index
from openward.simulate.estimate.ppml import PoissonEstimate

CUTOFF = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class IncidentalCorrection:
    """Coefficients and errors after the correction.

    Attributes
    ----------
    names : tuple of str
    coefficients : [k]
        Estimate less bias.
    bias : [k]
        Zero with two-way effects.
    covariance : [k, k]
    standard_errors : [k]
    economies : int
    periods : int
    pairs : int
    """

    names: tuple[str, ...]
    coefficients: Array
    bias: Array
    covariance: Array
    economies: int
    periods: int
    pairs: int

    @property
    def standard_errors(self) -> Array:
        """Square roots of the variances [k]."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """Everything of a pair side by side: ``[exporter, importer, period(, ...)]``, zero where not observed."""

    mean: Array
    score: Array
    inside: Array
    hessian: Array


def correct_incidental(
    estimate: PoissonEstimate,
    *,
    outcome: Array,
    exporter: NDArray[np.generic],
    importer: NDArray[np.generic],
    period: NDArray[np.generic],
    pair_effects: bool,
) -> IncidentalCorrection:
    r"""Correct a gravity estimate for the noise of its exporter-time and importer-time effects.

    Weidner and Zylkin (2021, J. Int. Econ. 132). With pair effects profiled out, pair ``ij`` has scores
    :math:`S_{ij}`, Hessian :math:`H_{ij} = \mathrm{diag}(\lambda) - \lambda\lambda'/\Lambda` and third
    derivatives :math:`G_{ij}` over time. The bias is

    .. math::

        W^{-1} \sum_i \Big\{ -\mathrm{tr}\Big[\bar H_i^{+} \sum_j H_{ij} \tilde x_{ij} S_{ij}'\Big]
        + \tfrac12 \mathrm{tr}\Big[\big(\textstyle\sum_j G_{ij} \tilde x_{ij}\big) \bar H_i^{+}
        \big(\textstyle\sum_j S_{ij} S_{ij}'\big) \bar H_i^{+}\Big] \Big\}

    with :math:`\bar H_i = \sum_j H_{ij}`, the same over importers, times ``N / (N - 1)``. In the variance
    :math:`S S'` becomes :math:`(I - H_{ij} Q_{ij})^{-1} S S'`, :math:`Q_{ij}` being the variance of the
    pair's linear index that all estimated parameters cause. Errors are clustered by pair.

    Parameters
    ----------
    estimate : PoissonEstimate
        With exporter-time and importer-time effects, and pair effects where ``pair_effects``.
    outcome, exporter, importer, period : [n]
        As they were given to :func:`.ppml.ppml`, one row for a pair and period.
    pair_effects : bool
        Whether the estimate has them (three ways) or not (two ways: no bias, only the variance is corrected).

    Raises
    ------
    InputError
        A pair has two rows in a period, or lengths differ.
    """
    used = estimate.used
    if any(len(one) != len(used) for one in (outcome, exporter, importer, period)):
        raise InputError("the panel is not that of the estimate", hint="give all rows again", where="panel")
    sides = np.concatenate([exporter[used], importer[used]])
    names, at = np.unique(sides, return_inverse=True)
    i, j = at[: used.sum()], at[used.sum() :]
    t = np.unique(period[used], return_inverse=True)[1]
    n, periods = len(names), int(t.max()) + 1
    panel = _panel(estimate, outcome[used], i, j, t, (n, n, periods), pair_effects=pair_effects)
    information = np.einsum("ijtk,ijt,ijtl->kl", panel.inside, panel.mean, panel.inside)
    inverse = np.linalg.inv(information)
    k = len(estimate.names)
    bias = np.zeros(k)
    if pair_effects:
        raw = _one_side(panel, axis=1) + _one_side(panel, axis=0)
        bias = inverse @ raw * n / (n - 1)
    pairs = len(np.unique(i * n + j))
    covariance = _covariance(panel, inverse) * pairs / (pairs - 1)
    return IncidentalCorrection(
        names=estimate.names,
        coefficients=estimate.coefficients - bias,
        bias=bias,
        covariance=covariance,
        economies=n,
        periods=periods,
        pairs=pairs,
    )


def _panel(
    estimate: PoissonEstimate,
    y: Array,
    i: Index,
    j: Index,
    t: Index,
    shape: tuple[int, int, int],
    *,
    pair_effects: bool,
) -> _Panel:
    cell = np.ravel_multi_index((i, j, t), shape)
    if len(np.unique(cell)) < len(cell):
        raise InputError(
            "a pair has several rows in one period", hint="estimate one product at a time", where="panel"
        )
    mean, score = np.zeros(shape), np.zeros(shape)
    mean[i, j, t] = estimate.fitted
    score[i, j, t] = y - estimate.fitted
    inside = np.zeros((*shape, len(estimate.names)))
    inside[i, j, t] = estimate.residual_regressors
    periods = np.arange(shape[2])
    hessian = np.zeros((*shape, shape[2]))
    if pair_effects:
        hessian -= np.einsum("ijt,ijs->ijts", mean, _shares(mean))
    hessian[:, :, periods, periods] += mean
    return _Panel(mean, score, inside, hessian)


def _shares(mean: Array) -> Array:
    total = mean.sum(axis=2, keepdims=True)
    shares: Array = np.divide(mean, total, out=np.zeros_like(mean), where=total > 0)
    return shares


def _one_side(panel: _Panel, *, axis: int) -> Array:
    """Sum the bias terms of all exporters (``axis=1``, over importers) or importers (``axis=0``): [k]."""
    total = panel.hessian.sum(axis=axis)
    inverse = np.linalg.pinv(total, rcond=CUTOFF, hermitian=True)
    spread = np.einsum("ijt,ijs->ijts", panel.score, panel.score).sum(axis=axis)
    around = inverse @ spread @ inverse
    out = np.zeros(panel.inside.shape[3])
    for k in range(len(out)):
        x = panel.inside[..., k]
        first = np.einsum("ijts,ijs,iju->ijtu", panel.hessian, x, panel.score, optimize=True).sum(axis=axis)
        third = _third(panel.mean, x).sum(axis=axis)
        out[k] = -np.einsum("nts,nst->", inverse, first) + 0.5 * np.einsum("nts,nst->", third, around)
    return out


def _third(mean: Array, x: Array) -> Array:
    """Contract the third derivatives of a pair's profiled likelihood with x: [i, j, t, t].

    ``x`` has mean zero under the shares, so that the terms in its mean vanish.
    """
    shares = _shares(mean)
    tilted = mean * x
    out = np.einsum("ijt,ijs->ijts", tilted, shares)
    out = out + out.transpose(0, 1, 3, 2)
    periods = np.arange(mean.shape[2])
    out[:, :, periods, periods] -= tilted
    return np.asarray(out)


def _covariance(panel: _Panel, inverse: Array) -> Array:
    """Give the sandwich by pair, each score divided by what its leverage leaves of it."""
    noise = _index_variance(panel.hessian)
    noise += np.einsum("ijtk,kl,ijsl->ijts", panel.inside, inverse, panel.inside, optimize=True)
    left = np.eye(noise.shape[2]) - panel.hessian @ noise
    grown = np.linalg.solve(left, panel.score[..., None])[..., 0]
    plain = np.einsum("ijtk,ijt->ijk", panel.inside, panel.score)
    corrected = np.einsum("ijtk,ijt->ijk", panel.inside, grown)
    meat = np.einsum("ijk,ijl->kl", corrected, plain)
    out: Array = inverse @ ((meat + meat.T) / 2) @ inverse
    return out


def _index_variance(hessian: Array) -> Array:
    """Give the variance that exporter-time and importer-time effects bring into each pair: [i, j, t, t]."""
    n, _, periods, _ = hessian.shape
    both = np.zeros((2, n, periods, 2, n, periods))
    own = np.arange(n)
    both[0, own, :, 0, own, :] = hessian.sum(axis=1)
    both[1, own, :, 1, own, :] = hessian.sum(axis=0)
    both[0, :, :, 1, :, :] = hessian.transpose(0, 2, 1, 3)
    both[1, :, :, 0, :, :] = hessian.transpose(1, 3, 0, 2)
    size = 2 * n * periods
    inverse = pinvh(both.reshape(size, size), rtol=CUTOFF).reshape(2, n, periods, 2, n, periods)
    exporters, importers = inverse[0, own, :, 0, own, :], inverse[1, own, :, 1, own, :]
    across = inverse[0, :, :, 1, :, :].transpose(0, 2, 1, 3)
    out: Array = exporters[:, None] + importers[None] + across + across.transpose(0, 1, 3, 2)
    return out
