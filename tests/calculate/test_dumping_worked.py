"""The worked case, checked against figures worked out by hand (never against the code itself)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from openward.calculate.dumping.case import DumpingCase, read_dumping
from openward.calculate.dumping.run import DumpingResult, FirmResult, calculate_dumping
from openward.calculate.exact import rounded
from openward.calculate.examples import example_path

F = Fraction

# By hand, product by product: normal value, export price, quantity, CIF value per unit.
# P1 (60*120 + 40*115)/100; P3 above-cost sales only; P4 (90*80 + 10*60)/100 as 10 % below cost stay;
# P5 170 * 1.10, the profit (51700 - 47000) / 47000; P7 = P1 + 3; P8 without the related customer;
# P9 exports (60*64 + 40*50)/100 = 58.4.
HAND = {
    "P1": ("118", "110", 50, 120),
    "P2": ("100", "105", 40, 115),
    "P3": ("150", "140", 30, 150),
    "P4": ("78", "80", 100, 90),
    "P5": ("187", "180", 100, 190),
    "P6": ("90", "85", 100, 95),
    "P7": ("121", "116", 20, 126),
    "P8": ("113", "110", 10, 120),
    "P9": ("60", "58.4", 100, F(6840, 100)),
}
AMOUNTS = {
    "P1": 400, "P2": -200, "P3": 300, "P4": -200, "P5": 700, "P6": 500, "P7": 100, "P8": 30, "P9": 160,
}  # fmt: skip
VALUES = {
    "P1": 6000, "P2": 4600, "P3": 4500, "P4": 9000, "P5": 19000, "P6": 9500, "P7": 2520, "P8": 1200,
    "P9": 6840,
}  # fmt: skip


@pytest.fixture(scope="module")
def case() -> DumpingCase:
    return read_dumping(example_path("dumping"))


@pytest.fixture(scope="module")
def result(case: DumpingCase) -> DumpingResult:
    return calculate_dumping(case)


@pytest.fixture(scope="module")
def alpha(result: DumpingResult) -> FirmResult:
    return result.firms[0]


def test_hand_table_agrees_with_itself() -> None:
    for pcn, (normal, export, units, cif) in HAND.items():
        assert (F(normal) - F(export)) * units == AMOUNTS[pcn]
        assert F(cif) * units == VALUES[pcn]
    assert sum(AMOUNTS.values()) == 1790
    assert sum(amount for amount in AMOUNTS.values() if amount > 0) == 2190
    assert sum(VALUES.values()) == 63160


def test_normal_values(alpha: FirmResult) -> None:
    assert {one.pcn: one.value for one in alpha.normal_values} == {
        pcn: F(row[0]) for pcn, row in HAND.items()
    }
    assert {one.pcn: one.basis for one in alpha.normal_values if one.basis != "home"} == {
        "P5": "constructed",
        "P7": "home P1",
    }


def test_amounts_and_values(alpha: FirmResult) -> None:
    assert {one.pcn: one.amount(offsets=True) for one in alpha.comparisons} == AMOUNTS
    assert {one.pcn: one.value for one in alpha.comparisons} == VALUES


def test_margins_weighted_and_simple_with_and_without_offsets(alpha: FirmResult) -> None:
    assert alpha.with_offsets.weighted == F(1790, 63160)
    assert alpha.without_offsets.weighted == F(2190, 63160)
    # 1/15 - 1/23 + 1/15 - 1/45 + 7/190 + 1/19 + 5/126 + 1/40 + 4/171, over nine
    whole = F(1, 15) + F(1, 15) + F(7, 190) + F(1, 19) + F(5, 126) + F(1, 40) + F(4, 171)
    assert alpha.with_offsets.simple == (whole - F(1, 23) - F(1, 45)) / 9
    assert alpha.without_offsets.simple == whole / 9
    assert [str(rounded(100 * value, 2)) for value in (
        alpha.with_offsets.weighted, alpha.without_offsets.weighted,
        alpha.with_offsets.simple, alpha.without_offsets.simple,
    )] == ["2.83", "3.47", "2.72", "3.45"]  # fmt: skip


def test_every_step_is_printed(result: DumpingResult) -> None:
    steps = {(step.subject, step.name): step for step in result.steps}
    assert steps["Alpha E8", "export price"].value == 110  # 130 - 2 - 6 - 2 - 7 - 3
    assert steps["Alpha H1", "net price, home"].value == 120
    assert steps["Alpha", "profit on cost, home"].value == F(1, 10)
    assert dict(steps["Alpha", "profit on cost, home"].inputs) == {"value": 51700, "cost": 47000}
    assert steps["Alpha P3", "below-cost sales left out"].value is True
    assert steps["Alpha P4", "below-cost sales left out"].value is False
    assert steps["Alpha P5", "viable home sales"].value is False
    assert steps["Alpha P6", "viable home sales"].value is True
    assert {f"{sale}" for sale in ("Alpha H11",)} <= {step.subject for step in result.steps}
    assert all(step.citation for step in result.steps)
    assert all(step.formula for step in result.steps)
    names = {step.name for step in result.steps}
    assert {"de minimis", "duty", "amount, average-to-average", "normal value"} <= names


def test_rates_of_everybody(result: DumpingResult) -> None:
    rates = {one.name: one for one in result.rates}
    assert rates["Beta"].rate == F(100, 11000)  # (100 - 99) * 100 over 110 * 100: 0.909 %, de minimis
    assert rates["Beta"].de_minimis
    assert rates["Gamma"].rate == F(1790, 63160)  # Beta is de minimis, Delta on facts available: Alpha alone
    assert rates["Delta"].rate == F(35, 100)
    assert rates["Epsilon"].rate == rates["all others"].rate == F(35, 100)
    assert result.firms[1].duty.rate == 0


def test_united_states_divide_by_the_net_price_and_do_not_test_by_type(case: DumpingCase) -> None:
    found = calculate_dumping(case, jurisdiction="usa")
    alpha = found.firms[0]
    # P5 is then its home price, 200: (200 - 180) * 100 = 2000. P8 by the 98-102 % test: 80/113 fails too.
    assert alpha.with_offsets.amount == 1790 - 700 + 2000
    assert alpha.with_offsets.value == 5500 + 4200 + 4200 + 8000 + 18000 + 8500 + 2320 + 1100 + 5840
    assert str(alpha.margin.pct(found.rules)) == "5.36"
    rates = {one.name: one.rate for one in found.rates}
    assert rates["Epsilon"] == rates["all others"] == F(3090, 57660)


def test_lesser_duty_where_the_law_has_it(case: DumpingCase) -> None:
    eur = calculate_dumping(case, jurisdiction="eur").firms[0].duty
    assert (eur.rate, eur.limited_by) == (F(2, 100), "injury")
    assert calculate_dumping(case, jurisdiction="gbr").firms[0].duty.rate == F(2, 100)
    chn = calculate_dumping(case, jurisdiction="chn").firms[0].duty
    assert (chn.rate, chn.limited_by) == (F(1790, 63160), "margin")


def test_average_to_transaction(case: DumpingCase) -> None:
    changed = case.model_copy(update={"method": "average-to-transaction"})
    alpha = calculate_dumping(changed).firms[0]
    # Only P9 has two exports: (60 - 50) * 40 = 400 and (60 - 64) * 60 = -240
    assert alpha.with_offsets.weighted == F(1790, 63160)
    assert alpha.without_offsets.weighted == F(2190 - 160 + 400, 63160)
    assert alpha.margin == alpha.with_offsets
    usa = calculate_dumping(changed, jurisdiction="usa").firms[0]
    assert not usa.margin.offsets


def test_offsets_of_the_case_overrule_the_default(case: DumpingCase) -> None:
    changed = case.model_copy(update={"offsets": False})
    assert calculate_dumping(changed).firms[0].margin.weighted == F(2190, 63160)
