"""How many products and partners an economy trades, and how far its products reach."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.diversification import KEYS, own_flows
from openward.indicators.frames import finish, flows, ratio

_THRESHOLD = (
    "option `least`, in thousand USD: flows below it do not count; sources cut off at different values"
)
_WITS = "World Bank, WITS Trade Summary, number of products and partners"


def _count(trade: Frame, side: str, over: str, least: float) -> Frame:
    own = own_flows(trade, side, over).filter(nw.col("value") >= least)
    return finish(own.group_by(*KEYS).agg(nw.len().alias("count")), KEYS, nw.col("count"))


@indicator(
    "export-product-count",
    title="Number of products exported",
    group="diversification",
    definition="How many products an economy exports.",
    formula=r"\sum_{p} \mathbf{1}\left[ x_{ipt} > 0 \right]",
    inputs=("trade",),
    keys=KEYS,
    unit="products",
    reference=_WITS,
    traps=(_THRESHOLD, "a revision of the classification changes the count by itself"),
)
def export_product_count(*, trade: Frame, least: float = 0.0) -> Frame:
    """Count the export products by year and economy."""
    return _count(trade, "exports", "product", least)


@indicator(
    "import-product-count",
    title="Number of products imported",
    group="diversification",
    definition="How many products an economy imports.",
    formula=r"\sum_{p} \mathbf{1}\left[ m_{ipt} > 0 \right]",
    inputs=("trade",),
    keys=KEYS,
    unit="products",
    reference=_WITS,
    traps=(_THRESHOLD, "a revision of the classification changes the count by itself"),
)
def import_product_count(*, trade: Frame, least: float = 0.0) -> Frame:
    """Count the import products by year and economy."""
    return _count(trade, "imports", "product", least)


@indicator(
    "export-market-count",
    title="Number of export markets",
    group="diversification",
    definition="How many economies an economy sells goods to.",
    formula=r"\sum_{j} \mathbf{1}\left[ x_{ijt} > 0 \right]",
    inputs=("trade-total",),
    keys=KEYS,
    unit="markets",
    reference=_WITS,
    traps=(
        _THRESHOLD,
        "at most the economies of the table: WITS counts customs areas that BACI does not have",
    ),
)
def export_market_count(*, trade_total: Frame, least: float = 0.0) -> Frame:
    """Count the export markets by year and economy."""
    return _count(trade_total, "exports", "partner", least)


@indicator(
    "import-supplier-count",
    title="Number of suppliers",
    group="diversification",
    definition="How many economies an economy buys goods from.",
    formula=r"\sum_{j} \mathbf{1}\left[ x_{jit} > 0 \right]",
    inputs=("trade-total",),
    keys=KEYS,
    unit="suppliers",
    reference=_WITS,
    traps=(_THRESHOLD, "at most the economies of the table"),
)
def import_supplier_count(*, trade_total: Frame, least: float = 0.0) -> Frame:
    """Count the suppliers by year and economy."""
    return _count(trade_total, "imports", "partner", least)


@indicator(
    "export-market-penetration",
    title="Export market penetration",
    group="diversification",
    definition=(
        "Of all pairs of a product that the economy exports and a market that imports it from "
        "anybody, the part that "
        "the economy serves."
    ),
    formula=r"\frac{\sum_{p} \sum_{j} \mathbf{1}[x_{ijpt} > 0]}"
    r"{\sum_{p : x_{ipt} > 0} \sum_{j \ne i} \mathbf{1}[m_{jpt} > 0]}",
    inputs=("trade",),
    keys=KEYS,
    unit="fraction of pairs of product and market",
    reference=(
        "Brenton and Newfarmer (2007), Watching more than the discovery channel, World Bank Policy "
        "Research Working "
        "Paper 4302"
    ),
    traps=(
        "its own market does not count",
        "at coarse product detail nearly every market imports everything, and the index is high",
        "WITS prints it in percent",
    ),
)
def export_market_penetration(*, trade: Frame) -> Frame:
    """Give the part of pairs of product and market served, by year and economy."""
    served = flows(trade, of="exporter", partner="importer", by=("product", "partner"))
    products = served.group_by(*KEYS, "product").agg(nw.len().alias("served"))
    demand = own_flows(trade, "imports", "product").select("year", "product", buyer=nw.col("economy"))
    markets = demand.group_by("year", "product").agg(nw.len().alias("markets"))
    home = demand.select("year", "product", economy=nw.col("buyer"), home=nw.lit(1))
    joined = products.join(markets, on=["year", "product"], how="inner").join(
        home, on=["year", "product", "economy"], how="left"
    )
    counted = joined.with_columns(abroad=nw.col("markets") - nw.col("home").fill_null(0))
    sums = counted.group_by(*KEYS).agg(nw.col("served").sum(), nw.col("abroad").sum())
    return ratio(sums, KEYS, nw.col("served"), nw.col("abroad"))
