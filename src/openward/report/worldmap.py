"""The world map: change in real income by economy, in classes centered on zero."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from openward.report import theme
from openward.report.numbers import MINUS, number

if TYPE_CHECKING:
    import altair as alt

STEPS = (1.0, 3.0)
SHAPES = "world"
WIDTH, HEIGHT = 940, 438
# Turned by 11 degrees, so that the seam runs through Bering Strait.
PROJECTION: dict[str, Any] = {
    "type": "equalEarth",
    "scale": 172,
    "translate": [470, 250],
    "rotate": [-11, 0, 0],
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Seven classes: three of losses, one around zero, three of gains.

    Attributes
    ----------
    cuts : tuple of three floats
        Bounds between the classes on the side of gains, percent, rising; mirrored for losses.
    """

    cuts: tuple[float, float, float]

    @property
    def bounds(self) -> tuple[float, ...]:
        """Give the six bounds in rising order, for a threshold scale."""
        return (*(-c for c in reversed(self.cuts)), *self.cuts)

    @property
    def colors(self) -> tuple[str, ...]:
        """Give the seven colors from the largest loss to the largest gain."""
        return (*reversed(theme.LOSSES), theme.NEUTRAL, *theme.GAINS)

    @property
    def labels(self) -> tuple[str, ...]:
        """Give the seven classes in words, percent."""
        small, middle, large = (f"{c:.6f}".rstrip("0").rstrip(".") for c in self.cuts)
        gains = (f"{small} to {middle}", f"{middle} to {large}", f"above {large}")
        losses = (
            f"below {MINUS}{large}",
            f"{MINUS}{large} to {MINUS}{middle}",
            f"{MINUS}{middle} to {MINUS}{small}",
        )
        return (*losses, f"within ±{small}", *gains)


def scale_for(values: Mapping[str, float]) -> Scale:
    """Give classes on a 1-3-10 ladder such that the largest effect falls into the outermost one."""
    largest = max((abs(v) for v in values.values()), default=0.0)
    if largest == 0.0:
        return Scale((0.001, 0.01, 0.1))
    top = math.floor(math.log10(largest))
    step = 1 if largest >= STEPS[1] * 10.0**top else 0
    ladder = [s * 10.0**k for k in range(top - 2, top + 1) for s in STEPS]
    last = len(STEPS) * 2 + step
    low, middle, high = (round(ladder[last - 2 * k], 12) for k in (2, 1, 0))
    return Scale((low, middle, high))


@cache
def _map_file() -> dict[str, Any]:
    text = files("openward.report").joinpath("data/world.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def map_datasets() -> dict[str, Any]:
    """Give the shapes that :func:`world_map` names: apart, since Altair would check every point."""
    return {SHAPES: _map_file()["topology"]}


def map_source() -> str:
    """Give the attribution of the map."""
    return str(_map_file()["source"])


def world_map(
    values: Mapping[str, float], names: Mapping[str, str], numeric: Mapping[str, str], *, decimals: int
) -> alt.LayerChart:
    """Draw a choropleth; territories too small to see get a dot.

    Parameters
    ----------
    values : mapping of economy code to percent change
    names : mapping of economy code to name
    numeric : mapping of economy code to ISO 3166 numeric code, three digits
    decimals : int
        Decimals of the figures read out on a mark.
    """
    import altair as alt

    scale = scale_for(values)
    color = alt.Scale(type="threshold", domain=list(scale.bounds), range=list(scale.colors))
    rows = [
        {
            "id": numeric[c],
            "value": v,
            "text": f"{names[c]}: {number(v, decimals, signed=True)} %",
        }
        for c, v in values.items()
    ]
    shapes = alt.NamedData(name=SHAPES, format=alt.TopoDataFormat(feature="countries", type="topojson"))
    fill = alt.Color("value:Q", scale=color, legend=None)
    land = alt.Chart(shapes).mark_geoshape(
        fill=theme.NO_DATA, stroke=theme.PAPER, strokeWidth=0.5, aria=False
    )
    known = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_lookup(
            lookup="id", from_=alt.LookupData(data=shapes, key="id", fields=["type", "geometry"])
        )
        .mark_geoshape(stroke=theme.PAPER, strokeWidth=0.5)
        .encode(color=fill, description="text:N")
    )
    dots = [
        {**row, "lon": _map_file()["dots"][row["id"]][0], "lat": _map_file()["dots"][row["id"]][1]}
        for row in rows
        if row["id"] in _map_file()["dots"]
    ]
    small = (
        alt.Chart(alt.InlineData(values=dots))
        .mark_circle(size=64, stroke=theme.INK, strokeWidth=0.7, opacity=1)
        .encode(longitude="lon:Q", latitude="lat:Q", color=fill, description="text:N")
    )
    return (
        alt.LayerChart(layer=[land, known, small])
        .project(**PROJECTION)
        .properties(width=WIDTH, height=HEIGHT)
    )
