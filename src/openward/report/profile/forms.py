"""Chart forms of a profile: bars with a median, paired bars, a strip of economies, a rank interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openward.report import theme
from openward.report.charts import STEP, WIDTH
from openward.report.profile.model import Peer
from openward.report.profile.words import share

if TYPE_CHECKING:
    import altair as alt

Side = Literal["left", "center", "right"]
WIDE = WIDTH + theme.MARGIN
"""Width of a chart without names in its margin: as wide as one with them."""
PAIR_STEP = 32
LABEL_PIXELS = 6.2
"""Width of a character of a label, to leave room for it."""


@dataclass(frozen=True, slots=True)
class MedianBar:
    """A bar with the text beside it, and a mark at the median of economies."""

    label: str
    value: float
    text: str
    median: float | None = None
    color: str = theme.GAIN


@dataclass(frozen=True, slots=True)
class PairedBar:
    """Two bars of one label."""

    label: str
    first: float
    second: float
    first_text: str
    second_text: str


def median_bars(rows: Sequence[MedianBar], *, unit: str) -> alt.LayerChart:
    """Draw bars from zero; a vertical mark is the median."""
    import altair as alt

    room = LABEL_PIXELS * max(len(row.text) for row in rows) + 10
    top = max(0.0, *(v for row in rows for v in (row.value, row.median) if v is not None)) or 1.0
    low = min(0.0, *(row.value for row in rows))
    x = alt.Scale(domain=[low, top + (top - low) * room / (WIDTH - room)], nice=False)
    data = [
        {
            "label": row.label,
            "value": row.value,
            "text": row.text,
            "median": row.median,
            "end": max(row.value, row.median or 0.0, 0.0),
            "color": row.color,
            "said": f"{row.label}: {row.text}",
        }
        for row in rows
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(y=_names([row.label for row in rows]))
    axis = alt.Axis(title=unit, values=_ticks(top))
    layers = [
        base.mark_bar(height=13).encode(
            x=alt.X("value:Q", stack=None, scale=x, axis=axis),
            color=alt.Color("color:N", scale=None),
            description="said:N",
        ),
        base.mark_text(align="left", dx=5, aria=False).encode(x=alt.X("end:Q", scale=x), text="text:N"),
    ]
    if any(row.median is not None for row in rows):
        marks = base.transform_filter("datum.median !== null")
        layers.append(
            marks.mark_tick(thickness=2, size=19, color=theme.INK, aria=False).encode(
                x=alt.X("median:Q", scale=x)
            )
        )
    return alt.LayerChart(layer=layers).properties(width=WIDTH, height=float(STEP * len(rows)))


def paired_bars(rows: Sequence[PairedBar], *, unit: str, names: tuple[str, str]) -> alt.LayerChart:
    """Draw two bars a row, the first blue and the second orange."""
    import altair as alt

    data = [
        {"label": row.label, "of": of, "value": value, "text": text, "said": f"{row.label}, {of}: {text}"}
        for row in rows
        for of, value, text in (
            (names[0], row.first, row.first_text),
            (names[1], row.second, row.second_text),
        )
    ]
    top = max((row["value"] for row in data if isinstance(row["value"], float)), default=1.0) or 1.0
    x = alt.Scale(domain=[0.0, top * WIDTH / (WIDTH - 52)], nice=False)
    base = alt.Chart(alt.InlineData(values=data)).encode(
        y=_names([row.label for row in rows]),
        yOffset=alt.YOffset("of:N", sort=list(names), scale=alt.Scale(paddingOuter=0.2)),
    )
    return alt.LayerChart(
        layer=[
            base.mark_bar(height=10).encode(
                x=alt.X("value:Q", stack=None, scale=x, axis=alt.Axis(title=unit, tickCount=4)),
                color=alt.Color(
                    "of:N",
                    scale=alt.Scale(domain=list(names), range=[theme.GAIN, theme.LOSS]),
                    legend=None,
                ),
                description="said:N",
            ),
            base.mark_text(align="left", dx=4, fontSize=10, aria=False).encode(
                x=alt.X("value:Q", scale=x), text="text:N"
            ),
        ]
    ).properties(width=WIDTH, height=float(PAIR_STEP * len(rows)))


def strip(peers: Sequence[Peer], *, economy: str) -> alt.LayerChart:
    """Draw economies as dots on one axis, the one of the profile above them with its name."""
    import altair as alt

    data = [{"value": 100 * one.value, "said": f"{one.name}: {share(one.value)}"} for one in peers]
    own = [
        {"value": 100 * one.value, "said": f"{one.name} {share(one.value)}"}
        for one in peers
        if one.code == economy
    ]
    ordered = sorted(one.value for one in peers)
    half = len(ordered) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    middle = [{"value": 100 * median, "said": f"median {share(median)}"}]
    ends = [
        {"value": 100 * one.value, "said": one.name, "align": align}
        for one, align in ((peers[-1], "left"), (peers[0], "right"))
        if one.code != economy
    ]
    top = 100 * max(ordered)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, top * 1.02], nice=False),
        axis=alt.Axis(title="% of GDP", tickCount=6),
    )

    def at(values: list[dict[str, object]]) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=values)).encode(x=x)

    layers = [
        at(data)
        .mark_point(filled=True, size=42, color=theme.BEFORE, opacity=0.55)
        .encode(y=alt.value(58), description="said:N"),
        at(middle)
        .mark_rule(color=theme.INK, strokeWidth=1.5, aria=False)
        .encode(y=alt.value(44), y2=alt.value(72)),
        at(middle)
        .mark_text(dy=27, fontSize=10.5, align="left", dx=-3, aria=False)
        .encode(y=alt.value(58), text="said:N"),
        at(own)
        .mark_point(filled=True, size=110, color=theme.AFTER, opacity=1)
        .encode(y=alt.value(58), description="said:N"),
        at(own)
        .mark_text(
            dy=-20, fontSize=12.5, fontWeight=600, color=theme.AFTER, align=_side(own, top), aria=False
        )
        .encode(y=alt.value(58), text="said:N"),
    ]
    layers += [
        at([one])
        .mark_text(
            dy=-11 if one["align"] == "right" else 18,
            fontSize=10,
            color=theme.MUTED,
            align="left" if one["align"] == "left" else "right",
            aria=False,
        )
        .encode(y=alt.value(58), text="said:N")
        for one in ends
        if not own or abs(float(str(one["value"])) - float(str(own[0]["value"]))) > top / 4
    ]
    return alt.LayerChart(layer=layers).properties(width=WIDE, height=100.0)


def interval(*, rank: int, low: int, high: int, of: int) -> alt.LayerChart:
    """Draw a rank with its interval on the axis of all ranks, the first to the left."""
    import altair as alt

    data = [{"rank": rank, "low": low, "high": high, "said": f"rank {rank}, {low} to {high}", "y": 0}]
    base = alt.Chart(alt.InlineData(values=data))
    x = alt.Scale(domain=[1, of], nice=False)
    axis = alt.Axis(title=f"rank among {of} economies, 1 the most open", values=[1, *range(25, of, 25)])
    return alt.LayerChart(
        layer=[
            base.mark_rule(strokeWidth=7, color=theme.RULE, aria=False, strokeCap="round").encode(
                x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=alt.value(34)
            ),
            base.mark_point(filled=True, size=120, color=theme.AFTER, opacity=1).encode(
                x=alt.X("rank:Q", scale=x), y=alt.value(34), description="said:N"
            ),
            base.mark_text(dy=-18, fontSize=12, fontWeight=600, color=theme.AFTER, aria=False).encode(
                x=alt.X("rank:Q", scale=x), y=alt.value(34), text="said:N"
            ),
        ]
    ).properties(width=WIDE, height=52.0)


def _side(own: list[dict[str, object]], top: float) -> Side:
    if not own:
        return "center"
    at = float(str(own[0]["value"])) / top
    return "left" if at < 0.2 else "right" if at > 0.8 else "center"


def _ticks(top: float) -> list[float]:
    """Give about four round ticks that do not pass the largest value: a share has no more than 100."""
    power = 10.0 ** math.floor(math.log10(top))
    step = next(s * power for s in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0) if top / (s * power) <= 5)
    return [round(step * k, 10) for k in range(int(top / step + 1e-9) + 1)]


def _names(labels: Sequence[str]) -> alt.Y:
    import altair as alt

    return alt.Y("label:N", sort=list(labels), axis=alt.Axis(title=None))
