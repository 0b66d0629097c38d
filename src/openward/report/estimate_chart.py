"""Estimates as a chart: coefficients with 95 % intervals, or the path of an effect around entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openward.errors import InputError
from openward.report import theme
from openward.report.svg import chart_png
from openward.simulate.estimate.estimated import EstimateResult
from openward.simulate.estimate.result_json import Z95, coefficient_rows

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT, STEP = 520, 280, 18
COLORS = ("#0f5e7d", "#cf7128", "#5a6672", "#9c4a0c", "#5ba3ba", "#e0b84c", "#7895b2", "#1b2530")
MOST_ROWS = 80


def estimate_png(result: EstimateResult, *, scale: float = 2.0) -> bytes:
    """Draw a table of estimates as PNG.

    Raises
    ------
    InputError
        Nothing was estimated, or more than a reader can tell apart.
    """
    return chart_png(estimate_chart(result), scale=scale)


def estimate_chart(result: EstimateResult) -> alt.VConcatChart:
    """Draw paths around entry where there are any, and coefficients of the other columns."""
    import altair as alt

    paths = [one for one in result.columns if one.path]
    parts = [_paths(result)] if paths else []
    plain = [row for one in result.columns if not one.path for row in coefficient_rows(one)]
    if plain:
        parts.append(_coefficients(plain))
    if not parts:
        raise InputError("nothing was estimated", where=result.name, hint="there is nothing to draw")
    title = alt.TitleParams(
        result.title, subtitle=[f"bars: 95 % intervals. Source: {result.source}"], anchor="start",
        fontSize=14, color=theme.INK, offset=12, subtitleColor=theme.MUTED, subtitleFontSize=11,
    )  # fmt: skip
    # Each part has its own columns, and its own colors for them.
    chart: alt.VConcatChart = alt.vconcat(*parts, spacing=24).resolve_scale(color="independent")
    return chart.properties(title=title)


def _paths(result: EstimateResult) -> alt.LayerChart:
    import altair as alt

    columns = [one for one in result.columns if one.path]
    gap = min(
        (b.since - a.since for one in columns for a, b in zip(one.path, one.path[1:], strict=False)),
        default=1,
    )
    rows: list[dict[str, Any]] = [
        {
            # Side by side, so that the bars of several columns do not hide one another.
            "at": point.since + gap * 0.08 * (k - (len(columns) - 1) / 2),
            "value": point.value,
            "low": point.value - Z95 * point.standard_error,
            "high": point.value + Z95 * point.standard_error,
            "column": one.name,
        }
        for k, one in enumerate(columns)
        for point in one.path
    ]
    ticks = sorted({point.since for one in columns for point in one.path})
    base = alt.Chart(alt.InlineData(values=rows))
    x = alt.X(
        "at:Q",
        axis=alt.Axis(values=ticks, format="d", title="years since entry: effect on log trade", grid=False),
    )
    y = alt.Y("value:Q", axis=alt.Axis(title=None, minExtent=30, maxExtent=120))
    color = _color([one.name for one in columns])
    zero = alt.Chart(alt.InlineData(values=[{"y": 0}])).mark_rule(color=theme.MUTED).encode(y="y:Q")
    return alt.LayerChart(
        layer=[
            zero,
            base.mark_rule(strokeWidth=1.5).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=color),
            base.mark_line(strokeWidth=1, opacity=0.5).encode(x=x, y=y, color=color),
            base.mark_point(filled=True, size=45, opacity=1).encode(x=x, y=y, color=color),
        ]
    ).properties(width=WIDTH, height=HEIGHT)


def _coefficients(rows: list[dict[str, Any]]) -> alt.LayerChart:
    import altair as alt

    if len(rows) > MOST_ROWS:
        raise InputError(
            f"{len(rows)} coefficients are more than a chart can tell apart ({MOST_ROWS})",
            where="--png",
            hint="leave columns out of the spec",
        )
    columns = list(dict.fromkeys(row["column"] for row in rows))
    terms = list(dict.fromkeys(row["term"] for row in rows))
    many = len(columns) > 1
    ordered = sorted(rows, key=lambda row: (terms.index(row["term"]), columns.index(row["column"])))
    drawn = [row | {"label": f"{row['term']}  {row['column']}" if many else row["term"]} for row in ordered]
    base = alt.Chart(alt.InlineData(values=drawn))
    labels = [row["label"] for row in drawn]
    y = alt.Y("label:N", sort=labels, axis=alt.Axis(title=None, labelLimit=260, grid=True))
    x = alt.X("low95:Q", axis=alt.Axis(title=None, tickCount=8))
    color = _color(columns)
    zero = alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_rule(color=theme.MUTED).encode(x="x:Q")
    return alt.LayerChart(
        layer=[
            zero,
            base.mark_rule(strokeWidth=1.5).encode(y=y, x=x, x2="high95:Q", color=color),
            base.mark_point(filled=True, size=45, opacity=1).encode(y=y, x="estimate:Q", color=color),
        ]
    ).properties(width=WIDTH, height=STEP * len(drawn))


def _color(names: list[str]) -> alt.Color:
    import altair as alt

    shades = [COLORS[k % len(COLORS)] for k in range(len(names))]
    legend = alt.Legend(title=None, orient="top") if len(names) > 1 else None
    return alt.Color("column:N", scale=alt.Scale(domain=names, range=shades), legend=legend)
