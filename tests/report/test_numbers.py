from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.report.numbers import (
    EMPTY,
    MINUS,
    count,
    decimals_for,
    listing,
    money,
    number,
    percent,
    rate,
    scientific,
)


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (None, 2, True, EMPTY),
        (0.0, 3, True, "0"),
        (1234.5, 1, False, "1,234.5"),
        (-0.0004, 4, True, f"{MINUS}0.0004"),
        (-0.0004, 2, True, "0.00"),
        (2, 0, True, "+2"),
    ],
)
def test_number(value: float | None, decimals: int, signed: bool, text: str) -> None:
    assert number(value, decimals, signed=signed) == text


@pytest.mark.parametrize(
    ("musd", "text"),
    [
        (62_480.4, "USD 62.5 bn"),
        (-1_210.0, f"{MINUS}USD 1.21 bn"),
        (0.0, "USD 0 m"),
        (0.04, "USD 0.04 m"),
        (2_500_000.0, "USD 2.50 tn"),
    ],
)
def test_money(musd: float, text: str) -> None:
    assert money(musd) == text


def test_signed_money_carries_its_plus() -> None:
    assert money(340.0, signed=True) == "+USD 340 m"


def test_a_column_shows_three_digits_of_its_largest_figure() -> None:
    assert decimals_for([0.0414, -0.0006]) == 4
    assert decimals_for([412.0, 3.0]) == 0
    assert decimals_for([]) == 0
    assert decimals_for([None, 0.0]) == 0


def test_percent_and_rate() -> None:
    assert percent(0.0414) == "+0.041 %"
    assert percent(0.0) == "0 %"
    assert percent(None) == EMPTY
    assert rate(0.098) == "9.8 %"
    assert rate(0.0) == "0 %"


def test_scientific() -> None:
    assert scientific(3.1e-11) == "3.1 × 10⁻¹¹"
    assert scientific(0.0) == "0"


def test_words() -> None:
    assert count(1, "economy", "economies") == "1 economy"
    assert count(1200, "line") == "1,200 lines"
    assert listing([]) == "none"
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c", "d"], most=3) == "a, b and 2 more"


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_a_printed_number_reads_back(value: float, decimals: int) -> None:
    text = number(value, decimals, signed=True).replace(",", "").replace(MINUS, "-")
    assert float(text) == pytest.approx(value, abs=0.51 * 10.0**-decimals, rel=1e-12)
