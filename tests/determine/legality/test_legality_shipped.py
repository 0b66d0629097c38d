"""The four reforms that ship, read by the rules of trade law."""

from __future__ import annotations

import json

import pytest

from openward.book import load, load_reform, shipped_reforms
from openward.codes.terms import Status
from openward.determine.legality import LegalFinding, Severity, check


def found(name: str) -> tuple[LegalFinding, ...]:
    return check(load_reform(name), load("chn"))


@pytest.mark.parametrize(
    ("name", "breaches"),
    [
        ("africa-zero-tariff", ["chn-afr53-zero"]),
        ("cptpp-accession", []),
        ("rcep-undone", []),
        ("us-reciprocal-25", ["chn-usa-plus-25", "usa-chn-plus-25"]),
    ],
)
def test_what_breaks_a_rule(name: str, breaches: list[str]) -> None:
    graves = [one for one in found(name) if one.severity is Severity.BREACH]
    assert [m for one in graves for m in one.measures] == breaches
    assert all(one.unknown for one in graves)


def test_every_shipped_reform_is_covered_here() -> None:
    assert set(shipped_reforms()) == {
        "africa-zero-tariff",
        "cptpp-accession",
        "rcep-undone",
        "us-reciprocal-25",
    }


@pytest.mark.parametrize("name", shipped_reforms())
def test_every_finding_cites_its_text_and_names_its_edits(name: str) -> None:
    places = range(1, len(load_reform(name).edits) + 1)
    findings = found(name)
    assert findings
    for one in findings:
        assert one.texts, one
        assert one.edits, one
        assert set(one.edits) <= set(places), one
        assert one.sentence.endswith("."), one
    severities = [list(Severity).index(one.severity) for one in findings]
    assert severities == sorted(severities)
    document = [one.as_dict() for one in findings]
    assert json.loads(json.dumps(document)) == document


def test_africa_least_developed_stand_and_the_others_do_not() -> None:
    by = {(one.rule, one.measures): one for one in found("africa-zero-tariff")}
    standing = by["most-favored-nation", ("chn-ldc100",)]
    assert standing.severity is Severity.IN_ORDER
    assert [t.id for t in standing.texts] == ["enabling-2d", "ldc-waiver"]
    chosen = by["most-favored-nation", ("chn-afr53-zero",)]
    assert chosen.figures["partners"] == 53
    assert chosen.figures["not_least_developed"] == 20
    assert "gatt-i-1" in [t.id for t in chosen.texts]
    organ = by["organ", ("chn-afr53-zero",)]
    assert [t.id for t in organ.texts] == ["chn-tariff-15-1-2", "chn-tariff-15-5"]
    assert organ.texts[0].status is Status.OFFICIAL
    assert "State Council" in organ.sentence
    claim = by["claim", ("chn-afr53-zero",)]
    assert {"KOR", "JPN"} <= claim.figures.keys()


def test_accession_covers_all_trade_and_all_lines() -> None:
    (judged,) = [one for one in found("cptpp-accession") if one.rule == "agreement"]
    assert judged.severity is Severity.IN_ORDER
    assert judged.figures["free_after_ten_years"] == pytest.approx(1)
    assert judged.figures["lines_free_after_ten_years"] == pytest.approx(1)
    assert "gatt-xxiv-8b" in [t.id for t in judged.texts]
    assert any("taken as zero" in u or "takes them as zero" in u for u in judged.unknown)
    cited = {t.id for one in found("cptpp-accession") for t in one.texts}
    assert {"accession-cptpp", "treaty-procedure", "chn-tariff-15-2", "gatt-xxiv-7"} <= cited


def test_leaving_takes_notice_and_breaks_no_bound() -> None:
    findings = found("rcep-undone")
    assert {one.severity for one in findings} == {Severity.DUTY, Severity.IN_ORDER}
    assert {"withdrawal-rcep", "treaty-procedure", "gatt-xxiv-7"} <= {
        t.id for one in findings for t in one.texts
    }


def test_reciprocal_duties_are_judged_on_both_sides() -> None:
    findings = found("us-reciprocal-25")
    for one in findings:
        if one.severity is Severity.BREACH:
            assert [t.id for t in one.texts] == ["gatt-i-1", "gatt-ii-1", "dsu-22", "gatt-xxi"]
    by = {(one.rule, one.measures): one for one in findings}
    assert by["organ", ("chn-usa-plus-25",)].texts[0].id == "chn-tariff-18"
    assert by["organ", ("usa-chn-plus-25",)].severity is Severity.UNKNOWN
    assert by["bound-rate", ("chn-usa-plus-25",)].severity is Severity.UNKNOWN
    assert 0.05 < float(by["claim", ("chn-usa-plus-25",)].figures["USA"]) < 0.10
