"""Staging tables of United States agreements, with the cells their testers altered."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from openward.book.importers import export_rows, import_file

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{str(k).strip().casefold(): (v or "").strip() for k, v in row.items() if k} for row in rows]


@pytest.mark.parametrize(
    ("name", "fates", "rejected"),
    [
        ("us_korea_fta", {"imported": 99, "in part": 1}, 12),
        ("us_usmca", {"imported": 99, "in part": 1}, 2),
        ("us_australia_fta", {"imported": 100, "in part": 0}, 0),
    ],
)
def test_round_trip(shared: Path, tmp_path: Path, name: str, fates: dict[str, int], rejected: int) -> None:
    path = shared / "data" / "tariff" / "fta" / f"{name}_staging_100lines.csv"
    done = import_file("us-fta", path, tmp_path / "book")
    assert done.rows == {"rejected": 0, "nothing": 0, **fates}
    assert done.rejected == rejected
    aside = {
        (row["line"], row["column"])
        for row in csv.DictReader((done.folder / "tables" / "rejected.csv").read_text().splitlines())
    }
    out = {(row["id"], row["reporter"]): row for row in export_rows("us-fta", done.book)}
    assert len(out) == 100
    by_id = {key[0]: row for key, row in out.items()}
    compared = 0
    for number, source in enumerate(read(path), start=2):
        mine = by_id[source["id"]]
        assert mine["tl"].endswith(source["tl"])
        for column, cell in source.items():
            year = column.removeprefix("year").removeprefix("y")
            if not column.startswith("y") or not year.isdecimal() or not cell:
                continue
            if any(column == name for line, name in aside if line == str(number)):
                continue
            shown = f"y{year}" if len(year) == 4 else f"y{2019 + int(year)}"
            assert Decimal(mine[shown].removesuffix(" %")) == Decimal(cell), (number, column)
            compared += 1
    assert compared > 300


def test_altered_cells_are_named(shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / "tariff" / "fta" / "us_korea_fta_staging_100lines.csv"
    done = import_file("us-fta", path, tmp_path / "book")
    told = (done.folder / "tables" / "rejected.csv").read_text(encoding="utf-8")
    assert "before the agreement" in told
    assert "turtle" in told


def test_gaps_and_strangers_are_set_aside(tmp_path: Path) -> None:
    head = "ID,TL,HS6,Base_Rate,Base_Rate_Alt,PartnerName,ReporterName,StagingBasket"
    head += ",Y2012,Y2013,Y2014,Alt_2014\n"
    rows = [
        "1,01012100,010121,5,,Korea,United States,B,4,3,2,",
        "2,01012900,010129,5,,Korea,United States,B,4,,2,",
        "3,01012900,010129,5,,Atlantis,United States,B,4,3,2,",
        "4,01012900,010130,5,,Korea,United States,B,4,3,2,",
        "5,01013000,010130,,1 cents/kg,Korea,United States,B,,,,0.5 cents/kg",
        "6,01019000,010190,5,,Korea,United States,B,4,3,2,$1/kg",
    ]
    path = tmp_path / "in.csv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    done = import_file("us-fta", path, tmp_path / "book")
    assert done.rows == {"imported": 2, "in part": 1, "rejected": 3, "nothing": 0}
    specific = next(m for m in done.book.measures.values() if m.article == "5")
    assert str(specific.effect.duty) == "0.005 USD/KGM"
    told = (done.folder / "tables" / "rejected.csv").read_text(encoding="utf-8")
    for words in ("missing between", "Atlantis", "not under subheading", "two rates"):
        assert words in told
