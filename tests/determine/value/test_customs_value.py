"""Customs value by the Tariff Law, articles 24-31, and its forerunner: each element, method and article."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.book import load
from openward.book.model import Book
from openward.determine.decision import Money, Question
from openward.determine.value.customs import CustomsValue, customs_value
from openward.determine.value.frame import frame_of
from openward.errors import InputError

ADDED = ("commissions", "containers", "packing", "assists", "royalties", "proceeds")
DEDUCTED = ("installation", "inland_freight", "taxes_in_price")
GOOD = {
    "buyer_restricted": False,
    "price_conditioned": False,
    "seller_proceeds": False,
    "relation_affects_price": False,
}


@pytest.fixture(scope="module")
def china() -> Book:
    return load("chn")


def value(
    book: Book, price: str | None = "1000", *, on: str = "2025-06-01", currency: str = "CNY", **facts: Any
) -> CustomsValue:
    day = date.fromisoformat(on)
    question = Question(
        "import",
        day,
        importer="CHN",
        origin="KOR",
        hs="70131000",
        value=None if price is None else Money(Decimal(price), currency),
        facts=MappingProxyType(facts),
    )
    frame = frame_of(book, "CHN", day)
    assert frame is not None
    return customs_value(book, question, frame)


def amount(found: CustomsValue) -> Decimal:
    assert found.money is not None
    return found.money.amount


def test_the_price_with_freight_and_insurance_to_entry(china: Book) -> None:
    found = value(china, incoterm="FOB", freight=Decimal(100), insurance=Decimal("5.5"), **GOOD)
    assert amount(found) == Decimal("1105.5")
    assert found.method == "transaction"
    assert not found.unresolved
    assert [step.citation.split("art. ")[1] for step in found.steps] == ["24(1)", "24(1)", "24(1)"]


@pytest.mark.parametrize(
    ("term", "expected"), [("CIF", "1000"), ("CFR", "1005"), ("FOB", "1105"), ("EXW", "1105")]
)
def test_terms_of_delivery(china: Book, term: str, expected: str) -> None:
    found = value(china, incoterm=term, freight=Decimal(100), insurance=Decimal(5))
    assert amount(found) == Decimal(expected)


def test_freight_that_is_not_given_is_said(china: Book) -> None:
    assert any("freight and insurance" in note for note in value(china, incoterm="FOB").notes)
    assert any("no incoterm" in note for note in value(china).notes)
    assert not value(china, incoterm="CIF").notes


@pytest.mark.parametrize(("number", "fact"), list(enumerate(ADDED, start=1)))
def test_each_addition_by_its_item_of_article_25(china: Book, number: int, fact: str) -> None:
    found = value(china, incoterm="CIF", **{fact: Decimal(40)})
    assert amount(found) == Decimal(1040)
    assert found.steps[-1].citation.endswith(f"art. 25({number})")


@pytest.mark.parametrize(("number", "fact"), list(enumerate(DEDUCTED, start=1)))
def test_each_deduction_by_its_item_of_article_26(china: Book, number: int, fact: str) -> None:
    found = value(china, incoterm="CIF", **{fact: Decimal(40)})
    assert amount(found) == Decimal(960)
    assert found.steps[-1].citation.endswith(f"art. 26({number})")


def test_what_is_not_known_of_the_price_is_unresolved(china: Book) -> None:
    (open_fact,) = value(china, buyer_restricted=False).unresolved
    assert "relation_affects_price" in open_fact.fact
    assert "buyer_restricted" not in open_fact.fact
    assert "24(3)(4)" in open_fact.why


METHODS = [
    ("identical", {"value_identical": Decimal(900)}, "900", "27(1)(1)"),
    ("similar", {"value_similar": Decimal(910)}, "910", "27(1)(2)"),
    ("deductive", {"resale_price": Decimal(1500), "resale_profit": Decimal(200)}, "1300", "28(1)"),
    ("computed", {"value_computed": Decimal(930)}, "930", "27(1)(4)"),
    ("reasonable", {"value_reasonable": Decimal(940)}, "940", "27(1)(5)"),
]


@pytest.mark.parametrize(("method", "facts", "expected", "article"), METHODS)
def test_each_fallback_method(
    china: Book, method: str, facts: dict[str, Decimal], expected: str, article: str
) -> None:
    found = value(china, relation_affects_price=True, **facts)
    assert (found.method, amount(found)) == (method, Decimal(expected))
    assert found.steps[0].citation.endswith("24(3)(4)")
    assert found.steps[-1].citation.endswith(article)


def test_the_methods_come_in_their_order(china: Book) -> None:
    every: dict[str, Any] = {}
    for method, facts, *_ in reversed(METHODS):
        every |= facts
        assert value(china, None, **every).method == method


def test_the_taxpayer_may_turn_the_third_and_fourth_round(china: Book) -> None:
    facts: dict[str, Any] = {"resale_price": Decimal(1500), "value_computed": Decimal(930)}
    assert value(china, None, **facts).method == "deductive"
    turned = value(china, None, computed_first=True, **facts)
    assert turned.method == "computed"
    assert turned.steps[0].citation.endswith("27(2)")


def test_without_any_figure_the_value_is_unresolved(china: Book) -> None:
    found = value(china, relation_affects_price=True)
    assert found.money is None
    assert "value_identical" in found.unresolved[0].if_true


def test_before_the_tariff_law_the_regulations_value(china: Book) -> None:
    found = value(china, on="2024-06-01", incoterm="CIF", royalties=Decimal(10))
    assert [step.citation.split("art. ")[1] for step in found.steps] == ["18", "19(5)"]
    assert "Regulations" in found.steps[0].citation


def test_prices_in_another_currency_need_a_rate(china: Book) -> None:
    found = value(china, currency="USD", incoterm="CIF")
    assert found.money == Money(Decimal(1000), "USD")
    assert any("exchange_rate:USD/CNY" in note for note in found.notes)
    rated = value(china, currency="USD", incoterm="CIF", **{"exchange_rate:USD/CNY": Decimal("7.2")})
    assert rated.money == Money(Decimal(7200), "CNY")
    assert rated.steps[-1].citation.endswith("60(2)")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"freight": Decimal(-1)}, "-1"),
        ({"freight": "much"}, "much"),
        ({"freight": "10 EUR"}, "exchange_rate:EUR/CNY"),
        ({"incoterm": "XXX"}, "XXX"),
        ({"taxes_in_price": Decimal(5000)}, "more is deducted"),
        ({"freight": True}, "not an amount"),
    ],
)
def test_bad_elements_are_one_clear_message(china: Book, facts: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        value(china, **facts)
    assert told in str(caught.value)


@given(st.dictionaries(st.sampled_from((*ADDED, *DEDUCTED)), st.integers(0, 300), max_size=9))
@settings(max_examples=40, deadline=None)
def test_the_value_is_the_price_and_its_parts(parts: dict[str, int]) -> None:
    facts = {name: Decimal(number) for name, number in parts.items()}
    expected = 1000 + sum(n if name in ADDED else -n for name, n in parts.items())
    found = value(load("chn"), incoterm="CIF", **facts)
    assert amount(found) == expected
    assert len(found.steps) == 1 + sum(1 for number in parts.values() if number)
