"""China's order of duties on single lines: all twenty-one published cases, the quota ones with their fact."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from goods_books import FIRST, ask, law, line, rate

from openward.book import load
from openward.book.model import Book, Measure
from openward.determine.decision import Question, Verdict
from openward.determine.goods import decide

CASES = range(21)
ORIGINS = {"KR": "KOR", "NZ": "NZL", "JP": "JPN", "RS": "SRB", "EC": "ECU", "VN": "VNM", "US": "USA"}
REAL = range(7)
"""Cases on a line that the shipped book holds."""


def case_of(shared: Path, number: int) -> dict[str, Any]:
    path = shared / "golden" / "cn_tariff_law_precedence.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == len(CASES)
    return cases[number]


def measures_of(case: dict[str, Any], partner: str, hs: str) -> list[Measure]:
    made = [line("mfn", duty=f"{case['mfn']:g} %", hs=hs)]
    if "provisional" in case:
        made.append(line("provisional", "provisional-duty", f"{case['provisional']:g} %", hs=hs))
    if "general" in case:
        made.append(line("general", "general-duty", f"{case['general']:g} %", hs=hs))
    for name, percent in case.get("agreements", {}).items():
        made.append(
            line(
                name.lower(),
                "preferential-duty",
                f"{percent:g} %",
                hs=hs,
                partners=[partner],
                conditions=[("origin", name)],
                act=name,
            )
        )
    for k, (name, percent) in enumerate(case.get("added", [])):
        day = date.fromisoformat(name.split()[-1])
        if percent >= 0:
            added = line(
                f"added-{k}", "retaliatory-duty", f"{percent:g} %", hs=hs, partners=[partner], act=f"a{k}"
            )
            made.append(added)
        else:
            # A suspension is the end of what it suspends.
            made[-1] = line(
                made[-1].id,
                "retaliatory-duty",
                str(made[-1].effect.duty),
                hs=hs,
                partners=[partner],
                start=FIRST,
                end=day,
            )
    if "quota" in case:
        made.append(line("quota", "tariff-quota", f"{case['quota']['rate']:g} %", hs=hs, quota="Q1"))
        if "provisional" in case["quota"]:
            inside = f"{case['quota']['provisional']:g} %"
            made.append(line("quota-provisional", "provisional-duty", inside, hs=hs, quota="Q1"))
    return made


@pytest.mark.parametrize("number", CASES)
def test_golden_case(shared: Path, number: int) -> None:
    case = case_of(shared, number)
    told = str(case.get("origin", "AUS"))
    unknown, doubted = told == "unknown", told.startswith("not excluded")
    partner = ORIGINS.get(told, "AUS")
    hs = case.get("hs10") or case.get("hs8") or "70131000"
    made = measures_of(case, partner, hs[:8])
    facts: dict[str, Any] = {"originating": True}
    if doubted:
        percent = f"{float(told.split()[-1]):g} %"
        made.append(line("dumping", "anti-dumping-duty", percent, partners=["THA"]))
        facts["origin_not_excluded"] = "THA"
    if "quota" in case:
        facts["in_quota"] = case["quota"]["in_quota"]
    answer = decide(ask("" if unknown else partner, case["date"], hs, facts=facts), law(*made))
    assert rate(answer) == Decimal(str(case["expected_rate"])) / 100, answer.sentence
    assert answer.verdict is (Verdict.FREE if case["expected_rate"] == 0 else Verdict.PAY)
    assert answer.trace
    assert not answer.unresolved


@pytest.fixture(scope="module")
def china() -> Book:
    return load("chn")


@pytest.mark.parametrize("number", REAL)
def test_the_shipped_book_answers_the_real_cases(shared: Path, china: Book, number: int) -> None:
    case = case_of(shared, number)
    day = date.fromisoformat(case["date"])
    answer = decide(Question("import", day, origin=ORIGINS[case["origin"]], hs=case["hs8"]), china)
    assert rate(answer) == Decimal(str(case["expected_rate"])) / 100, answer.sentence


def test_mfn_below_every_agreement_rate_by_article_13(china: Book) -> None:
    answer = decide(Question("import", date(2025, 6, 1), origin="KOR", hs="70131000"), china)
    assert answer.verdict is Verdict.PAY
    assert rate(answer) == Decimal("0.07")
    assert "Tariff Law" in answer.sentence
    assert "art. 13(2)" in answer.sentence
    assert "11 % and 19.6 %" in answer.sentence
    reasons = {w.measure: w.reason for w in answer.why_not}
    assert set(reasons) == {"chn-2025-kr-70131000", "chn-2025-rcep-kr-70131000"}
    assert all("art. 13(2)" in reason for reason in reasons.values())
    assert "art. 13(2)" in answer.trace[-1].rule
    assert answer.unverified == ("chn-mfn-2020-01-01-70131000",)


def test_before_the_tariff_law_there_is_no_such_clause() -> None:
    made = (
        line("mfn", duty="7 %"),
        line("kor", "preferential-duty", "11 %", partners=["KOR"], conditions=[("origin", "CHN-KOR")]),
    )
    before = decide(ask("KOR", "2024-11-30", facts={"originating": True}), law(*made))
    after = decide(ask("KOR", "2024-12-01", facts={"originating": True}), law(*made))
    assert (rate(before), rate(after)) == (Decimal("0.11"), Decimal("0.07"))
    assert "Regulations" in before.sentence or "chn-duty-regulations" in before.sentence
