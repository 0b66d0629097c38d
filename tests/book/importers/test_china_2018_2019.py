"""Dated stacking: the changes of 2018-2019 as dated measures."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from openward.book.importers import Imported, export_rows, import_file
from openward.book.importers.china_columns import (
    COLUMNS,
    DATES,
    INCREASE,
    MFN,
    MFN_CHANGES,
    ROUNDS,
    SUSPENSION,
    TEMPORARY,
)
from openward.book.importers.stacking import stacks
from openward.book.model import Instrument
from openward.book.rules import check
from openward.book.rules.base import Severity
from openward.cli.main import run
from openward.codes.ranges import significant
from openward.determine.decision import Question
from openward.determine.goods import decide

NAME = "cn_tariff_hs10_2018_2019.csv"
CHANGES = {
    MFN: date(2018, 1, 1),
    **MFN_CHANGES,
    TEMPORARY: date(2019, 1, 1),
    **ROUNDS,
    SUSPENSION: date(2019, 1, 1),
    INCREASE: date(2019, 6, 1),
}
ON_USA = (*ROUNDS, SUSPENSION, INCREASE)
NEAR = Decimal("0.0005")

Rows = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def rows(shared: Path) -> Rows:
    with (shared / "data" / "tariff" / "cn" / NAME).open(encoding="utf-8", newline="") as file:
        return {row["hs10"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def imported(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("import") / "book"
    return import_file("cn-2018-2019", shared / "data" / "tariff" / "cn" / NAME, folder)


def expected(row: Mapping[str, str], on: date, *, partner: str) -> Decimal:
    names = [name for name, day in CHANGES.items() if day <= on and (partner == "USA" or name not in ON_USA)]
    return sum((Decimal(row[name]) for name in names), Decimal(0))


def test_every_row_is_imported(imported: Imported, rows: Rows) -> None:
    assert dict(imported.rows) == {"imported": len(rows), "in part": 0, "rejected": 0, "nothing": 0}
    assert len(imported.book.measures) == 31324


def test_export_gives_the_rows_back(imported: Imported, rows: Rows) -> None:
    out = export_rows("cn-2018-2019", imported.book)
    assert len(out) == len(rows)
    for row in out:
        source = rows[row["hs10"]]
        assert row["description"] == " ".join(source["description"].split())
        for name in COLUMNS[2:]:
            assert abs(Decimal(row[name]) - Decimal(source[name])) < NEAR, (row["hs10"], name)


@pytest.mark.parametrize("partner", ["USA", "DEU"])
def test_any_line_and_day_pays_the_sum_of_its_changes(imported: Imported, rows: Rows, partner: str) -> None:
    chance = random.Random(20190612)
    days = [
        *DATES,
        *(date.fromordinal(d.toordinal() - 1) for d in DATES[1:]),
        date(2018, 8, 1),
        date(2019, 3, 9),
    ]
    for on in days:
        found = stacks(imported.book.measures.values(), on, partner=partner)
        assert len(found) == len(rows)
        for hs10 in chance.sample(sorted(rows), 400):
            line = (significant(hs10[:10]), hs10[10:])
            total = found[line if line in found else (hs10[:10], hs10[10:])].total
            assert total is not None
            assert abs(total * 100 - expected(rows[hs10], on, partner=partner)) < NEAR, (hs10, on)


def test_duties_on_the_united_states_only_pile_up_but_for_the_suspension(
    imported: Imported, rows: Rows
) -> None:
    before = stacks(imported.book.measures.values(), DATES[0], partner="USA")
    fell = set()
    for on in DATES[1:]:
        after = stacks(imported.book.measures.values(), on, partner="USA")
        fell |= {line for line in after if after[line].added < before[line].added}
        if on != date(2019, 1, 1):
            assert not any(after[line].added < before[line].added for line in after), on
        before = after
    assert len(fell) == sum(Decimal(row[SUSPENSION]) != 0 for row in rows.values()) == 343


def test_the_suspended_round_stays_in_the_book_as_an_event(imported: Imported) -> None:
    suspended = [m for m in imported.book.measures.values() if m.events]
    assert len(suspended) == 343
    assert {m.instrument for m in suspended} == {Instrument.RETALIATORY_DUTY}
    assert {(e.kind, e.on) for m in suspended for e in m.events} == {("suspend", date(2019, 1, 1))}


@pytest.mark.parametrize("partner", ["USA", "DEU"])
def test_the_decision_engine_answers_any_line_and_day(imported: Imported, rows: Rows, partner: str) -> None:
    chance = random.Random(301)
    for hs10 in chance.sample(sorted(rows), 60):
        on = date.fromordinal(chance.randint(date(2018, 1, 1).toordinal(), date(2019, 6, 12).toordinal()))
        code, additional = hs10[:10], hs10[10:]
        asked = Question("import", on, "CHN", partner, hs=code, edition="HS2017", additional_code=additional)
        decision = decide(asked, imported.book)
        assert not decision.unresolved, decision.sentence
        total = sum((line.rate for line in decision.duty if line.rate is not None), Decimal(0))
        assert abs(total * 100 - expected(rows[hs10], on, partner=partner)) < NEAR, (hs10, on)


def test_the_suspension_is_told(imported: Imported, rows: Rows) -> None:
    hs10 = next(code for code, row in rows.items() if row[SUSPENSION] == "-25" and len(code) == 10)
    before, after = (
        decide(Question("import", on, "CHN", "USA", hs=hs10, edition="HS2017"), imported.book)
        for on in (date(2018, 12, 31), date(2019, 1, 1))
    )
    assert len(before.duty) == len(after.duty) + 1
    assert any("suspended since 2019-01-01" in loser.reason for loser in after.why_not), after.why_not


def test_averages_by_subheading(imported: Imported, rows: Rows) -> None:
    with (imported.folder / "tables" / "hs6_averages.csv").open(encoding="utf-8") as file:
        found = {(row["hs6"], row["on"]): row for row in csv.DictReader(file)}
    subheadings = {hs10[:6] for hs10 in rows}
    assert len(found) == len(subheadings) * len(DATES) == 53870
    lines = [row for hs10, row in rows.items() if hs10.startswith("870323")]
    mine = found["870323", "2018-07-06"]
    assert int(mine["lines"]) == len(lines)
    for column, partner in (("mfn_pct", "DEU"), ("usa_pct", "USA")):
        mean = sum(expected(row, date(2018, 7, 6), partner=partner) for row in lines) / len(lines)
        assert abs(Decimal(mine[column]) - mean) < NEAR


def test_from_file_to_answer_on_the_command_line(
    imported: Imported, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    hs10 = "0203120010"
    words = ["--from", "USA", "--hs", hs10, "--edition", "HS2017", "--on", "2018-08-01", "--format", "json"]
    with pytest.raises(SystemExit) as end:
        run(["determine", "goods", "--book", str(imported.folder), *words])
    assert end.value.code == 0
    answer = json.loads(capsys.readouterr().out)
    assert (
        Decimal(answer["duty"]["rate"]) * 100 == expected(rows[hs10], date(2018, 8, 1), partner="USA") == 70
    )


def test_the_imported_book_breaks_no_rule(imported: Imported) -> None:
    assert not [f for f in check(imported.book) if f.severity is Severity.ERROR]
    assert "chn-duty-regulations-2003" in imported.book.acts, (
        "acts that the order of duties cites come with it"
    )


def test_a_row_whose_totals_disagree_is_set_aside(tmp_path: Path) -> None:
    zero = dict.fromkeys(COLUMNS[2:], "0")
    good = (
        {"hs10": "0101210010", "description": "a"}
        | zero
        | {MFN: "10", "mfn_2019_06_01": "10", "us_rate_2019_06_01": "10"}
    )
    bad = good | {"hs10": "0101290010", "us_rate_2019_06_01": "25"}
    odd = good | {"hs10": "01012x", "description": "not a code"}
    table = tmp_path / "in.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows([good, bad, odd])
    done = import_file("cn-2018-2019", table, tmp_path / "book")
    assert dict(done.rows) == {"imported": 1, "in part": 0, "rejected": 2, "nothing": 0}
    with (done.folder / "tables" / "rejected.csv").open(encoding="utf-8") as file:
        rejected = list(csv.DictReader(file))
    assert [row["line"] for row in rejected] == ["3", "4"]
    assert "25" in rejected[0]["reason"]
