"""How long trade lasts: spells of trade and their survival."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, year_positions

KEYS = ("economy", "duration")
_SPELL = ("economy", "importer", "product")


def spells(trade: Frame) -> Frame:
    """Give the spells of trade of exporter, importer and product.

    A spell is an unbroken run of years of the table with trade. One that starts in the first year may have
    started before: it is censored on the left. One that runs to the last year goes on: censored on the right.

    Returns
    -------
    Frame
        ``economy, importer, product, first, last`` (positions of years), ``duration``, ``ended`` (1 or 0) and
        ``start_seen`` (1 or 0).
    """
    years = year_positions(trade)
    bounds = years.select(end=nw.col("position").max())
    present = (
        trade.filter(nw.col("value") > 0)
        .select("year", "importer", "product", economy=nw.col("exporter"))
        .unique()
        .join(years, on="year", how="inner")
        .with_columns(nw.col("position").cast(nw.Int64()))
    )
    last = nw.col("position").shift(1).over(*_SPELL, order_by="position")
    starts = present.with_columns(last_=last)
    # The first year of a flow has no year before it.
    is_start = nw.when(nw.col("last_") == nw.col("position") - 1).then(nw.lit(0)).otherwise(nw.lit(1))
    numbered = starts.with_columns(start_=is_start).with_columns(
        spell=nw.col("start_").cum_sum().over(*_SPELL, order_by="position")
    )
    runs = numbered.group_by(*_SPELL, "spell").agg(
        nw.col("position").min().alias("first"), nw.col("position").max().alias("last")
    )
    one, zero = nw.lit(1), nw.lit(0)
    return runs.join(bounds, how="cross").select(
        *_SPELL,
        "first",
        "last",
        duration=nw.col("last") - nw.col("first") + 1,
        ended=nw.when(nw.col("last") < nw.col("end")).then(one).otherwise(zero),
        start_seen=nw.when(nw.col("first") > 1).then(one).otherwise(zero),
    )


@indicator(
    "export-survival",
    title="Survival of export spells",
    group="diversification",
    definition=(
        "Estimated part of export spells (a product to a market, year after year) that last longer "
        "than a number of "
        "years: the Kaplan-Meier estimate over spells whose start is seen."
    ),
    formula=r"\hat S_i(d) = \prod_{s \le d} \left( 1 - \frac{e_{is}}{n_{is}} \right)",
    inputs=("trade",),
    keys=KEYS,
    unit="fraction of spells",
    reference=(
        "Besedes and Prusa (2006), Ins, outs, and the duration of trade, Canadian Journal of "
        "Economics 39(1); Kaplan "
        "and Meier (1958)"
    ),
    traps=(
        (
            "spells that run in the first year of the table are censored on the left and left out: a "
            "short table has few"
        ),
        "spells that run in the last year count as at risk until then",
        "a flow that stops and starts again is two spells; one year without trade ends a spell",
        "revisions of product codes end spells that went on",
        "years are those of the table: a duration over holes is a count of tables, not of years",
    ),
)
def export_survival(*, trade: Frame) -> Frame:
    """Give the Kaplan-Meier survival of export spells by economy and duration in years."""
    seen = spells(trade).filter(nw.col("start_seen") == 1)
    by_length = seen.group_by(*KEYS).agg(nw.len().alias("spells"), nw.col("ended").sum())
    counted = by_length.with_columns(
        nw.col("spells").cast(nw.Float64()), nw.col("ended").cast(nw.Float64())
    ).with_columns(
        at_risk=nw.col("spells").cum_sum(reverse=True).over("economy", order_by="duration"),
    )
    # The product as a sum of logarithms; where all end at once the estimate is zero from there on.
    stay = 1 - nw.col("ended") / nw.col("at_risk")
    logs = counted.with_columns(
        log_=nw.when(nw.col("ended") < nw.col("at_risk")).then(stay).otherwise(nw.lit(1.0)).log(),
        out_=nw.when(nw.col("ended") < nw.col("at_risk")).then(nw.lit(0)).otherwise(nw.lit(1)),
    )
    summed = logs.with_columns(
        sum_=nw.col("log_").cum_sum().over("economy", order_by="duration"),
        gone=nw.col("out_").cum_sum().over("economy", order_by="duration"),
    )
    value = nw.when(nw.col("gone") > 0).then(nw.lit(0.0)).otherwise(nw.col("sum_").exp())
    return finish(summed, KEYS, value)
