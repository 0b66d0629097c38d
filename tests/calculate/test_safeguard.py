"""Safeguard files, by hand, and every limit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.calculate.examples import example_path
from openward.calculate.safeguard.case import SafeguardCase, read_safeguard
from openward.calculate.safeguard.quota import excluded, share_out
from openward.calculate.safeguard.run import calculate_safeguard
from openward.errors import InputErrors


@pytest.fixture(scope="module")
def case() -> SafeguardCase:
    return read_safeguard(example_path("safeguard"))


def test_worked_file(case: SafeguardCase) -> None:
    result = calculate_safeguard(case)
    assert result.reference_years == (2021, 2023, 2024)  # 2022 is not representative
    assert result.representative == 1200
    assert result.increase.absolute == Fraction(7, 8)  # 1500 / 800
    assert result.increase.relative == 1  # 0.4 / 0.2
    assert result.increase.last_year == Fraction(4, 11)
    assert result.excluded == {"XXC"}  # 90 of 3600: 2.5 %
    # year 1: 97.5 % of 1200; XXA 1800, XXB 1170, others 540 of 3510. Year 2: 1228.5, rounded up
    assert result.quotas[0].total == 1170
    assert dict(result.quotas[0].by_origin) == {"XXA": 600, "XXB": 390, "others": 180}
    assert result.quotas[1].total == 1229
    assert dict(result.quotas[1].by_origin) == {"XXA": 630, "XXB": 410, "others": 189}
    assert len(result.duties) == 2


@pytest.mark.parametrize(
    ("law", "years", "extension", "faults"),
    [
        ("chn", 4, 6, []),
        ("chn", 4, 7, ["extension"]),
        ("chn", 5, 5, ["years"]),
        ("chn", 5, 6, ["years", "extension"]),
        ("eur", 4, 4, []),
        ("eur", 4, 5, ["extension"]),
        ("usa", 3, 5, []),
        ("gbr", 4, 5, ["extension"]),
    ],
)
def test_length(case: SafeguardCase, law: str, years: int, extension: int, faults: list[str]) -> None:
    changed = case.model_copy(update={"years": years, "extension": extension})
    if not faults:
        assert len(calculate_safeguard(changed, jurisdiction=law).quotas) == years
        return
    with pytest.raises(InputErrors) as caught:
        calculate_safeguard(changed, jurisdiction=law)
    assert [one.where for one in caught.value.errors] == faults


@pytest.mark.parametrize(("years", "duties"), [(1, 0), (2, 1), (3, 1), (4, 2)])
def test_liberalization_and_review(case: SafeguardCase, years: int, duties: int) -> None:
    assert len(calculate_safeguard(case.model_copy(update={"years": years})).duties) == duties


@pytest.mark.parametrize(
    ("shares", "left_out"),
    [
        ({"A": "0.0299"}, {"A"}),
        ({"A": "0.03"}, {"A"}),
        ({"A": "0.0301"}, set()),
        ({"A": "0.03", "B": "0.03", "C": "0.03"}, {"A", "B", "C"}),  # 9 % together
        ({"A": "0.03", "B": "0.03", "C": "0.03", "D": "0.0001"}, set()),
        ({"A": "0.03", "B": "0.3"}, {"A"}),
    ],
)
def test_developing_members(shares: dict[str, str], left_out: set[str]) -> None:
    assert excluded({name: Fraction(one) for name, one in shares.items()}, tuple(shares)) == left_out


@given(
    total=st.integers(0, 10**6),
    weights=st.dictionaries(
        st.sampled_from("ABCDEF"), st.fractions("1/10", 100, max_denominator=50), min_size=1
    ),
)
def test_shares_add_up_and_are_within_one_unit(total: int, weights: dict[str, Fraction]) -> None:
    found = share_out(total, weights)
    assert sum(found.values()) == total
    whole = sum(weights.values())
    assert all(abs(found[name] - total * weight / whole) < 1 for name, weight in weights.items())


def test_relative_increase_alone_is_an_increase(case: SafeguardCase) -> None:
    changed = case.model_copy(
        update={"imports": {year: Fraction(1000) for year in case.imports}, "origins": {}, "developing": ()}
    )
    assert calculate_safeguard(changed).increase.increased  # output fell from 4000 to 3750
    flat = changed.model_copy(update={"output": {year: Fraction(4000) for year in case.output}})
    assert not calculate_safeguard(flat).increase.increased


def test_too_few_representative_years_and_missing_origins_are_named(case: SafeguardCase) -> None:
    short = case.model_copy(update={"unrepresentative": {2022: "a", 2021: "b", 2020: "c"}})
    with pytest.raises(InputErrors, match="2 representative years"):
        calculate_safeguard(short)
    gap = case.model_copy(
        update={"origins": {"XXA": {2021: Fraction(1), 2023: Fraction(1)}}, "developing": ()}
    )
    with pytest.raises(InputErrors, match="no imports of 2024 from XXA"):
        calculate_safeguard(gap)
