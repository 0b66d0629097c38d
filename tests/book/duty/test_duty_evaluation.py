"""Amounts kind by kind, and the facts that are named where they are missing."""

# ruff: noqa: E501  (tables of cases, one a line)

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from openward.book.duty import Basis, evaluate, parse
from openward.errors import InputError

WATCH = "51¢ each + 6.25% on the case and strap, band or bracelet + 5.3% on the battery"
SUGAR = (
    "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion)"
    " but not less than 3.143854¢/kg"
)
MOVEMENT = (
    "4.3% + 1.7¢/jewel + 0.2¢ for each other piece or part, but if consisting in part of a plate or a set of "
    "plates the total duty shall not exceed the duty for the complete movement"
)
SPECIAL = "Free (A,AU) 2.5% (JO) See 9822.05.20 (P+)"


def numbers(**facts: str) -> dict[str, Decimal]:
    return {name.replace("_", " "): Decimal(number) for name, number in facts.items()}


def goods(value: str | None = None, currency: str = "USD", **facts: Any) -> Basis:
    return Basis(value=None if value is None else Decimal(value), currency=currency, **facts)


@pytest.mark.parametrize(
    ("dialect", "text", "basis", "expected"),
    [
        ("us-hts", "33 1/3%", goods("300"), "100"),
        ("us-hts", "50 percent of the cost of such parts", goods(values=numbers(cost_of_such_parts="80")), "40"),
        ("openward", "twenty-five percent", goods("80"), "20"),
        ("us-hts", "$1.50/doz. + 5%", goods("100", quantities=numbers(NAR="36")), "9.5"),
        ("us-hts", "0.7¢/kg on copper content + 2%", goods("100", quantities=numbers(TNE="1"), contents=numbers(copper="0.3")), "4.1"),
        ("us-hts", "3.7¢/kg on drained weight", goods(quantities={"KGM of drained weight": Decimal(100)}), "3.7"),
        ("us-hts", "18.9¢/pf.liter", goods(quantities=numbers(LTR="1000"), contents=numbers(alcohol="0.4")), "151.2"),
        ("us-hts", "18.9¢/pf.liter", goods(quantities=numbers(LPA="400")), "151.2"),
        ("us-hts", "89.6¢/1000", goods(quantities=numbers(NAR="2500")), "2.24"),
        (
            "us-hts",
            WATCH,
            goods(
                quantities=numbers(NAR="100"),
                values={"case": Decimal(500), "strap, band or bracelet": Decimal(200), "battery": Decimal(50)},
            ),
            "97.4",
        ),
        ("us-hts", "43¢ each + 2.8¢/jewel over 7", goods(quantities=numbers(NAR="10"), counts=numbers(jewels="17")), "7.1"),
        ("us-hts", "43¢ each + 2.8¢/jewel over 7", goods(quantities=numbers(NAR="10"), counts=numbers(jewels="5")), "4.3"),
        ("us-hts", SUGAR, goods(quantities=numbers(KGM="1000"), counts=numbers(degrees="96")), "35.77928"),
        ("us-hts", SUGAR, goods(quantities=numbers(KGM="1000"), counts=numbers(degrees="60")), "31.43854"),
        (
            "us-hts",
            MOVEMENT,
            goods(
                "100",
                quantities={"NAR of jewels": Decimal(100), "NAR of other pieces or parts": Decimal(50)},
                conditions={"consisting in part of a plate or a set of plates": True},
                references={"complete movement": parse("5 USD")},
            ),
            "5",
        ),
        (
            "us-hts",
            "The duty rate provided in such subheading minus 0.5%",
            goods("200", references={"such subheading": parse("3 %")}),
            "5",
        ),
        (
            "us-hts",
            "The duty rate provided in such subheading minus 0.5%",
            goods("200", references={"such subheading": parse("0.2 %")}),
            "0",
        ),
        (
            "us-hts",
            "The rate applicable in the absence of this subheading on the cost of such parts",
            goods("900", values=numbers(cost_of_such_parts="100"), references={"absence of this subheading": parse("4 %")}),
            "4",
        ),
        ("us-hts", SPECIAL, goods("100", programme="AU"), "0"),
        ("us-hts", SPECIAL, goods("100", programme="JO"), "2.5"),
        ("us-hts", SPECIAL, goods("100", programme="P+", references={"9822.05.20": parse("1 %")}), "1"),
        ("uk", "0.600 € / % vol / hl + 3.200 € / hl", goods(None, "EUR", quantities=numbers(HLT="2"), contents=numbers(alcohol="0.4")), "54.4"),
        ("uk", "0.600 € / % vol / hl", goods(None, "EUR", quantities=numbers(LTR="200", LPA="80")), "48"),
        ("uk", "10.40% MIN 1.600 € / 100 kg", goods("10", "EUR", quantities=numbers(KGM="100")), "1.6"),
        ("uk", "10.40% MAX 1.600 € / 100 kg", goods("100", "EUR", quantities=numbers(KGM="100")), "1.6"),
        (
            "uk",
            "16.50 % / Retail Price + 244.78 GBP / 1000 p/st MIN 320.90 GBP / 1000 p/st",
            goods(None, "GBP", quantities=numbers(NAR="20000"), values=numbers(retail_price="9000")),
            "6418",
        ),
        ("uk", "2.0% (25 NOV - 25 JAN); 3%", goods("100", on=date(2026, 1, 25)), "2"),
        ("uk", "2.0% (25 NOV - 25 JAN); 3%", goods("100", on=date(2026, 12, 1)), "2"),
        ("uk", "2.0% (25 NOV - 25 JAN); 3%", goods("100", on=date(2026, 1, 26)), "3"),
        (
            "uk",
            "9% + EA MAX 18.9% + ADSZ",
            goods(
                "1000",
                "EUR",
                quantities=numbers(KGM="200"),
                contents=numbers(milk_fat="0.02", milk_protein="0.01", starch="0.3", sucrose="0.1"),
                meursing={"AC 7111": parse("20 EUR/DTN"), "SD 7111": parse("5 EUR/DTN")},
            ),
            "130",
        ),
        ("uk", "NIHIL", goods(), "0"),
        ("uk", "p/st", goods(), "0"),
        ("uk", "1.000 EUR", goods(None, "GBP", rates={("EUR", "GBP"): Decimal("0.8571")}), "0.8571"),
        ("uk", "1.000 EUR", goods(None, "GBP", rates={("GBP", "EUR"): Decimal("1.25")}), "0.8"),
        ("openward", "0 % (until 2026-07-01); else 8 %", goods("50", on=date(2026, 6, 30)), "0"),
        ("openward", "0 % (until 2026-07-01); else 8 %", goods("50", on=date(2026, 7, 1)), "4"),
        ("openward", '0 % ("authorised use"); else 8 %', goods("50", conditions={"authorised use": True}), "0"),
        ("openward", '8 % ("authorised use"); else 8 %', goods("50"), "4"),
        ("openward", "0 % MAX 17.9 %", goods(), "0"),
        (
            "openward",
            "10 % (price >= 50 EUR/DTN); 10 % + 3 EUR/DTN (price >= 0 EUR/DTN)",
            goods("900", "EUR", quantities=numbers(KGM="2000"), entry_price=parse("0.6 EUR/KGM")),
            "90",
        ),
        (
            "openward",
            "10 % (price >= 50 EUR/DTN); 10 % + 3 EUR/DTN (price >= 0 EUR/DTN)",
            goods("900", "EUR", quantities=numbers(KGM="2000")),
            "150",
        ),
    ],
)  # fmt: skip
def test_amounts(dialect: str, text: str, basis: Basis, expected: str) -> None:
    found = evaluate(parse(text, dialect), basis)
    assert found.missing == ()
    assert found.total == Decimal(expected)


