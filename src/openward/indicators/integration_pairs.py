"""Integration of pairs of economies, and trade within industries."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.indicators.advantage_balance import CELL, both_ways
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import flows, ratio

Array = NDArray[np.float64]
PAIR = ("year", "exporter", "importer")
OVERLAP = "Grubel and Lloyd (1975), Intra-Industry Trade"
LEVEL = "coarse classifications put different goods together and lift it"


@indicator(
    "trade-intensity",
    title="Bilateral trade intensity",
    group="integration",
    definition="A market's share in an economy's exports over its share in what all others buy.",
    formula=r"\frac{x_{ij}/x_i}{m_j/(m-m_i)}",
    inputs=("trade-total",),
    keys=PAIR,
    unit="ratio",
    reference="Kojima (1964), Hitotsubashi Journal of Economics 5; Drysdale and Garnaut (1982)",
    traps=(
        "the exporter's own imports are left out of the world, as it cannot sell to itself; WITS keeps them",
        "nearness, language and what is made explain most of it: it does not measure policy",
        "pairs without trade have no row",
    ),
)
def trade_intensity(*, trade_total: Frame) -> Frame:
    """Give trade intensity by year, exporter and importer."""
    rows = trade_total.filter(nw.col("exporter") != nw.col("importer"), nw.col("value") > 0)
    pairs = rows.group_by(*PAIR).agg(x=nw.col("value").cast(nw.Float64()).sum())
    sold = pairs.group_by("year", "exporter").agg(sold=nw.col("x").sum())
    bought = pairs.group_by("year", "importer").agg(bought=nw.col("x").sum())
    world = pairs.group_by("year").agg(world=nw.col("x").sum())
    own = bought.select("year", exporter="importer", own="bought")
    joined = (
        pairs.join(sold, on=["year", "exporter"], how="inner")
        .join(bought, on=["year", "importer"], how="inner")
        .join(world, on="year", how="inner")
        .join(own, on=["year", "exporter"], how="left")
    )
    others = nw.col("world") - nw.col("own").fill_null(0.0)
    return ratio(joined, PAIR, nw.col("x") * others, nw.col("sold") * nw.col("bought"))


@indicator(
    "grubel-lloyd",
    title="Trade within a product",
    group="integration",
    definition="Part of an economy's trade in a product where exports and imports overlap: 0 one way, 1 "
    "even.",
    formula=r"1-\frac{|x_{cp}-m_{cp}|}{x_{cp}+m_{cp}}",
    inputs=("trade",),
    keys=CELL,
    unit="fraction",
    reference=OVERLAP,
    traps=(LEVEL, "with the world as one partner: re-exports between two others look like trade within"),
)
def grubel_lloyd(*, trade: Frame) -> Frame:
    """Give the index by year, economy and product."""
    rows = _overlap(trade)
    return ratio(rows, CELL, nw.col("whole") - nw.col("gap"), nw.col("whole"))


@indicator(
    "grubel-lloyd-total",
    title="Trade within products",
    group="integration",
    definition="Trade within products over all trade of an economy.",
    formula=r"1-\frac{\sum_p|x_{cp}-m_{cp}|}{\sum_p(x_{cp}+m_{cp})}",
    inputs=("trade",),
    keys=("year", "economy"),
    unit="fraction",
    reference=OVERLAP,
    traps=(LEVEL, "an overall imbalance lowers it"),
)
def grubel_lloyd_total(*, trade: Frame) -> Frame:
    """Give the trade-weighted index by year and economy."""
    rows = _overlap(trade)
    sums = rows.group_by("year", "economy").agg(nw.col("whole").sum(), nw.col("gap").sum())
    return ratio(sums, ("year", "economy"), nw.col("whole") - nw.col("gap"), nw.col("whole"))


@indicator(
    "grubel-lloyd-bilateral",
    title="Trade within products of a pair",
    group="integration",
    definition="Trade within products over all trade between two economies.",
    formula=r"\frac{2\sum_p\min(x_{ijp},x_{jip})}{\sum_p(x_{ijp}+x_{jip})}",
    inputs=("trade",),
    keys=("year", "economy", "partner"),
    unit="fraction",
    reference=OVERLAP,
    traps=(LEVEL, "each pair stands twice, once from either side", "pairs with trade one way only give 0"),
)
def grubel_lloyd_bilateral(*, trade: Frame) -> Frame:
    """Give the index by year, economy and partner."""
    keys = ("year", "economy", "partner")
    value = nw.col("value").cast(nw.Float64())
    out = trade.select("year", "product", economy="exporter", partner="importer", x=value, m=nw.lit(0.0))
    back = trade.select("year", "product", economy="importer", partner="exporter", x=nw.lit(0.0), m=value)
    columns = (*keys, "product", "x", "m")
    rows = nw.concat([out.select(*columns), back.select(*columns)], how="vertical")
    cells = rows.group_by(*keys, "product").agg(nw.col("x").sum(), nw.col("m").sum())
    split = cells.select(*keys, whole=nw.col("x") + nw.col("m"), gap=(nw.col("x") - nw.col("m")).abs())
    sums = split.group_by(*keys).agg(nw.col("whole").sum(), nw.col("gap").sum())
    return ratio(sums, keys, nw.col("whole") - nw.col("gap"), nw.col("whole"))


@indicator(
    "marginal-intra-industry",
    title="Marginal trade within a product",
    group="integration",
    definition="Overlap of the changes of exports and imports of a product since the year before: 1 where "
    "both move alike, 0 where one moves alone or they part.",
    formula=r"1-\frac{|\Delta x_{cp}-\Delta m_{cp}|}{|\Delta x_{cp}|+|\Delta m_{cp}|}",
    inputs=("trade",),
    keys=CELL,
    unit="fraction",
    reference="Bruelhart (1994), Weltwirtschaftliches Archiv 130, 600-613, index A",
    traps=(
        LEVEL,
        "changes at current prices hold inflation: deflate before long spans",
        "only years that follow a year of the table; a product new in one counts from zero",
    ),
)
def marginal_intra_industry(*, trade: Frame, span: int = 1) -> Frame:
    """Give Bruelhart's index A since ``span`` years before, by year, economy and product."""
    rows = _changes(trade, span)
    return ratio(rows, CELL, nw.col("moved") - nw.col("gap"), nw.col("moved"))


