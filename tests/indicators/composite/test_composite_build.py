"""A whole small index by hand, its trail, and what a spec must not say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from composite_cases import HEAD, MEMBERS, PLAIN, VALUES, small_data, small_spec
from hypothesis import given
from hypothesis import strategies as st

from openward.errors import InputError, MissingDataError
from openward.indicators.composite.analysis import components, correlations, cronbach_alpha, remove_one
from openward.indicators.composite.build import build
from openward.indicators.composite.data import read_table
from openward.indicators.composite.reading import parse_spec, read_spec, shipped
from openward.indicators.composite.result import result_dict, result_rows

NAN = float("nan")


def test_scores_and_ranks_by_hand() -> None:
    spec = small_spec(PLAIN.replace("low: 1", "low: 0"))
    index = build(spec, small_data())
    # U: a 0, b 0 -> one 0; c 37.5, d 1/7 -> two (2 x 37.5 + 100/7) / 3; top (one + 3 two) / 4.
    two = (2 * 37.5 + 100 / 7) / 3
    assert index.scores[0] == pytest.approx(0.75 * two)
    assert index.values[4, index.hierarchy.codes.index("one")] == pytest.approx((100 + 75) / 2)
    assert sorted(index.ranks) == [1, 2, 3, 4, 5]
    assert list(index.coverage) == [1.0] * 5


@given(st.integers(0, 3), st.floats(0.1, 50.0), st.floats(-100.0, 100.0))
def test_the_unit_of_an_indicator_does_not_matter(column: int, factor: float, shift: float) -> None:
    moved = VALUES.copy()
    moved[:, column] = moved[:, column] * factor + shift
    before, after = (build(small_spec(), small_data(values)).scores for values in (VALUES, moved))
    assert after == pytest.approx(before, rel=1e-9)


def test_every_changed_cell_is_in_the_trail() -> None:
    steps = """
steps:
  - screen: {minimum_available: 0.5}
  - impute: {method: mean, within: half}
  - normalize: {method: rank}
  - aggregate: {method: arithmetic}
"""
    values = VALUES.copy()
    values[0, 0], values[1, :3] = NAN, NAN
    index = build(small_spec(steps), small_data(values))
    screened = [change for change in index.changes if change.step == "screen"]
    assert [(change.unit, change.why) for change in screened] == [
        ("V", "left out: 25% of the indicators available")
    ]
    filled = [change for change in index.changes if change.step == "impute"]
    assert [(c.unit, c.indicator, c.before, c.after) for c in filled] == [("U", "a", None, 6.5)]
    assert filled[0].why == "missing: mean of its half"
    before, after = (index.stage(step).values[:, :4] for step in ("impute", "normalize"))
    assert sum(change.step == "normalize" for change in index.changes) == (before != after).sum()
    assert index.coverage[0] == 0.75
    assert "V" not in index.units


def test_normalizing_between_levels_and_means_of_single_nodes() -> None:
    steps = """
steps:
  - normalize: {method: min-max, low: 1, high: 100, each: {d: {method: rank}}}
  - aggregate: {method: arithmetic, to: 2, each: {two: geometric}}
  - weigh: {method: equal, level: 2}
  - normalize: {method: min-max, low: 0, high: 1, level: 2}
  - aggregate: {method: arithmetic}
