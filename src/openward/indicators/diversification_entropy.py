"""Inequality of exports over products: Theil index with its parts, Gini coefficient."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.diversification import KEYS, own_flows
from openward.indicators.frames import finish, ratio, shares

_LINES = (
    "the lines are all products that anybody exports in the year, so it depends on the table's "
    "detail and reach"
)
_CADOT = (
    "Cadot, Carrere and Strauss-Kahn (2011), Export diversification: what's behind the hump?, "
    "Review of Economics and Statistics 93(2)"
)


def _with_lines(trade: Frame) -> Frame:
    """Give exports by product with ``active`` lines of the economy and ``lines`` of the year."""
    own = own_flows(trade, "exports", "product")
    lines = own.group_by("year").agg(nw.col("product").n_unique().alias("lines"))
    active = own.group_by(*KEYS).agg(nw.len().alias("active"))
    joined = own.join(active, on=list(KEYS), how="inner").join(lines, on="year", how="inner")
    return joined.with_columns(nw.col("active").cast(nw.Float64()), nw.col("lines").cast(nw.Float64()))


@indicator(
    "export-theil",
    title="Theil index of exports, with its parts",
    group="diversification",
    definition=(
        "Inequality of exports over product lines. The part between lines says how few are active at "
        "all (extensive "
        "margin), the part within how unequal the active ones are (intensive margin); they add up to "
        "the total."
    ),
    formula=r"T = \frac{1}{n} \sum_{p=1}^{n} \frac{x_p}{\mu} \ln \frac{x_p}{\mu}"
    r" = \underbrace{\ln \frac{n}{n_1}}_{\text{between}}"
    r" + \underbrace{\frac{1}{n_1} \sum_{x_p > 0} \frac{x_p}{\mu_1} \ln \frac{x_p}{\mu_1}}_{\text{within}}",
    inputs=("trade",),
    keys=("year", "economy", "part"),
    unit="index, 0 to ln n",
    reference=_CADOT,
    traps=(_LINES, "not bounded by 1: compare only tables with the same number of lines"),
)
def export_theil(*, trade: Frame) -> Frame:
    """Give the Theil index of exports and its parts by year, economy and part (between, within, total)."""
    own = shares(_with_lines(trade), within=KEYS)
    # With shares s: sum s ln(n s) = ln(n / n1) + sum s ln(n1 s).
    terms = own.with_columns(term=nw.col("share") * (nw.col("share") * nw.col("active")).log())
    summed = terms.group_by(*KEYS).agg(
        nw.col("term").sum().alias("within"), nw.col("lines").max(), nw.col("active").max()
    )
    between = (nw.col("lines") / nw.col("active")).log()
    parts = {"between": between, "within": nw.col("within"), "total": between + nw.col("within")}
    return nw.concat(
        [
            finish(summed.with_columns(part=nw.lit(part)), (*KEYS, "part"), value)
            for part, value in parts.items()
        ],
        how="vertical",
    )


@indicator(
    "export-gini",
    title="Gini coefficient of exports",
    group="diversification",
    definition=(
        "Inequality of exports over product lines: 0 where all are equal, near 1 where one has everything."
    ),
    formula=r"\frac{\sum_{k=1}^{n} (2k - n - 1) \, x_{(k)}}{n \sum_{k=1}^{n} x_{(k)}}",
    inputs=("trade",),
    keys=KEYS,
    unit="index, 0 to 1",
    reference=_CADOT,
    traps=(_LINES, "lines without exports count as zeros, so it is above 0.9 for most economies at HS6"),
)
def export_gini(*, trade: Frame) -> Frame:
    """Give the Gini coefficient of exports over lines by year and economy."""
    own = _with_lines(trade)
    # Lines without exports come first: the rank among all is that among the active plus their number.
    # Ties share their average rank, which leaves the sum as it is.
    ranked = own.with_columns(rank=nw.col("value").rank("average").over(*KEYS))
    place = nw.col("rank") + nw.col("lines") - nw.col("active")
    weighed = ranked.with_columns(term=(2 * place - nw.col("lines") - 1) * nw.col("value"))
    summed = weighed.group_by(*KEYS).agg(nw.col("term").sum(), nw.col("value").sum(), nw.col("lines").max())
    return ratio(summed, KEYS, nw.col("term"), nw.col("lines") * nw.col("value"))
