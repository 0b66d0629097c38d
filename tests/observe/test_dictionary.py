"""The dictionary of datasets reads, describes and validates."""

from __future__ import annotations

import polars as pl
import pytest

from openward.errors import UnknownCodeError
from openward.observe.dictionary import dataset, datasets, faults, markdown


@pytest.fixture
def frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "economy": ["CHN", "USA"],
            "deficit": [1.0, -1.0],
            "final_spending": [10.0, 20.0],
            "balance_year": pl.Series([2022, None], dtype=pl.Int32),
        }
    )


def test_every_entry_is_complete() -> None:
    assert sum(entry.role == "pack" for entry in datasets().values()) == 5
    for entry in datasets().values():
        assert entry.source
        assert entry.licence
        assert entry.vintage
        assert set(entry.key) <= {field.name for field in entry.fields}
        assert all(field.description for field in entry.fields)
        assert all(field.unit for field in entry.fields if field.type in ("number", "integer"))


def test_a_good_table_has_no_faults(frame: pl.DataFrame) -> None:
    assert faults(frame, of=dataset("world-economies")) == ()


def test_every_fault_is_found_at_once(frame: pl.DataFrame) -> None:
    bad = frame.with_columns(
        economy=pl.lit("CHN"),
        final_spending=pl.Series([float("nan"), -1.0]),
        balance_year=pl.lit("2022"),
        extra=pl.lit(1),
    ).drop("deficit")
    text = "\n".join(map(str, faults(bad, of=dataset("world-economies"), where="my.parquet")))
    for said in (
        "no column 'deficit'",
        "unknown column 'extra'",
        "my.parquet: balance_year: holds String, expected integer",
        "1 empty cells, first in row 1",
        "value below 0, first in row 2",
        "2 rows share their key",
    ):
        assert said in text


def test_unknown_names_are_met_with_the_nearest() -> None:
    with pytest.raises(UnknownCodeError) as caught:
        dataset("world-flow")
    assert "world-flows" in caught.value.hint
    with pytest.raises(UnknownCodeError) as caught:
        dataset("world-flows").field("values")
    assert "did you mean value?" in caught.value.hint


def test_markdown_names_columns_units_and_source() -> None:
    text = markdown(dataset("world-flows"))
    assert "| `value` | number | million USD |" in text
    assert "Source: OECD" in text
