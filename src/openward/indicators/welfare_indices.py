"""Prices and quantities of trade: chained Fisher indices of unit values."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, one_before, ratio

KEYS = ("year", "economy")

Side = Literal["exports", "imports"]
_FISHER = "International Monetary Fund (2009), Export and Import Price Index Manual; Fisher (1922)"
_UNIT_VALUES = (
    "unit values, not prices: a change of quality or mix inside a product reads as a change of price"
)
_MATCHED = "only what is traded with a quantity in both years of a link counts: new and lost goods do not"
_CHAIN = (
    "chained over the years of the table, 1 in the economy's first; drift is possible where prices bounce"
)


def links(trade: Frame, side: Side) -> Frame:
    """Compare every year of the table with the one before, over flows with a quantity in both.

    Items are product and partner. Laspeyres weighs by last year's basket, Paasche by this year's, Fisher is
    their geometric mean; Fisher price times Fisher quantity is the change of the matched value.

    Parameters
    ----------
    trade : Frame
        With ``quantity``.
    side : {"exports", "imports"}

    Returns
    -------
    Frame
        ``year, economy, price, quantity, worth``: the links (ratios), the last of matched value.
    """
    of, partner = ("exporter", "importer") if side == "exports" else ("importer", "exporter")
    item = ("economy", "partner", "product")
    own = (
        trade.filter((nw.col("value") > 0) & (nw.col("quantity") > 0))
        .with_columns(economy=nw.col(of), partner=nw.col(partner))
        .group_by("year", *item)
        .agg(nw.col("value").sum(), nw.col("quantity").sum())
    )
    years = one_before(own)
    now = own.join(years, on="year", how="inner")
    then = own.select(*item, before=nw.col("year"), value0=nw.col("value"), quantity0=nw.col("quantity"))
    both = now.join(then, on=["before", *item], how="inner")
    crossed = both.with_columns(
        now_at_old_prices=nw.col("value0") / nw.col("quantity0") * nw.col("quantity"),
        old_at_new_prices=nw.col("value") / nw.col("quantity") * nw.col("quantity0"),
    )
    sums = crossed.group_by(*KEYS).agg(
        nw.col("value").sum(),
        nw.col("value0").sum(),
        nw.col("now_at_old_prices").sum(),
        nw.col("old_at_new_prices").sum(),
    )
    price = nw.col("old_at_new_prices") / nw.col("value0") * (nw.col("value") / nw.col("now_at_old_prices"))
    quantity = (
        nw.col("now_at_old_prices") / nw.col("value0") * (nw.col("value") / nw.col("old_at_new_prices"))
    )
    return sums.select(
        *KEYS, price=price.sqrt(), quantity=quantity.sqrt(), worth=nw.col("value") / nw.col("value0")
    )


def chain(trade: Frame, side: Side, link: str) -> Frame:
    """Multiply links up from 1 in the first year: ``year, economy, value``.

    A year that has no match with the one before breaks the chain; what follows the break is left out, for it
    would look like a continuation.
    """
    found = links(trade, side)
    years = one_before(trade)
    joined = found.join(years, on="year", how="inner")
    opening = joined.group_by("economy").agg(nw.col("before").min().alias("year"))
    ordered = joined.with_columns(
        last_=nw.col("year").shift(1).over("economy", order_by="year"), step_=nw.col(link).log()
    )
    breaks = ordered.with_columns(
        break_=nw.when(nw.col("last_").is_null() | (nw.col("last_") == nw.col("before")))
        .then(nw.lit(0))
        .otherwise(nw.lit(1))
    )
    summed = breaks.with_columns(
        sum_=nw.col("step_").cum_sum().over("economy", order_by="year"),
        broken=nw.col("break_").cum_sum().over("economy", order_by="year"),
    ).filter(nw.col("broken") == 0)
    start = finish(opening, KEYS, nw.lit(1.0))
    return nw.concat([start, finish(summed, KEYS, nw.col("sum_").exp())], how="vertical")


def _over(above: Frame, below: Frame) -> Frame:
    """Divide two chains, from 1 in the first year that both have."""
    other = below.select(*KEYS, other=nw.col("value"))
    both = above.join(other, on=list(KEYS), how="inner").with_columns(
        first_=nw.col("year").min().over("economy")
    )
    first = both.filter(nw.col("year") == nw.col("first_")).select(
        "economy", base=nw.col("value") / nw.col("other")
    )
    return ratio(
        both.join(first, on="economy", how="inner"), KEYS, nw.col("value") / nw.col("other"), nw.col("base")
    )


@indicator(
    "export-price-index",
    title="Export price index",
    group="welfare",
    definition="Chained Fisher index of the unit values of exports, by product and market.",
    formula=r"\prod_{s \le t} \left[ \frac{\sum p_s q_{s-1}}{\sum p_{s-1} q_{s-1}}"
    r" \cdot \frac{\sum p_s q_s}{\sum p_{s-1} q_s} \right]^{1/2}",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 1 in the first year",
    reference=_FISHER,
    traps=(_UNIT_VALUES, _MATCHED, _CHAIN),
)
def export_price_index(*, trade: Frame) -> Frame:
    """Give the chained price index of exports by year and economy."""
    return chain(trade, "exports", "price")


@indicator(
    "import-price-index",
    title="Import price index",
    group="welfare",
    definition="Chained Fisher index of the unit values of imports, by product and supplier.",
    formula=r"\prod_{s \le t} \left[ \frac{\sum p_s q_{s-1}}{\sum p_{s-1} q_{s-1}}"
    r" \cdot \frac{\sum p_s q_s}{\sum p_{s-1} q_s} \right]^{1/2}",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 1 in the first year",
    reference=_FISHER,
    traps=(_UNIT_VALUES, _MATCHED, _CHAIN),
)
def import_price_index(*, trade: Frame) -> Frame:
    """Give the chained price index of imports by year and economy."""
    return chain(trade, "imports", "price")


@indicator(
    "export-quantity-index",
    title="Export quantity index",
    group="welfare",
    definition="Chained Fisher index of the quantities of exports, by product and market.",
    formula=r"\prod_{s \le t} \left[ \frac{\sum p_{s-1} q_s}{\sum p_{s-1} q_{s-1}}"
    r" \cdot \frac{\sum p_s q_s}{\sum p_s q_{s-1}} \right]^{1/2}",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 1 in the first year",
    reference=_FISHER,
    traps=(_MATCHED, "times the price index it is the matched value, not all exports", _CHAIN),
)
def export_quantity_index(*, trade: Frame) -> Frame:
    """Give the chained quantity index of exports by year and economy."""
    return chain(trade, "exports", "quantity")


@indicator(
    "import-quantity-index",
    title="Import quantity index",
    group="welfare",
    definition="Chained Fisher index of the quantities of imports, by product and supplier.",
    formula=r"\prod_{s \le t} \left[ \frac{\sum p_{s-1} q_s}{\sum p_{s-1} q_{s-1}}"
    r" \cdot \frac{\sum p_s q_s}{\sum p_s q_{s-1}} \right]^{1/2}",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 1 in the first year",
    reference=_FISHER,
    traps=(_MATCHED, "times the price index it is the matched value, not all imports", _CHAIN),
)
def import_quantity_index(*, trade: Frame) -> Frame:
    """Give the chained quantity index of imports by year and economy."""
    return chain(trade, "imports", "quantity")


@indicator(
    "unit-value-terms-of-trade",
    title="Terms of trade from unit values",
    group="welfare",
    definition="Export price index over import price index, both chained Fisher indices of unit values.",
    formula=r"\frac{P^{x}_{it}}{P^{m}_{it}}",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 1 in the first year",
    reference=_FISHER,
    traps=(_UNIT_VALUES, _MATCHED, _CHAIN, "BACI values imports FOB too: freight is not in it"),
)
def unit_value_terms_of_trade(*, trade: Frame) -> Frame:
    """Give the terms of trade from unit values by year and economy."""
    return _over(chain(trade, "exports", "price"), chain(trade, "imports", "price"))


@indicator(
    "income-terms-of-trade",
    title="Income terms of trade",
    group="welfare",
    definition=(
        "What exports can buy: the value of exports over the import price index, relative to the first year."
    ),
    formula=r"\frac{V^{x}_{it} / V^{x}_{i0}}{P^{m}_{it}}",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 1 in the first year",
    reference="Dorrance (1948), The income terms of trade, Review of Economic Studies 16(1)",
    traps=(_UNIT_VALUES, _CHAIN, "all exports count in the value, matched or not"),
)
def income_terms_of_trade(*, trade: Frame) -> Frame:
    """Give the purchasing power of exports by year and economy."""
    own = trade.with_columns(economy=nw.col("exporter"))
    value = own.group_by(*KEYS).agg(nw.col("value").sum()).filter(nw.col("value") > 0)
    return _over(value, chain(trade, "imports", "price"))
