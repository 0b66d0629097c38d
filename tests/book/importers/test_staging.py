"""Schedules: yearly rates, or a base rate and a category, as dated measures and back."""

from __future__ import annotations

import csv
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openward.book.duty import AdValorem
from openward.book.importers import export_rows, import_file
from openward.book.importers.stages import by_category, intervals, rate_at
from openward.errors import InputError, InputErrors, UsageError

Row = dict[str, Any]
SCHEDULES = {"rcep-china-asean": "rcep_china_asean_schedule", "rcep-australia": "rcep_australia_schedule"}
MAP = """
schema: openward.staging/1
name: mine
imposed_by: CHN
partners: [KOR]
edition: CN2014
act: {id: mine-2020, title: Mine, in_force: 2020-03-01}
columns: {code: line, base: base, category: stage}
rates: percent
years: {first: 2020-03-01}
categories: {A: 1, B5: 5, X: excluded}
decimals: 1
"""


def schedule(shared: Path, name: str) -> list[Row]:
    import polars as pl

    return pl.read_parquet(shared / "data" / "economy" / f"{SCHEDULES[name]}.parquet").to_dicts()


@pytest.mark.parametrize("name", sorted(SCHEDULES))
@given(seed=st.integers(0, 10**6))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip_on_samples(shared: Path, name: str, seed: int) -> None:
    import polars as pl

    rows = [r for r in schedule(shared, name) if r["y1"] is not None and r["base_rate"] is not None]
    sample = random.Random(seed).sample(rows, 250)
    with TemporaryDirectory() as folder:
        table = Path(folder) / "in.parquet"
        pl.DataFrame(
            sample, schema_overrides={"base_rate": pl.Float64}, infer_schema_length=None
        ).write_parquet(table)
        done = import_file("staging", table, Path(folder) / "book", map=name)
        out = {row["hs8"]: row for row in export_rows("staging", done.book)}
    kept = [row for row in sample if not row.get("excluded")]
    assert len(out) == len(kept) == done.rows["imported"]
    for row in kept:
        mine = out[row["hs8"]]
        assert mine["description"] == " ".join(row["description"].split())
        for column in (c for c in row if c == "base_rate" or c.startswith("y")):
            assert abs(Decimal(mine[column]) - Decimal(str(row[column]))) < Decimal("1e-7"), (
                row["hs8"],
                column,
            )


def test_a_real_schedule_is_accounted_for(shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / "economy" / f"{SCHEDULES['rcep-australia']}.parquet"
    done = import_file("staging", path, tmp_path / "book", map="rcep-australia")
    assert done.rows == {"imported": 6133, "in part": 10, "rejected": 41, "nothing": 0}
    words = next(m for m in done.book.measures.values() if "$12,000" in m.note)
    assert words.valid.start > date(2022, 1, 1), "an empty cell is not a rate, before or after"


def table(folder: Path, rows: list[tuple[str, str, str]]) -> tuple[Path, Path]:
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("line", "base", "stage"), *rows])
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    return folder / "in.csv", folder / "map.yaml"


def test_base_and_category_become_annual_cuts(tmp_path: Path) -> None:
    rows = [("01012100", "10", "B5"), ("01012900", "8", "A"), ("01013000", "5", "X"), ("01019000", "5", "Z")]
    path, map = table(tmp_path, [*rows, ("0102", "ten", "A"), ("01x2", "1", "A")])
    done = import_file("staging", path, tmp_path / "book", map=map)
    assert done.rows == {"imported": 2, "in part": 0, "rejected": 3, "nothing": 1}
    cut = [m for m in done.book.measures.values() if m.id.startswith("mine-01012100")]
    assert [(m.valid.start, str(m.effect.duty)) for m in cut] == [
        (date(2020, 3, 1), "8 %"),
        (date(2021, 1, 1), "6 %"),
        (date(2022, 1, 1), "4 %"),
        (date(2023, 1, 1), "2 %"),
        (date(2024, 1, 1), "0 %"),
    ]
    assert cut[-1].valid.end is None
    (free,) = [m for m in done.book.measures.values() if m.id.startswith("mine-01012900")]
    assert str(free.effect.duty) == "0 %"


@given(base=st.decimals(0, 3, places=3), cuts=st.integers(1, 20), decimals=st.integers(0, 3))
def test_cuts_never_rise_and_end_at_zero(base: Decimal, cuts: int, decimals: int) -> None:
    stages = by_category(base, cuts, date(2020, 3, 1), decimals=decimals)
    rates = [duty.rate for _, duty in stages if isinstance(duty, AdValorem)]
    assert len(rates) == cuts
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == 0
    assert all(rate <= base for rate in rates)
    found = list(intervals(stages))
    assert all(rate_at(found, start) == duty for start, duty in stages)
    assert rate_at(found, date(2020, 2, 29)) is None


def test_the_map_is_checked(tmp_path: Path) -> None:
    path, map = table(tmp_path, [("0101", "1", "A")])
    with pytest.raises(UsageError, match="rcep-china-asean"):
        import_file("staging", path, tmp_path / "book")
    map.write_text(MAP.replace("imposed_by", "imposedby"), encoding="utf-8")
    with pytest.raises(InputErrors, match=r"map\.yaml:4"):
        import_file("staging", path, tmp_path / "book", map=map)
    with pytest.raises(InputError):
        by_category(Decimal(1), 0, date(2020, 1, 1))
