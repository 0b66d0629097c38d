"""What trade is worth: terms of trade as published, their effect on income, gains from trade."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, UnknownCodeError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, ratio, with_last_year
from openward.indicators.openness import BASIS, on_one_basis, over_gdp
from openward.observe.input_output import InputOutput

Array = NDArray[np.float64]
KEYS = ("year", "economy")

THETA = 5.0
"""Lower end of the trade elasticities (5 to 10) that Arkolakis, Costinot and Rodriguez-Clare (2012) use."""


@indicator(
    "terms-of-trade",
    title="Terms of trade as published",
    group="welfare",
    definition="Price index of exports over that of imports (net barter), as the source publishes it.",
    formula=r"100 \cdot \frac{P^{x}_{it} / P^{x}_{i0}}{P^{m}_{it} / P^{m}_{i0}}",
    inputs=("macro",),
    keys=KEYS,
    unit="index, 100 in the source's base year",
    reference="UNCTAD net barter terms of trade index; World Development Indicators TT.PRI.MRCH.XD.WD",
    traps=(
        "goods only, partly from unit values: quality and mix move it",
        "says nothing about volumes: see income-terms-of-trade",
        "levels of two economies cannot be compared, only their changes",
    ),
)
def terms_of_trade(*, macro: Frame) -> Frame:
    """Give the published terms of trade by year and economy."""
    return finish(macro, KEYS, nw.col("terms_of_trade"))


@indicator(
    "terms-of-trade-income",
    title="Real income from terms of trade",
    group="welfare",
    definition=(
        "Income gained or lost in a year because export prices moved against import prices: the "
        "relative change of "
        "the terms of trade times last year's exports over GDP."
    ),
    formula=r"\frac{X_{i,t-1}}{Y_{i,t-1}} \left( \frac{\tau_{it}}{\tau_{i,t-1}} - 1 \right)",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of last year's GDP",
    reference=(
        "United Nations et al. (2009), System of National Accounts 2008, ch. 15 (trading gain, "
        "deflated by import "
        "prices)"
    ),
    traps=(
        BASIS,
        "first order: volumes are held at last year's",
        "the index covers goods and the ratio goods and services",
        "deflated by import prices; other deflators give another level where trade is not balanced",
    ),
)
def terms_of_trade_income(*, macro: Frame) -> Frame:
    """Give the income effect of the terms of trade by year and economy."""
    level = macro.with_columns(exports_=on_one_basis(*over_gdp("exports")))
    known = level.select(*KEYS, "exports_", "terms_of_trade").filter(
        ~nw.col("exports_").is_null() | ~nw.col("terms_of_trade").is_null()
    )
    both = with_last_year(known, ("economy",), ("exports_", "terms_of_trade"))
    moved = (nw.col("terms_of_trade") - nw.col("terms_of_trade_before")) * nw.col("exports__before")
    return ratio(both, KEYS, moved, nw.col("terms_of_trade_before"))


def acr_gains(*, home_share: Array, theta: float) -> Array:
    """Give the gains from trade of one-sector models.

    ``G = 1 - lambda^(1 / theta)``: the real income lost in a move to autarky, as a fraction of income with
    trade (Arkolakis, Costinot and Rodriguez-Clare 2012, eq. 1).

    Parameters
    ----------
    home_share : array
        Share of expenditure on home goods, above 0 to 1.
    theta : float
        Trade elasticity (positive).
    """
    return np.asarray(1.0 - home_share ** (1.0 / theta), dtype=np.float64)


def acr_gains_by_sector(
    *, home_share: Array, final_share: Array, theta: Array, use: Array | None = None
) -> Array:
    """Give the gains from trade of many-sector models with Cobb-Douglas demand and perfect competition.

    ``G = 1 - prod_{s,k} lambda_k^(beta_s a_sk / theta_k)``; a is the identity without intermediate goods
    (Costinot and Rodriguez-Clare 2014, section 3.4).

    Parameters
    ----------
    home_share : [G, N]
        Share of purchases of a sector's goods from home, above 0 to 1; 1 where nothing is bought.
    final_share : [G, N]
        Share of the sector in final spending.
    theta : [N]
        Trade elasticities.
    use : [G, N, N], optional
        Share of input k (last axis) in the cost of sector s; without it there are no intermediate goods.
    """
    n = home_share.shape[1]
    identity = np.broadcast_to(np.eye(n), (len(home_share), n, n))
    inverse = identity if use is None else np.linalg.inv(identity - use)
    weight = np.einsum("gs,gsk->gk", final_share, inverse)
    return np.asarray(1.0 - np.exp((weight * np.log(home_share) / theta).sum(axis=1)), dtype=np.float64)


def _purchases(table: InputOutput) -> tuple[Array, Array, Array]:
    """Give purchases by buyer and sector from all and from home ``[G, N]``, and final ones from all."""
    g, n = len(table.economies), len(table.sectors)
    inputs = np.zeros((len(table.output), g))
    np.add.at(inputs.T, table.node_economy, table.Z.T)
    bought = inputs + table.F
    everywhere, home, final = np.zeros((g, n)), np.zeros((g, n)), np.zeros((g, n))
    np.add.at(everywhere.T, table.node_sector, bought)
    np.add.at(final.T, table.node_sector, table.F)
    own = np.arange(len(table.output)), table.node_economy
    np.add.at(home, (table.node_economy, table.node_sector), bought[own])
    return everywhere, home, final


def _long(table: InputOutput, values: Array) -> Frame:
    keep = np.isfinite(values)
    codes = [code for code, kept in zip(table.economies, keep.tolist(), strict=True) if kept]
    years = pl.Series("year", [table.year] * len(codes), dtype=pl.Int32)
    return nw.from_native(pl.DataFrame({"year": years, "economy": codes, "value": values[keep]}).lazy())


@indicator(
    "acr-gains",
    title="Gains from trade, one sector",
    group="welfare",
    kind="dense",
    definition=(
        "Real income that an economy would lose in autarky, as a fraction of income, from the share "
        "of its spending "
        "on home goods and the trade elasticity alone."
    ),
    formula=r"1 - \lambda_{ii}^{1 / \theta}",
    inputs=("input-output",),
    keys=KEYS,
    unit="fraction of real income",
    reference=(
        "Arkolakis, Costinot and Rodriguez-Clare (2012), New trade models, same old gains?, AER 102(1), eq. 1"
    ),
    traps=(
        (
            "option `theta`: 5 by default, the low end of the paper; twice the elasticity gives "
            "about half the gain"
        ),
        "against autarky, not against freer or less free trade",
        "with many sectors and intermediate goods the gains are several times as high: see acr-gains-sectors",
    ),
)
def acr_gains_one_sector(*, input_output: InputOutput, theta: float = THETA) -> Frame:
    """Give gains from trade by economy for the year of the table."""
    _check(np.array([theta]))
    everywhere, home, _ = _purchases(input_output)
    share = home.sum(axis=1) / np.maximum(everywhere.sum(axis=1), np.finfo(float).tiny)
    gains = np.full(len(share), np.nan)
    has = share > 0
    gains[has] = acr_gains(home_share=np.minimum(share[has], 1.0), theta=theta)
    return _long(input_output, gains)


@indicator(
    "acr-gains-sectors",
    title="Gains from trade, many sectors with intermediate goods",
    group="welfare",
    kind="dense",
    definition=(
        "Real income that an economy would lose in autarky with its sectors, their inputs and their "
        "own trade "
        "elasticities; spending shares are constant and competition is perfect."
    ),
    formula=r"1 - \prod_{s,k} \lambda_{ii,k}^{\beta_{is} \, \tilde a_{isk} / \theta_k}, "
    r"\qquad \tilde a_i = (I - A_i)^{-1}",
    inputs=("input-output",),
    keys=KEYS,
    unit="fraction of real income",
    reference=(
        "Costinot and Rodriguez-Clare (2014), Handbook of International Economics 4, ch. 4, section 3.4"
    ),
    traps=(
        (
            "option `thetas` (sector to elasticity) or one `theta` for all; services with low "
            "elasticities dominate"
        ),
        "a sector with next to no home production makes the gain run to 1 (Cobb-Douglas demand)",
        "economies that buy a good only abroad have no value: autarky would be without it",
    ),
)
def acr_gains_many_sectors(
    *, input_output: InputOutput, theta: float = THETA, thetas: Mapping[str, float] | None = None
) -> Frame:
    """Give gains from trade by economy for the year of the table."""
    table = input_output
    unknown = sorted(set(thetas or {}) - set(table.sectors))
    if unknown:
        raise UnknownCodeError(
            f"the table has no sector {', '.join(unknown)}",
            where="thetas",
            hint="it has " + ", ".join(table.sectors),
        )
    elasticities = np.array([(thetas or {}).get(code, theta) for code in table.sectors], dtype=np.float64)
    _check(elasticities)
    everywhere, home, final = _purchases(table)
    g, n = everywhere.shape
    share = np.where(everywhere > 0, home / np.where(everywhere > 0, everywhere, 1.0), 1.0)
    spent = np.maximum(final, 0.0)
    spent = spent / np.maximum(spent.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    use = np.zeros((g, n, n))
    inputs = np.zeros((len(table.output), n))
    np.add.at(inputs.T, table.node_sector, table.Z)
    np.add.at(use, (table.node_economy, table.node_sector), inputs)
    output = np.zeros((g, n))
    np.add.at(output, (table.node_economy, table.node_sector), table.output)
    use = use / np.where(output > 0, output, 1.0)[:, :, None]
    gains = np.full(g, np.nan)
    has = (share > 0).all(axis=1)
    gains[has] = acr_gains_by_sector(
        home_share=np.minimum(share[has], 1.0), final_share=spent[has], theta=elasticities, use=use[has]
    )
    return _long(table, gains)


def _check(theta: Array) -> None:
    if not (theta > 0).all():
        raise InputError("trade elasticities are positive", where="theta", hint="give theta, not -theta")
