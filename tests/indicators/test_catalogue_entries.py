"""Every entry of the catalogue: described in full, its formula drawn, its values finite on a sample."""

from __future__ import annotations

import re
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from latex2mathml.converter import convert
from tests.engines import samples

from openward.book import load
from openward.indicators.catalogue import GROUPS, Indicator, indicators
from openward.observe.input_output_world import world_table

ENTRIES = dict(indicators())
READ = {*samples.TABLES, "input-output", "book"}


@pytest.mark.parametrize("name", ENTRIES)
def test_it_is_described_in_full(name: str) -> None:
    entry = ENTRIES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert entry.group in GROUPS
    for text in (entry.title, entry.definition, entry.formula, entry.unit, entry.reference):
        assert text.strip()
    assert entry.definition.endswith(".")
    assert entry.inputs
    assert entry.keys
    assert "value" not in entry.keys
    assert entry.traps, "say where it misleads"
    assert all(trap.strip() for trap in entry.traps)
    assert (entry.compute.__doc__ or "").strip()


@pytest.mark.parametrize("name", ENTRIES)
def test_its_formula_is_drawn(name: str) -> None:
    formula = ENTRIES[name].formula
    assert formula.count("{") == formula.count("}")
    assert "$" not in formula
    drawn = convert(formula, display="block")
    words = re.sub(r"<[^>]*>", " ", drawn)
    assert "\\" not in words, f"the converter does not know a command of {formula}"


@pytest.mark.parametrize("name", [n for n, entry in ENTRIES.items() if entry.kind != "book"])
def test_its_values_are_numbers(name: str) -> None:
    entry = ENTRIES[name]
    assert set(entry.inputs) <= READ, "add a sample of the table to tests/engines/samples.py"
    assert_finite(entry, **{table.replace("-", "_"): sample(table) for table in entry.inputs})


@pytest.mark.slow
def test_the_book_gives_numbers() -> None:
    book = load("chn")
    for entry in ENTRIES.values():
        if entry.kind == "book":
            given = {name.replace("-", "_"): sample(name) for name in entry.inputs if name != "book"}
            if "input_output" in given:
                given["input_output"] = world_table()
            assert_finite(entry, book=book, on=book.covered_to, economies=("CHN",), **given)


def sample(table: str) -> Any:
    if table == "input-output":
        return samples.table_of_industries()
    return nw.from_native(samples.TABLES[table]().lazy())


def assert_finite(entry: Indicator, **given: Any) -> None:
    frame: pl.DataFrame = entry.compute(**given, **samples.needed(entry.name)).collect().to_native()
    assert not frame.is_empty()
    assert set(frame.columns) == {*entry.keys, "value"}
    assert frame["value"].dtype == pl.Float64
    assert frame["value"].is_finite().all()
    assert not frame["value"].has_nulls()
    assert not frame.select(entry.keys).is_duplicated().any()
