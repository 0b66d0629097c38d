"""The landed total: taxes on the cascaded base, the clock of payment, interest of late payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from openward.book import load
from openward.book.model import Book
from openward.determine.decision import Decision, Landed, Money, Question
from openward.determine.goods import decide
from openward.errors import InputError


@pytest.fixture(scope="module")
def china() -> Book:
    return load("chn")


def ask(book: Book, hs: str = "70131000", on: str = "2025-06-01", **facts: Any) -> Decision:
    question = Question(
        "import",
        date.fromisoformat(on),
        origin="KOR",
        hs=hs,
        value=Money(Decimal(1000), "CNY"),
        facts=MappingProxyType({"incoterm": "CIF", **facts}),
    )
    return decide(question, book)


def landed(decision: Decision) -> Landed:
    assert decision.landed is not None
    return decision.landed


def test_value_added_tax_on_value_and_duty(china: Book) -> None:
    found = landed(ask(china))
    assert found.duty == Money(Decimal("70.00"), "CNY")
    assert found.taxes[0].amount == Money(Decimal("139.10"), "CNY")
    assert found.payable == Money(Decimal("209.10"), "CNY")
    assert found.total == Money(Decimal("1209.10"), "CNY")


def test_consumption_tax_is_part_of_its_own_base(china: Book) -> None:
    found = landed(ask(china, consumption_tax_rate="20 %"))
    # (1000 + 70) / (1 - 0.2) = 1337.50; 20 % of it; then 13 % of value, duty and consumption tax together.
    assert [tax.amount for tax in found.taxes] == [
        Money(Decimal("267.50"), "CNY"),
        Money(Decimal("173.88"), "CNY"),
    ]
    assert found.total == Money(Decimal("1511.38"), "CNY")


def test_a_tax_rate_that_is_not_known_is_unresolved_not_zero(china: Book) -> None:
    decision = ask(china, hs="870323")
    assert landed(decision).total is None
    assert "vat_rate" in {u.fact for u in decision.unresolved}
    given = ask(china, hs="870323", vat_rate="13 %")
    assert landed(given).total is not None


def test_the_clock_of_payment_and_late_interest(china: Book) -> None:
    found = landed(ask(china, paid_on=date(2025, 6, 26)))
    assert found.due == date(2025, 6, 16)
    assert found.interest == Money(Decimal("1.05"), "CNY")
    assert [step.citation.split("art. ")[1] for step in found.steps[-2:]] == ["43(1)", "43(2)"]
    assert landed(ask(china, paid_on=date(2025, 6, 16))).interest == Money(Decimal("0.00"), "CNY")


def test_the_clock_starts_as_the_law_of_the_day_says(china: Book) -> None:
    new = landed(ask(china, declared_on=date(2025, 6, 3)))
    assert new.due == date(2025, 6, 18)
    old = landed(ask(china, on="2024-06-01", payment_notice_on=date(2024, 6, 5)))
    assert old.due == date(2024, 6, 20)
    assert old.steps[-1].citation.endswith("art. 37")


@pytest.mark.parametrize(
    ("facts", "told"),
    [({"vat_rate": "free"}, "vat_rate"), ({"vat_rate": Decimal(13)}, "13 %"), ({"paid_on": "soon"}, "soon")],
)
def test_bad_facts_are_one_clear_message(china: Book, facts: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(china, **facts)
    assert told in str(caught.value)


def test_fallback_values_reach_the_duty(china: Book) -> None:
    decision = ask(china, relation_affects_price=True, value_similar=Decimal(2000))
    assert landed(decision).customs_value == Money(Decimal("2000.00"), "CNY")
    assert decision.total == Money(Decimal("140.00"), "CNY")


def test_without_a_value_by_any_method_no_amount_is_given(china: Book) -> None:
    decision = ask(china, relation_affects_price=True)
    assert (decision.total, decision.landed) == (None, None)
    assert "customs_value" in {u.fact for u in decision.unresolved}
