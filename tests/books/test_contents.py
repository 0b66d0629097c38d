"""What must be in the shipped books, held against the facts where they are at hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from openward.book import load
from openward.book.model import Book, Flow, Instrument
from openward.book.rules import errors
from openward.codes.economies import economies
from openward.codes.industries import industries
from openward.codes.terms import Status
from openward.determine.precedence import precedence_of

SIZES = {"AFRICA53": 53, "LDC-CHN": 43, "AFRICA20": 20, "RCEP": 15, "CHN-ASEAN": 11}


@pytest.fixture(scope="module")
def book() -> Book:
    return load("chn")


def facts(shared: Path, name: str) -> Iterator[dict[str, str]]:
    with (shared / "facts" / name).open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE)


@pytest.mark.parametrize("name", ["chn", "world"])
def test_no_rule_is_broken(name: str) -> None:
    assert errors(load(name)) == ()


def test_there_are_22_pilot_zones(book: Book) -> None:
    zones = [m for m in book.measures.values() if m.instrument is Instrument.PILOT_ZONE]
    assert len(zones) == 22
    assert len({m.zone for m in zones}) == 22


def test_zones_start_as_the_facts_say(book: Book, shared: Path) -> None:
    start = {m.zone: m.valid.start.isoformat() for m in book.measures.values() if m.id.startswith("chn-ftz-")}
    assert start == {row["ftz"].lower(): row["launch"] for row in facts(shared, "cn_pilot_ftz.tsv")}


def test_negative_lists_are_counted_editions(book: Book, shared: Path) -> None:
    lists = [m for m in book.measures.values() if m.instrument is Instrument.NEGATIVE_LIST]
    editions = {(m.effect.items, m.valid.start, m.valid.end, m.status) for m in lists if m.effect.items}
    rows = list(facts(shared, "cn_negative_list_counts.tsv"))
    assert len(editions) == len(rows)
    for row in rows:
        start = date.fromisoformat(row["effective_from"])
        last = row["effective_to"]
        end = date.fromisoformat(last) + timedelta(days=1) if last else None
        if row["edition"] == "2013":
            end = date(2014, 7, 1)  # the next edition ends it; the fact leaves it open
        doubt = row["confidence"] + row["source"]
        unread = any(word in doubt for word in ("(count", "dk", "seed"))
        status = Status.UNVERIFIED if unread and row["edition"] != "2024" else Status.OFFICIAL
        assert (int(row["items"]), start, end, status) in editions, row


def test_one_edition_of_a_kind_at_a_time(book: Book) -> None:
    on = date(2024, 12, 1)
    lists = [m for m in book.measures.values() if m.instrument is Instrument.NEGATIVE_LIST and on in m.valid]
    found = {(m.flow, m.zone, m.scope.parties): m.effect.items for m in lists}
    assert len(found) == len(lists)
    assert found[Flow.INWARD_INVESTMENT, "", ()] == 29
    assert found[Flow.INWARD_INVESTMENT, "pilot-zones", ()] == 27
    assert found[Flow.SERVICES_MODE_1, "", ()] == 71


def test_agreements_start_as_the_facts_say(book: Book, shared: Path) -> None:
    acts = {
        (a.signed.isoformat() if a.signed else "", a.in_force.isoformat() if a.in_force else ""): a
        for a in book.acts.values()
        if a.kind == "agreement"
    }
    for row in facts(shared, "cn_fta_list.tsv"):
        signed = row["signed"] if len(row["signed"]) == 10 else ""
        act = acts[signed, row["in_force"]]
        marked = any(word in row["note"] + row["source"] for word in ("dk", "unverified", "probably"))
        if marked and "RCEP" not in row["agreement"] and "ECFA" not in row["agreement"]:
            assert act.status is Status.UNVERIFIED, row["agreement"]


def test_programmes_start_as_the_facts_say(book: Book, shared: Path) -> None:
    ids = ("chn-ldc98-1", "chn-ldc98-2", "chn-ldc98-3", "chn-ldc98-4", "chn-ldc100", "chn-afr53-zero")
    for name, row in zip(ids, facts(shared, "cn_ldc_africa_programmes.tsv"), strict=True):
        measure = book.measures[name]
        assert measure.valid.start.isoformat() == row["from"]
        end = date.fromisoformat(row["to"]) + timedelta(days=1) if row["to"] else None
        assert measure.valid.end == end
        iso2 = {
            economies()[c].iso2 for p in measure.scope.partners for c in book.members(p, measure.valid.start)
        }
        if name.startswith("chn-ldc98"):
            assert iso2 == set(row["beneficiaries"].split(";"))


@pytest.mark.parametrize(("group", "size"), SIZES.items())
def test_groups_have_their_size(book: Book, group: str, size: int) -> None:
    assert len(book.members(group, date(2026, 5, 1))) == size


def test_every_measure_cites_an_act_of_the_book(book: Book) -> None:
    assert [m.id for m in book.measures.values() if m.act not in book.acts] == []


def test_every_act_names_its_source(book: Book) -> None:
    assert [a.id for a in book.acts.values() if not a.source] == []


def test_background_law_is_unverified() -> None:
    assert {m.status for m in load("world").measures.values()} == {Status.UNVERIFIED}


def test_mfn_is_official_in_2018_and_2019_only(book: Book) -> None:
    for m in book.measures.values():
        if m.instrument is Instrument.MFN_DUTY and m.imposed_by == "CHN":
            inside = (
                m.valid.start >= date(2018, 1, 1)
                and m.valid.end is not None
                and m.valid.end <= date(2020, 1, 1)
            )
            assert (m.status is Status.OFFICIAL) == inside, m.id


def test_classes_of_lines_sum_to_one(book: Book) -> None:
    for industry in industries():
        shares = [c.share for c in book.lines if c.sector == industry.code]
        assert bool(shares) == industry.goods
        if shares:
            assert sum(shares) == pytest.approx(1, abs=1e-9)


def test_crude_oil_and_gas_are_free(book: Book) -> None:
    free = next(c for c in book.lines if (c.sector, c.code) == ("B06", "free"))
    assert free.share > 0.999


def test_order_of_duties_changes_with_the_tariff_law(book: Book) -> None:
    rules = precedence_of(book)
    before, after = rules.at("CHN", date(2024, 11, 30)), rules.at("CHN", date(2024, 12, 1))
    assert before.act == "chn-duty-regulations-2003"
    assert after.act == "chn-tariff-law-2024"
    new = {r.id for r in after.rules} - {r.id for r in before.rules}
    assert new == {"mfn-below-agreement", "origin-not-excluded"}
