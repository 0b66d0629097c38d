"""Rulings of US Customs and Border Protection, case by case: no answer contradicts what it held."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openward.determine.origin.codes import digits
from openward.determine.origin.good import Good, Material
from openward.determine.origin.us.goods import country_of_goods, shift_truth
from openward.determine.origin.us.rules import load_part
from openward.determine.origin.us.textile import TextileFacts, country_of_textile

RULINGS = json.loads((Path(__file__).parent / "cbp_rulings.json").read_text(encoding="utf-8"))
PRODUCED_IN = "MEX"
ELSEWHERE = "THA"
# Codes of editions before 2022, and one that turns on how much sugar is in the good.
OPEN = {"559198", "561520", "562595", "H313454"}


def the_good(case: dict[str, Any], facts: dict[str, bool]) -> Good:
    origins = case.get("origins", {})
    materials = tuple(Material(digits(m), origin=origins.get(m, ELSEWHERE)) for m in case["materials"])
    return Good(digits(case["good"]), PRODUCED_IN, materials, facts=facts)


@pytest.mark.parametrize("case", RULINGS["goods"], ids=lambda case: case["ruling"])
def test_goods(shared: Path, case: dict[str, Any]) -> None:
    """The ruling's own finding is that 102.13 did not help, so small values are not asked for."""
    rules = load_part(shared / "data", "102.20")
    held = case["cbp"] == "met"
    bare = the_good(case, {})
    told = the_good(case, case.get("inferred", {}).get("facts", {}))
    assert shift_truth(bare, rules, disregard_small=False) in (held, None)
    answer = country_of_goods(told, rules, disregard_small=False)
    if case["ruling"] in OPEN:
        assert answer.shift is None
        assert answer.missing
        return
    assert answer.shift is held
    assert shift_truth(told, rules, disregard_small=False) is held
    if "country" in case:
        assert answer.country == case["country"]
    elif held:
        assert answer.country == PRODUCED_IN


@pytest.mark.parametrize("case", RULINGS["textiles"], ids=lambda case: case["ruling"])
def test_textiles(shared: Path, case: dict[str, Any]) -> None:
    rules = load_part(shared / "data", "102.21")
    facts, more = case["facts"], case.get("inferred", {})
    stated = TextileFacts(
        process_in=facts.get("process_in", {}),
        conditions={**facts.get("conditions", {}), **more.get("conditions", {})},
        of_cotton_or_wool=facts.get("excepted_fibre"),
        knit_in=facts.get("knit_to_shape_in", ""),
        assembled_in=facts.get("wholly_assembled_in", ""),
        most_important_in=facts.get("most_important_process_in", ""),
        last_important_in=facts.get("last_important_process_in", ""),
        paragraph_2_fails=facts.get("c2_does_not_determine", more.get("c2_does_not_determine", False)),
    )
    good = Good(digits(case["good"]), case["country"], wholly_obtained=facts.get("wholly_obtained"))
    assert country_of_textile(good, rules, stated).country == case["country"]
    nothing = country_of_textile(Good(good.code, PRODUCED_IN), rules, TextileFacts())
    assert nothing.country is None
    assert nothing.missing


def test_without_values_the_allowance_stays_open(shared: Path) -> None:
    rules = load_part(shared / "data", "102.20")
    case = next(c for c in RULINGS["goods"] if c["ruling"] == "558878")
    answer = country_of_goods(the_good(case, {}), rules)
    assert answer.country is None
    assert any("value" in each.fact for each in answer.missing)


def test_counts_of_the_regulation(shared: Path) -> None:
    """1,032 and 101 rules, and those of CBP Dec. 22-25 that the eCFR could not incorporate."""
    goods, textiles = load_part(shared / "data", "102.20"), load_part(shared / "data", "102.21")
    assert len({each.rule_id for each in goods.alternatives}) == 1034
    assert len({each.rule_id for each in textiles.alternatives}) == 102
