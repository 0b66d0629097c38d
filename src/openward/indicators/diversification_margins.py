"""Margins of trade and likeness: more products or more of each, spells that last, similar baskets, change."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.diversification import KEYS, own_flows
from openward.indicators.frames import finish, one_before, ratio, shares

_HUMMELS = (
    "Hummels and Klenow (2005), The variety and quality of a nation's exports, American Economic Review 95(3)"
)
_WORLD = (
    "against the world market as a whole, own exports in it: the paper goes market by market and averages"
)
_DETAIL = "depends on the classification: compare only tables of one product detail"


def _margins(trade: Frame) -> Frame:
    """Give own exports, world exports of the own products, and world exports."""
    own = own_flows(trade, "exports", "product")
    world = own.group_by("year", "product").agg(nw.col("value").sum().alias("world"))
    whole = own.group_by("year").agg(nw.col("value").sum().alias("whole"))
    joined = own.join(world, on=["year", "product"], how="inner")
    summed = joined.group_by(*KEYS).agg(nw.col("value").sum(), nw.col("world").sum().alias("same"))
    return summed.join(whole, on="year", how="inner")


@indicator(
    "extensive-margin",
    title="Extensive margin of exports",
    group="diversification",
    definition="World exports of the products that the economy exports, over all world exports.",
    formula=r"\frac{\sum_{p : x_{ipt} > 0} X_{pt}}{\sum_{p} X_{pt}}",
    inputs=("trade",),
    keys=KEYS,
    unit="fraction of world exports",
    reference=_HUMMELS,
    traps=(_WORLD, _DETAIL, "times the intensive margin it is the share in world exports"),
)
def extensive_margin(*, trade: Frame) -> Frame:
    """Give the extensive margin of exports by year and economy."""
    return ratio(_margins(trade), KEYS, nw.col("same"), nw.col("whole"))


@indicator(
    "intensive-margin",
    title="Intensive margin of exports",
    group="diversification",
    definition="Exports of the economy over world exports of the products that it exports.",
    formula=r"\frac{\sum_{p} x_{ipt}}{\sum_{p : x_{ipt} > 0} X_{pt}}",
    inputs=("trade",),
    keys=KEYS,
    unit="fraction of world exports of the same products",
    reference=_HUMMELS,
    traps=(_WORLD, _DETAIL, "holds price and quantity together"),
)
def intensive_margin(*, trade: Frame) -> Frame:
    """Give the intensive margin of exports by year and economy."""
    return ratio(_margins(trade), KEYS, nw.col("value"), nw.col("same"))


@indicator(
    "export-similarity",
    title="Export similarity",
    group="diversification",
    definition="Part of the export baskets of two economies that is the same: the sum of the smaller shares.",
    formula=r"\sum_{p} \min \left( s_{ipt}, s_{jpt} \right), \qquad s_{ipt} = \frac{x_{ipt}}{\sum_q x_{iqt}}",
    inputs=("trade",),
    keys=("year", "economy", "partner"),
    unit="fraction of exports, 0 to 1",
    reference="Finger and Kreinin (1979), A measure of export similarity, Economic Journal 89",
    traps=(
        _DETAIL,
        "pairs with nothing in common have no row",
        "to the world, not to one third market; the same product may be of different quality",
    ),
)
def export_similarity(*, trade: Frame) -> Frame:
    """Give the likeness of export baskets by year and pair of economies."""
    own = shares(own_flows(trade, "exports", "product"), within=KEYS).select(*KEYS, "product", "share")
    other = own.select("year", "product", partner=nw.col("economy"), other=nw.col("share"))
    pairs = own.join(other, on=["year", "product"], how="inner").filter(
        nw.col("economy") != nw.col("partner")
    )
    least = pairs.with_columns(least=nw.min_horizontal("share", "other"))
    keys = ("year", "economy", "partner")
    return finish(least.group_by(*keys).agg(nw.col("least").sum()), keys, nw.col("least"))


def _two_years(trade: Frame) -> Frame:
    """Give the shares of every product in this year of the table and the one before, zero where absent."""
    own = shares(own_flows(trade, "exports", "product"), within=KEYS).select(
        *KEYS, "product", "value", "share"
    )
    links = one_before(own)
    now = own.join(links, on="year", how="inner")
    then = own.join(links.select(year_=nw.col("year"), year=nw.col("before")), on="year", how="inner").select(
        "economy", "product", year=nw.col("year_"), before_=nw.col("value"), share_before=nw.col("share")
    )
    keys = ["year", "economy", "product"]
    lines = nw.concat([now.select(*keys), then.select(*keys)], how="vertical").unique()
    in_both = (
        now.select("year", "economy")
        .unique()
        .join(then.select("year", "economy").unique(), on=["year", "economy"], how="inner")
    )
    return (
        lines.join(in_both, on=["year", "economy"], how="inner")
        .join(now.select(*keys, "value", "share"), on=keys, how="left")
        .join(then, on=keys, how="left")
        .with_columns(nw.col("share").fill_null(0.0), nw.col("share_before").fill_null(0.0))
    )


@indicator(
    "export-structural-change",
    title="Structural change of exports",
    group="diversification",
    definition="Part of exports that is on other products than in the year of the table before.",
    formula=r"\frac{1}{2} \sum_{p} \left| s_{ipt} - s_{ip,t-1} \right|",
    inputs=("trade",),
    keys=KEYS,
    unit="fraction of exports, 0 to 1",
    reference="Michaely (1962), Concentration in International Trade; known as Lawrence or NAV index",
    traps=(
        _DETAIL,
        "years are those of the table: over a hole of five years it is the change of five years",
        "price swings of raw materials count as change",
    ),
)
def export_structural_change(*, trade: Frame) -> Frame:
    """Give the change of the export basket by year and economy."""
    change = _two_years(trade).with_columns(moved=(nw.col("share") - nw.col("share_before")).abs())
    return finish(change.group_by(*KEYS).agg(nw.col("moved").sum()), KEYS, nw.col("moved") / 2)


@indicator(
    "export-lilien",
    title="Lilien index of exports",
    group="diversification",
    definition=(
        "Dispersion of growth over products: the share-weighted standard deviation of the growth of "
        "products around "
        "that of total exports."
    ),
    formula=r"\left[ \sum_{p} \frac{s_{ipt} + s_{ip,t-1}}{2}"
    r" \left( \Delta \ln x_{ipt} - \Delta \ln X_{it} \right)^2 \right]^{1/2}",
    inputs=("trade",),
    keys=KEYS,
    unit="log points",
    reference=(
        "Lilien (1982), Sectoral shifts and cyclical unemployment, Journal of Political Economy "
        "90(4); weights of "
        "Ansari, Mussida and Pastore (2014)"
    ),
    traps=(
        "products that are new or gone have no growth rate and are left out: see export-structural-change",
        "years are those of the table",
    ),
)
def export_lilien(*, trade: Frame) -> Frame:
    """Give the dispersion of export growth over products by year and economy."""
    both = _two_years(trade).filter((nw.col("share") > 0) & (nw.col("share_before") > 0))
    # Growth relative to the total is growth of the share.
    shift = (nw.col("share") / nw.col("share_before")).log()
    terms = both.with_columns(term=(nw.col("share") + nw.col("share_before")) / 2 * shift * shift)
    return finish(terms.group_by(*KEYS).agg(nw.col("term").sum()), KEYS, nw.col("term").sqrt())
