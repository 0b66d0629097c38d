"""The tariff schedule of the United States: what is read, how, and back."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openward.book.duty import AdValorem, Choice, Programmes, parse
from openward.book.importers import Imported, export_rows, import_file
from openward.book.importers.programmes import programmes, symbols_of
from openward.book.importers.published import check_published
from openward.book.importers.us_hts import ADDITIONAL, COLUMN_2, COLUMNS, GENERAL, NUMBER, RATES, SPECIAL
from openward.book.model import Instrument
from openward.cli.main import run
from openward.errors import OpenwardError

Row = dict[str, str]
PRINTED = "us_hts/hts_2025_basic_edition.csv"


@cache
def read(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[Row]:
    return list(read(shared / "data" / "tariff" / PRINTED))


def written(rows: Iterable[Row], folder: Path) -> Path:
    path = folder / "hts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def imported(rows: Iterable[Row], folder: Path) -> Imported:
    return import_file("us-hts", written(rows, folder), folder / "book")


def row(number: str, **cells: str) -> Row:
    said = {"general": GENERAL, "special": SPECIAL, "column2": COLUMN_2, "additional": ADDITIONAL}
    return dict.fromkeys(COLUMNS, "") | {NUMBER: number} | {said.get(k, k): v for k, v in cells.items()}


def canonical(cells: Row) -> tuple[object, ...]:
    """Give the rates of a row so that ways to print the same do not matter."""
    special: object = cells[SPECIAL]
    if cells[SPECIAL]:
        duty = parse(cells[SPECIAL], "us-hts")
        if isinstance(duty, Choice) and all(isinstance(case.when, Programmes) for case in duty.cases):
            special = tuple(
                (str(case.duty), tuple(sorted(set(case.when.codes))))
                for case in duty.cases
                if isinstance(case.when, Programmes)
            )
    return (
        cells[NUMBER],
        *(" ".join(cells[name].split()) for name in (GENERAL, COLUMN_2, ADDITIONAL)),
        special,
    )


def again(cells: Row) -> tuple[object, ...]:
    """The same of an exported row, whose special column is the canonical sentence of its groups."""
    special: object = cells[SPECIAL]
    if re.search(r"\([A-Z]{1,2}[+*]?(, [A-Z]{1,2}[+*]?)*\)$", cells[SPECIAL]):
        duty = parse(cells[SPECIAL])
        assert isinstance(duty, Choice)
        special = tuple(
            (str(case.duty), tuple(sorted(set(case.when.codes))))
            for case in duty.cases
            if isinstance(case.when, Programmes)
        )
    return cells[NUMBER], *(cells[name] for name in (GENERAL, COLUMN_2, ADDITIONAL)), special


def readable(cells: Row) -> bool:
    try:
        for name in RATES:
            if cells[name]:
                parse(cells[name], "us-hts")
    except OpenwardError:
        return False
    return any(cells[name] for name in RATES)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip_on_samples(shared: Path, seed: int) -> None:
    rows = read(shared / "data" / "tariff" / PRINTED)
    chance = random.Random(seed)
    sample = [one for one in chance.sample(rows, 400) if readable(one)]
    with TemporaryDirectory() as folder:
        done = imported(sample, Path(folder))
        out = export_rows("us-hts", done.book)
    assert done.rows["imported"] == len(sample)
    assert sorted(map(again, out), key=repr) == sorted(map(canonical, sample), key=repr)
    names = {one[NUMBER]: " ".join(one["Description"].split()) for one in sample}
    assert {one[NUMBER]: one["Description"] for one in out} == names


def test_columns_become_measures(tmp_path: Path) -> None:
    line = row("0203.11.00.00", general="1.1¢/kg", special="Free (A+,AU,S) 0.5¢/kg (JO)", column2="5.5¢/kg")
    line["Unit of Quantity"] = '["kg"]'
    done = imported(
        [row("0203", Description="Pork:"), line, row("0203.11.00.10", Description="Other")], tmp_path
    )
    held = {m.id.removeprefix("hts-0203110000-"): m for m in done.book.measures.values()}
    assert done.rows == {"imported": 1, "in part": 0, "rejected": 0, "nothing": 2}
    assert {name: m.instrument for name, m in held.items()} == {
        "general": Instrument.MFN_DUTY,
        "column2": Instrument.GENERAL_DUTY,
        "special-1": Instrument.PREFERENTIAL_DUTY,
        "special-1-qualifying-usa-ntr": Instrument.PREFERENTIAL_DUTY,
        "special-2": Instrument.PREFERENTIAL_DUTY,
    }
    assert held["general"].scope.exclude == held["column2"].scope.partners == ("USA-COLUMN-2",)
    assert held["special-1"].scope.partners == ("AUS", "USA-S")
    assert held["special-1"].effect.duty == AdValorem(held["special-1"].effect.duty.rate)  # type: ignore[union-attr]
    assert [c.value for c in held["special-1-qualifying-usa-ntr"].conditions] == [
        "special-column",
        "programme_a_plus",
    ]
    assert str(held["special-2"].effect.duty) == "0.005 USD/KGM"
    assert held["general"].note == "units: kg"
    members = done.book.members
    assert members("USA-COLUMN-2", date(2025, 1, 1)) == {"BLR", "CUB", "PRK", "RUS"}
    assert members("USA-S", date(2025, 1, 1)) == {"CAN", "MEX"}


def test_what_is_not_understood_is_set_aside_with_its_place(tmp_path: Path) -> None:
    bad = row("2909.19.18.00", general="5.5%", column2="37% /")
    nonsense = row("29O9.19", general="5.5%")
    done = imported([bad, nonsense, row("2909.19.20.00", general="Free", special="Free (XX)")], tmp_path)
    assert done.rows == {"imported": 0, "in part": 2, "rejected": 1, "nothing": 0}
    with (done.folder / "tables" / "rejected.csv").open(encoding="utf-8") as file:
        told = [(one["line"], one["column"], one["reason"]) for one in csv.DictReader(file)]
    assert [one[:2] for one in told] == [("2", COLUMN_2), ("3", NUMBER), ("4", SPECIAL)]
    assert "character 5" in told[0][2]
    assert "programme" in told[2][2]


def test_symbols_go_there_and_back() -> None:
    for symbol, one in programmes().items():
        found = symbols_of(partners=() if one.fact else one.partners, facts=[one.fact] if one.fact else [])
        assert found == (symbol,)


@pytest.mark.slow
def test_the_whole_schedule(shared: Path, tmp_path: Path, rows: list[Row]) -> None:
    done = import_file("us-hts", shared / "data" / "tariff" / PRINTED, tmp_path / "book")
    assert sum(done.rows.values()) == len(rows)
    assert done.rows["rejected"] == 0
    assert done.rows["in part"] == 8
    assert done.rejected == 8


def test_every_string_is_read_or_rejected_with_its_place(shared: Path) -> None:
    report = check_published("us-hts", shared)
    counted = {one["column"]: (one["strings"], one["rejected"]) for one in next(iter(report.tables.values()))}
    assert counted[GENERAL] == (13611, 0)
    assert counted[COLUMN_2][0] == 13251
    assert counted[SPECIAL][0] == 9861
    assert not report.failed
    assert all(one["character"] >= 1 and one["expected"] for one in report.tables["Rejected"])


def test_the_command_prints_it(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run(["book", "check", "us-hts", "--data", str(shared)])
    assert end.value.code == 0
    assert "37235 rate strings" in capsys.readouterr().err
    for words, code in (
        (["us-htz", "--data", "x"], 2),
        (["us-hts"], 2),
        (["us-hts", "--data", "nowhere"], 3),
    ):
        with pytest.raises(SystemExit) as end:
            run(["book", "check", *words])
        assert end.value.code == code
