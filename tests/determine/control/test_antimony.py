"""Antimony oxide to the United States, day by day: the row of law that every part of the engine meets in."""

from __future__ import annotations

from datetime import date

import pytest

from openward.book import load
from openward.determine.control.export import decide_export
from openward.determine.decision import Decision, Fact, Question, Verdict

BOOK = load("chn")
PURE: dict[str, Fact] = {"purity": "99.99 %"}


def ask(on: str, **facts: Fact) -> Decision:
    return decide_export(
        BOOK,
        Question(flow="export", on=date.fromisoformat(on), importer="USA", hs="28258000", facts=facts),
    )


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ("2024-09-14", Verdict.FREE),
        ("2024-09-15", Verdict.LICENCE),
        ("2024-12-02", Verdict.LICENCE),
        ("2024-12-04", Verdict.REFUSED),
        ("2025-11-08", Verdict.REFUSED),
        ("2025-11-10", Verdict.LICENCE),
        ("2026-11-27", Verdict.LICENCE),
        ("2026-11-28", Verdict.UNRESOLVED),
    ],
)
def test_the_verdict_of_each_day(on: str, verdict: Verdict) -> None:
    assert ask(on, **PURE).verdict is verdict


def test_after_the_suspension_renewal_is_not_known_and_both_outcomes_stand() -> None:
    decision = ask("2026-11-28", **PURE)
    doubt = decision.unresolved[0]
    assert "renewal" in doubt.fact
    assert "renewal not known" in doubt.why
    assert "2026-11-27" in doubt.why
    assert doubt.if_true == "licence needed"
    assert doubt.if_false == "licence needed and in principle not granted"


@pytest.mark.parametrize(
    ("on", "caught"),
    [
        ("2024-09-15", "licence needed"),
        ("2024-12-04", "licence needed and in principle not granted"),
        ("2025-11-10", "licence needed"),
        ("2026-11-28", "licence needed, or licence needed and in principle not granted"),
    ],
)
def test_without_purity_the_parameter_is_named_with_both_outcomes(on: str, caught: str) -> None:
    decision = ask(on)
    assert decision.verdict is Verdict.UNRESOLVED
    doubt = decision.unresolved[0]
    assert doubt.fact == "purity >= 99.99 %"
    assert (doubt.if_true, doubt.if_false) == (caught, "not caught")


def test_below_the_purity_of_the_text_nothing_is_caught_and_why_is_said() -> None:
    decision = ask("2025-11-10", purity="99.9 %")
    assert decision.verdict is Verdict.FREE
    assert any("purity" in loser.reason for loser in decision.why_not)


def test_before_the_announcement_purity_does_not_matter() -> None:
    assert ask("2024-09-14").verdict is Verdict.FREE


def test_military_use_is_prohibited_even_while_the_second_item_is_suspended() -> None:
    assert ask("2025-11-10", **PURE, end_use="military").verdict is Verdict.PROHIBITED
    assert ask("2025-11-10", **PURE, end_use="civil", military_user=False).verdict is Verdict.LICENCE


def test_what_is_not_said_of_use_is_named_beside_the_verdict() -> None:
    decision = ask("2025-11-10", **PURE)
    doubt = next(one for one in decision.unresolved if "military_user" in one.fact)
    assert (doubt.if_true, doubt.if_false) == ("prohibited", "licence needed")


def test_another_destination_needs_only_the_licence() -> None:
    question = Question(flow="export", on=date(2024, 12, 4), importer="DEU", hs="2825800010", facts=PURE)
    assert decide_export(BOOK, question).verdict is Verdict.LICENCE


def test_the_licence_names_authority_and_clock() -> None:
    first = ask("2025-11-10", **PURE).obligations[0]
    assert "Ministry of Commerce" in first.authority
    assert first.deadline.startswith("45 working days")
    assert "17" in first.citation
    before = ask("2024-09-15", **PURE).obligations[0]
    assert "45" not in before.deadline


def test_unverified_law_is_named() -> None:
    assert "chn-ec-2024-46-2" in ask("2024-12-04", **PURE).unverified
