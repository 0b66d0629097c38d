"""The injury file, by hand, and its thresholds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from openward.calculate.examples import example_path
from openward.calculate.injury.case import InjuryCase, Source, read_injury
from openward.calculate.injury.cumulation import cumulation
from openward.calculate.injury.factors import FACTORS
from openward.calculate.injury.prices import price_without_injury
from openward.calculate.injury.printed import as_dict, sentence
from openward.calculate.injury.run import calculate_injury
from openward.calculate.injury.table import factor_table, triage
from openward.calculate.jurisdiction import rules
from openward.calculate.reading import parse
from openward.calculate.step import Trail
from openward.errors import InputErrors, MissingDataError


@pytest.fixture(scope="module")
def case() -> InjuryCase:
    return read_injury(example_path("injury"))


def test_fifteen_factors_whatever_is_given(case: InjuryCase) -> None:
    assert len(FACTORS) == 15
    rows = factor_table(case)
    assert [row.factor for row in rows] == list(FACTORS)
    trends = {row.factor.name: row.trend for row in rows}
    assert trends["ability_to_raise_capital"] == "not given"
    assert trends["growth"] == "in words"
    assert trends["margin_of_dumping"] == "not comparable"
    assert trends["inventories"] == "worse"  # they rose
    assert trends["productivity"] == "better"
    assert trends["wages"] == "steady"  # 50 on 8000
    changes = {row.factor.name: row.change for row in rows}
    assert changes["sales"] == Fraction(-1, 5)
    assert changes["profits"] == Fraction(-7, 5)
    assert {row.factor.name for row in rows if row.turns} == {"output"}


def test_a_score_is_triage_and_says_so(case: InjuryCase) -> None:
    found = triage(factor_table(case))
    # worse: sales, profits, output, share, return, capacity, prices, cash, inventories, employment
    assert (found.worse, found.better, found.judged) == (10, 1, 12)
    assert found.score == Fraction(9, 12)
    assert "triage only" in found.warning
    printed = as_dict(calculate_injury(case))
    assert "triage only" in str(printed["triage"])
    assert "0.75" not in sentence(calculate_injury(case))


def test_prices_by_hand(case: InjuryCase) -> None:
    prices = calculate_injury(case).prices
    assert prices is not None
    # undercutting: P1 (100 - 90) * 60 = 600, P2 (100 - 105) * 40 = -200, over 100 * 100
    assert prices.undercutting == Fraction(400, 10000)
    assert prices.undercutting_positive_only == Fraction(600, 10000)
    # target prices: 95 / 0.95 = 100 and 99.75 / 0.95 = 105; only P1 is undersold, 600 over 60 * 80 + 40 * 100
    assert prices.underselling == Fraction(600, 8800)
    assert price_without_injury(Fraction(95), Fraction(1, 20)) == 100


def test_causes_not_examined_are_shown(case: InjuryCase) -> None:
    causes = {row.factor: row.cause for row in calculate_injury(case).causes}
    assert causes["technology"] is None
    assert causes["demand"] is not None
    assert len(causes) == 8


@pytest.mark.parametrize(
    ("margin", "volume", "competition", "together"),
    [
        ("0.0199", "50", True, False),
        ("0.02", "50", True, True),
        ("0.0201", "50", True, True),
        ("0.1", "2.99", True, False),
        ("0.1", "3", True, True),
        ("0.1", "3.01", True, True),
        ("0.1", "50", False, False),
    ],
)
def test_cumulation(margin: str, volume: str, competition: bool, together: bool) -> None:
    source = Source(
        economy="XXA", margin=Fraction(margin), volume=Fraction(volume), same_competition=competition
    )
    found = cumulation([source], rules("chn"), Trail(), total_imports=Fraction(100), consumption=None)
    assert found[0].cumulated is together
    assert bool(found[0].why_not) is not together


def test_cumulation_needs_the_total_the_law_measures_by() -> None:
    source = Source(economy="XXA", margin=Fraction(1), volume=Fraction(1), same_competition=True)
    with pytest.raises(MissingDataError, match="measures volumes by consumption"):
        cumulation([source], rules("eur"), Trail(), total_imports=Fraction(100), consumption=None)
    with pytest.raises(MissingDataError, match="measures volumes by imports"):
        cumulation([source], rules("usa"), Trail(), total_imports=None, consumption=Fraction(1))


@pytest.mark.parametrize(
    ("last", "trend"),
    [("98.99", "worse"), ("99", "worse"), ("99.01", "steady"), ("100.99", "steady"), ("101", "better")],
)
def test_steady_is_less_than_one_percent(last: str, trend: str) -> None:
    case = parse(
        "schema: openward.injury/1\nproduct: p\nperiods: [a, b]\n"
        f"factors: {{sales: {{unit: t, values: {{a: 100, b: {last}}}}}}}",
        InjuryCase,
        schema="openward.injury/1",
        where="x",
    )
    assert factor_table(case)[0].trend == trend


def test_a_growing_loss_is_worse_and_has_no_percent() -> None:
    case = parse(
        "schema: openward.injury/1\nproduct: p\nperiods: [a, b]\n"
        "factors: {profits: {unit: m, values: {a: -10, b: -30}}}",
        InjuryCase,
        schema="openward.injury/1",
        where="x",
    )
    row = factor_table(case)[1]
    assert (row.trend, row.change) == ("worse", None)


def test_bad_input_is_named() -> None:
    with pytest.raises(InputErrors, match=r"not factors .* moral; known are"):
        parse(
            "schema: openward.injury/1\nproduct: p\nperiods: [a, b]\nfactors: {moral: {finding: low}}",
            InjuryCase,
            schema="openward.injury/1",
            where="x",
        )
