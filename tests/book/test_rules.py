from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from openward.book.duty import parse
from openward.book.model import Book, Condition, Effect, Flow, Instrument, LegalAct, LineClass, Measure, Scope
from openward.book.rules import check
from openward.codes.membership import Membership
from openward.codes.terms import Interval

M = Measure(
    id="m",
    instrument=Instrument.MFN_DUTY,
    imposed_by="CHN",
    flow=Flow.IMPORT,
    scope=Scope(partners=("RCEP",), sectors=("A01", "B06/free")),
    effect=Effect(duty=parse("5 %")),
    valid=Interval(date(2020, 1, 1), date(2021, 1, 1)),
    act="law",
    where="a.csv:2",
)
LAW = LegalAct("law", "CHN", "law", "A law", in_force=date(2020, 1, 1), repealed=date(2025, 1, 1))
MEMBER = Membership("RCEP", "CHN", Interval(date(2022, 1, 1), date(2023, 1, 1)))
PARTNER = Membership("RCEP", "KOR", Interval(date(2019, 1, 1)))


def book(*measures: Measure, members: tuple[Membership, ...] = (MEMBER,), **filed: Measure) -> Book:
    return Book(
        name="small",
        economy="CHN",
        covered_from=date(2020, 1, 1),
        covered_to=date(2026, 1, 1),
        measures=MappingProxyType({measure.id: measure for measure in measures} | filed),
        acts=MappingProxyType({"law": LAW}),
        memberships=(*members, PARTNER),
        lines=(LineClass("CHN", "B06", "free", 1.0, 1),),
    )


def days(start: int, end: int | None) -> Interval:
    return Interval(date(start, 1, 1), date(end, 1, 1) if end else None)


PASSING = [
    book(M),
    book(M, replace(M, id="n", valid=days(2021, 2022))),
    book(M, replace(M, id="n", scope=Scope(partners=("RCEP",), sectors=("C20",)))),
    book(M, replace(M, id="n", instrument=Instrument.PREFERENTIAL_DUTY)),
    book(M, replace(M, id="n", conditions=(Condition("quota", "within"),))),
    book(M, replace(M, id="n", effect=Effect(text="the list in the annex"))),
    book(M, replace(M, id="m@2021-01-01", valid=days(2021, 2022))),
    book(M, members=(MEMBER, replace(MEMBER, valid=days(2023, None)))),
    book(replace(M, effect=Effect(text="rate by company, see the annex"))),
]
FAILING = [
    ("BR1", ("m",), book(replace(M, valid=days(2019, 2021)))),
    ("BR1", ("m",), book(replace(M, valid=days(2020, 2026)))),
    ("BR1", ("m",), book(replace(M, valid=days(2020, None)))),
    ("BR2", ("m", "n"), book(M, replace(M, id="n"))),
    ("BR2", ("m", "n"), book(M, replace(M, id="n", scope=Scope(partners=("RCEP", "USA"), sectors=("A01",))))),
    ("BR3", ("m",), book(replace(M, imposed_by="XXX", scope=Scope()))),
    ("BR3", ("m",), book(replace(M, scope=Scope(partners=("NOPE",))))),
    ("BR3", ("m",), book(replace(M, scope=Scope(sectors=("B06/dutiable",))))),
    ("BR3", ("m",), book(replace(M, conditions=(Condition("membership", "NOPE"),)))),
    ("BR4", ("m",), book(M, n=replace(M, valid=days(2021, 2022)))),
    ("BR4", ("m", "m@2020-06-01"), book(M, replace(M, id="m@2020-06-01", note="x", zone="z"))),
    ("BR5", ("m",), book(replace(M, act=""))),
    ("BR5", ("m",), book(replace(M, act="lwa"))),
    ("BR6", ("RCEP", "CHN"), book(M, members=(MEMBER, replace(MEMBER, valid=days(2022, None))))),
    ("BR6", ("RCEP", "CHN"), book(M, members=(replace(MEMBER, valid=days(2022, 2022)),))),
    ("BR7", ("m",), book(replace(M, valid=days(2021, 2021)))),
    ("BR8", ("m",), book(replace(M, effect=Effect()))),
]


@pytest.mark.parametrize("good", PASSING)
def test_books_that_keep_the_rules(good: Book) -> None:
    assert check(good) == ()


@pytest.mark.parametrize(("number", "ids", "bad"), FAILING)
def test_books_that_break_one_rule(number: str, ids: tuple[str, ...], bad: Book) -> None:
    (finding,) = check(bad)
    assert (finding.rule, finding.ids) == (number, ids)
    assert finding.sentence
    assert finding.hint
