"""Trade over GDP by year, against the middle half of economies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from openward.report import theme
from openward.report.profile.forms import WIDE
from openward.report.profile.model import Point
from openward.report.profile.words import share

if TYPE_CHECKING:
    import altair as alt

HEIGHT = 205.0
LABEL = 92


def course_lines(points: Sequence[Point], *, name: str) -> alt.LayerChart:
    """Draw the economy as a line over the years, the median and the quartiles of economies behind it.

    Parameters
    ----------
    points : sequence of Point
        Two or more, by year. A year that is not there is a gap in the lines, not a straight bridge.
    """
    import altair as alt

    data = [
        {
            "year": one.year,
            "value": 100 * one.value,
            "low": 100 * one.low,
            "median": 100 * one.median,
            "high": 100 * one.high,
            "run": run,
            "said": f"{name} {one.year}: {share(one.value)}, median {share(one.median)}",
        }
        for one, run in zip(points, _runs(points), strict=True)
    ]
    last = points[-1]
    ends = [
        {
            "year": last.year,
            "at": 100 * last.value,
            "said": f"{name} {share(last.value)}",
            "color": theme.AFTER,
        },
        {
            "year": last.year,
            "at": 100 * last.median,
            "said": f"median {share(last.median)}",
            "color": theme.MUTED,
        },
    ]
    top = max(100 * max(one.value, one.high) for one in points)
    gap = top * 15 / HEIGHT
    if abs(ends[0]["at"] - ends[1]["at"]) < gap:  # type: ignore[operator]
        higher = 0 if last.value >= last.median else 1
        ends[higher]["at"] = ends[1 - higher]["at"] + gap  # type: ignore[operator]
    first, end = points[0].year, last.year
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[first, end], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=6, title=None, grid=False),
    )
    scale = alt.Scale(domain=[0, top * 1.03], nice=False)
    y = alt.Y("value:Q", scale=scale, axis=_axis())
    base = alt.Chart(alt.InlineData(values=data)).encode(x=x)
    layers = [
        base.mark_area(color=theme.RULE, opacity=0.55, aria=False).encode(
            y=alt.Y("low:Q", scale=scale, axis=_axis()), y2="high:Q", detail="run:N"
        ),
        base.mark_line(color=theme.BEFORE, strokeWidth=1.6, aria=False).encode(
            y=alt.Y("median:Q", scale=scale), detail="run:N"
        ),
        base.mark_line(color=theme.AFTER, strokeWidth=2.4, aria=False).encode(y=y, detail="run:N"),
        base.mark_point(color=theme.AFTER, filled=True, size=16, opacity=1).encode(y=y, description="said:N"),
        alt.Chart(alt.InlineData(values=ends))
        .mark_text(align="left", dx=7, fontSize=11, aria=False)
        .encode(x=x, y=alt.Y("at:Q", scale=scale), text="said:N", color=alt.Color("color:N", scale=None)),
    ]
    return alt.LayerChart(layer=layers).properties(width=WIDE - LABEL - 24, height=HEIGHT)


def _runs(points: Sequence[Point]) -> list[int]:
    """Number the unbroken runs of years."""
    runs = [0]
    for before, after in pairwise(points):
        runs.append(runs[-1] + (after.year != before.year + 1))
    return runs


def _axis() -> alt.Axis:
    import altair as alt

    return alt.Axis(title=None, grid=True, minExtent=20, maxExtent=60, tickCount=5)
