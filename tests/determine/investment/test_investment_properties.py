"""What always holds of an investment decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from openward.book import load
from openward.book.model import Book, Effect, Flow, Instrument, Measure, Scope
from openward.codes.terms import Interval
from openward.determine.decision import Decision, Fact, Question, Verdict
from openward.determine.investment import decide
from openward.determine.investment.editions import RESTRICTIONS, item_of, places

BOOK = load("chn")
ACTIVITIES = sorted({item_of(m).activity for m in BOOK.measures.values() if m.instrument in RESTRICTIONS})
PLACES = sorted(places(BOOK) - {"none"})
DAYS = st.dates(date(2022, 1, 1), date(2026, 5, 1))
STAKES = st.integers(1, 100)
# From the most favorable to the least; what is not resolved lies between.
ORDER = [Verdict.FREE, Verdict.REVIEW, Verdict.CAPPED, Verdict.UNRESOLVED, Verdict.PROHIBITED]
SETTLED: dict[str, Fact] = {
    "within_wto_commitment": True,
    "legal_representative_chinese": True,
    "cooperative_school": True,
    "chinese_led": True,
    "foreign_investors": "1",
    "hospital": True,
    "traditional_chinese_medicine": False,
    "acquires_public_hospital": False,
    "military_field": False,
    "near_military_site": False,
    "important_for_security": False,
}


def ask(activity: str, zone: str, on: date, stake: int | None, book: Book = BOOK) -> Decision:
    facts = {**SETTLED, "activity": activity, **({} if stake is None else {"stake": f"{stake} %"})}
    return decide(Question("inward-investment", on, zone=zone, facts=facts), book)


def rank(decision: Decision) -> int:
    return ORDER.index(decision.verdict)


@given(st.sampled_from(ACTIVITIES), st.sampled_from(PLACES), DAYS, STAKES)
@settings(max_examples=60, deadline=None)
def test_a_zone_is_never_worse_than_outside(activity: str, zone: str, on: date, stake: int) -> None:
    assert rank(ask(activity, zone, on, stake)) <= rank(ask(activity, "none", on, stake))


@given(st.sampled_from(ACTIVITIES), DAYS, STAKES, STAKES)
@settings(max_examples=60, deadline=None)
def test_a_smaller_stake_is_never_worse(activity: str, on: date, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert rank(ask(activity, "none", on, low)) <= rank(ask(activity, "none", on, high))


@given(st.sampled_from(ACTIVITIES), st.sampled_from(["none", *PLACES]), DAYS, STAKES)
@settings(max_examples=60, deadline=None)
def test_unresolved_and_only_that_names_what_is_missing(
    activity: str, zone: str, on: date, stake: int
) -> None:
    decision = ask(activity, zone, on, stake)
    assert bool(decision.unresolved) is (decision.verdict is Verdict.UNRESOLVED)
    open_question = ask(activity, zone, on, None)
    if open_question.verdict is not Verdict.UNRESOLVED:
        assert decision.verdict is open_question.verdict


@given(st.sampled_from(ACTIVITIES), st.sampled_from(["none", *PLACES]), DAYS, STAKES)
@settings(max_examples=20, deadline=None)
def test_an_irrelevant_measure_never_changes_an_answer(
    activity: str, zone: str, on: date, stake: int
) -> None:
    odd = Measure(
        id="odd",
        instrument=Instrument.INVESTMENT_PROHIBITION,
        imposed_by="CHN",
        flow=Flow.OUTWARD_INVESTMENT,
        scope=Scope(sectors=("J61",)),
        effect=Effect(text="about outward investment"),
        valid=Interval(date(2022, 1, 1)),
        act="fdi-list-2024",
    )
    more = replace(BOOK, measures=MappingProxyType({**BOOK.measures, "odd": odd}))
    assert ask(activity, zone, on, stake, more) == ask(activity, zone, on, stake)
