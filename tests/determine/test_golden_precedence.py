"""China's order of duties: the published reading of the Regulations and of the Tariff Law, case by case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from openward.book.model import Measure
from openward.codes.terms import Interval
from openward.determine.rate import applied_rate
from small_books import book, measure

LAW = Path(__file__).resolve().parents[2] / "src" / "openward" / "books" / "chn" / "precedence.yaml"
CASES = range(21)
INDUSTRY = range(18)
"""The others turn on being inside a quota, a fact of a shipment: test_goods_golden."""
FIRST = date(2012, 1, 1)
ORIGINS = {"KR": "KOR", "NZ": "NZL", "JP": "JPN", "RS": "SRB", "EC": "ECU", "VN": "VNM", "US": "USA"}


def written(rate: float) -> str:
    return f"{rate:g} %"


def measures_of(case: dict[str, Any], partner: str | None) -> list[Measure]:
    made = [measure("mfn", duty=written(case["mfn"]), sectors=["C23"])]
    if "provisional" in case:
        made.append(measure("provisional", "provisional-duty", written(case["provisional"]), sectors=["C23"]))
    if "general" in case:
        made.append(measure("general", "general-duty", written(case["general"])))
    for name, rate in case.get("agreements", {}).items():
        made.append(measure(name.lower(), "preferential-duty", written(rate), partners=[partner or ""]))
    for k, (name, rate) in enumerate(case.get("added", [])):
        if rate >= 0:
            made.append(measure(f"added-{k}", "retaliatory-duty", written(rate), partners=[partner or ""]))
        else:
            # A suspension is the end of what it suspends.
            day = date.fromisoformat(name.split()[-1])
            made[-1] = replace(made[-1], valid=Interval(FIRST, day))
    if "quota" in case:
        made.append(measure("quota", "tariff-quota", written(case["quota"]["rate"])))
    return [replace(m, valid=Interval(FIRST, m.valid.end)) for m in made]


@pytest.mark.parametrize("number", [*INDUSTRY, 20])
def test_golden_case(shared: Path, number: int) -> None:
    path = shared / "golden" / "cn_tariff_law_precedence.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == len(CASES)
    case = cases[number]
    origin, not_excluded = str(case.get("origin", "AUS")), ()
    partner = None if origin == "unknown" else ORIGINS.get(origin, "AUS")
    made = measures_of(case, partner)
    if origin.startswith("not excluded"):
        rate = written(float(origin.split()[-1]))
        made.append(measure("dumping", "anti-dumping-duty", rate, partners=["THA"]))
        not_excluded = ("THA",)
    rules = {"CHN": yaml.safe_load(LAW.read_text(encoding="utf-8"))}
    meta = MappingProxyType({"precedence": rules})
    law = book(*made, lines=(), covered_from=FIRST, meta=meta)
    on = date.fromisoformat(case["date"])
    answer = applied_rate(
        law, importer="CHN", partner=partner, sector="C23", on=on, not_excluded=not_excluded
    )
    assert answer.rate == pytest.approx(case["expected_rate"] / 100), answer.as_text()
    assert answer.trace
