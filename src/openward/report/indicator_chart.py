"""An indicator as a chart: lines over years, else bars, with its unit, source and vintage below."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import polars as pl

from openward.errors import InputError
from openward.indicators.run import ECONOMY_KEYS, IndicatorTable
from openward.report import theme
from openward.report.svg import chart_png

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT, STEP = 560, 300, 20
MOST_SERIES, MOST_BARS = 8, 25
COLORS = ("#0f5e7d", "#cf7128", "#5a6672", "#e0b84c", "#5ba3ba", "#9c4a0c", "#7895b2", "#1b2530")


def indicator_png(table: IndicatorTable, *, scale: float = 2.0) -> bytes:
    """Draw the values of an indicator as PNG; the table is the long form (no ``by``).

    Raises
    ------
    InputError
        More series than a reader can tell apart.
    """
    return chart_png(indicator_chart(table), scale=scale)


def indicator_chart(table: IndicatorTable) -> alt.VConcatChart:
    """Draw lines over years where there are several, else bars of the largest values."""
    over = next((key for key in ("year", "duration") if key in table.indicator.keys), None)
    frame = table.frame.with_columns(series=_series(table, over))
    if over is not None and frame[over].n_unique() > 1:
        return _lines(table, frame, over)
    return _bars(table, frame)


def _series(table: IndicatorTable, over: str | None) -> pl.Expr:
    names = [key for key in table.indicator.keys if key != over]
    first = [key for key in names if key in ECONOMY_KEYS]
    rest = [key for key in names if key not in first]
    parts = [pl.col(key).cast(pl.String) for key in (*first, *rest)]
    return pl.concat_str(parts, separator=" ") if parts else pl.lit(table.indicator.title)


def _lines(table: IndicatorTable, frame: pl.DataFrame, over: str) -> alt.VConcatChart:
    import altair as alt

    names = sorted(frame["series"].unique().to_list())
    if len(names) > MOST_SERIES:
        raise InputError(
            f"{len(names)} series are more than a chart can tell apart ({MOST_SERIES})",
            where=table.indicator.name,
            hint="name economies with --economy, or one year with --years to get bars",
        )
    rows = [
        {"at": at, "value": value, "series": name}
        for at, value, name in frame.select(over, "value", "series").iter_rows()
    ]
    low, high = min(frame[over].to_list()), max(frame[over].to_list())
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, title=None if over == "year" else over),
    )
    y = alt.Y("value:Q", scale=alt.Scale(zero=False), axis=_axis(grid=True))
    color = alt.Color(
        "series:N", scale=alt.Scale(domain=names, range=list(COLORS[: len(names)])), legend=None
    )
    base = alt.Chart(alt.InlineData(values=rows))
    ends = [max((row for row in rows if row["series"] == name), key=lambda row: row["at"]) for name in names]
    labels = _apart(ends, rows)
    layers = [
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=color),
        base.mark_point(filled=True, size=18, opacity=1).encode(x=x, y=y, color=color),
        alt.Chart(alt.InlineData(values=labels))
        .mark_text(align="left", dx=7, fontSize=11)
        .encode(x=x, y=alt.Y("label_at:Q"), text="series:N", color=color),
    ]
    return _dressed(alt.LayerChart(layer=layers), table, height=HEIGHT)


def _apart(ends: list[dict[str, float]], rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """Move the names at the ends of lines apart where they would print over one another."""
    values = [row["value"] for row in rows]
    gap = (max(values) - min(values)) * 14 / HEIGHT
    placed: list[dict[str, float]] = []
    for row in sorted(ends, key=lambda row: row["value"]):
        near = [other["label_at"] for other in placed if other["at"] == row["at"]]
        at = max(row["value"], max(near) + gap) if near else row["value"]
        placed.append({**row, "label_at": at})
    return placed


def _bars(table: IndicatorTable, frame: pl.DataFrame) -> alt.VConcatChart:
    import altair as alt

    shown = frame.sort("value", descending=True).head(MOST_BARS)
    rows = [
        {"value": value, "series": name, "text": f"{value:#.3g}".rstrip(".")}
        for value, name in shown.select("value", "series").iter_rows()
    ]
    y = alt.Y("series:N", sort=[row["series"] for row in rows], axis=alt.Axis(minExtent=20))
    base = alt.Chart(alt.InlineData(values=rows))
    x = alt.X("value:Q", axis=_axis(grid=False))
    layers = [
        base.mark_bar(height=13, color=theme.GAIN).encode(x=x, y=y),
        base.transform_filter("datum.value >= 0")
        .mark_text(align="left", dx=4)
        .encode(x=x, y=y, text="text:N"),
        base.transform_filter("datum.value < 0")
        .mark_text(align="right", dx=-4)
        .encode(x=x, y=y, text="text:N"),
    ]
    left = len(frame) - len(shown)
    more = f"the {MOST_BARS} largest of {len(frame)}" if left else ""
    return _dressed(alt.LayerChart(layer=layers), table, height=STEP * len(rows), more=more)


def _axis(*, grid: bool) -> alt.Axis:
    import altair as alt

    return alt.Axis(title=None, grid=grid, minExtent=20, maxExtent=120)


def _dressed(
    chart: alt.LayerChart, table: IndicatorTable, *, height: float, more: str = ""
) -> alt.VConcatChart:
    """Put the title above, and below where the numbers are from."""
    import altair as alt

    years = _years(table.frame)
    said = ", ".join(word for word in (table.unit, years, more) if word)
    source = wrap(f"Source: {table.source} ({table.vintage})", 120)
    title = alt.TitleParams(
        table.indicator.title, subtitle=[said], anchor="start", fontSize=14, color=theme.INK, offset=12,
        subtitleColor=theme.MUTED, subtitleFontSize=11,
    )  # fmt: skip
    foot = (
        alt.Chart(alt.InlineData(values=[{"line": i, "text": text} for i, text in enumerate(source)]))
        .mark_text(align="left", baseline="top", fontSize=9.5, color=theme.MUTED)
        .encode(y=alt.Y("line:O", axis=None), x=alt.value(0), text="text:N")
        .properties(width=WIDTH, height=12 * len(source))
    )
    body = chart.properties(width=WIDTH, height=height)
    return alt.vconcat(body, foot, spacing=8).properties(title=title)


def _years(frame: pl.DataFrame) -> str:
    if "year" not in frame.columns:
        return ""
    years = frame["year"].to_list()
    low, high = min(years), max(years)
    return f"{low}" if low == high else f"{low}-{high}"
