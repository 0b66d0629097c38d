"""Security review runs beside admission."""

from __future__ import annotations

from datetime import date

import pytest

from openward.book import load
from openward.book.model import Book
from openward.determine import review
from openward.determine.decision import Fact, Question, Verdict
from openward.determine.investment import decide


@pytest.fixture(scope="module")
def book() -> Book:
    return load("chn")


def question(sector: str = "C29", on: str = "2025-06-01", **facts: Fact) -> Question:
    return Question("inward-investment", date.fromisoformat(on), sector=sector, zone="none", facts=facts)


AWAY: dict[str, Fact] = {"military_field": False, "near_military_site": False}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, Verdict.UNRESOLVED),
        ({"military_field": True}, Verdict.REVIEW),
        ({"near_military_site": True, "stake": "1 %"}, Verdict.REVIEW),
        (AWAY, Verdict.UNRESOLVED),
        ({**AWAY, "important_for_security": True, "stake": "50 %"}, Verdict.REVIEW),
        ({**AWAY, "important_for_security": True, "stake": "49 %"}, Verdict.UNRESOLVED),
        ({**AWAY, "important_for_security": True, "actual_control": False}, Verdict.FREE),
        ({**AWAY, "important_for_security": False}, Verdict.FREE),
    ],
)
def test_either_leg_catches(book: Book, facts: dict[str, Fact], verdict: Verdict) -> None:
    assert review.decide(question(**facts), book).verdict is verdict


def test_the_clock_and_the_authority_are_stated(book: Book) -> None:
    (declare,) = review.decide(question(military_field=True), book).obligations
    assert declare.deadline.startswith("15 working days")
    assert "30" in declare.deadline
    assert "60" in declare.deadline
    assert "National Development and Reform Commission" in declare.authority
    assert declare.citation.endswith("unverified")


def test_both_outcomes_of_a_missing_fact(book: Book) -> None:
    found = {u.fact: u for u in review.decide(question("D", stake="30 %"), book).unresolved}
    assert set(found) == {"military_field", "near_military_site", "important_for_security", "actual_control"}
    assert found["military_field"].if_true == "declare before investing"
    assert found["actual_control"].if_false == "this leg does not catch it"


def test_it_does_not_change_the_verdict_of_admission_but_for_free(book: Book) -> None:
    caught: dict[str, Fact] = {**AWAY, "important_for_security": True}
    assert decide(question("C29", stake="60 %", **caught), book).verdict is Verdict.REVIEW
    telecom: dict[str, Fact] = {"activity": "value-added-telecom", "within_wto_commitment": True}
    capped = decide(question("J61", stake="50 %", **telecom, **caught), book)
    assert capped.verdict is Verdict.CAPPED
    assert "must be declared" in capped.sentence
    open_question = decide(question("C29", stake="60 %"), book)
    assert open_question.verdict is Verdict.FREE
    assert "not resolved" in open_question.sentence


def test_before_the_measures_nothing_is_said(book: Book) -> None:
    decision = review.decide(question(on="2021-01-17"), book)
    assert decision.trace == ()
    assert decision.notes == ("the book holds no rules of security review for this day",)