"""
    index = build(small_spec(steps), small_data())
    tree = index.hierarchy
    middle = index.values[:, tree.at(2)]
    assert middle.min(axis=0) == pytest.approx([0.0, 0.0])
    assert middle.max(axis=0) == pytest.approx([1.0, 1.0])
    assert index.scores == pytest.approx(middle.mean(axis=1))


def test_previous_years_and_denominators_come_from_the_table(tmp_path: Path) -> None:
    table = "unit,year,size,a,b,c,d\nU,2,2,8,1,1,1\nV,2,2,NA,2,2,2\nU,1,4,4,1,1,1\nV,1,4,12,3,3,3\n"
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    text = (HEAD + MEMBERS).replace("code: a, name: A", "code: a, name: A, denominator: size")
    spec = parse_spec(
        text
        + "table: {file: t.csv, unit: unit, year: year}\n"
        + PLAIN.replace("steps:", "steps:\n  - denominate\n  - impute: {method: previous-year}"),
        where="t",
    )
    index = build(spec, read_table(spec, tmp_path))
    filled = next(change for change in index.changes if change.step == "impute")
    assert (filled.unit, filled.after, filled.why) == ("V", 3.0, "missing: previous-year")
    assert next(c for c in index.changes if c.step == "denominate").after == 4.0
    with pytest.raises(MissingDataError, match="no year 7"):
        read_table(spec, tmp_path, year=7)
    (tmp_path / "t.csv").write_text(table.replace("NA", "many"), encoding="utf-8")
    with pytest.raises(InputError, match="text where numbers belong"):
        read_table(spec, tmp_path)


def test_analysis_by_hand() -> None:
    assert cronbach_alpha(values=np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 4.0]])) == pytest.approx(18 / 19)
    assert cronbach_alpha(values=np.ones((4, 1))) is None
    found = components(values=np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]), codes=["x", "y"])
    assert found.explained == pytest.approx([1.0, 0.0])
    assert found.loadings[:, 0] == pytest.approx([0.5**0.5] * 2)
    index = build(small_spec(), small_data())
    held = {(one.one, one.other): one for one in correlations(index, level=2, ancestors=3)}
    two = index.values[:, index.hierarchy.codes.index("two")]
    assert held[("top", "two")].value == pytest.approx(np.corrcoef(index.scores, two)[0, 1])


def test_removing_one_indicator() -> None:
    found = {one.code: one for one in remove_one(small_spec(), small_data())}
    assert set(found) == {"a", "b", "c", "d"}
    assert found["c"].largest_change is not None
    assert found["c"].largest_change > 0
    whole = remove_one(small_spec(), small_data(), level=3)
    assert whole[0].code == "top"


def test_results_hold_no_nan() -> None:
    values = VALUES.copy()
    values[2] = NAN
    index = build(small_spec(), small_data(values))
    rows = result_rows(index, None)
    assert rows[-1]["unit"] == "W"
    assert rows[-1]["score"] is None
    assert rows[-1]["rank"] is None
    assert result_dict(index, uncertainty=None, sensitivity=None, comparison=None)["uncertainty"] is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: A,", "name: A, colour: red,", "extra inputs are not permitted"),
        ("parent: one}", "parent: none}", "no aggregate 'none'"),
        ("{code: top, name: Top}", "{code: top, name: Top, parent: one}", "above itself"),
        ("code: b,", "code: a,", "there twice"),
        ("method: min-max, low: 1, high: 100", "method: min-max, low: 1", "takes low and high"),
        (
            "  - aggregate: {method: arithmetic}",
            "  - aggregate: {method: arithmetic, to: 2}",
            "not aggregated",
        ),
        (
            "normalize: {method: min-max, low: 1, high: 100}",
            "normalize: {method: distance-to-target, low: 0, high: 1}",
            "without a target",
        ),
        ("high: 100}", "high: 100, level: 2}", "level 2 is not aggregated yet"),
        ("high: 100}", "high: 100, each: {z: {method: rank}}}", "no column 'z'"),
        ("schema: openward.index/1", "schema: openward.index/9", "input should be"),
    ],
)
def test_a_wrong_spec_says_what_is_wrong(old: str, new: str, message: str) -> None:
    text = HEAD + MEMBERS + PLAIN
    assert old in text
    with pytest.raises(InputError, match=message):
        parse_spec(text.replace(old, new, 1), where="small.yaml")


def test_all_faults_are_said_at_once() -> None:
    text = (
        (HEAD + MEMBERS + PLAIN).replace("direction: -1", "direction: 2").replace("weight: 3", "weight: -3")
    )
    with pytest.raises(InputError, match="2 problems found"):
        parse_spec(text, where="small.yaml")


def test_shipped_specs_are_sound_and_absent_ones_named() -> None:
    assert {"asem-connectivity", "world-openness"} <= set(shipped())
    for name in shipped():
        assert read_spec(name).name == name
    with pytest.raises(MissingDataError, match="no such index spec"):
        read_spec("nowhere")


def test_the_spec_in_the_docs_is_sound() -> None:
    page = Path(__file__).parents[3] / "docs" / "composite.md"
    text = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert [one.code for one in parse_spec(text, where="docs").available] == ["tariff", "trade"]
