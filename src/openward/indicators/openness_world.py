"""How much of the world's trade an economy has, and openness measured against the world."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import flows, ratio, require
from openward.indicators.openness import on_one_basis

KEYS = ("year", "economy")
WORLD = "WLD"
_WITHIN = "the world is what the table holds: an economy that is missing raises everybody's share"

WorldFlow = Literal[
    "goods_exports",
    "goods_imports",
    "services_exports",
    "services_imports",
    "fdi_inflow",
    "fdi_outflow",
]


def _share(trade_total: Frame, of: str, partner: str) -> Frame:
    own = flows(trade_total, of=of, partner=partner, by=())
    world = own.group_by("year").agg(nw.col("value").sum().alias("world"))
    return ratio(own.join(world, on="year", how="inner"), KEYS, nw.col("value"), nw.col("world"))


@indicator(
    "export-world-share",
    title="Share of world goods exports",
    group="openness",
    definition="Goods exports of an economy over those of all economies in the table.",
    formula=r"\frac{\sum_j x_{ijt}}{\sum_k \sum_j x_{kjt}}",
    inputs=("trade-total",),
    keys=KEYS,
    unit="fraction of world exports",
    reference="UNCTAD, Handbook of Statistics, section on international merchandise trade",
    traps=(_WITHIN, "reconciled flows (BACI, FOB) differ from what customs offices report"),
)
def export_world_share(*, trade_total: Frame) -> Frame:
    """Give the share in world exports by year and economy."""
    return _share(trade_total, "exporter", "importer")


@indicator(
    "import-world-share",
    title="Share of world goods imports",
    group="openness",
    definition="Goods imports of an economy over those of all economies in the table.",
    formula=r"\frac{\sum_j x_{jit}}{\sum_k \sum_j x_{jkt}}",
    inputs=("trade-total",),
    keys=KEYS,
    unit="fraction of world imports",
    reference="UNCTAD, Handbook of Statistics, section on international merchandise trade",
    traps=(_WITHIN, "valued FOB in BACI: imports as customs offices report them hold freight too"),
)
def import_world_share(*, trade_total: Frame) -> Frame:
    """Give the share in world imports by year and economy."""
    return _share(trade_total, "importer", "exporter")


@indicator(
    "published-world-share",
    title="Share of the world total as published",
    group="openness",
    definition="A flow of an economy over the world total that the same source publishes.",
    formula=r"\frac{X_{it}}{X_{\mathrm{WLD},t}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of the world",
    reference="World Bank, World Development Indicators, aggregate World (WLD)",
    traps=(
        "the world total is estimated by its publisher and revised for years",
        "option `of` names the flow; the two need one source: a share over another source's world misleads",
    ),
)
def published_world_share(*, macro: Frame, of: WorldFlow = "goods_exports") -> Frame:
    """Give the share in the published world total by year and economy."""
    require(macro, (of,), dataset="macro")
    world = macro.filter(nw.col("economy") == WORLD).select("year", world=nw.col(of))
    own = macro.filter(nw.col("economy") != WORLD)
    return ratio(own.join(world, on="year", how="inner"), KEYS, nw.col(of), nw.col("world"))


@indicator(
    "composite-trade-share",
    title="Composite trade share",
    group="openness",
    definition=(
        "Goods trade over GDP, times the economy's trade over the average trade of an economy: open "
        "economies that "
        "matter for world trade stand out."
    ),
    formula=(
        r"\frac{X_{it} + M_{it}}{Y_{it}} \cdot \frac{X_{it} + M_{it}}{\frac{1}{n_t} \sum_{k=1}^{n_t} "
        r"(X_{kt} + M_{kt})}"
    ),
    inputs=("trade-total", "macro"),
    keys=KEYS,
    unit="trade ratio times multiples of the average economy's trade",
    reference="Squalli and Wilson (2011), A new measure of trade openness, The World Economy 34(10)",
    traps=(
        "the average is over economies that trade in the year, each once, not over rows of pairs or products",
        "economies without GDP count in the average and have no value of their own",
        "falls when small economies enter the table",
    ),
)
def composite_trade_share(*, trade_total: Frame, macro: Frame) -> Frame:
    """Give the composite trade share by year and economy."""
    out = flows(trade_total, of="exporter", partner="importer", by=())
    into = flows(trade_total, of="importer", partner="exporter", by=())
    trade = nw.concat([out, into], how="vertical").group_by(*KEYS).agg(nw.col("value").sum())
    average = trade.group_by("year").agg(nw.col("value").mean().alias("average"))
    output = macro.filter(nw.col("gdp") > 0).select(*KEYS, "gdp")
    joined = trade.join(average, on="year", how="inner").join(output, on=list(KEYS), how="inner")
    # Trade is in thousand USD and GDP in million USD.
    return ratio(joined, KEYS, nw.col("value") / 1000 * nw.col("value"), nw.col("gdp") * nw.col("average"))


@indicator(
    "real-openness",
    title="Real openness",
    group="openness",
    definition=(
        "Exports plus imports of goods and services in USD over GDP at purchasing power parity: a "
        "cheap home economy "
        "does not pass for an open one."
    ),
    formula=r"\frac{X_{it} + M_{it}}{Y^{PPP}_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP at purchasing power parity",
    reference="Alcala and Ciccone (2004), Trade and productivity, Quarterly Journal of Economics 119(2)",
    traps=(
        (
            "needs the column gdp_ppp (World Development Indicators NY.GDP.MKTP.PP.CD), in million "
            "international dollars"
        ),
        "trade from the accounts, else goods plus services, one basis for all years of an economy",
    ),
)
def real_openness(*, macro: Frame) -> Frame:
    """Give trade over GDP at purchasing power parity by year and economy."""
    require(macro, ("gdp_ppp",), dataset="macro")
    accounts = nw.col("exports") + nw.col("imports")
    ratios = nw.col("exports_ratio") + nw.col("imports_ratio")
    sums = (
        nw.col("goods_exports")
        + nw.col("goods_imports")
        + nw.col("services_exports")
        + nw.col("services_imports")
    )
    power = nw.when(nw.col("gdp_ppp") > 0).then(nw.col("gdp_ppp"))
    return ratio(macro, KEYS, on_one_basis(accounts, ratios * nw.col("gdp"), sums), power)
