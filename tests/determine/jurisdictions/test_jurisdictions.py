"""One transaction under several laws: side by side, and what no conduct meets together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openward.book import load
from openward.codes.terms import Status
from openward.determine.decision import Decision, Fact, Law, Question, Verdict
from openward.determine.jurisdictions import (
    Jurisdiction,
    blocking_rules,
    decide_all,
    incompatible,
    jurisdictions_of,
)
from openward.determine.kleene import Truth
from openward.errors import MissingDataError

ON = date(2025, 6, 1)


def chip(**facts: Fact) -> Question:
    """Ask about a controlled chip, sent on from Singapore to China."""
    return Question(
        "export", ON, importer="CHN", shipped_from="SGP", hs="854231", facts={"eccn": "3A001.b.2", **facts}
    )


def fixed(economy: str, verdict: Verdict) -> Jurisdiction:
    """Give a law that always answers the same."""

    def decide(question: Question) -> Decision:
        return Decision(
            question, verdict, f"{economy} says {verdict.value}.", Law(economy.lower(), question.on)
        )

    return Jurisdiction(economy, "export", decide)


def test_every_law_answers_in_order_and_none_is_merged() -> None:
    decisions = decide_all(chip(), [load("chn"), load("usa"), load("gbr")])
    assert [d.law.book for d in decisions] == ["chn", "usa", "gbr"]
    assert [d.notes[0] for d in decisions] == [
        "law of CHN: import",
        "law of USA: re-export",
        "law of GBR: re-export",
    ]
    assert decisions[1].verdict is Verdict.LICENCE
    assert decisions[2].verdict is Verdict.UNRESOLVED
    assert "could not be asked" in decisions[2].sentence


def test_a_re_export_control_against_a_blocking_rule() -> None:
    decisions = decide_all(chip(discriminatory_restriction=True), [load("chn"), load("usa")])
    found = incompatible(decisions)
    certain = [one.rule.id for one in found if one.truth is Truth.TRUE]
    assert certain == ["chn-anti-foreign-sanctions-12", "chn-anti-foreign-sanctions-provisions-17"]
    first = found[0]
    assert first.economy == "USA"
    assert first.rule.status is Status.OFFICIAL
    assert first.missing == ()
    for part in ("A licence is needed for 3A001.b.2", "反外国制裁法", "articles 3 and 12"):
        assert part in first.sentence
    assert first.as_dict()["laws"] == ["USA", "CHN"]


def test_a_fact_not_given_leaves_it_possible_and_names_it() -> None:
    found = incompatible(decide_all(chip(), [load("chn"), load("usa")]))
    assert {one.truth for one in found} == {Truth.UNKNOWN}
    assert {u.fact for one in found for u in one.missing} == {
        "discriminatory_restriction",
        "prohibition_order_issued",
        "information_endangers_security",
    }
    assert all(one.sentence.startswith("Possibly: ") for one in found)


def test_a_fact_that_fails_takes_it_away() -> None:
    facts: dict[str, Fact] = {
        "discriminatory_restriction": False,
        "prohibition_order_issued": False,
        "information_endangers_security": False,
    }
    assert incompatible(decide_all(chip(**facts), [load("chn"), load("usa")])) == ()


@pytest.mark.parametrize(
    ("verdict", "count"),
    [
        (Verdict.FREE, 0),
        (Verdict.PAY, 0),
        (Verdict.LICENCE, 4),
        (Verdict.PROHIBITED, 3),
        (Verdict.UNRESOLVED, 4),
    ],
)
def test_only_what_restricts_can_clash(verdict: Verdict, count: int) -> None:
    found = incompatible(decide_all(chip(), [fixed("USA", verdict), fixed("CHN", Verdict.FREE)]))
    assert len(found) == count


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        (date(2020, 1, 1), set()),
        (date(2020, 12, 1), {"chn-export-control-32"}),
        (
            date(2021, 6, 10),
            {"chn-export-control-32", "chn-blocking-rules-2021", "chn-anti-foreign-sanctions-12"},
        ),
        (
            date(2025, 3, 22),
            {"chn-export-control-32", "chn-blocking-rules-2021", "chn-anti-foreign-sanctions-12"},
        ),
    ],
)
def test_rules_are_dated(on: date, rules: set[str]) -> None:
    found = incompatible(decide_all(replace(chip(), on=on), [fixed("USA", Verdict.LICENCE)]))
    assert {one.rule.id for one in found} == rules


def test_a_law_does_not_block_itself() -> None:
    found = incompatible(decide_all(chip(), [fixed("CHN", Verdict.PROHIBITED)]))
    assert all(one.rule.law != "CHN" for one in found)


def test_those_protected_must_be_touched() -> None:
    away = replace(chip(), importer="VNM")
    laws = [fixed("USA", Verdict.LICENCE)]
    assert incompatible(decide_all(away, laws)) == ()
    named = replace(away, parties=("Some Company",))
    facts = {u.fact for one in incompatible(decide_all(named, laws)) for u in one.missing}
    assert {"chn_party", "eu27_party"} <= facts
    told = replace(named, facts={**named.facts, "chn_party": True, "eu27_party": False})
    found = incompatible(decide_all(told, laws))
    assert {one.rule.law for one in found} == {"CHN"}
    assert "chn_party" not in {u.fact for one in found for u in one.missing}


def test_a_member_of_the_union_is_protected_by_its_statute() -> None:
    german = replace(chip(listed_in_blocking_annex=True), importer="DEU")
    (one,) = incompatible(decide_all(german, [fixed("USA", Verdict.PROHIBITED)]))
    assert (one.rule.id, one.truth, one.rule.status) == ("eu-blocking-statute", Truth.TRUE, Status.UNVERIFIED)
    assert "unverified" in one.sentence


def test_a_boycott_rule_needs_a_party() -> None:
    laws = [fixed("CHN", Verdict.PROHIBITED)]
    assert incompatible(decide_all(replace(chip(), importer="USA"), laws)) == ()
    named = replace(chip(), importer="USA", parties=("Some Company",))
    assert [one.rule.id for one in incompatible(decide_all(named, laws))] == ["usa-antiboycott"]


@pytest.mark.parametrize(
    ("shipped_from", "importer", "parts"),
    [
        ("CHN", "USA", ["export"]),
        ("USA", "CHN", ["import"]),
        ("SGP", "VNM", ["re-export"]),
        ("CHN", "CHN", ["export", "import"]),
    ],
)
def test_which_part_of_a_law_is_asked(shipped_from: str, importer: str, parts: list[str]) -> None:
    question = replace(chip(), shipped_from=shipped_from, importer=importer)
    assert [one.part for one in jurisdictions_of(question, load("chn"))] == parts


def test_investment_and_services_go_through_the_same_door() -> None:
    invest = Question("inward-investment", ON, sector="R", zone="none", facts={"activity": "film"})
    (decision,) = decide_all(invest, [load("chn")])
    assert decision.verdict is Verdict.PROHIBITED
    serve = Question("services-mode-1", ON, sector="K", zone="none")
    (decision,) = decide_all(serve, [load("chn")])
    assert decision.notes[0] == "law of CHN: services"


def test_a_law_that_fails_is_not_left_out() -> None:
    def refuse(question: Question) -> Decision:
        raise MissingDataError("no list at hand", hint="bring one")

    (decision,) = decide_all(chip(), [Jurisdiction("JPN", "export", refuse)])
    assert decision.verdict is Verdict.UNRESOLVED
    assert decision.unresolved[0].fact == "bring one"
    assert incompatible([decision]) == ()


def test_rules_cite_acts_that_the_book_holds() -> None:
    book = load("chn")
    for rule in blocking_rules():
        assert rule.citation
        assert rule.law != "CHN" or rule.act in book.acts
        if rule.status is Status.OFFICIAL:
            assert book.acts[rule.act].status is Status.OFFICIAL
