"""How concentrated trade is over products, markets and suppliers: Herfindahl, effective numbers, counts."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, flows, ratio, shares

KEYS = ("year", "economy")

Scale = Literal["raw", "normalized"]
"""The sum of squares, 1/n to 1; or stretched to 0 to 1."""

HERFINDAHL = "Herfindahl (1950), Hirschman (1945); normalized as in the World Bank's WITS, Trade indicators"
_SCALE = "option `scale`: raw runs from 1/n to 1, normalized from 0 to 1 (left out where n is 1)"
_DETAIL = "depends on the classification: compare only tables of one product detail"
_OWN = "n is what the economy itself trades with: one partner more changes the normalized index by itself"


def own_flows(trade: Frame, side: str, over: str) -> Frame:
    """Sum the trade of each economy by one dimension: ``year, economy, over, value``.

    Parameters
    ----------
    trade : Frame
    side : {"exports", "imports"}
    over : {"product", "partner"}
    """
    of, partner = ("exporter", "importer") if side == "exports" else ("importer", "exporter")
    return flows(trade, of=of, partner=partner, by=(over,))


def herfindahl(own: Frame, over: str) -> Frame:
    """Give the sum of squared shares and how many shares there are: ``year, economy, hhi, n``."""
    square = nw.col("share") * nw.col("share")
    return (
        shares(own, within=KEYS)
        .with_columns(square_=square)
        .group_by(*KEYS)
        .agg(nw.col("square_").sum().alias("hhi"), nw.col(over).n_unique().alias("n"))
    )


def _hhi(own: Frame, over: str, scale: Scale) -> Frame:
    found = herfindahl(own, over)
    if scale == "raw":
        return finish(found, KEYS, nw.col("hhi"))
    least = 1.0 / nw.col("n").cast(nw.Float64())
    return ratio(found, KEYS, nw.col("hhi") - least, 1 - least)


@indicator(
    "export-product-hhi",
    title="Product concentration of exports",
    group="diversification",
    definition="Sum of squared shares of products in the exports of an economy.",
    formula=r"\sum_{p} \left( \frac{x_{ipt}}{\sum_q x_{iqt}} \right)^2",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 0 to 1",
    reference=HERFINDAHL,
    traps=(
        _SCALE,
        _DETAIL,
        "n is the products that the economy exports",
        "a price rise of one product raises it",
    ),
)
def export_product_hhi(*, trade: Frame, scale: Scale = "raw") -> Frame:
    """Give the product concentration of exports by year and economy."""
    return _hhi(own_flows(trade, "exports", "product"), "product", scale)


@indicator(
    "import-product-hhi",
    title="Product concentration of imports",
    group="diversification",
    definition="Sum of squared shares of products in the imports of an economy.",
    formula=r"\sum_{p} \left( \frac{m_{ipt}}{\sum_q m_{iqt}} \right)^2",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 0 to 1",
    reference=HERFINDAHL,
    traps=(_SCALE, _DETAIL, "n is the products that the economy imports"),
)
def import_product_hhi(*, trade: Frame, scale: Scale = "raw") -> Frame:
    """Give the product concentration of imports by year and economy."""
    return _hhi(own_flows(trade, "imports", "product"), "product", scale)


@indicator(
    "export-market-hhi",
    title="Market concentration of exports",
    group="diversification",
    definition="Sum of squared shares of destinations in the goods exports of an economy.",
    formula=r"\sum_{j} \left( \frac{x_{ijt}}{\sum_k x_{ikt}} \right)^2",
    inputs=("trade-total",),
    keys=KEYS,
    unit="index, 0 to 1",
    reference=HERFINDAHL,
    traps=(_SCALE, _OWN, "first destinations: goods through a port of transit count there (HKG, NLD)"),
)
def export_market_hhi(*, trade_total: Frame, scale: Scale = "raw") -> Frame:
    """Give the market concentration of exports by year and economy."""
    return _hhi(own_flows(trade_total, "exports", "partner"), "partner", scale)


@indicator(
    "import-supplier-hhi",
    title="Supplier concentration of imports",
    group="diversification",
    definition="Sum of squared shares of suppliers in the goods imports of an economy.",
    formula=r"\sum_{j} \left( \frac{x_{jit}}{\sum_k x_{kit}} \right)^2",
    inputs=("trade-total",),
    keys=KEYS,
    unit="index, 0 to 1",
    reference=HERFINDAHL,
    traps=(_SCALE, _OWN, "all goods together: single products may hang on one supplier while this is low"),
)
def import_supplier_hhi(*, trade_total: Frame, scale: Scale = "raw") -> Frame:
    """Give the supplier concentration of imports by year and economy."""
    return _hhi(own_flows(trade_total, "imports", "partner"), "partner", scale)


@indicator(
    "export-effective-products",
    title="Effective number of export products",
    group="diversification",
    definition="How many products of equal size would be as concentrated as the exports of the economy.",
    formula=r"\left[ \sum_{p} \left( \frac{x_{ipt}}{\sum_q x_{iqt}} \right)^2 \right]^{-1}",
    inputs=("trade",),
    keys=KEYS,
    unit="products",
    reference="Laakso and Taagepera (1979), Effective number of parties, Comparative Political Studies 12(1)",
    traps=(_DETAIL, "says how many weigh, not how many there are: see export-product-count"),
)
def export_effective_products(*, trade: Frame) -> Frame:
    """Give the effective number of export products by year and economy."""
    found = herfindahl(own_flows(trade, "exports", "product"), "product")
    return finish(found, KEYS, 1 / nw.col("hhi"))


@indicator(
    "export-effective-markets",
    title="Effective number of export markets",
    group="diversification",
    definition="How many destinations of equal size would be as concentrated as the exports of the economy.",
    formula=r"\left[ \sum_{j} \left( \frac{x_{ijt}}{\sum_k x_{ikt}} \right)^2 \right]^{-1}",
    inputs=("trade-total",),
    keys=KEYS,
    unit="markets",
    reference="Laakso and Taagepera (1979), Effective number of parties, Comparative Political Studies 12(1)",
    traps=("an economy with one large neighbor has few, however many it sells to",),
)
def export_effective_markets(*, trade_total: Frame) -> Frame:
    """Give the effective number of export markets by year and economy."""
    found = herfindahl(own_flows(trade_total, "exports", "partner"), "partner")
    return finish(found, KEYS, 1 / nw.col("hhi"))


@indicator(
    "import-effective-suppliers",
    title="Effective number of suppliers",
    group="diversification",
    definition="How many suppliers of equal size would be as concentrated as the imports of the economy.",
    formula=r"\left[ \sum_{j} \left( \frac{x_{jit}}{\sum_k x_{kit}} \right)^2 \right]^{-1}",
    inputs=("trade-total",),
    keys=KEYS,
    unit="suppliers",
    reference="Laakso and Taagepera (1979), Effective number of parties, Comparative Political Studies 12(1)",
    traps=("all goods together: single products may hang on one supplier",),
)
def import_effective_suppliers(*, trade_total: Frame) -> Frame:
    """Give the effective number of suppliers by year and economy."""
    found = herfindahl(own_flows(trade_total, "imports", "partner"), "partner")
    return finish(found, KEYS, 1 / nw.col("hhi"))
