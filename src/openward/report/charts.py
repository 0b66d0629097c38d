"""Chart forms, as Altair charts: signed bars, before-and-after pairs, stacked terms, ranges.

Each takes plain rows, so that a new figure is a new list of rows and not a new chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openward.report import theme

if TYPE_CHECKING:
    import altair as alt

WIDTH = 300
STEP = 23


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its label, the text printed beside it and an optional range, in the unit of the axis."""

    label: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A value before and after."""

    label: str
    before: float
    after: float
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """First-order terms beside the exact figure."""

    label: str
    terms_of_trade: float
    volume_of_trade: float
    exact: float
    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """A figure under three settings."""

    label: str
    half: float
    base: float
    double: float
    text: str


def _size(n: int) -> alt.Step | float:
    return float(STEP * max(n, 1))


def _extent(values: Sequence[float], *, left: float = 0.0, right: float = 0.0) -> list[float]:
    """Give a domain that holds zero and leaves pixels for text to the left and right of the marks."""
    low, high = min(0.0, *values), max(0.0, *values)
    left = left if low < 0 else 0.0
    right = right if high > 0 or low == high else 0.0
    per_pixel = ((high - low) or 1.0) / (WIDTH - left - right)
    return [low - left * per_pixel, high + right * per_pixel]


def _labels(labels: Sequence[str]) -> alt.Y:
    import altair as alt

    return alt.Y("label:N", sort=list(labels), axis=alt.Axis(title=None))


def bars(rows: Sequence[Bar], *, unit: str) -> alt.LayerChart:
    """Draw signed bars, blue above zero and orange below, with a thin line for the range."""
    import altair as alt

    reach = [v for r in rows for v in (r.value, r.low, r.high) if v is not None]
    x = alt.Scale(domain=_extent(reach or [0.0], left=84.0, right=84.0), nice=False)
    data = [
        {
            "label": r.label,
            "value": r.value,
            "low": r.low,
            "high": r.high,
            "text": r.text,
            "said": f"{r.label}: {r.text}",
            "end": max([v for v in (r.value, r.high, 0.0) if v is not None])
            if r.value >= 0
            else min([v for v in (r.value, r.low, 0.0) if v is not None]),
        }
        for r in rows
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(y=_labels([r.label for r in rows]))
    sign = alt.condition("datum.value >= 0", alt.value(theme.GAIN), alt.value(theme.LOSS))
    layers: list[alt.Chart] = [
        base.mark_bar(height=13).encode(
            x=alt.X("value:Q", stack=None, scale=x, axis=alt.Axis(title=unit, tickCount=5)),
            color=sign,
            description="said:N",
        )
    ]
    if any(r.low is not None for r in rows):
        layers.append(
            base.mark_rule(strokeWidth=1.2, color=theme.INK, opacity=0.75, aria=False).encode(
                x=alt.X("low:Q", scale=x), x2="high:Q"
            )
        )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    layers.append(zero.mark_rule(color=theme.MUTED, strokeWidth=1, aria=False).encode(x="zero:Q"))
    end, text = alt.X("end:Q", scale=x), alt.Text("text:N")
    layers += [
        base.transform_filter("datum.value >= 0")
        .mark_text(align="left", dx=5, aria=False)
        .encode(x=end, text=text),
        base.transform_filter("datum.value < 0")
        .mark_text(align="right", dx=-5, aria=False)
        .encode(x=end, text=text),
    ]
    return alt.LayerChart(layer=layers).properties(width=WIDTH, height=_size(len(rows)))


def dumbbells(rows: Sequence[Pair], *, unit: str) -> alt.LayerChart:
    """Draw before (gray ring) and after (filled) on one line."""
    import altair as alt

    reach = [v for r in rows for v in (r.before, r.after)]
    x = alt.Scale(domain=_extent(reach or [0.0], right=92.0), nice=False)
    data = [
        {
            "label": r.label,
            "before": r.before,
            "after": r.after,
            "end": max(r.before, r.after),
            "text": r.text,
            "said": f"{r.label}: {r.text}",
        }
        for r in rows
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(y=_labels([r.label for r in rows]))
    axis = alt.Axis(title=unit, tickCount=5)
    return alt.LayerChart(
        layer=[
            base.mark_rule(strokeWidth=2, color=theme.RULE, aria=False).encode(
                x=alt.X("before:Q", scale=x, axis=axis), x2="after:Q"
            ),
            base.mark_point(size=58, filled=False, strokeWidth=1.8, color=theme.BEFORE, opacity=1).encode(
                x=alt.X("before:Q", scale=x), description="said:N"
            ),
            base.mark_point(size=52, filled=True, color=theme.AFTER, opacity=1).encode(
                x=alt.X("after:Q", scale=x), description="said:N"
            ),
            base.mark_text(align="left", dx=10, aria=False).encode(x=alt.X("end:Q", scale=x), text="text:N"),
        ]
    ).properties(width=WIDTH, height=_size(len(rows)))


def decomposition(rows: Sequence[Terms], *, unit: str) -> alt.LayerChart:
    """Draw the two first-order terms as stacked bars, the exact change as a diamond."""
    import altair as alt

    parts = [
        {"label": r.label, "term": term, "value": value, "said": f"{r.label}: {r.text}"}
        for r in rows
        for term, value in (("terms", r.terms_of_trade), ("volume", r.volume_of_trade))
    ]
    exact = [{"label": r.label, "value": r.exact, "said": f"{r.label}: {r.text}"} for r in rows]
    y = _labels([r.label for r in rows])
    color = alt.Color(
        "term:N", scale=alt.Scale(domain=["terms", "volume"], range=[theme.TERMS, theme.VOLUME]), legend=None
    )
    stacked = (
        alt.Chart(alt.InlineData(values=parts))
        .mark_bar(height=13)
        .encode(
            x=alt.X("value:Q", axis=alt.Axis(title=unit, tickCount=5)), y=y, color=color, description="said:N"
        )
    )
    marks = (
        alt.Chart(alt.InlineData(values=exact))
        .mark_point(shape="diamond", filled=True, size=70, color=theme.INK, opacity=1)
        .encode(x="value:Q", y=y, description="said:N")
    )
    zero = (
        alt.Chart(alt.InlineData(values=[{"zero": 0}]))
        .mark_rule(color=theme.MUTED, aria=False)
        .encode(x="zero:Q")
    )
    return alt.LayerChart(layer=[stacked, zero, marks]).properties(width=WIDTH, height=_size(len(rows)))


def ranges(rows: Sequence[Range], *, unit: str) -> alt.LayerChart:
    """Draw three settings on one line: half (open), base (filled), double (diamond)."""
    import altair as alt

    data = [
        {
            "label": r.label,
            "low": min(r.half, r.base, r.double),
            "high": max(r.half, r.base, r.double),
            "half": r.half,
            "base": r.base,
            "double": r.double,
            "said": f"{r.label}: {r.text}",
        }
        for r in rows
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(y=_labels([r.label for r in rows]))
    axis = alt.Axis(title=unit, tickCount=5)
    zero = (
        alt.Chart(alt.InlineData(values=[{"zero": 0}]))
        .mark_rule(color=theme.MUTED, aria=False)
        .encode(x="zero:Q")
    )
    return alt.LayerChart(
        layer=[
            zero,
            base.mark_rule(strokeWidth=2, color=theme.RULE, aria=False).encode(
                x=alt.X("low:Q", axis=axis), x2="high:Q"
            ),
            base.mark_point(size=50, filled=False, strokeWidth=1.8, color=theme.BEFORE, opacity=1).encode(
                x="half:Q", description="said:N"
            ),
            base.mark_point(size=56, filled=True, color=theme.AFTER, opacity=1).encode(
                x="base:Q", description="said:N"
            ),
            base.mark_point(size=52, shape="diamond", filled=True, color=theme.LOSS, opacity=1).encode(
                x="double:Q", description="said:N"
            ),
        ]
    ).properties(width=WIDTH, height=_size(len(rows)))
