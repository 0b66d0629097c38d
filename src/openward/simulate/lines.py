"""Tariff lines inside a sector: the right price change and the right revenue from an average over lines.

Inside one importer, exporter and sector let ``s`` be the tariff-inclusive shares of the line classes in
spending and ``t`` their rates. When rates become ``t'`` and classes substitute with the sector's elasticity
``theta``::

    T_hat = [ sum s ((1 + t') / (1 + t))^-theta ]^(-1/theta)        price the buyer pays
    s'    = s ((1 + t') / (1 + t))^-theta / sum                     new shares
    1 / (1 + t_R) = sum s' / (1 + t')                               rate that gives the revenue

One trade-weighted average cannot give both ``T_hat`` and ``t_R``, so both are carried. The last axis of every
array here is the class; powers are taken in logarithms, so large elasticities neither overflow nor vanish.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.determine.table import RateTable
from openward.errors import InputError
from openward.simulate.baseline import Array


@dataclass(frozen=True, slots=True, eq=False)
class LineStep:
    """What a change of rates does to cells of line classes.

    Attributes
    ----------
    price_hat : [...]
        Factor on the price the buyer pays for the exporter's goods of the sector, from tariffs alone.
    shares : [..., S]
        Tariff-inclusive shares after the change; sum to one.
    revenue_rate : [...]
        The one rate that gives the revenue at the new shares, fraction of the exporter's price.
    """

    price_hat: Array
    shares: Array
    revenue_rate: Array


def inclusive_shares(*, weights: Array, rates: Array) -> Array:
    """Turn shares in imports net of tariff into shares in spending, tariff included.

    Parameters
    ----------
    weights : [..., S]
        Net-of-tariff shares, broadcast against ``rates``.
    rates : [..., S]
        Fractions.

    Returns
    -------
    [..., S]
        Sum to one.
    """
    spending = weights * (1.0 + rates)
    out: Array = spending / spending.sum(axis=-1, keepdims=True)
    return out


def revenue_rate(*, shares: Array, rates: Array) -> Array:
    """Give the one rate that yields the revenue of the classes: ``1 / (1 + t_R) = sum s / (1 + t)``.

    Parameters
    ----------
    shares : [..., S]
        Tariff-inclusive shares.
    rates : [..., S]
    """
    inverse = (shares / (1.0 + rates)).sum(axis=-1)
    out: Array = np.clip(1.0 / inverse - 1.0, rates.min(axis=-1), rates.max(axis=-1))
    return out


def step_lines(*, shares: Array, before: Array, after: Array, theta: Array) -> LineStep:
    """Change the rates of line classes.

    Parameters
    ----------
    shares : [..., S]
        Tariff-inclusive shares before.
    before, after : [..., S]
        Rates, fractions.
    theta : [...]
        Elasticity of substitution between the classes of a cell (the sector's trade elasticity), positive.

    Raises
    ------
    InputError
        An elasticity that is not positive.
    """
    if np.any(theta <= 0):
        raise InputError("an elasticity is not positive", hint="give theta above zero for every sector")
    with np.errstate(divide="ignore"):
        logs = np.log(shares) - theta[..., None] * (np.log1p(after) - np.log1p(before))
    peak = logs.max(axis=-1, keepdims=True)
    parts = np.exp(logs - peak)
    total = parts.sum(axis=-1, keepdims=True)
    new = parts / total
    price_hat = np.exp(-(peak + np.log(total))[..., 0] / theta)
    return LineStep(price_hat, new, revenue_rate(shares=new, rates=after))


def reference_shares(table: RateTable) -> Array:
    """Give tariff-inclusive shares [N, N, J, S] under a law, from the importer's reference weights.

    The weights are those of the importer's purchases from everybody: every partner starts from them.
    """
    return inclusive_shares(weights=table.shares[:, None], rates=table.rates)


def revenue_rates(table: RateTable, *, shares: Array | None = None) -> Array:
    """Give the rate that yields the revenue, [N, N, J]: what a baseline's ``tariffs`` hold.

    Parameters
    ----------
    table : RateTable
    shares : [N, N, J, S], optional
        Tariff-inclusive shares under the law of the table (default: the reference weights).
    """
    return revenue_rate(shares=reference_shares(table) if shares is None else shares, rates=table.rates)


def advance_shares(shares: Array, *, before: RateTable, after: RateTable, theta: Array) -> Array:
    """Carry tariff-inclusive shares from one law to the next.

    When a world is solved from law to law, spending inside a sector moves between line classes; the next step
    must start from where it went.

    Parameters
    ----------
    shares : [N, N, J, S]
        Under the law ``before``.
    before, after : RateTable
    theta : [J]

    Returns
    -------
    [N, N, J, S]
        Under the law ``after``; unchanged in cells whose rates did not move or are not known.
    """
    new = comparable(before, after)
    moved = changed(shares, before.rates, new)
    if not moved.any():
        return shares
    out = shares.copy()
    sector = np.nonzero(moved)[2]
    step = step_lines(shares=shares[moved], before=before.rates[moved], after=new[moved], theta=theta[sector])
    out[moved] = step.shares
    return out


def comparable(before: RateTable, after: RateTable) -> Array:
    """Give the rates after, [N, N, J, S], holding unchanged what is not known under both laws."""
    out: Array = np.where(before.known & after.known, after.rates, before.rates)
    return out


def changed(shares: Array, before: Array, after: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Say which cells [N, N, J] have a class with spending whose rate moved."""
    out: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = ((before != after) & (shares > 0)).any(axis=-1)
    return out
