"""Intervals on one line each: the range of the draws, their median, and the figure without draws."""

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
class Span:
    """One line: interval, median and the figure at central values, in the unit of the axis."""

    label: str
    low: float
    median: float
    high: float
    point: float
    text: str


def intervals(rows: Sequence[Span], *, unit: str) -> alt.LayerChart:
    """Draw intervals as bars, medians as dots and central figures as small diamonds."""
    import altair as alt

    data = [
        {
            "label": r.label,
            "low": r.low,
            "median": r.median,
            "high": r.high,
            "point": r.point,
            "said": f"{r.label}: {r.text}",
        }
        for r in rows
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(
        y=alt.Y("label:N", sort=[r.label for r in rows], axis=alt.Axis(title=None))
    )
    zero = (
        alt.Chart(alt.InlineData(values=[{"zero": 0}]))
        .mark_rule(color=theme.MUTED, aria=False)
        .encode(x="zero:Q")
    )
    return alt.LayerChart(
        layer=[
            zero,
            base.mark_rule(strokeWidth=5, strokeCap="round", color=theme.BEFORE, opacity=0.55).encode(
                x=alt.X("low:Q", axis=alt.Axis(title=unit, tickCount=5)), x2="high:Q", description="said:N"
            ),
            base.mark_point(size=56, filled=True, color=theme.AFTER, opacity=1).encode(
                x="median:Q", description="said:N"
            ),
            base.mark_point(size=46, shape="diamond", filled=True, color=theme.LOSS, opacity=1).encode(
                x="point:Q", description="said:N"
            ),
        ]
    ).properties(width=WIDTH, height=float(STEP * max(len(rows), 1)))
