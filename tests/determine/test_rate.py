"""What the interpreter answers, and how it says so."""

from __future__ import annotations

import json
from datetime import date

import pytest

from openward.codes.terms import Status
from openward.determine.answer import AppliedRate
from openward.determine.rate import applied_rate
from openward.errors import InputError, IntegrityError, UnknownCodeError
from small_books import DAYS, LINES, book, measure, mfn_for_all

EARLY, LATE = DAYS[1], DAYS[4]


def ask(*measures: object, partner: str | None = "JPN", sector: str = "C29", on: date = LATE) -> AppliedRate:
    return applied_rate(book(*measures), importer="CHN", partner=partner, sector=sector, on=on)  # type: ignore[arg-type]


def test_line_classes_are_averaged_by_their_shares() -> None:
    free = measure("mfn-free", duty="0 %", sectors=["A01/free"])
    answer = ask(free, measure("mfn-dutiable", duty="12 %", sectors=["A01/dutiable"]), sector="A01")
    assert answer.rate == pytest.approx(0.09)
    assert [(line.code, line.share, line.lines, line.rate) for line in answer.lines] == [
        ("free", 0.25, 10, 0.0),
        ("dutiable", 0.75, 30, 0.12),
    ]
    assert answer.measures == ("mfn-free", "mfn-dutiable")
    assert answer.sentence == "CHN applied 9 % to A01 goods of JPN on 2025-06-01 (the MFN rate)."
    assert answer.trace[-1].citation == "reference"


def test_a_preference_is_named_with_what_it_replaces() -> None:
    zero = measure("zero", "preferential-duty", "0 %", partners=["LDC-CHN"], conditions=[("origin", "rule")])
    answer = ask(measure("mfn"), zero, partner="SEN", on=EARLY)
    assert (
        answer.sentence == "CHN applied 0 % to C29 goods of SEN on 2021-07-01 (The Act), instead of 10 % MFN."
    )
    assert answer.base_rate == pytest.approx(0.1)
    assert [str(step) for step in answer.trace] == [
        "C29: no rate yet -> 10 % by mfn: mfn (regulations, art. 12) [The Act, art. 1]",
        "C29: 10 % -> 0 % by zero: preference (regulations, art. 12) [The Act, art. 1]",
    ]
    assert answer.assumptions == ("goods meet the rules of origin of zero (rule) and claim it",)
    assert [(a.measure, a.reason) for a in answer.alternatives] == [("mfn", "a preference takes its place")]


def test_of_equal_preferences_the_surer_then_the_older_is_cited() -> None:
    old = measure("z-old", "preferential-duty", "0 %")
    new = measure("a-new", "preferential-duty", "0 %", start=DAYS[2])
    unsure = measure("b-unsure", "preferential-duty", "0 %", status=Status.UNVERIFIED)
    answer = ask(measure("mfn"), new, old, unsure)
    assert answer.measures == ("z-old",)
    assert answer.unverified == ()
    assert {a.reason for a in answer.alternatives} == {
        "a preference takes its place",
        "gives the same rate as z-old",
    }


def test_mfn_below_an_agreement_applies_only_under_the_tariff_law() -> None:
    law = (measure("mfn", duty="4 %"), measure("agreed", "preferential-duty", "5 %", partners=["JPN"]))
    assert ask(*law, on=EARLY).rate == pytest.approx(0.05)
    assert ask(*law, on=LATE).rate == pytest.approx(0.04)
    assert ask(*law, on=LATE).measures == ("mfn",)


def test_preferences_without_a_rate_are_named_not_applied() -> None:
    unknown = measure("apta", "preferential-duty", None, partners=["JPN"])
    answer = ask(measure("mfn"), unknown)
    assert answer.rate == pytest.approx(0.1)
    assert [(a.measure, a.rate, a.reason) for a in answer.alternatives] == [
        ("apta", None, "its rate is not in the book")
    ]


def test_additional_duties_come_on_top() -> None:
    added = measure("added", "retaliatory-duty", "25 %", partners=["USA"], status=Status.UNVERIFIED)
    answer = ask(measure("mfn"), added, partner="USA")
    assert answer.rate == pytest.approx(0.35)
    assert answer.unverified == ("added",)
    assert "(the MFN rate, plus additional duty of 25 %), instead of 10 % MFN." in answer.sentence