@pytest.mark.parametrize(
    ("dialect", "text", "basis", "facts"),
    [
        ("openward", "5 %", goods(), ["value"]),
        ("openward", "5 % + 1 EUR/KGM", goods("100", "EUR"), ["quantity KGM"]),
        ("openward", "5 % + 1 EUR/KGM", goods("100", "", quantities=numbers(KGM="1")), ["currency"]),
        ("openward", "5 % + 1 EUR/KGM", goods("9", quantities=numbers(KGM="1")), ["exchange rate EUR USD"]),
        ("us-hts", WATCH, goods(), ["quantity NAR", "value of case and strap, band or bracelet", "value of battery"]),
        ("us-hts", "3.7¢/kg on drained weight", goods(quantities=numbers(KGM="9")), ["quantity KGM of drained weight"]),
        ("us-hts", "0.7¢/kg on copper content", goods(contents=numbers(copper="0.1")), ["quantity KGM of copper content"]),
        ("us-hts", SUGAR, goods(quantities=numbers(KGM="9")), ["number of degrees"]),
        ("us-hts", SPECIAL, goods("100"), ["programme"]),
        ("us-hts", SPECIAL, goods("100", programme=""), ["applicable duty"]),
        ("us-hts", SPECIAL, goods("100", programme="P+"), ["duty of 9822.05.20"]),
        ("us-hts", "Free, under bond", goods("100"), ["condition under bond"]),
        ("us-hts", "No change", goods("100"), ["duty of no change"]),
        ("uk", "0.600 € / % vol / hl", goods(None, "EUR", quantities=numbers(HLT="2")), ["content of alcohol"]),
        ("uk", "4.0% (12 JAN - 13 MAR)", goods("100"), ["date"]),
        ("uk", "4.0% (12 JAN - 13 MAR)", goods("100", on=date(2026, 5, 1)), ["applicable duty"]),
        ("uk", "5% + AC (reduced)", goods("100"), ["Meursing AC reduced"]),
        ("uk", "Formula", goods("100"), ["duty of formula"]),
        ("uk", "AU", goods("100"), ["condition authorised use"]),
        ("uk", "AU", goods("100", conditions={"authorised use": True}), ["duty of authorised use rate"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(dialect: str, text: str, basis: Basis, facts: list[str]) -> None:
    found = evaluate(parse(text, dialect), basis)
    assert found.total is None
    assert [missing.fact for missing in found.missing] == facts
    assert all(missing.why for missing in found.missing)


def test_an_open_condition_says_what_either_answer_leads_to() -> None:
    (missing,) = evaluate(parse('0 % ("authorised use"); else 8 %'), goods("50")).missing
    assert (missing.if_true, missing.if_false) == ("0 %", "8 %")


def test_a_quantity_of_another_kind_is_said() -> None:
    (missing,) = evaluate(parse("5 EUR/KGM"), Basis(quantities=numbers(LTR="3"))).missing
    assert "LTR measures volume, KGM measures mass" in missing.why


def test_what_is_still_known_is_kept() -> None:
    found = evaluate(parse("5 % + 1 EUR/KGM - 2 %"), goods("100", "EUR"))
    assert [line.amount for line in found.lines] == [Decimal(5), None, Decimal(-2)]
    assert found.lines[0].how == "5 % on 100 EUR"


@pytest.mark.parametrize(
    "facts",
    [
        {"value": Decimal(-1)},
        {"value": Decimal("NaN")},
        {"quantities": {"KGM": Decimal(-5)}},
        {"contents": {"alcohol": Decimal(40)}},
        {"values": {"case": Decimal("Infinity")}},
        {"rates": {("EUR", "GBP"): Decimal(0)}},
    ],
)
def test_impossible_facts_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Basis(**facts)


def test_an_unknown_unit_in_the_facts_is_refused() -> None:
    with pytest.raises(InputError, match="ZZZ"):
        evaluate(parse("5 EUR/KGM"), Basis(quantities={"ZZZ": Decimal(1)}))


def test_a_reference_to_itself_does_not_loop() -> None:
    duty = parse('duty of "line"')
    assert evaluate(duty, Basis(references={"line": duty})).total is None
