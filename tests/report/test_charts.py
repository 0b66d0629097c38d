"""Charts are drawn with Altair's schema check on; the page draws them without."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from impact_fixture import make_impact
from openward.codes.economies import economy
from openward.report.blocks import Figure
from openward.report.parts import five_parts
from openward.report.png import figure_png, figures
from openward.report.svg import chart_svg
from openward.report.worldmap import map_datasets, scale_for

FIGURES = figures(make_impact())
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("key", FIGURES)
def test_every_figure_is_a_valid_spec_and_svg(key: str) -> None:
    figure = FIGURES[key]
    figure.draw().to_dict(validate=True)
    svg = chart_svg(figure.draw(), title=figure.title, description=figure.says, datasets=figure.datasets)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert figure.title in str(root.get("aria-label"))
    marks = [e for e in root.iter() if e.get("class") == "mark"]
    assert marks
    assert all(e.findtext(f"{SVG}title") for e in marks)
    assert "style" not in {name for e in root.iter() for name in e.attrib}


def test_the_map_shows_small_territories_as_dots() -> None:
    svg = chart_svg(FIGURES["map"].draw(), title="t", description="d", datasets=map_datasets())
    for name in ("Singapore", economy("HKG").name, "Malta"):
        assert svg.count(f"{name}:") == 2, name


def test_every_economy_of_the_world_is_on_the_map() -> None:
    shapes = {g["id"] for g in map_datasets()["world"]["objects"]["countries"]["geometries"]}
    impact = make_impact()
    missing = {r.economy for r in impact.opening.economies if economy(r.economy).m49 not in shapes}
    assert missing == set()
    assert economy("MAC").m49 in shapes


@pytest.mark.parametrize(
    ("largest", "cuts"),
    [
        (0.041, (0.0003, 0.003, 0.03)),
        (0.012, (0.0001, 0.001, 0.01)),
        (0.0, (0.001, 0.01, 0.1)),
        (7.0, (0.03, 0.3, 3.0)),
    ],
)
def test_classes_of_the_map_are_centered_on_zero(largest: float, cuts: tuple[float, ...]) -> None:
    scale = scale_for({"AAA": -largest, "BBB": largest / 9})
    assert scale.cuts == pytest.approx(cuts)
    assert scale.bounds == tuple(-b for b in reversed(scale.bounds))
    assert len(scale.colors) == len(scale.labels) == 7


def test_a_figure_as_png() -> None:
    png = figure_png(make_impact(), "stress")
    assert png.startswith(b"\x89PNG")


def test_every_figure_says_in_words_what_it_shows() -> None:
    for part in five_parts(make_impact()):
        for block in part.blocks:
            if isinstance(block, Figure):
                assert len(block.says) > 20, block.key
