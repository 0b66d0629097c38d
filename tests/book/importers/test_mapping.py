"""Any table, by a YAML that says what its columns mean."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.book.importers import export_rows, import_file
from openward.book.importers.mapping import MappingDoc, example
from openward.errors import InputErrors, UsageError

MAP = """
schema: openward.mapping/1
book: {name: mine, economy: CHN, covered_from: 2020-01-01, covered_to: 2026-12-31}
acts:
  - {id: my-act, jurisdiction: CHN, kind: list, title: My list, in_force: 2020-01-01}
fields:
  id: "mine-{Code}-{Country}"
  instrument: preferential-duty
  imposed_by: CHN
  flow: import
  partners: "{Country}"
  products: "{Code}"
  edition: HS2022
  duty: "{Rate} %"
  from: "{Start}"
  to: "{End}"
  act: my-act
  note: "{Remark}"
dates: "%d/%m/%Y"
values:
  Country: {Korea: KOR, Japan: JPN}
skip_where: {Kind: [heading]}
"""
HEADER = ("Code", "Country", "Rate", "Start", "End", "Remark", "Kind")


def files(folder: Path, rows: list[tuple[str, ...]], map: str = MAP) -> tuple[Path, Path]:
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    (folder / "map.yaml").write_text(map, encoding="utf-8")
    return folder / "in.csv", folder / "map.yaml"


CODES = ("01012100", "0203", "870323", "85171300")
LINES = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.sampled_from(["Korea", "Japan"]),
        st.decimals(0, 300, places=2).map(lambda d: f"{d.normalize():f}"),
        st.dates(date(2020, 1, 1), date(2024, 12, 31)).map(lambda d: d.strftime("%d/%m/%Y")),
        st.one_of(
            st.just(""), st.dates(date(2025, 1, 1), date(2030, 1, 1)).map(lambda d: d.strftime("%d/%m/%Y"))
        ),
        st.sampled_from(["", "free text, with a comma", "牛肉"]),
        st.just(""),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[:2],
)


@given(rows=LINES)
@settings(max_examples=15, deadline=None)
def test_round_trip(rows: list[tuple[str, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path, map = files(Path(folder), rows)
        done = import_file("table", path, Path(folder) / "book", map=map)
        out = export_rows("table", done.book, map=map)
    assert done.rows["imported"] == len(rows)
    assert sorted(tuple(row[name] for name in HEADER) for row in out) == sorted(rows)


def test_rows_are_skipped_only_as_the_map_says_and_rejected_with_the_field(tmp_path: Path) -> None:
    good = ("01012100", "Korea", "5", "01/02/2020", "", "", "")
    rows = [
        good,
        ("01", "", "", "", "", "", "heading"),
        ("0102", "Corea", "5", "01/02/2020", "", "", ""),
        ("0103", "Korea", "five", "01/02/2020", "", "", ""),
        ("0104", "Korea", "5", "2020-02-01", "", "", ""),
        ("0105", "Korea", "5", "", "", "", ""),
        good,
        ("0106", "Korea", "5", "01/02/2020", "01/02/2019", "", ""),
    ]
    path, map = files(tmp_path, rows)
    done = import_file("table", path, tmp_path / "book", map=map)
    assert done.rows == {"imported": 1, "in part": 0, "rejected": 6, "nothing": 1}
    with (done.folder / "tables" / "rejected.csv").open(encoding="utf-8") as file:
        told = {row["line"]: row["reason"] for row in csv.DictReader(file)}
    for line, words in (
        ("4", "Corea"),
        ("5", "duty"),
        ("6", "form"),
        ("7", "from"),
        ("8", "second"),
        ("9", "before"),
    ):
        assert words in told[line]


def test_the_map_is_checked_with_lines(tmp_path: Path) -> None:
    row = ("01012100", "Korea", "5", "01/02/2020", "", "", "")
    path, map = files(tmp_path, [row], MAP.replace("  duty:", "  dutty:"))
    with pytest.raises(InputErrors, match=r"no field 'dutty'"):
        import_file("table", path, tmp_path / "book", map=map)
    map.write_text(MAP.replace("  flow: import\n", ""), encoding="utf-8")
    with pytest.raises(InputErrors, match=r"'flow' is missing"):
        import_file("table", path, tmp_path / "book", map=map)
    map.write_text(MAP.replace('"{Rate} %"', '"{Rated} %"'), encoding="utf-8")
    with pytest.raises(InputErrors, match=r"unknown column 'Rate'"):
        import_file("table", path, tmp_path / "book", map=map)
    with pytest.raises(UsageError):
        import_file("table", path, tmp_path / "book")


def test_the_example_is_a_mapping() -> None:
    assert MappingDoc.model_validate(example()).columns() == ("Code", "Rate")