@indicator(
    "marginal-intra-industry-total",
    title="Marginal trade within products",
    group="integration",
    definition="The marginal index of all products of an economy, weighted by how much each moved.",
    formula=r"1-\frac{\sum_p|\Delta x_{cp}-\Delta m_{cp}|}{\sum_p(|\Delta x_{cp}|+|\Delta m_{cp}|)}",
    inputs=("trade",),
    keys=("year", "economy"),
    unit="fraction",
    reference="Bruelhart (1994), Weltwirtschaftliches Archiv 130, 600-613",
    traps=(LEVEL, "changes at current prices hold inflation"),
)
def marginal_intra_industry_total(*, trade: Frame, span: int = 1) -> Frame:
    """Give the weighted marginal index by year and economy."""
    sums = _changes(trade, span).group_by("year", "economy").agg(nw.col("moved").sum(), nw.col("gap").sum())
    return ratio(sums, ("year", "economy"), nw.col("moved") - nw.col("gap"), nw.col("moved"))


def complementarity(*, exports: Array, imports: Array) -> Array:
    """Give Michaely's complementarity ``1 - sum_p |m_jp - x_ip| / 2`` of shares, [exporters, importers].

    Parameters
    ----------
    exports, imports : [C, P], [D, P]
        Rows with a positive sum.
    """
    x = exports / exports.sum(axis=1, keepdims=True)
    m = imports / imports.sum(axis=1, keepdims=True)
    return np.stack([1.0 - np.abs(m - row).sum(axis=1) / 2.0 for row in x])


@indicator(
    "complementarity",
    title="Trade complementarity",
    group="integration",
    kind="dense",
    definition="How well the products an economy exports match those another imports: 1 the same shares, 0 "
    "none in common.",
    formula=r"1-\frac12\sum_p\left|\frac{m_{jp}}{m_j}-\frac{x_{ip}}{x_i}\right|",
    inputs=("trade",),
    keys=PAIR,
    unit="fraction",
    reference="Michaely (1996), World Bank Policy Research Working Paper 1583",
    traps=("what is traded with anybody counts, not with each other", LEVEL, "costs of trade are left out"),
)
def trade_complementarity(*, trade: Frame) -> Frame:
    """Give complementarity by year, exporter and importer."""
    sides = [
        flows(trade, of=of, partner=partner, by=("product",)).collect("polars").to_native()
        for of, partner in (("exporter", "importer"), ("importer", "exporter"))
    ]
    parts = []
    for year in sides[0]["year"].unique().sort():
        sold, bought = (side.filter(pl.col("year") == year) for side in sides)
        products = pl.concat([sold["product"], bought["product"]]).unique().sort()
        (sellers, x), (buyers, m) = (_table(side, products) for side in (sold, bought))
        found = complementarity(exports=x, imports=m)
        parts.append(
            pl.DataFrame(
                {
                    "exporter": np.repeat(sellers.to_numpy(), len(buyers)),
                    "importer": np.tile(buyers.to_numpy(), len(sellers)),
                    "value": found.ravel(),
                }
            ).select(pl.lit(int(year), dtype=pl.Int64).alias("year"), pl.all())
        )
    schema = dict.fromkeys(PAIR, pl.String) | {"year": pl.Int64, "value": pl.Float64}
    table = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return nw.from_native(table.filter(pl.col("exporter") != pl.col("importer"))).lazy()


def _table(side: pl.DataFrame, products: pl.Series) -> tuple[pl.Series, Array]:
    economies = side["economy"].unique().sort()
    table = np.zeros((len(economies), len(products)))
    at = (
        economies.search_sorted(side["economy"]).to_numpy(),
        products.search_sorted(side["product"]).to_numpy(),
    )
    table[at] = side["value"].to_numpy()
    return economies, table


def _overlap(trade: Frame) -> Frame:
    whole, gap = nw.col("x") + nw.col("m"), (nw.col("x") - nw.col("m")).abs()
    return both_ways(trade).select(*CELL, whole=whole, gap=gap)


def _changes(trade: Frame, span: int) -> Frame:
    """Give how much exports and imports moved: ``moved`` together, ``gap`` apart."""
    now = both_ways(trade).with_columns(nw.col("year").cast(nw.Int64()))
    later = (nw.col("year") + span).alias("year")
    then = now.select(later, "economy", "product", x=0.0 - nw.col("x"), m=0.0 - nw.col("m"))
    own = now.select("year").unique()
    both = own.join(own.select(later), on="year", how="inner")
    columns = (*CELL, "x", "m")
    rows = nw.concat([now.select(*columns), then.select(*columns)], how="vertical")
    net = rows.join(both, on="year", how="inner").group_by(*CELL).agg(nw.col("x").sum(), nw.col("m").sum())
    x, m = nw.col("x"), nw.col("m")
    return net.select(*CELL, moved=x.abs() + m.abs(), gap=(x - m).abs())
