"""Subsidy files, by hand; the allocation formula keeps the present value."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.calculate.examples import example_path
from openward.calculate.jurisdiction import rules
from openward.calculate.subsidy.allocation import declining_balance, straight_line
from openward.calculate.subsidy.case import SubsidyCase, read_subsidy
from openward.calculate.subsidy.run import calculate_subsidy, de_minimis_subsidy
from openward.errors import InputErrors


@pytest.fixture(scope="module")
def case() -> SubsidyCase:
    return read_subsidy(example_path("subsidy"))


def test_worked_file(case: SubsidyCase) -> None:
    result = calculate_subsidy(case)
    found = {one.name: one for one in result.programmes}
    # third year of ten at 10 %: (1100 + (11000 - 2200) * 0.1) / 1.1 = 1980 / 1.1
    assert found["plant grant"].of_period == 1800
    assert found["policy loan"].benefit == 250  # 20000 * 2.5 % * half a year
    assert found["power below market"].benefit == 100
    assert found["loan guarantee"].benefit == 25
    assert found["general allowance"].rate == 0  # not specific
    assert result.rate == Fraction(1800 + 250 + 25, 100000) + Fraction(200, 40000) + Fraction(100, 50000)
    assert not result.de_minimis


@given(
    face=st.integers(1, 10**6),
    life=st.integers(1, 30),
    discount=st.fractions(0, 1, max_denominator=100),
)
def test_declining_balance_keeps_the_present_value(face: int, life: int, discount: Fraction) -> None:
    parts = [declining_balance(Fraction(face), life, discount, year) for year in range(1, life + 1)]
    assert sum(part / (1 + discount) ** k for k, part in enumerate(parts)) == face
    assert parts == sorted(parts, reverse=True)
    assert declining_balance(Fraction(face), life, discount, 0) == 0
    assert declining_balance(Fraction(face), life, discount, life + 1) == 0


def test_straight_line_by_hand() -> None:
    assert straight_line(Fraction(1000), 10, Fraction(1, 20), 4) == 125  # 100 + 500 * 5 %


@pytest.mark.parametrize(
    ("rate", "developing", "small"),
    [
        ("0.0099", False, True),
        ("0.01", False, False),
        ("0.0101", False, False),
        ("0.0199", True, True),
        ("0.02", True, False),
        ("0.0201", True, False),
    ],
)
@pytest.mark.parametrize("law", ["chn", "eur", "gbr", "usa"])
def test_de_minimis(law: str, rate: str, developing: bool, small: bool) -> None:
    assert de_minimis_subsidy(Fraction(rate), rules(law), developing=developing) is small


@pytest.mark.parametrize(("amount", "expensed"), [(499, True), (500, False), (501, False)])
def test_small_grants_are_expensed_in_the_united_states(
    case: SubsidyCase, amount: int, expensed: bool
) -> None:
    grant = case.programmes[0].model_copy(update={"amount": Fraction(amount)})
    changed = case.model_copy(update={"programmes": (grant,)})
    part = calculate_subsidy(changed, jurisdiction="usa").programmes[0].of_period
    assert (part == 0) is expensed  # received in 2022, the period is 2024
    assert calculate_subsidy(changed, jurisdiction="chn").programmes[0].of_period > 0


def test_a_benefit_is_never_below_zero(case: SubsidyCase) -> None:
    loan = case.programmes[1].model_copy(update={"benchmark": Fraction(1, 100)})
    result = calculate_subsidy(case.model_copy(update={"programmes": (loan,)}))
    assert result.rate == 0
    assert result.de_minimis


def test_missing_facts_are_collected(case: SubsidyCase) -> None:
    broken = case.model_copy(update={"sales": {"total": Fraction(1)}, "allocation": None})
    with pytest.raises(InputErrors) as caught:
        calculate_subsidy(broken)
    assert [one.where for one in caught.value.errors] == ["allocation", "sales.export", "sales.product"]
