"""Final demand by destination where only its sum over destinations is published.

Order of arrays: ``[importer, exporter, sector]``; N economies, J sectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Balanced:
    """A matrix fitted to its margins.

    Attributes
    ----------
    values : [N, N, J]
        The fitted final demand.
    iterations : int
    residual : float
        Largest relative miss of a column (destination); rows are met to rounding.
    """

    values: Array
    iterations: int
    residual: float


def balance(
    *, seed: Array, produced: Array, spending: Array, tolerance: float = 1e-12, max_iterations: int = 5000
) -> Balanced:
    """Fit a seed to what each industry sold and what each economy spent (iterative proportional fitting).

    Parameters
    ----------
    seed : [N, N, J]
        Non-negative pattern ``[importer, exporter, sector]``; an industry with sales needs a positive cell.
    produced : [N, J]
        Sales for final use of each (exporter, sector), summed over destinations.
    spending : [N]
        Final spending of each destination; sums to ``produced.sum()``.
    tolerance : float
        Largest relative miss of a destination's spending that is accepted.
    max_iterations : int

    Returns
    -------
    Balanced

    Raises
    ------
    InputError
        Negative margins or seed, totals that differ, or an industry with sales and an empty seed.
    NotConvergedError
        The margins cannot be met with this seed.

    Notes
    -----
    Deming and Stephan (1940); the result is the non-negative matrix with these margins that is nearest to
    the seed in relative entropy, of the form ``r[i, k] seed[n, i, k] c[n]``.
    """
    _check_margins(seed=seed, produced=produced, spending=spending)
    spending = spending * (produced.sum() / spending.sum())
    values = seed.copy()
    for iteration in range(1, max_iterations + 1):
        values *= _ratio(spending, values.sum(axis=(1, 2)))[:, None, None]
        values *= _ratio(produced, values.sum(axis=0))[None]
        miss = np.abs(_ratio(values.sum(axis=(1, 2)), spending)[spending > 0] - 1.0)
        residual = float(miss.max(initial=0.0))
        if residual <= tolerance:
            return Balanced(values=values, iterations=iteration, residual=residual)
    raise NotConvergedError(
        f"final demand did not fit its margins: {residual:.1e} after {max_iterations} rounds",
        hint="a destination spends more than any industry with a positive seed can sell to it",
    )


def seed_from_intermediates(*, intermediate: Array, produced: Array, home_preference: Array) -> Array:
    """Guess where final goods go: as intermediates do, weighted toward home.

    Parameters
    ----------
    intermediate : [N, N, J]
        Sales to the industries of each destination.
    produced : [N, J]
        Sales for final use; industries that sell nothing to other industries are taken to sell at home.
    home_preference : [J]
        Odds of buying at home in final use over the same odds in intermediate use; ones leave the pattern.

    Returns
    -------
    [N, N, J] seed
    """
    home = np.arange(intermediate.shape[0])
    seed = intermediate.copy()
    seed[home, home] *= home_preference
    silent = (seed.sum(axis=0) <= 0) & (produced > 0)
    exporter, sector = np.nonzero(silent)
    seed[exporter, exporter, sector] = 1.0
    return seed


def seed_from_import_shares(*, intermediate: Array, produced: Array, rounds: int = 20) -> Array:
    """Guess where final goods go: every buyer splits final purchases over sources as intermediate ones.

    Final purchases X[n, k] are found from ``sum_n pi[n, i, k] X[n, k] = produced[i, k]`` by the
    expectation-maximization update, pi being the source shares of intermediates. The alternative seed that
    lost the comparison in ``docs/world-pack.md``.

    Parameters
    ----------
    intermediate, produced
        As in `seed_from_intermediates`.
    rounds : int
        Updates; the seed is fitted exactly by `balance` afterwards.

    Returns
    -------
    [N, N, J] seed
    """
    shares = _ratio(intermediate, intermediate.sum(axis=1)[:, None, :])
    buyer, sector = np.nonzero(intermediate.sum(axis=1) <= 0)
    shares[buyer, buyer, sector] = 1.0
    bought = np.maximum(produced, 1e-9 * produced.sum())
    for _ in range(rounds):
        fitted = np.einsum("nik,nk->ik", shares, bought)
        bought = bought * np.einsum("nik,ik->nk", shares, _ratio(produced, fitted))
    return seed_from_intermediates(
        intermediate=shares * bought[:, None, :],
        produced=produced,
        home_preference=np.ones(produced.shape[1]),
    )


def home_preference(
    *, intermediate: Array, final: Array, economies: NDArray[np.bool_] | None = None
) -> Array:
    """Measure how much more final buyers buy at home than industries do, where both are known.

    Parameters
    ----------
    intermediate, final : [N, N, J]
        Sales to industries and to final users.
    economies : bool array [N], optional
        Destinations to measure on; all by default.

    Returns
    -------
    [J]
        Mantel-Haenszel common odds ratio over destinations, (home final / imported final) over
        (home intermediate / imported intermediate); 1 where nothing is bought from abroad.

    Notes
    -----
    Mantel and Haenszel (1959): strata are destinations, so that large and closed economies do not stand in
    for the rest.
    """
    keep = np.ones(len(final), dtype=bool) if economies is None else economies
    home = np.arange(len(final))
    final_home, inter_home = final[home, home], intermediate[home, home]
    final_abroad = final.sum(axis=1) - final_home
    inter_abroad = intermediate.sum(axis=1) - inter_home
    total = final_home + final_abroad + inter_home + inter_abroad
    up = _ratio(final_home * inter_abroad, total)[keep].sum(axis=0)
    down = _ratio(final_abroad * inter_home, total)[keep].sum(axis=0)
    return np.where((up > 0) & (down > 0), _ratio(up, down), 1.0)


def _check_margins(*, seed: Array, produced: Array, spending: Array) -> None:
    for name, array in (("seed", seed), ("produced", produced), ("spending", spending)):
        if not np.isfinite(array).all() or (array < 0).any():
            raise InputError(f"{name} has negative or missing values", hint="margins are sums of sales")
    if abs(spending.sum() - produced.sum()) > 1e-6 * produced.sum():
        raise InputError(
            f"sales for final use ({produced.sum():.6g}) and final spending ({spending.sum():.6g}) differ",
            hint="deficits must sum to zero over the world",
        )
    if ((seed.sum(axis=0) <= 0) & (produced > 0)).any():
        raise InputError("an industry with final sales has an empty seed", hint="give it a home cell")


def _ratio(above: Array, below: Array) -> Array:
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
