"""What products are worth by the income of those who sell them: PRODY and EXPY."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, flows, ratio, shares

REFERENCE = "Hausmann, Hwang and Rodrik (2007), Journal of Economic Growth 12, 1-25"
PER_MILLION = 1e6
COVERED = "economies without output or population have no part in PRODY"


def prody_of(trade: Frame, macro: Frame) -> Frame:
    """Give ``year, product, value``: the income that goes with a product, USD a person."""
    people = nw.col("population").cast(nw.Float64())
    income = ratio(macro, ("year", "economy"), nw.col("gdp").cast(nw.Float64()) * PER_MILLION, people)
    known = _shares(trade).join(income.rename({"value": "income"}), on=["year", "economy"], how="inner")
    weighted = known.with_columns(weighted=nw.col("share") * nw.col("income"))
    sums = weighted.group_by("year", "product").agg(nw.col("weighted").sum(), nw.col("share").sum())
    return ratio(sums, ("year", "product"), nw.col("weighted"), nw.col("share"))


@indicator(
    "prody",
    title="Income level of a product",
    group="advantage",
    definition="Average income per person of a product's exporters, weighted by their revealed advantage.",
    formula=r"PRODY_p=\sum_c\frac{x_{cp}/x_c}{\sum_{c'}x_{c'p}/x_{c'}}\,y_c",
    inputs=("trade", "macro"),
    keys=("year", "product"),
    unit="USD per person",
    reference=REFERENCE + ", eq. 1",
    traps=(
        COVERED,
        "at market exchange rates; the paper uses purchasing power",
        "what rich economies sell counts as rich, whatever the task done there",
    ),
)
def prody(*, trade: Frame, macro: Frame) -> Frame:
    """Give PRODY by year and product."""
    return prody_of(trade, macro)


@indicator(
    "expy",
    title="Income level of exports",
    group="advantage",
    definition="Average PRODY of what an economy exports, weighted by the exports.",
    formula=r"EXPY_c=\sum_p\frac{x_{cp}}{x_c}\,PRODY_p",
    inputs=("trade", "macro"),
    keys=("year", "economy"),
    unit="USD per person",
    reference=REFERENCE + ", eq. 2",
    traps=(
        COVERED,
        "products without PRODY are left out and the weights of the others scaled up",
        "an economy's own income is in it",
    ),
)
def expy(*, trade: Frame, macro: Frame) -> Frame:
    """Give EXPY by year and economy."""
    worth = prody_of(trade, macro).rename({"value": "prody"})
    known = _shares(trade).join(worth, on=["year", "product"], how="inner")
    weighted = known.with_columns(weighted=nw.col("share") * nw.col("prody"))
    sums = weighted.group_by("year", "economy").agg(nw.col("weighted").sum(), nw.col("share").sum())
    return finish(sums, ("year", "economy"), nw.col("weighted") / nw.col("share"))


def _shares(trade: Frame) -> Frame:
    exports = flows(trade, of="exporter", partner="importer", by=("product",))
    return shares(exports, within=("year", "economy"))
