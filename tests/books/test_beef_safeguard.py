"""A tariff-rate safeguard with country quotas and a trigger date: beef, 2026-2028."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from openward.book import load
from openward.book.model import Book
from openward.codes.terms import Status
from openward.determine.decision import Decision, Question, Verdict
from openward.determine.goods import decide

BRAZIL = "CHN-BEEF-BRA"
FILLED = date(2026, 7, 15)


@pytest.fixture(scope="module")
def law() -> Book:
    return load("chn")


def recorded(law: Book, number: str, **facts: object) -> Book:
    """Give the book with a fact recorded in the period of 2026 of a quota."""
    quota = law.quotas[number]
    periods = tuple(replace(p, **facts) if FILLED in p.valid else p for p in quota.periods)  # type: ignore[arg-type]
    return replace(law, quotas=MappingProxyType({**law.quotas, number: replace(quota, periods=periods)}))


def ask(law: Book, on: date, origin: str = "BRA", hs: str = "02023000", **more: object) -> Decision:
    return decide(Question("import", on, importer="CHN", origin=origin, hs=hs, **more), law)  # type: ignore[arg-type]


def rate(decision: Decision) -> Decimal:
    return sum((line.rate for line in decision.duty if line.rate is not None), Decimal(0))


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        (date(2025, 12, 31), "0.12"),  # before the safeguard
        (date(2026, 7, 14), "0.12"),  # before the fill
        (date(2026, 7, 15), "0.12"),  # on the day of the fill
        (date(2026, 7, 17), "0.12"),  # second day after it
        (date(2026, 7, 18), "0.67"),  # third day after it
        (date(2026, 12, 31), "0.67"),
    ],
)
def test_before_on_and_after_the_fill(law: Book, on: date, percent: str) -> None:
    decision = ask(recorded(law, BRAZIL, filled_on=FILLED), on)
    assert decision.verdict is Verdict.PAY
    assert rate(decision) == Decimal(percent)
    assert not decision.unresolved


def test_the_next_year_begins_with_a_new_quota(law: Book) -> None:
    decision = ask(recorded(law, BRAZIL, filled_on=FILLED), date(2027, 1, 1))
    assert decision.verdict is Verdict.UNRESOLVED
    assert [u.fact for u in decision.unresolved] == [f"in_quota:{BRAZIL}"]


def test_where_the_fill_is_not_known_both_outcomes_are_said(law: Book) -> None:
    decision = ask(law, date(2026, 7, 18))
    (open_fact,) = decision.unresolved
    assert open_fact.fact == f"in_quota:{BRAZIL}"
    assert open_fact.if_true.startswith("12 %")
    assert open_fact.if_false.startswith("67 %")
    assert "chn-beef-safeguard-bra" in decision.unverified


def test_the_question_can_say_it(law: Book) -> None:
    for inside, percent in ((True, "0.12"), (False, "0.67")):
        decision = ask(law, date(2026, 7, 18), facts=MappingProxyType({"in_quota": inside}))
        assert rate(decision) == Decimal(percent)


def test_one_country_filled_leaves_the_others(law: Book) -> None:
    full = recorded(law, BRAZIL, filled_on=FILLED)
    full = recorded(full, "CHN-BEEF-ARG", balance=Decimal(9_000_000))
    inside = ask(full, date(2026, 8, 1), "ARG", quantity=Decimal(20_000), unit="KGM")
    assert rate(inside) == Decimal("0.12")
    assert not inside.unresolved


def test_developing_members_left_out_are_a_fact(law: Book) -> None:
    full = recorded(law, "CHN-BEEF-OTHER", filled_on=FILLED)
    decision = ask(full, date(2026, 8, 1), "NAM")
    assert any("excluded_developing_member" in u.fact for u in decision.unresolved)
    left_out = ask(
        full, date(2026, 8, 1), "NAM", facts=MappingProxyType({"excluded_developing_member": True})
    )
    assert not any(line.measure.startswith("chn-beef-safeguard") for line in left_out.duty)
    caught = ask(full, date(2026, 8, 1), "NAM", facts=MappingProxyType({"excluded_developing_member": False}))
    assert any(line.measure == "chn-beef-safeguard-other" for line in caught.duty)


def test_the_safeguard_of_the_agreement_is_suspended_meanwhile(law: Book) -> None:
    trigger = {"agreement_trigger_passed": True, "originating": True, "in_quota": True}
    trigger["covered:chn-fta-aus"] = True
    facts = MappingProxyType(trigger)
    name = "chn-beef-agreement-safeguard-aus-12"
    before = ask(law, date(2025, 12, 31), "AUS", facts=facts)
    during = ask(law, date(2026, 7, 18), "AUS", facts=facts)
    after = ask(law, date(2029, 1, 1), "AUS", facts=facts)
    assert [rate(before), rate(during)] == [Decimal("0.12"), Decimal(0)]
    assert not any(name in line.measure for line in during.duty)
    assert any(name in u.fact for u in after.unresolved), "whether it came back is not known"


def test_volumes_add_up_and_nothing_is_official(law: Book) -> None:
    beef = [q for number, q in law.quotas.items() if number.startswith("CHN-BEEF-")]
    assert {q.status for q in beef} == {Status.UNVERIFIED}
    totals = [sum(q.periods[k].volume for q in beef) for k in range(3)]
    assert totals == [2_688_000_000, 2_742_000_000, 2_797_000_000]
    assert all(p.balance is None and p.filled_on is None for q in beef for p in q.periods)


def test_other_goods_and_later_years_do_not_know_it(law: Book) -> None:
    for decision in (ask(law, date(2026, 7, 18), hs="02031100"), ask(law, date(2029, 1, 1))):
        assert not any("beef-safeguard" in line.measure for line in decision.duty)
