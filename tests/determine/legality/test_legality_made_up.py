"""Reforms made up for one rule each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from openward.book import load
from openward.book.duty import parse
from openward.book.model import Book, Effect, Flow, Instrument, LegalAct, Measure, ProductScope, Scope
from openward.book.reform import Add, Amend, Edit, Join, Reform, Repeal
from openward.codes.terms import Interval
from openward.determine.legality import LegalFinding, Severity, check
from openward.determine.legality.bounds import load_bounds
from openward.determine.legality.change import in_wto
from openward.determine.legality.competence import competent
from openward.determine.legality.finding import texts
from openward.errors import InputErrors

START = date(2026, 1, 1)


@pytest.fixture(scope="module")
def book() -> Book:
    return load("chn")


def measure(
    instrument: Instrument,
    duty: str,
    *,
    partners: tuple[str, ...] = (),
    act: str = "chn-tc-2026",
    products: tuple[str, ...] = ("*",),
    imposed_by: str = "CHN",
    start: date = START,
    sectors: tuple[str, ...] = (),
) -> Measure:
    return Measure(
        id="made-up",
        instrument=instrument,
        imposed_by=imposed_by,
        flow=Flow.IMPORT,
        scope=Scope(ProductScope("HS2022", products), partners=partners, sectors=sectors),
        effect=Effect(parse(duty)),
        valid=Interval(start),
        act=act,
    )


def run(book: Book, *edits: Edit, bounds: Path | None = None) -> tuple[LegalFinding, ...]:
    held = load_bounds(bounds) if bounds is not None else ()
    return check(Reform("made-up", edits), book, bounds=held)


def of(findings: tuple[LegalFinding, ...], rule: str) -> list[LegalFinding]:
    return [one for one in findings if one.rule == rule]


def test_a_preference_for_one_partner_breaks_most_favored_nation(book: Book) -> None:
    (judged,) = of(
        run(book, Add(measure(Instrument.PREFERENTIAL_DUTY, "0 %", partners=("BRA",)))), "most-favored-nation"
    )
    assert judged.severity is Severity.BREACH
    assert judged.texts[0].id == "gatt-i-1"


def test_a_preference_for_a_least_developed_partner_does_not(book: Book) -> None:
    given = measure(Instrument.PREFERENTIAL_DUTY, "0 %", partners=("TZA",))
    (judged,) = of(run(book, Add(given)), "most-favored-nation")
    assert judged.severity is Severity.IN_ORDER


def test_a_preference_by_an_agreement_is_measured_instead(book: Book) -> None:
    act = LegalAct("made-up-fta", "CHN-BRA", "agreement", "A made-up agreement", in_force=START)
    with_act = replace(book, acts={**book.acts, act.id: act})
    given = measure(Instrument.PREFERENTIAL_DUTY, "0 %", partners=("BRA",), act=act.id)
    findings = run(with_act, Add(given))
    assert of(findings, "most-favored-nation") == []
    (judged,) = of(findings, "agreement")
    # One side only: what Brazil takes from China still pays.
    assert judged.severity is Severity.DOUBT
    assert 0.5 < float(judged.figures["free_after_ten_years"]) < 0.9
    assert judged.figures["lines_free_after_ten_years"] == pytest.approx(1)


def test_an_agreement_on_a_part_of_trade_is_in_doubt(book: Book) -> None:
    act = LegalAct("made-up-fta", "CHN-BRA", "agreement", "A made-up agreement", in_force=START)
    with_act = replace(book, acts={**book.acts, act.id: act})
    given = measure(Instrument.PREFERENTIAL_DUTY, "0 %", partners=("BRA",), act=act.id, products=("01-24",))
    (judged,) = of(run(with_act, Add(given)), "agreement")
    assert judged.severity is Severity.DOUBT
    assert float(judged.figures["lines_free_after_ten_years"]) < 0.9


def test_an_agreement_rate_that_ends_breaks_the_agreement(book: Book) -> None:
    agreed = next(
        m
        for m in book.measures.values()
        if m.instrument is Instrument.PREFERENTIAL_DUTY
        and m.imposed_by == "CHN"
        and m.valid.end is None
        and book.acts[m.act].kind == "agreement"
    )
    (judged,) = of(run(book, Repeal(agreed.id.partition("@")[0], START)), "agreement")
    assert judged.severity is Severity.BREACH
    assert judged.texts[0].id == "pacta"


def test_a_programme_that_ends_breaks_nothing(book: Book) -> None:
    findings = run(book, Repeal("chn-ldc100", START))
    assert all(one.severity is not Severity.BREACH for one in findings)


@pytest.mark.parametrize(
    ("instrument", "partners", "severity", "text"),
    [
        (Instrument.RETALIATORY_DUTY, ("AUS",), Severity.BREACH, "gatt-i-1"),
        (Instrument.RETALIATORY_DUTY, (), Severity.BREACH, "gatt-ii-1"),
        (Instrument.SAFEGUARD_DUTY, ("AUS",), Severity.BREACH, "safeguards-2-2"),
        (Instrument.SAFEGUARD_DUTY, (), Severity.DUTY, "gatt-xix"),
        (Instrument.ANTI_DUMPING_DUTY, ("AUS",), Severity.DUTY, "antidumping"),
        (Instrument.COUNTERVAILING_DUTY, ("AUS",), Severity.DUTY, "subsidies"),
    ],
)
def test_additional_duties(
    book: Book, instrument: Instrument, partners: tuple[str, ...], severity: Severity, text: str
) -> None:
    findings = run(book, Add(measure(instrument, "20 %", partners=partners, products=("2204",))))
    (judged,) = of(findings, "additional-duty")
    assert judged.severity is severity
    assert judged.texts[0].id == text
    remedy = instrument is not Instrument.RETALIATORY_DUTY
    assert any(one.rule == "notice" and "Committee" in one.sentence for one in findings) is remedy


def test_a_partner_outside_the_wto_has_no_claim_under_the_gatt(book: Book) -> None:
    findings = run(book, Add(measure(Instrument.RETALIATORY_DUTY, "20 %", partners=("BLR",))))
    assert of(findings, "additional-duty") == []
    assert in_wto("COM", date(2024, 8, 21))
    assert not in_wto("COM", date(2024, 8, 20))


def bounds_file(folder: Path, *rows: str) -> Path:
    path = folder / "bounds.csv"
    path.write_text("\n".join(("economy,products,sector,bound,source", *rows)) + "\n", encoding="utf-8")
    return path


def test_a_rate_above_its_bound_is_a_breach(book: Book, tmp_path: Path) -> None:
    table = bounds_file(tmp_path, "CHN,2204,,14 %,made up", "CHN,2205,,65 %,made up", "USA,2204,,5 %,made up")
    raised = measure(Instrument.MFN_DUTY, "20 %", products=("2204-2205",))
    findings = run(book, Add(raised), bounds=table)
    (held,) = of(findings, "bound-rate")
    assert held.severity is Severity.BREACH
    assert "20 % against a bound 14 % on 2204" in held.sentence
    assert held.figures["above_by"] == pytest.approx(0.06)
    (organ,) = of(findings, "organ")
    assert organ.texts[0].id == "chn-tariff-15-1-1"
    (claim,) = of(findings, "claim")
    assert claim.severity is Severity.DUTY
    assert claim.texts[0].id == "gatt-xxviii"


def test_a_rate_within_its_bound_is_in_order(book: Book, tmp_path: Path) -> None:
    table = bounds_file(tmp_path, "CHN,2204,,14 %,made up")
    findings = run(book, Add(measure(Instrument.MFN_DUTY, "14 %", products=("2204",))), bounds=table)
    (held,) = of(findings, "bound-rate")
    assert held.severity is Severity.IN_ORDER
    (organ,) = of(findings, "organ")
    assert organ.texts[0].id == "chn-tariff-15-1-2"


def test_an_average_above_an_average_is_a_doubt(book: Book, tmp_path: Path) -> None:
    table = bounds_file(tmp_path, "CHN,,C29,10 %,made up")
    raised = measure(Instrument.RETALIATORY_DUTY, "25 %", partners=("USA",))
    (held,) = of(run(book, Add(raised), bounds=table), "bound-rate")
    assert held.severity is Severity.DOUBT
    assert held.unknown == ("rates and bounds line by line",)


def test_without_a_table_nothing_is_known_and_both_organs_are_named(book: Book) -> None:
    findings = run(book, Add(measure(Instrument.MFN_DUTY, "14 %", products=("2204",))))
    (held,) = of(findings, "bound-rate")
    assert held.severity is Severity.UNKNOWN
    (organ,) = of(findings, "organ")
    assert [t.id for t in organ.texts][:2] == ["chn-tariff-15-1-1", "chn-tariff-15-1-2"]
    (claim,) = of(findings, "claim")
    assert claim.severity is Severity.UNKNOWN


def test_a_specific_duty_is_not_held_against_a_percentage(book: Book, tmp_path: Path) -> None:
    table = bounds_file(tmp_path, "CHN,2204,,14 %,made up")
    findings = run(book, Add(measure(Instrument.MFN_DUTY, "7.5 CNY/LTR", products=("2204",))), bounds=table)
    (held,) = of(findings, "bound-rate")
    assert held.severity is Severity.UNKNOWN


def test_a_cut_is_within_the_promise(book: Book) -> None:
    name = next(
        m.id
        for m in book.measures.values()
        if m.instrument is Instrument.MFN_DUTY
        and m.imposed_by == "CHN"
        and m.id.endswith("C29-dutiable")
        and START in m.valid
    )
    cut = Amend(name, {"effect": {"duty": "1 %"}}, START)
    findings = run(book, cut)
    assert of(findings, "bound-rate") == []
    (organ,) = of(findings, "organ")
    assert organ.texts[0].id == "chn-tariff-15-1-2"


@pytest.mark.parametrize(
    ("instrument", "on", "case", "text"),
    [
        ("retaliatory-duty", date(2024, 11, 30), "", "chn-duty-regulations-4"),
        ("retaliatory-duty", date(2024, 12, 1), "", "chn-tariff-18"),
        ("provisional-duty", date(2025, 1, 1), "", "chn-tariff-15-3"),
        ("preferential-duty", date(2025, 1, 1), "agreement", "chn-tariff-15-2"),
        ("preferential-duty", date(2025, 1, 1), "programme", "chn-tariff-15-1-2"),
        ("general-duty", date(2025, 1, 1), "", "chn-tariff-15-1-2"),
        ("safeguard-duty", date(2025, 1, 1), "", "chn-tariff-7-6"),
    ],
)
def test_the_organ_follows_the_kind_of_rate_and_the_day(
    instrument: str, on: date, case: str, text: str
) -> None:
    assert [row.text for row in competent("CHN", instrument, on, case=case)] == [text]


def test_accession_by_another_economy_is_no_treaty_of_china(book: Book) -> None:
    findings = run(book, Join("GBR", "RCEP", START))
    assert "treaty-procedure" not in {t.id for one in findings for t in one.texts}
    (judged,) = of(findings, "agreement")
    assert judged.severity in {Severity.IN_ORDER, Severity.DOUBT, Severity.UNKNOWN}


def test_an_empty_reform_finds_nothing(book: Book) -> None:
    assert run(book) == ()


@pytest.mark.parametrize(
    "row",
    [
        "CHN,2204,C29,14 %,both",
        "CHN,,,14 %,neither",
        "CHN,2204,,14 CNY/LTR,specific",
        "XXX,2204,,14 %,nobody",
        "CHN,22x,,14 %,",
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, row: str) -> None:
    with pytest.raises(InputErrors):
        load_bounds(bounds_file(tmp_path, row))


def test_texts_read_in_full_are_those_of_china(book: Book) -> None:
    official = {t.id for t in texts().values() if t.status.value == "official"}
    assert official == {key for key in texts() if key.startswith("chn-")}
    assert all(texts()[key].act in book.acts for key in official)


def item(instrument: Instrument, flow: Flow, *, zone: str = "", partners: tuple[str, ...] = ()) -> Measure:
    return Measure(
        id="made-up",
        instrument=instrument,
        imposed_by="CHN",
        flow=flow,
        scope=Scope(sectors=("J61",), partners=partners),
        effect=Effect(text="made up"),
        valid=Interval(START),
        act="fdi-list-2024",
        zone=zone,
    )


@pytest.mark.parametrize(
    ("instrument", "flow", "zone", "text"),
    [
        (Instrument.INVESTMENT_PROHIBITION, Flow.INWARD_INVESTMENT, "", "chn-fil-4"),
        (Instrument.EQUITY_CAP, Flow.INWARD_INVESTMENT, "pilot-zones", "chn-fil-4"),
        (Instrument.EQUITY_CAP, Flow.INWARD_INVESTMENT, "hainan", "chn-hainan-19"),
        (Instrument.INVESTMENT_OPENING, Flow.INWARD_INVESTMENT, "shanghai", "chn-fil-13"),
        (Instrument.SERVICES_PROHIBITION, Flow.SERVICES_MODE_1, "hainan", "chn-hainan-17"),
        (Instrument.SERVICES_PROHIBITION, Flow.SERVICES_MODE_1, "", "own-law"),
        (Instrument.LICENCE, Flow.EXPORT, "", "chn-export-control-9"),
        (Instrument.PROHIBITION, Flow.IMPORT, "", "chn-trade-17"),
    ],
)
def test_other_rules_have_their_organ_too(
    book: Book, instrument: Instrument, flow: Flow, zone: str, text: str
) -> None:
    (organ,) = of(run(book, Add(item(instrument, flow, zone=zone))), "organ")
    assert [t.id for t in organ.texts] == [text]


def test_a_new_condition_of_entry_turns_on_commitments(book: Book) -> None:
    findings = run(book, Add(item(Instrument.EQUITY_CAP, Flow.INWARD_INVESTMENT)))
    (entry,) = of(findings, "commitment")
    assert entry.severity is Severity.UNKNOWN
    assert entry.texts[0].id == "gats-xvi"
    assert "gats-iii" in {t.id for one in findings for t in one.texts}


def test_an_item_that_ends_breaks_no_commitment(book: Book) -> None:
    (entry,) = of(run(book, Repeal("chn-fdi-2024-film", START)), "commitment")
    assert entry.severity is Severity.IN_ORDER


def test_an_opening_for_one_partner_is_due_to_all(book: Book) -> None:
    opening = item(Instrument.INVESTMENT_OPENING, Flow.INWARD_INVESTMENT, partners=("USA",))
    (entry,) = of(run(book, Add(opening)), "commitment")
    assert entry.severity is Severity.DOUBT
    assert entry.texts[0].id == "gats-ii"


@pytest.mark.parametrize(("partners", "selective"), [((), False), (("USA",), True)])
def test_a_prohibition_stands_under_an_exception_only(
    book: Book, partners: tuple[str, ...], selective: bool
) -> None:
    findings = run(book, Add(item(Instrument.PROHIBITION, Flow.EXPORT, partners=partners)))
    (judged,) = of(findings, "quantitative-restriction")
    assert judged.severity is Severity.DOUBT
    assert ("gatt-xiii" in [t.id for t in judged.texts]) is selective
    assert any("quantitative restriction" in one.sentence for one in of(findings, "notice"))


def test_a_group_imposes_as_one(book: Book) -> None:
    given = measure(Instrument.RETALIATORY_DUTY, "10 %", partners=("CHN",), imposed_by="EU27")
    findings = run(book, Add(given))
    assert [one.rule for one in findings].count("claim") == 1
    assert [one.rule for one in findings].count("bound-rate") == 1
    (organ,) = of(findings, "organ")
    assert "EU27" in organ.sentence
    (claim,) = of(findings, "claim")
    assert 0.1 < float(claim.figures["CHN"]) < 0.5


def test_a_group_may_have_bound_rates(book: Book, tmp_path: Path) -> None:
    table = bounds_file(tmp_path, "EU27,2204,,32 %,made up")
    raised = measure(Instrument.MFN_DUTY, "40 %", products=("2204",), imposed_by="EU27")
    (held,) = of(run(book, Add(raised), bounds=table), "bound-rate")
    assert held.severity is Severity.BREACH
