"""How much others depend on us, and on whom we depend, partner by partner."""

from __future__ import annotations

import narwhals as nw

from openward.errors import MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.dependency.external import KEYS, external
from openward.indicators.frames import finish, ratio

PAIR = ("year", "economy", "partner")
HALF = 0.5
WIBAUX = "After Lefebvre and Wibaux (2024), Import Dependencies: Where Does the EU Stand?, CEPII 2024-47"


@indicator(
    "partner-dependency",
    title="Dependence on a partner",
    group="dependency",
    definition=(
        "Part of an economy's imports that it buys from a partner in products of which the partner sells it "
        "more than half."
    ),
    formula=(
        r"D_{ni} = \frac{\sum_k m_{nik}\, 1[m_{nik} > \tfrac12 \sum_{i'} m_{ni'k}]}{\sum_{i'k} m_{ni'k}}"
    ),
    inputs=("trade",),
    keys=PAIR,
    unit="share of imports",
    reference=WIBAUX,
    traps=(
        "`share` (half) is our own cut-off; the brief takes the largest supplier of products that meet the "
        "Commission's criteria",
        "pairs without such a product are left out",
        "with industries instead of six-digit products hardly any partner passes half",
    ),
)
def partner_dependency(*, trade: Frame, share: float = HALF) -> Frame:
    """Sum what is bought where the partner dominates, over all imports."""
    return _dominated(trade, share, economy="importer", partner="exporter")


@indicator(
    "reverse-dependency",
    title="Dependence of a partner on the economy",
    group="dependency",
    definition=(
        "Part of a partner's imports that it buys from the economy in products of which the economy sells it "
        "more than half."
    ),
    formula=(
        r"D_{in} = \frac{\sum_k m_{ink}\, 1[m_{ink} > \tfrac12 \sum_{n'} m_{in'k}]}{\sum_{n'k} m_{in'k}}"
    ),
    inputs=("trade",),
    keys=PAIR,
    unit="share of the partner's imports",
    reference=WIBAUX,
    traps=(
        "not leverage: what the economy would lose by not selling is not in it",
        "`share` (half) is our own cut-off",
        "pairs without such a product are left out",
    ),
)
def reverse_dependency(*, trade: Frame, share: float = HALF) -> Frame:
    """Turn partner dependency round."""
    return _dominated(trade, share, economy="exporter", partner="importer")


@indicator(
    "stock-adjusted-dependency",
    title="Dependence after stocks",
    group="dependency",
    kind="dense",
    definition=(
        "Share of the largest supplier, less the part that stocks cover while a stop of given length lasts."
    ),
    formula=r"s_{nk} \max\Big(0, 1 - \frac{stock_{nk}}{days/365 \cdot s_{nk}\, m_{nk}}\Big)",
    inputs=("trade",),
    keys=KEYS,
    unit="share of imports",
    reference="Our own; days of cover as in IEA emergency stocks (net imports of 90 days)",
    traps=(
        "stocks are an input (`stocks`: year, importer, product, value in the unit of trade); they are "
        "published for oil and a few grains",
        "products whose stock is not given are left out",
        "use is taken as even over the year, and the stock as free to use",
    ),
)
def stock_adjusted_dependency(*, trade: Frame, stocks: Frame | None = None, days: float = 90.0) -> Frame:
    """Take the stock off what the largest supplier would not send.

    Raises
    ------
    MissingDataError
        No stocks were given.
    """
    if stocks is None:
        raise MissingDataError(
            "stocks are in none of the tables at hand, and none were given",
            where="stocks",
            hint="give a table with year, importer, product and value (thousand USD)",
        )
    bought = external(trade, home=(), home_name="HOME")
    sums = bought.group_by(*KEYS).agg(nw.col("value").max().alias("top"), nw.col("value").sum().alias("all"))
    held = stocks.group_by(*KEYS).agg(nw.col("value").sum().alias("stock"))
    lost = sums.join(held, on=list(KEYS), how="inner").with_columns(
        uncovered=1.0 - nw.col("stock") / (nw.col("top") * (days / 365.0))
    )
    left = nw.when(nw.col("uncovered") > 0).then(nw.col("uncovered")).otherwise(nw.lit(0.0))
    return finish(lost, KEYS, nw.col("top") / nw.col("all") * left)


def _dominated(trade: Frame, share: float, *, economy: str, partner: str) -> Frame:
    bought = external(trade, home=(), home_name="HOME")
    by_product = bought.group_by(*KEYS).agg(nw.col("value").sum().alias("all"))
    whole = bought.group_by("year", "importer").agg(nw.col("value").sum().alias("whole"))
    held = bought.join(by_product, on=list(KEYS), how="inner").filter(nw.col("value") > share * nw.col("all"))
    pairs = held.group_by("year", "exporter", "importer").agg(nw.col("value").sum().alias("held"))
    joined = pairs.join(whole, on=["year", "importer"], how="inner")
    return ratio(
        joined.select("year", "held", "whole", economy=nw.col(economy), partner=nw.col(partner)),
        PAIR,
        nw.col("held"),
        nw.col("whole"),
    )
