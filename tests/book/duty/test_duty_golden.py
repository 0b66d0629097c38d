"""Cases that others published: duty sentences, conditions, evaluations, United States entries."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openward.book.duty import (
    Basis,
    Choice,
    Component,
    DutySentenceError,
    Floor,
    Mistake,
    Reference,
    Season,
    evaluate,
    from_components,
    from_conditions,
    parse,
    parse_conditions,
    read_components,
    to_components,
)

KINDS = {
    "DutyAmountRequired": Mistake.AMOUNT_REQUIRED,
    "InvalidDutyExpression": Mistake.UNKNOWN_EXPRESSION,
    "InvalidMonetaryUnit": Mistake.UNKNOWN_CURRENCY,
    "InvalidMeasurementUnit": Mistake.UNKNOWN_UNIT,
    "InvalidMeasurementUnitQualififer": Mistake.UNKNOWN_QUALIFIER,
    "qualifier not permitted with unit": Mistake.QUALIFIER_NOT_PERMITTED,
    "A duty expression cannot be used more than once": Mistake.EXPRESSION_TWICE,
    "ascending order of SID": Mistake.EXPRESSION_ORDER,
    "unit cannot be used with NIHIL": Mistake.UNIT_NOT_PERMITTED,
}


def _golden(shared: Path, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((shared / "golden" / name).read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def sentences(shared: Path) -> dict[str, Any]:
    return _golden(shared, "tamato_duty_sentence_cases.json")


def _row(component: Component) -> list[Any]:
    amount = None if component.amount is None else float(component.amount)
    codes = (component.currency or None, component.unit or None, component.qualifier or None)
    return [int(component.expression), amount, *codes]


@pytest.mark.parametrize("k", range(12))
def test_valid_sentences(sentences: dict[str, Any], k: int) -> None:
    text, expected = sentences["parse_ok"][k]
    components = read_components(text)
    assert [_row(component) for component in components] == expected
    duty = parse(text, "taric")
    assert from_components(components) == duty
    assert to_components(duty) == components
    assert parse(str(duty)) == duty


@pytest.mark.parametrize("k", range(19))
def test_broken_sentences(sentences: dict[str, Any], k: int) -> None:
    text, kind = sentences["parse_error"][k]
    with pytest.raises(DutySentenceError) as caught:
        parse(text, "taric")
    assert caught.value.kind is KINDS[kind]
    assert 1 <= caught.value.at <= len(text) + 1


@pytest.mark.parametrize("k", range(4))
def test_seasons(sentences: dict[str, Any], k: int) -> None:
    text, expected = sentences["seasonal"][k]
    duty = parse(text, "taric")
    if not expected:
        assert not isinstance(duty, Choice)
        return
    assert isinstance(duty, Choice)
    found = []
    for case in duty.cases:
        season = case.when
        assert isinstance(season, Season)
        days = [season.start_day, season.start_month, season.end_day, season.end_month]
        found.append([case.duty, *days])
    assert found == [[parse(rate, "taric"), *days] for rate, *days in expected]


@pytest.mark.parametrize("k", range(5))
def test_conditions(sentences: dict[str, Any], k: int) -> None:
    text, expected = sentences["conditions"][k]
    found: list[list[Any]] = []
    for line in parse_conditions(text):
        row: list[Any] = [line.code, line.document or None, line.action]
        for component in line.components:
            amount = None if component.amount is None else float(component.amount)
            row.append("NIHIL" if component.expression == "37" else amount)
            row += [code for code in (component.currency, component.unit, component.qualifier) if code]
        found.append(row)
    assert found == expected


def _basis(case: dict[str, Any]) -> Basis:
    """Put what the service calls quantities where they belong: contents, counts, values."""
    given = {unit: Decimal(str(number)) for unit, number in case.get("qty", {}).items()}
    contents = {"ASV": "alcohol", "BRX": "sucrose"}
    return Basis(
        value=None if case.get("value") is None else Decimal(str(case["value"])),
        currency="GBP",
        quantities={unit: n for unit, n in given.items() if unit not in ("ASV", "BRX", "RET", "SPR")},
        contents={contents[unit]: n / 100 for unit, n in given.items() if unit in contents},
        values={"retail price": given["RET"]} if "RET" in given else {},
        counts={"small producer rate": given["SPR"]} if "SPR" in given else {},
        rates={("EUR", "GBP"): Decimal(str(case["fx_EUR_GBP"]))} if "fx_EUR_GBP" in case else {},
    )


@pytest.mark.parametrize("k", range(12))
def test_amounts_of_the_british_calculator(shared: Path, k: int) -> None:
    case = _golden(shared, "uk_duty_calculator_cases.json")["evaluator_cases"][k]
    expected = Decimal(str(case["expected"]))
    if case["kind"] == "vat":
        base = Decimal(str(case["value"])) + Decimal(str(case["duty_total"]))
        found = evaluate(parse(f"{case['rate']} %"), Basis(value=base, currency="GBP"))
    else:
        rows = []
        for row in case["components"]:
            unit = row.get("unit", "")
            code = unit if unit in ("RET", "SPQ") else unit[:3]
            amount = Decimal(str(row["amount"]))
            rows.append(Component(row.get("de", "01"), amount, row.get("cur", ""), code, unit[len(code) :]))
        found = evaluate(from_components(rows), _basis(case))
    assert found.total == expected
    assert found.missing == ()
    assert sum(line.amount or 0 for line in found.lines) == expected


def test_amounts_of_the_five_options(shared: Path) -> None:
    case = _golden(shared, "uk_duty_calculator_cases.json")["end_to_end"]
    value = Decimal(str(case["customs_value"]["total"]))
    basis = Basis(value=value, currency="GBP", quantities={"TNE of biodiesel content": Decimal(2)})
    third, dumping, quarter = (parse(text, "uk") for text in ("2.70%", "144.10 GBP / TNE I", "25%"))
    base = evaluate(third, basis).total
    assert base == Decimal("34.04403")
    remedy = evaluate(dumping, basis).total
    assert remedy == Decimal("288.20")
    extra = evaluate(quarter, basis).total
    assert extra == Decimal("315.2225")
    quota = evaluate(parse("20%", "uk"), basis).total
    assert quota == Decimal("252.178")
    # The service rounds once, at the end.
    for option, duties in (
        (0, [base, extra, extra, remedy]),
        (1, [extra, extra, remedy]),
        (2, [quota, extra, remedy]),
    ):
        paid = sum((amount or Decimal(0) for amount in duties), Decimal(0))
        total = paid + (value + paid) * Decimal("0.2")
        assert total.quantize(Decimal("0.01")) == Decimal(str(case["options"][option]["total"]))


def test_entry_prices_of_a_fixture(shared: Path) -> None:
    path = shared / "data/tariff/uk_eu/duty_calculator/uk/commodities/0809400500.json"
    measures = json.loads(path.read_text(encoding="utf-8"))["import_measures"]
    priced = [m for m in measures if any(c["condition_code"] == "V" for c in m["measure_conditions"])]
    duty = from_conditions(priced[0]["measure_conditions"])
    assert parse(str(duty)) == duty
    assert len(duty.cases) == 6
    ton = {"KGM": Decimal(1000)}
    for value, expected in (
        ("526", "75.744"),
        ("525.99", "86.74256"),
        ("484", "111.696"),
        ("483.9", "367.6816"),
    ):
        basis = Basis(value=Decimal(value), currency="EUR", quantities=ton)
        assert evaluate(duty, basis).total == Decimal(expected)
    assert evaluate(duty, Basis(value=Decimal(500), currency="EUR")).missing[0].fact == "price EUR/DTN"


def test_every_duty_sentence_of_the_british_fixtures_is_read(shared: Path) -> None:
    seen = set()
    for path in sorted((shared / "data/tariff/uk_eu/duty_calculator").glob("*/commodities/*.json")):
        commodity = json.loads(path.read_text(encoding="utf-8"))
        for measure in commodity["import_measures"] + commodity["export_measures"]:
            rows = measure["measure_components"]
            said = (measure["duty_expression"] or {}).get("formatted_base") or ""
            if rows and said:
                assert parse(said, "uk") == from_components(rows), said
                seen.add(said)
    assert len(seen) >= 12


@pytest.mark.parametrize("k", range(4))
def test_rates_of_the_united_states(shared: Path, k: int) -> None:
    text, rate = _golden(shared, "us_hts_cases.json")["parse_rate"][k]
    if rate is None:
        with pytest.raises(DutySentenceError) as caught:
            parse(text, "us-hts")
        assert caught.value.kind is Mistake.EMPTY
    else:
        found = evaluate(parse(text, "us-hts"))
        assert found.whole
        assert float(found.ad_valorem) == rate


def test_compound_rates_of_the_united_states_are_read_in_full(shared: Path) -> None:
    texts = _golden(shared, "us_hts_cases.json")["parse_rate_compound_returns_NA_in_bar"]
    assert [str(parse(text, "us-hts")) for text in texts] == ["0.024 USD/KGM + 5 %", "1.5 USD/DZN"]


@pytest.mark.parametrize("k", range(5))
def test_additions_of_chapter_99(shared: Path, k: int) -> None:
    text, addition = _golden(shared, "us_hts_cases.json")["parse_ch99"][k]
    if addition is None:
        with pytest.raises(DutySentenceError):
            parse(text, "us-hts")
    else:
        found = evaluate(parse(text, "us-hts"))
        assert float(found.ad_valorem) == addition
        assert list(found.rest) == ([Reference("applicable subheading")] if "provided" in text else [])


@pytest.mark.parametrize(("base", "surcharge", "floor"), [("2.9 %", "36.9", "15"), ("20 %", "54", "20")])
def test_a_surcharge_adds_and_a_floor_tops_up(base: str, surcharge: str, floor: str) -> None:
    basis = Basis(value=Decimal(100), currency="USD", references={"applicable subheading": parse(base)})
    added = parse("The duty provided in the applicable subheading + 34%", "us-hts")
    assert evaluate(added, basis).total == Decimal(surcharge)
    least = Floor(Reference("applicable subheading"), parse("15 %"))
    assert evaluate(least, basis).total == Decimal(floor)
    passed = parse("The duty provided in the applicable subheading", "us-hts")
    assert evaluate(passed, basis).total == evaluate(parse(base), basis).total


def test_an_entry_summary_to_the_cent(shared: Path) -> None:
    entry = _golden(shared, "us_hts_cases.json")["entry_7501"]
    value = Decimal(str(entry["value"]))
    basis = Basis(value=value, currency="USD", on=date(2026, 7, 1))
    paid = []
    for _, rate, amount in entry["lines"]:
        total = evaluate(parse(rate, "us-hts"), basis).total
        assert total is not None
        assert total.quantize(Decimal("0.01")) == Decimal(str(amount))
        paid.append(total.quantize(Decimal("0.01")))
    assert sum(paid) == Decimal(str(entry["total"]))
    assert f"{100 * sum(paid) / value:.2f}%" == entry["effective"]
