"""Foreign investment: stake against cap, edition against edition, zone against zone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from openward.book import load
from openward.book.model import Book
from openward.determine.decision import Decision, Fact, Question, Verdict
from openward.determine.investment import decide
from openward.errors import InputError, UnknownCodeError, UsageError

CLEAR: dict[str, Fact] = {
    "military_field": False,
    "near_military_site": False,
    "important_for_security": False,
}


@pytest.fixture(scope="module")
def book() -> Book:
    return load("chn")


def ask(book: Book, sector: str = "", zone: str = "", on: str = "2025-06-01", **facts: Fact) -> Decision:
    question = Question(
        "inward-investment", date.fromisoformat(on), sector=sector, zone=zone, facts={**CLEAR, **facts}
    )
    return decide(question, book)


TELECOM: dict[str, Fact] = {"activity": "value-added-telecom", "within_wto_commitment": True}


@pytest.mark.parametrize(
    ("stake", "verdict"),
    [
        ("49 %", Verdict.CAPPED),
        ("50 %", Verdict.CAPPED),
        ("50.01 %", Verdict.PROHIBITED),
        ("100 %", Verdict.PROHIBITED),
    ],
)
def test_a_stake_is_held_against_the_cap(book: Book, stake: str, verdict: Verdict) -> None:
    decision = ask(book, "J61", "none", stake=stake, **TELECOM)
    assert decision.verdict is verdict
    assert decision.unresolved == ()
    assert "chn-fdi-2024-telecom-value-added" in decision.unverified


def test_a_stake_not_given_is_unresolved_with_both_outcomes(book: Book) -> None:
    decision = ask(book, "J61", "none", **TELECOM)
    assert decision.verdict is Verdict.UNRESOLVED
    (stake,) = [u for u in decision.unresolved if u.fact.startswith("stake")]
    assert stake.fact == "stake <= 50 %"
    assert (stake.if_true.split(",")[0], stake.if_false) == (
        "admitted within the limits of the list",
        "not admitted",
    )


def test_the_activity_decides_where_items_point_at_the_sector(book: Book) -> None:
    decision = ask(book, "J61", "none")
    assert decision.verdict is Verdict.UNRESOLVED
    asked = [u.fact for u in decision.unresolved if u.fact.startswith("activity")]
    assert asked == [
        "activity == 'basic-telecom'",
        "activity == 'value-added-telecom'",
        "activity == 'broadcasting'",
    ]
    assert ask(book, "J61", "none", activity="other").verdict is Verdict.FREE


def test_control_is_asked_where_shares_leave_it_open(book: Book) -> None:
    asked: dict[str, Fact] = {"activity": "nuclear-power"}
    assert ask(book, "D", "none", stake="40 %", **asked).verdict is Verdict.CAPPED
    assert ask(book, "D", "none", stake="60 %", **asked).verdict is Verdict.PROHIBITED
    half = ask(book, "D", "none", stake="50 %", **asked)
    assert half.verdict is Verdict.UNRESOLVED
    assert [u.fact for u in half.unresolved] == ["chinese_control"]
    assert ask(book, "D", "none", stake="50 %", chinese_control=True, **asked).verdict is Verdict.CAPPED


def test_the_most_restrictive_item_of_an_edition_decides(book: Book) -> None:
    asked: dict[str, Fact] = {"activity": "public-air-transport", "legal_representative_chinese": True}
    both = ask(book, "H51", "none", stake="40 %", largest_foreign_stake="25 %", **asked)
    assert both.verdict is Verdict.CAPPED
    assert (
        ask(book, "H51", "none", stake="40 %", largest_foreign_stake="26 %", **asked).verdict
        is Verdict.PROHIBITED
    )
    assert ask(book, "H51", "none", stake="40 %", **asked).verdict is Verdict.UNRESOLVED


@pytest.mark.parametrize(
    ("zone", "on", "verdict", "edition"),
    [
        ("none", "2024-10-31", Verdict.PROHIBITED, "chn-fdi-list-2021"),
        ("shanghai", "2024-10-31", Verdict.FREE, "chn-fdi-list-2021-zones"),
        ("none", "2024-11-01", Verdict.FREE, "chn-fdi-list-2024"),
        ("shanghai", "2024-11-01", Verdict.FREE, "chn-fdi-list-2024"),
        ("", "2024-10-31", Verdict.UNRESOLVED, ""),
    ],
)
def test_the_most_favorable_edition_is_relied_on(
    book: Book, zone: str, on: str, verdict: Verdict, edition: str
) -> None:
    decision = ask(book, "C17_18", zone, on, activity="publication-printing", stake="100 %")
    assert decision.verdict is verdict
    if verdict is Verdict.FREE:
        assert edition in decision.sentence
    if not zone:
        assert any(u.fact.startswith("zone in (") and u.if_true == "free" for u in decision.unresolved)


def test_the_loser_is_named_with_its_reason(book: Book) -> None:
    decision = ask(book, "R", "shanghai", activity="performing-troupe", stake="40 %")
    assert decision.verdict is Verdict.CAPPED
    assert [w.measure for w in decision.why_not] == ["chn-fdi-list-2024"]
    assert any("Foreign Investment Law 4 and 13" in step.rule for step in decision.trace)


@pytest.mark.parametrize(
    ("zone", "on", "verdict"),
    [
        ("beijing", "2025-06-01", Verdict.FREE),
        ("beijing", "2024-09-06", Verdict.PROHIBITED),
        ("tianjin", "2025-06-01", Verdict.PROHIBITED),
        ("none", "2025-06-01", Verdict.PROHIBITED),
        ("hainan", "2025-06-01", Verdict.FREE),
    ],
)
def test_gene_work_is_open_in_four_places(book: Book, zone: str, on: str, verdict: Verdict) -> None:
    assert ask(book, "M", zone, on, activity="stem-cell-and-gene", stake="100 %").verdict is verdict


def test_wholly_owned_hospitals_are_open_in_nine_places(book: Book) -> None:
    hospital: dict[str, Fact] = {"activity": "medical-institution", "stake": "100 %"}
    plain: dict[str, Fact] = {
        "hospital": True,
        "traditional_chinese_medicine": False,
        "acquires_public_hospital": False,
    }
    assert ask(book, "Q", "nanjing", **hospital, **plain).verdict is Verdict.FREE
    assert ask(book, "Q", "none", **hospital, **plain).verdict is Verdict.PROHIBITED
    assert ask(book, "Q", "none", **{**hospital, "stake": "70 %"}).verdict is Verdict.CAPPED
    assert ask(book, "Q", "nanjing", **hospital).verdict is Verdict.UNRESOLVED
    bought = {**plain, "acquires_public_hospital": True}
    assert ask(book, "Q", "nanjing", **hospital, **bought).verdict is Verdict.PROHIBITED
    opened = [m for m in book.measures.values() if m.id.startswith("chn-fdi-opening-hospital")]
    assert len(opened) == 9


def test_other_ways_are_offered(book: Book) -> None:
    decision = ask(book, "M", "none", activity="stem-cell-and-gene")
    assert [o.requires for o in decision.options] == [("zone in (beijing, guangdong, hainan, shanghai)",)]


@pytest.mark.parametrize(
    ("zone", "edition"), [("none", "fdi-list-2020"), ("shanghai", "fdi-list-2020-zones")]
)
def test_editions_known_by_their_count_answer_unresolved(book: Book, zone: str, edition: str) -> None:
    decision = ask(book, "C29", zone, "2021-03-01", stake="100 %", activity="other")
    assert decision.verdict is Verdict.UNRESOLVED
    assert "not in the book" in decision.sentence
    assert decision.unresolved[0].fact.startswith("listed in fdi-list-2020")
    assert edition in " ".join(step.input.replace("chn-", "") for step in decision.trace)


def test_the_hainan_list_could_be_better(book: Book) -> None:
    decision = ask(book, "R", "hainan", activity="film")
    assert decision.verdict is Verdict.UNRESOLVED
    assert decision.unresolved[0].fact == "listed in fdi-list-2020-hainan"
    assert "27 items" in decision.unresolved[0].why


def test_before_the_lists_nothing_is_guessed(book: Book) -> None:
    decision = ask(book, "C29", "none", "2012-06-01", stake="100 %")
    assert decision.verdict is Verdict.UNRESOLVED
    assert "2013-10-01" in decision.sentence


@pytest.mark.parametrize(
    ("investor", "verdict", "treaties"),
    [
        ("USA", Verdict.PROHIBITED, []),
        ("HKG", Verdict.UNRESOLVED, ["treaty_terms_better under CEPA-HKG"]),
        ("KOR", Verdict.UNRESOLVED, ["treaty_terms_better under CHN-KOR", "treaty_terms_better under RCEP"]),
    ],
)
def test_a_treaty_may_give_more(book: Book, investor: str, verdict: Verdict, treaties: list[str]) -> None:
    decision = ask(book, "R", "none", activity="film", investor=investor)
    assert decision.verdict is verdict
    assert [u.fact for u in decision.unresolved if u.fact.startswith("treaty")] == treaties


def test_laws_of_single_sectors_are_obligations(book: Book) -> None:
    telecom = ask(book, "J61", "none", stake="40 %", **TELECOM)
    first = telecom.obligations[0]
    assert first.deadline.startswith("90 days")
    assert "第333号" in first.citation
    assert "11" in first.citation
    assert "article 34" in telecom.obligations[1].citation
    insurance = ask(book, "K", "none", activity="insurance", stake="100 %")
    assert insurance.verdict is Verdict.FREE
    assert "60 days to decide" in insurance.obligations[0].deadline
    bank = ask(book, "K", "none", stake="100 %")
    assert {o.what.split(":")[0] for o in bank.obligations if o.measure} == {
        "if activity == 'insurance'",
        "if activity == 'bank'",
    }


def test_gbt_and_isic_name_the_same_sector(book: Book) -> None:
    sectors = ("J61", "ISIC:61")
    found = {ask(book, s, "none", **{**TELECOM, "stake": "60 %"}).verdict for s in sectors}
    assert found == {Verdict.PROHIBITED}
    assert ask(book, "GBT:36", "none", stake="100 %").verdict is Verdict.FREE


def test_a_sector_that_no_item_points_at_is_said(book: Book) -> None:
    decision = ask(book, "C29", "none", activity="film")
    assert decision.verdict is Verdict.PROHIBITED
    assert any("point at J58T60" in note for note in decision.notes)


def test_the_list_for_all_investors_is_named(book: Book) -> None:
    assert any("106 items for all investors" in note for note in ask(book, "C29", "none").notes)


def test_the_decision_is_json(book: Book) -> None:
    document = ask(book, "J61").as_dict()
    assert document["schema"] == "openward.decision/1"
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({}, UsageError),
        ({"sector": "X99"}, UnknownCodeError),
        ({"sector": "J61", "zone": "atlantis"}, UnknownCodeError),
        ({"activity": "value-aded-telecom"}, UnknownCodeError),
        ({"sector": "J61", "investor": "XXX"}, UnknownCodeError),
        ({"sector": "J61", "investor": "CHN"}, InputError),
        ({"sector": "J61", "on": "2001-01-01"}, InputError),
        ({"sector": "J61", "stake": "150 %"}, InputError),
    ],
)
def test_bad_questions_are_refused(book: Book, facts: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(book, **facts)


def test_a_list_not_at_hand_keeps_an_unknown_zone_open(book: Book) -> None:
    decision = ask(book, "R", activity="film")
    assert decision.verdict is Verdict.UNRESOLVED
    (zone,) = [u for u in decision.unresolved if u.fact.startswith("zone")]
    assert zone.fact == "zone in (hainan)"
    assert zone.if_true.startswith("not known: the items of chn-fdi-list-2020-hainan")


def test_every_place_with_an_opening_is_named(book: Book) -> None:
    decision = ask(book, "Q", activity="medical-institution", stake="100 %")
    places = next(u.fact for u in decision.unresolved if u.fact.startswith("zone"))
    named = "beijing, fuzhou, guangzhou, hainan, nanjing, shanghai, shenzhen, suzhou, tianjin"
    assert places == f"zone in ({named})"


def test_what_was_recorded_later_is_not_known(book: Book) -> None:
    item = replace(book.measures["chn-fdi-2024-film"], recorded=date(2025, 3, 1))
    later = replace(book, measures=MappingProxyType({**book.measures, item.id: item}))
    question = Question(
        "inward-investment", date(2025, 6, 1), zone="none", facts={**CLEAR, "activity": "film"}
    )
    before = decide(question, later, known_at=date(2025, 2, 1))
    assert before.verdict is Verdict.FREE
    assert before.law.known_at == date(2025, 2, 1)
    assert decide(question, later, known_at=date(2025, 3, 1)).verdict is Verdict.PROHIBITED