def test_a_specific_duty_is_not_valued_rather_than_zero() -> None:
    answer = ask(measure("mfn", duty="2 CNY/KGM"))
    assert answer.rate is None
    assert answer.missing == ("mfn: a unit value is needed for '2 CNY/KGM'",)
    assert answer.sentence.endswith("on 2025-06-01: mfn: a unit value is needed for '2 CNY/KGM'.")
    assert ask(measure("mfn"), measure("added", "retaliatory-duty", "2 CNY/KGM")).rate is None


def test_a_missing_base_is_named() -> None:
    answer = ask()
    assert answer.rate is None
    assert answer.missing == ("no MFN duty of CHN on C29 in the book",)


def test_membership_is_read_on_the_day() -> None:
    rcep = measure("rcep", "preferential-duty", "2 %", partners=["RCEP"], conditions=[("membership", "RCEP")])
    before, after = ask(measure("mfn"), rcep, on=EARLY), ask(measure("mfn"), rcep, on=LATE)
    assert (before.rate, after.rate) == (pytest.approx(0.1), pytest.approx(0.02))
    assert "JPN counts as a member of RCEP: unverified" in after.assumptions


def test_what_turns_on_another_fact_is_named() -> None:
    research = measure("research", "provisional-duty", "0 %", end_uses=["research"])
    part = measure("cars", "preferential-duty", "0 %", products=("8703",))
    quota = measure("quota", "tariff-quota", "1 %")
    answer = ask(measure("mfn"), research, part, quota)
    assert answer.rate == pytest.approx(0.1)
    reasons = {a.measure: a.reason for a in answer.alternatives}
    assert reasons["research"] == "it depends on the end use (research)"
    assert reasons["cars"] == "it covers part of C29 only, finer than the line classes of this book"
    assert reasons["quota"] == "no rule in force on 2025-06-01 names its instrument"


def test_a_product_range_that_covers_an_industry_applies() -> None:
    everything = measure("everything", "preferential-duty", "0 %", products=("01-97",))
    assert ask(measure("mfn"), everything).rate == 0.0


def test_unknown_origin_pays_the_general_rate_without_provisional() -> None:
    answer = ask(
        measure("mfn", duty="8 %"),
        measure("provisional", "provisional-duty", "3 %"),
        measure("general", "general-duty", "30 %", exclude=["RCEP"]),
        partner=None,
    )
    assert answer.rate == pytest.approx(0.3)
    assert "unknown origin" in answer.sentence


def test_services_and_domestic_goods_carry_no_duty() -> None:
    assert (
        ask(measure("mfn"), sector="K").sentence
        == "No customs duty falls on services: K is a service industry."
    )
    domestic = ask(measure("mfn"), partner="CHN")
    assert (domestic.rate, domestic.lines) == (0.0, ())
    assert "customs border" in domestic.trace[0].rule


def test_days_outside_the_book() -> None:
    with pytest.raises(InputError, match="before the book") as caught:
        ask(measure("mfn"), on=date(2011, 12, 31))
    assert "2020-01-01" in caught.value.hint
    late = ask(measure("mfn"), on=date(2030, 1, 1))
    assert late.rate == pytest.approx(0.1)
    assert any("recorded up to 2026-01-01" in note for note in late.notes)


def test_unknown_codes_and_broken_books() -> None:
    with pytest.raises(UnknownCodeError, match="JPX"):
        ask(measure("mfn"), partner="JPX")
    with pytest.raises(UnknownCodeError, match="C299"):
        ask(measure("mfn"), sector="C299")
    with pytest.raises(IntegrityError, match="a and b"):
        ask(measure("a"), measure("b"))
    narrower = ask(measure("a"), measure("b", duty="7 %", sectors=["C29"]))
    assert narrower.rate == pytest.approx(0.07)


def test_the_answer_prints_as_text_and_json() -> None:
    answer = ask(*mfn_for_all(), partner="USA", sector="A01")
    document = json.loads(json.dumps(answer.as_dict()))
    assert document["on"] == "2025-06-01"
    assert document["trace"][0]["citation"] == "The Act, art. 1"
    assert len(document["lines"]) == len([line for line in LINES if line.sector == "A01"])
    text = answer.as_text()
    assert text.splitlines()[0] == answer.sentence
    assert "Steps:" in text
