"""Services from abroad, by mode of supply."""

from __future__ import annotations

from datetime import date

import pytest

from openward.book import load
from openward.book.model import Book
from openward.determine.decision import Decision, Fact, Question, Verdict
from openward.determine.services import decide
from openward.errors import InputError, UnknownCodeError


@pytest.fixture(scope="module")
def book() -> Book:
    return load("chn")


def ask(
    book: Book, mode: int = 1, zone: str = "", on: str = "2025-06-01", sector: str = "K", **facts: Fact
) -> Decision:
    flow = f"services-mode-{mode}"
    return decide(Question(flow, date.fromisoformat(on), sector=sector, zone=zone, facts=facts), book)


@pytest.mark.parametrize("mode", [1, 2, 4])
def test_items_are_a_fact_that_is_missing(book: Book, mode: int) -> None:
    decision = ask(book, mode)
    assert decision.verdict is Verdict.UNRESOLVED
    assert "71 items nationwide" in decision.sentence
    assert "68 items pilot-zones" in decision.sentence
    assert "70 items hainan" in decision.sentence
    assert {u.fact for u in decision.unresolved} == {
        "listed_national",
        "listed_zones (in pilot-zones)",
        "listed_hainan (in hainan)",
    }
    assert all(u.if_true.startswith("prohibited or conditioned") for u in decision.unresolved)


@pytest.mark.parametrize(
    ("zone", "facts", "verdict"),
    [
        ("none", {"listed_national": False}, Verdict.FREE),
        ("none", {"listed_national": True}, Verdict.UNRESOLVED),
        ("shanghai", {"listed_national": True, "listed_zones": False}, Verdict.FREE),
        ("shanghai", {"listed_national": True}, Verdict.UNRESOLVED),
        ("nanjing", {"listed_national": True, "listed_zones": False}, Verdict.UNRESOLVED),
        ("hainan", {"listed_national": True, "listed_zones": True, "listed_hainan": False}, Verdict.FREE),
        ("", {"listed_national": True, "listed_zones": False}, Verdict.UNRESOLVED),
        ("", {"listed_national": False}, Verdict.FREE),
    ],
)
def test_the_most_favorable_list_is_relied_on(
    book: Book, zone: str, facts: dict[str, Fact], verdict: Verdict
) -> None:
    assert ask(book, zone=zone, **facts).verdict is verdict


def test_a_listed_service_turns_on_the_text_of_its_item(book: Book) -> None:
    (item,) = ask(book, zone="none", listed_national=True).unresolved
    assert item.fact == "the text of the item in cbs-list-2024"


def test_mode_3_is_an_investment(book: Book) -> None:
    decision = ask(book, 3, "none", sector="J61", activity="value-added-telecom", stake="60 %")
    assert decision.verdict is Verdict.PROHIBITED
    assert decision.question.flow == "services-mode-3"
    assert "mode 3 is an investment" in decision.notes[0]


def test_commitments_not_at_hand_are_said(book: Book) -> None:
    for mode in (1, 2, 3, 4):
        assert any("not at hand" in note and "most-favored" in note for note in ask(book, mode, "none").notes)


def test_before_the_lists_there_is_none(book: Book) -> None:
    decision = ask(book, zone="none", on="2024-04-20")
    assert decision.verdict is Verdict.UNRESOLVED
    assert "no list" in decision.sentence
    assert ask(book, zone="hainan", on="2024-04-20").trace[0].measure == "chn-cbs-list-2021-hainan"


def test_a_gateway_is_needed_across_the_border_only(book: Book) -> None:
    facts: dict[str, Fact] = {"foreign_invested_telecom_company": True}
    across = ask(book, 1, "none", sector="J61", **facts)
    assert "international gateway" in across.obligations[0].what
    assert ask(book, 2, "none", sector="J61", **facts).obligations == ()
    assert ask(book, 1, "none", sector="J61").obligations[0].what.startswith("if foreign_invested")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"sector": "C29"}, InputError),
        ({"sector": "XX"}, UnknownCodeError),
        ({"zone": "atlantis"}, UnknownCodeError),
        ({"mode": 5}, UnknownCodeError),
        ({"on": "2000-01-01"}, InputError),
        ({"listed_national": "perhaps"}, InputError),
    ],
)
def test_bad_questions_are_refused(book: Book, asked: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(book, **asked)  # type: ignore[arg-type]
