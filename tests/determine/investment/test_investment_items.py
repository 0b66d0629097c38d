"""The items of the lists: as many as the editions count, and what follows from shares."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from openward.book import load
from openward.book.model import Book, Instrument
from openward.codes.terms import Status
from openward.determine.facts import parse
from openward.determine.investment.editions import RESTRICTIONS, editions_on, item_of
from openward.determine.investment.facts import complete
from openward.errors import InputError


@pytest.fixture(scope="module")
def book() -> Book:
    return load("chn")


@pytest.mark.parametrize(
    ("act", "items"), [("fdi-list-2021", 31), ("fdi-list-2021-zones", 27), ("fdi-list-2024", 29)]
)
def test_an_edition_holds_as_many_items_as_it_counts(book: Book, act: str, items: int) -> None:
    clauses = [m for m in book.measures.values() if m.act == act and m.instrument in RESTRICTIONS]
    edition = next(
        m for m in book.measures.values() if m.act == act and m.instrument is Instrument.NEGATIVE_LIST
    )
    assert len({m.article for m in clauses}) == items == edition.effect.items
    assert {(m.valid, m.zone) for m in clauses} == {(edition.valid, edition.zone)}


def test_items_are_those_of_the_facts(book: Book, shared: Path) -> None:
    with (shared / "facts/cn_fdi_negative_list_items.tsv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))
    for column, act in (("national_2021", "fdi-list-2021"), ("national_2024", "fdi-list-2024")):
        expected = {row["key"].replace("_", "-") for row in rows if row[column] == "1"}
        clauses = [m for m in book.measures.values() if m.act == act and m.instrument in RESTRICTIONS]
        assert {m.article for m in clauses} == expected
        texts = {row["measure_text_zh"] for row in rows if row[column] == "1"}
        assert all(any(text in m.effect.text for text in texts) for m in clauses)


def test_every_item_is_a_pointer_that_nobody_verified(book: Book) -> None:
    clauses = [m for m in book.measures.values() if m.instrument in RESTRICTIONS]
    assert len(clauses) == 108
    for measure in clauses:
        assert measure.status is Status.UNVERIFIED
        assert measure.scope.hint_only
        assert measure.scope.sectors
        item = item_of(measure)
        assert item.activity, measure.id
        assert (item.requires is None) == (measure.instrument is Instrument.INVESTMENT_PROHIBITION)
        if measure.instrument is Instrument.EQUITY_CAP:
            assert measure.effect.unit == "%"
            assert str(measure.effect.number) in str(item.requires)


def test_no_restriction_on_manufacturing_is_left_in_2024(book: Book) -> None:
    left = [
        item.measure.id
        for edition in editions_on(book, date(2024, 11, 1))
        if edition.at_hand and not edition.opening
        for item in edition.items
        if any(sector.startswith("C") for sector in item.measure.scope.sectors)
    ]
    assert left == []


def test_editions_before_2022_are_counts(book: Book) -> None:
    assert [e.at_hand for e in editions_on(book, date(2021, 6, 1))] == [False, False, False]
    late = {e.measure.id: e.at_hand for e in editions_on(book, date(2025, 1, 1)) if not e.opening}
    assert late == {
        "chn-fdi-list-2024": True,
        "chn-fdi-list-2021-zones": True,
        "chn-fdi-list-2020-hainan": False,
    }


@pytest.mark.parametrize(
    ("facts", "name", "value"),
    [
        ({"stake": "49 %"}, "chinese_control", True),
        ({"stake": "49 %"}, "chinese_relative_control", True),
        ({"stake": "50 %"}, "chinese_control", None),
        ({"stake": "50 %"}, "actual_control", True),
        ({"stake": "51 %"}, "chinese_control", False),
        ({"stake": "60 %", "largest_foreign_stake": "30 %"}, "chinese_relative_control", True),
        ({"stake": "60 %", "largest_foreign_stake": "45 %"}, "chinese_relative_control", False),
        ({"stake": "60 %"}, "chinese_relative_control", None),
        ({"stake": Decimal(100)}, "chinese_relative_control", False),
        ({"stake": "49 %", "chinese_control": False}, "chinese_control", False),
        ({"stake": "20 %", "foreign_investors": "1"}, "largest_foreign_stake", "20 %"),
        ({"stake": "0"}, "stake", "0 %"),
    ],
)
def test_shares_decide_control_where_they_can(facts: dict[str, object], name: str, value: object) -> None:
    assert complete(facts).get(name) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"stake": "120 %"}, "120 %"),
        ({"stake": "-1 %"}, "-1 %"),
        ({"stake": "half"}, "a share is asked"),
        ({"stake": Decimal("0.5")}, "no unit"),
        ({"stake": "5 CNY"}, "CNY"),
        ({"stake": "80 %", "chinese_control": True}, "says otherwise"),
        ({"stake": "30 %", "largest_foreign_stake": "40 %"}, "all together 30 %"),
    ],
)
def test_shares_that_make_no_sense_are_refused(facts: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        complete(facts)  # type: ignore[arg-type]


def test_every_requirement_reads_back(book: Book) -> None:
    for measure in book.measures.values():
        for condition in measure.conditions:
            if condition.kind == "requirement":
                assert parse(str(parse(condition.value))) == parse(condition.value)
