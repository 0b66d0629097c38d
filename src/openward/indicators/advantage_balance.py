"""Advantage read from exports and imports together, and from prices."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, ratio, require

CELL = ("year", "economy", "product")


def both_ways(trade: Frame) -> Frame:
    """Give exports and imports of every product an economy trades: ``year, economy, product, x, m``."""
    value = nw.col("value").cast(nw.Float64())
    sold = trade.select("year", "product", economy="exporter", x=value, m=nw.lit(0.0))
    bought = trade.select("year", "product", economy="importer", x=nw.lit(0.0), m=value)
    rows = nw.concat([sold.select(*CELL, "x", "m"), bought.select(*CELL, "x", "m")], how="vertical")
    return rows.group_by(*CELL).agg(nw.col("x").sum(), nw.col("m").sum())


@indicator(
    "trade-balance-index",
    title="Trade balance index",
    group="advantage",
    definition="Exports less imports of a product over their sum: 1 only sold, -1 only bought.",
    formula=r"\frac{x_{cp}-m_{cp}}{x_{cp}+m_{cp}}",
    inputs=("trade",),
    keys=CELL,
    unit="index, -1 to 1",
    reference="Lafay (1992), in Dagenais and Muet (eds), International Trade Modelling",
    traps=(
        "an economy-wide deficit pulls all products down: the Lafay index takes it out",
        "goods in transit appear on both sides and pull towards zero",
        "imports mirror the partners' exports where the table holds one report a flow",
    ),
)
def trade_balance_index(*, trade: Frame) -> Frame:
    """Give the balance over the sum by year, economy and product."""
    return ratio(both_ways(trade), CELL, nw.col("x") - nw.col("m"), nw.col("x") + nw.col("m"))


@indicator(
    "lafay",
    title="Lafay index",
    group="advantage",
    definition="A product's normalized balance against that of all the economy's trade, weighted by the "
    "product's share in it; sums to zero over products.",
    formula=r"\left(\frac{x_{cp}-m_{cp}}{x_{cp}+m_{cp}}-\frac{x_c-m_c}{x_c+m_c}\right)"
    r"\frac{x_{cp}+m_{cp}}{x_c+m_c}",
    inputs=("trade",),
    keys=CELL,
    unit="fraction of the economy's trade",
    reference="Lafay (1992); Bugamelli (2001), Bank of Italy",
    traps=("papers print it times 100", "products that nobody trades have no row"),
)
def lafay(*, trade: Frame) -> Frame:
    """Give the Lafay index by year, economy and product."""
    products = both_ways(trade).with_columns(
        balance=nw.col("x") - nw.col("m"), turnover=nw.col("x") + nw.col("m")
    )
    whole = products.group_by("year", "economy").agg(
        all_balance=nw.col("balance").sum(), all_turnover=nw.col("turnover").sum()
    )
    joined = products.join(whole, on=["year", "economy"], how="inner")
    expected = nw.col("all_balance") * nw.col("turnover") / nw.col("all_turnover")
    return ratio(joined, CELL, nw.col("balance") - expected, nw.col("all_turnover"))


@indicator(
    "relative-unit-value",
    title="Relative unit value of exports",
    group="advantage",
    definition="What a tonne of an economy's exports of a product costs over what the world's costs.",
    formula=r"\frac{x_{cp}/q_{cp}}{x_p/q_p}",
    inputs=("trade",),
    keys=CELL,
    unit="ratio",
    reference="Fontagne, Freudenberg and Peridy (1998), in the spirit of; Schott (2004), QJE 119",
    traps=(
        "rows without a quantity are left out on both sides",
        "a product code holds many goods: dear may mean another good, not a better one",
        "the economy itself is part of the world's average",
    ),
)
def relative_unit_value(*, trade: Frame) -> Frame:
    """Give unit values relative to the world's by year, economy and product."""
    require(trade, ("quantity",), dataset="trade")
    weighed = trade.filter(nw.col("quantity") > 0, nw.col("value") > 0)
    sums = (nw.col("value").sum(), nw.col("quantity").sum())
    own = weighed.with_columns(economy=nw.col("exporter")).group_by(*CELL).agg(*sums)
    world = weighed.group_by("year", "product").agg(
        all_value=nw.col("value").sum(), all_quantity=nw.col("quantity").sum()
    )
    joined = own.join(world, on=["year", "product"], how="inner")
    unit = nw.col("value") / nw.col("quantity")
    return finish(joined, CELL, unit / (nw.col("all_value") / nw.col("all_quantity")))
