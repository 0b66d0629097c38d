"""The stacking of chapter 99, and the options of a British importer, as published with both tariffs."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from goods_books import ask, law, line, money, rate

from openward.book import load
from openward.book.duty import parse
from openward.book.model import Book, Measure
from openward.determine.charge import basis_of, charge_of
from openward.determine.decision import Decision, Question, Verdict
from openward.determine.goods import decide
from openward.determine.value.northern_ireland import chosen_tariff
from openward.errors import InputError


@pytest.fixture(scope="module")
def usa() -> Book:
    return load("usa")


def entry(usa: Book, origin: str, hs: str, on: date, **more: Any) -> Decision:
    return decide(Question("import", on, origin=origin, hs=hs, **more), usa)


def golden(shared: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "golden" / name).read_text(encoding="utf-8"))
    return found


# United States


def test_one_customs_entry_to_the_cent(shared: Path, usa: Book) -> None:
    case = golden(shared, "us_hts_cases.json")["entry_7501"]
    hs = case["hts"].replace(".", "")
    answer = entry(usa, "CHN", hs, date(2026, 5, 1), value=money(str(case["value"]), "USD"))
    amounts = {one.measure: one.amount.amount for one in answer.duty if one.amount}
    published = {name.split()[0]: Decimal(str(amount)) for name, _, amount in case["lines"]}
    assert amounts == {
        "usa-general-73269086": published["MFN"],
        "usa-s232-metals-7326908688": published["9903.82.02"],
        "usa-s301-3-73269086": published["9903.88.03"],
    }
    assert answer.total == money(str(case["total"]), "USD")
    assert f"{100 * float(rate(answer) or 0):.2f}%" == case["effective"]
    # The exemption claimed on the entry: goods under section 232 do not pay the surcharge.
    assert [w.measure for w in answer.why_not] == ["usa-s122"]


@pytest.mark.parametrize(
    ("origin", "hs", "on", "facts", "percent"),
    [
        ("CHN", "84718090", date(2026, 2, 1), {"note_39_article": True}, "0.60"),
        ("DEU", "84718090", date(2026, 2, 1), {"note_39_article": True}, "0.25"),
        ("DEU", "84718090", date(2026, 2, 1), {"note_39_article": False}, "0.15"),
        ("JPN", "73269086", date(2025, 12, 1), {}, "0.15"),
        ("JPN", "76061130", date(2025, 12, 1), {}, "0.53"),
        ("RUS", "76061130", date(2026, 5, 1), {}, "2.135"),
        ("GBR", "7326908688", date(2026, 5, 1), {}, "0.279"),
        ("KOR", "73269086", date(2025, 12, 1), {"originating": True}, "0.15"),
    ],
)
def test_stacking(usa: Book, origin: str, hs: str, on: date, facts: dict[str, Any], percent: str) -> None:
    answer = entry(usa, origin, hs, on, facts=facts)
    assert rate(answer) == Decimal(percent), answer.sentence


def test_a_floor_fills_up_and_never_adds() -> None:
    for base, percent in (("10 %", "0.15"), ("15 %", "0.15"), ("20 %", "0.20")):
        made = (
            line("general", duty=base, by="USA"),
            line("floor", "retaliatory-duty", "15 %", by="USA", partners=["JPN"], act="usa-ieepa-floor"),
        )
        assert rate(decide(ask("JPN"), law(*made, name="usa"))) == Decimal(percent)


def test_a_surcharge_adds_to_the_base() -> None:
    made = (
        line("general", duty="5 %", by="USA"),
        line("plus", "retaliatory-duty", "34 %", by="USA", partners=["CHN"], act="usa-s301-list-3"),
    )
    assert rate(decide(ask("CHN"), law(*made, name="usa"))) == Decimal("0.39")


def test_a_reciprocal_rate_that_is_not_at_hand_is_not_zero(usa: Book) -> None:
    answer = entry(usa, "VNM", "84718090", date(2025, 12, 1))
    assert (answer.verdict, rate(answer)) == (Verdict.UNRESOLVED, None)


def test_fees_without_a_cited_figure_are_unresolved(usa: Book) -> None:
    answer = entry(usa, "CHN", "7326908688", date(2026, 5, 1), value=money("14172", "USD"))
    assert "import_fees" in {u.fact for u in answer.unresolved}
    assert answer.landed is not None
    assert answer.landed.total is None


def test_the_value_is_free_on_board(usa: Book) -> None:
    facts = {"incoterm": "CIF", "freight": Decimal(900), "insurance": Decimal(100)}
    answer = entry(usa, "CHN", "7326908688", date(2026, 5, 1), value=money("15172", "USD"), facts=facts)
    assert answer.landed is not None
    assert answer.landed.customs_value == money("14172.00", "USD")


# United Kingdom: the fixture as its calculator reads it, measures of every area applied


def measures_of(fixture: Path) -> list[Measure]:
    kinds = {
        "103": "mfn-duty",
        "142": "preferential-duty",
        "122": "tariff-quota",
        "117": "provisional-duty",
        "552": "anti-dumping-duty",
        "695": "retaliatory-duty",
        "696": "safeguard-duty",
        "VTS": "value-added-tax",
    }
    made = [
        line(
            "waiver",
            "provisional-duty",
            None,
            by="GBR",
            hs="72021180",
            text="waiver",
            conditions=[("certificate", "duty waiver")],
        )
    ]
    for found in json.loads(fixture.read_text(encoding="utf-8"))["import_measures"]:
        kind = found["measure_type"]["id"]
        duty = found["duty_expression"]["base"].replace("1000 kg/biodiesel", "TNE").replace(" / ", "/")
        conditions = {
            "142": [("origin", "GB")],
            "122": [("quota", f"inside {(found['order_number'] or {}).get('number')}")],
            "117": [("fact", "vessels")],
        }.get(kind, [])
        code = found.get("additional_code")
        made.append(
            line(
                f"{kind}-{found['id']}",
                kinds[kind],
                duty,
                by="GBR",
                hs="7202118000",
                conditions=conditions,
                codes=[code["code"]] if code else [],
                act=kind,
            )
        )
    return made


def test_the_five_options_of_one_commodity(shared: Path) -> None:
    case = golden(shared, "uk_duty_calculator_cases.json")["end_to_end"]
    fixture = shared / "data/tariff/uk_eu/duty_calculator/uk/commodities" / f"{case['commodity']}.json"
    parts = case["customs_value"]
    question = Question(
        "import",
        date.fromisoformat(case["import_date"]),
        origin="NOR",
        hs=case["commodity"],
        additional_code=case["additional_code"]["552"],
        value=money(str(parts["monetary"]), "GBP"),
        quantity=Decimal(case["measure_amount"]["TNEI"]),
        unit="TNE",
        claim="none",
        facts={"freight": Decimal(str(parts["shipping"])), "insurance": Decimal(str(parts["insurance"]))},
    )
    book = law(*measures_of(fixture), name="gbr")
    claimed = decide(Question(**{**_fields(question), "claim": ""}), book)
    assert claimed.landed is not None
    assert claimed.landed.customs_value == money(f"{parts['total']:.2f}", "GBP")
    paid = {o.measures[0].split("-")[0]: o.amount and o.amount.amount for o in claimed.options}
    assert len(claimed.options) == len(case["options"])
    expected = {
        "103": case["options"][0]["total"],
        "142": case["options"][1]["total"],
        "122": case["options"][2]["total"],
        "117": case["options"][3]["total"],
    }
    assert {k: paid[k] for k in expected} == {k: Decimal(f"{v:.2f}") for k, v in expected.items()}
    assert paid["waiver"] is None
    quota = next(o for o in claimed.options if o.measures[0].startswith("122"))
    assert not any(m.startswith("696") for m in quota.measures)
    plain = decide(question, book)
    lines = {one.kind: one.amount.amount for one in plain.duty if one.amount}
    assert lines == {
        "mfn-duty": Decimal("34.04"),
        "safeguard-duty": Decimal("315.22"),
        "retaliatory-duty": Decimal("315.22"),
        "anti-dumping-duty": Decimal("288.20"),
    }
    assert plain.landed is not None
    assert plain.landed.payable == money("1395.40", "GBP")
    assert [t.amount for t in plain.landed.taxes] == [money("442.72", "GBP")]


def _fields(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in Question.__dataclass_fields__}


def test_evaluator_cases_of_the_calculator(shared: Path) -> None:
    cases = golden(shared, "uk_duty_calculator_cases.json")["evaluator_cases"]
    simple = {"ad_valorem", "specific", "specific_fx"}
    seen = 0
    for case in cases:
        if case["kind"] not in simple:
            continue
        part = case["components"][0]
        unit = f"{part['cur']}/{part['unit']}" if "unit" in part else "%"
        facts: dict[str, Any] = {}
        if "fx_EUR_GBP" in case:
            facts["exchange_rate:EUR/GBP"] = Decimal(str(case["fx_EUR_GBP"]))
        (held, quantity) = next(iter(case.get("qty", {"KGM": 1}).items()))
        question = ask(
            value=money(str(case.get("value", 1)), "GBP"),
            quantity=Decimal(str(quantity)),
            unit=held,
            facts=facts,
        )
        charge = charge_of(parse(f"{part['amount']} {unit}"), basis_of(question))
        assert charge.amount is not None
        assert float(charge.amount) == pytest.approx(case["expected"])
        seen += 1
    assert seen == 4


def test_vat_stands_on_value_and_duty(shared: Path) -> None:
    case = next(
        c for c in golden(shared, "uk_duty_calculator_cases.json")["evaluator_cases"] if c["kind"] == "vat"
    )
    made = (
        line("mfn", duty="1000 GBP/KGM", by="GBR"),
        line("vat", "value-added-tax", f"{case['rate']} %", by="GBR"),
    )
    question = ask(value=money(str(case["value"]), "GBP"), quantity=Decimal(1), unit="KGM")
    answer = decide(question, law(*made, name="gbr"))
    assert answer.landed is not None
    assert answer.landed.taxes[0].amount == money(f"{case['expected']:.2f}", "GBP")


def test_the_shipped_line_lists_its_options() -> None:
    answer = decide(
        Question("import", date(2021, 1, 1), origin="USA", hs="7202118000", value=money("1000", "GBP")),
        load("gbr"),
    )
    assert [o.measures[0] for o in answer.options] == [
        "gbr-quota-054003-7202118000",
        "gbr-suspension-7202118000",
        "gbr-third-country-7202118000",
        "gbr-waiver-7202118000",
    ]
    assert {u.fact for u in answer.unresolved} >= {"in_quota:054003", "end_use == 'ships and platforms'"}


def test_the_three_percent_rule_case_by_case(shared: Path) -> None:
    for case in golden(shared, "uk_duty_calculator_cases.json")["chooser_3pct_rule"]:
        amounts = {name: Decimal(str(case[name])) for name in ("customs_value", "uk", "xi")}
        chosen = chosen_tariff(customs_value=amounts["customs_value"], uk=amounts["uk"], union=amounts["xi"])
        assert chosen == case["choose"]
    with pytest.raises(InputError):
        chosen_tariff(customs_value=Decimal(-1), uk=Decimal(0), union=Decimal(0))


@pytest.mark.parametrize("hs", ["7326908688", "84718090", "76061130"])
@pytest.mark.parametrize("origin", ["CHN", "DEU", "JPN", "KOR", "GBR", "RUS", "MEX", "VNM"])
def test_stacking_invariants(usa: Book, origin: str, hs: str) -> None:
    """The total is base and additions, no rate is negative, section 232 shuts the reciprocal duty out."""
    for day in (date(2025, 6, 10), date(2025, 12, 1), date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1)):
        answer = entry(usa, origin, hs, day, facts={"note_39_article": True, "originating": True})
        total = rate(answer)
        rates = [one.rate for one in answer.duty]
        acts = {usa.measures[one.measure].act for one in answer.duty}
        if total is None:
            assert None in rates
            continue
        assert sum(r for r in rates if r is not None) == total
        assert min(r for r in rates if r is not None) >= 0
        if any(act.startswith("usa-s232") for act in acts):
            assert not acts & {"usa-ieepa-reciprocal", "usa-ieepa-floor", "usa-s122"}
