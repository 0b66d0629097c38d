"""Relations and tolerances at, above and below their limits."""

from __future__ import annotations

import pytest

from openward.claims.tolerance import Tolerance, default_tolerance, holds, missed_by, read_tolerance, worst
from openward.errors import InputError


@pytest.mark.parametrize(
    ("relation", "value", "amount", "relative"),
    [
        ("=", "9.7", 0.05, False),
        ("=", "9.70", 0.005, False),
        ("=", "23", 0.5, False),
        ("=", "-1.25", 0.005, False),
        ("~=", "43", 0.05, True),
        (">=", "14", 0.0, False),
        ("=", "all", 0.0, False),
    ],
)
def test_default_is_half_the_last_printed_digit_or_five_percent(
    relation: str, value: str, amount: float, relative: bool
) -> None:
    assert default_tolerance(relation, value) == Tolerance(pytest.approx(amount), relative)


@pytest.mark.parametrize(
    ("computed", "relation", "value", "expected"),
    [
        (9.65, "=", "9.7", True),
        (9.75, "=", "9.7", True),
        (9.7501, "=", "9.7", False),
        (9.6499, "=", "9.7", False),
        (40.85, "~=", "43", True),
        (45.15, "~=", "43", True),
        (45.16, "~=", "43", False),
        (40.84, "~=", "43", False),
        (1.0, ">=", "1", True),
        (0.9969, ">=", "1", False),
        (10.0, ">", "10", False),
        (10.0001, ">", "10", True),
        (4.0, "<=", "4", True),
        (4.1, "<=", "4", False),
        (4.0, "<", "4", False),
        (3.9, "<", "4", True),
    ],
)
def test_relation_at_above_and_below(computed: float, relation: str, value: str, expected: bool) -> None:
    assert holds(computed, relation, float(value), default_tolerance(relation, value)) is expected


def test_a_ledger_may_widen_an_inequality() -> None:
    assert holds(0.9969, ">=", 1.0, read_tolerance("1 %"))
    assert not holds(0.98, ">=", 1.0, read_tolerance("0.01"))


@pytest.mark.parametrize("text", ["", "five", "-1", "5 pct", "1e3", "% 5"])
def test_other_tolerances_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a tolerance"):
        read_tolerance(text)


def test_tolerances_print_as_they_are_read() -> None:
    assert read_tolerance("5 %").text == "5 %"
    assert read_tolerance("0.05").text == "0.05"


def test_distance_missed_is_a_fraction_of_the_claim() -> None:
    assert missed_by(6.5, ">", 10.0) == pytest.approx(0.35)
    assert missed_by(12.0, ">", 10.0) == 0.0
    assert missed_by(5.0, "<=", 4.0) == pytest.approx(0.25)


@pytest.mark.parametrize(("relation", "year"), [(">", 2017), ("<", 2023), ("=", 2023)])
def test_the_worst_year_is_the_one_nearest_to_failing(relation: str, year: int) -> None:
    assert worst({2016: 9.8, 2017: 6.5, 2023: 20.8}, relation, 10.0) == year
