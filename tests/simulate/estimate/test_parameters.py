"""Estimates as the models take them: partial effects come back, draws have the covariance."""

import json
from pathlib import Path

import numpy as np
import pytest

from openward.errors import InputError, MissingDataError, UnknownCodeError
from openward.simulate.baseline import Baseline
from openward.simulate.estimate.parameters import (
    Parameters,
    agreement_shock,
    elasticity_parameters,
    flow_factor,
    read_parameters,
)
from openward.simulate.gravity import solve_gravity

COVARIANCE = np.array([[0.04, -0.01], [-0.01, 0.09]])
THESE = Parameters(("rta", "lag"), np.array([0.3, 0.2]), COVARIANCE, "test")


def test_draws_have_the_joint_distribution() -> None:
    draws = THESE.draws(count=40_000, seed=7)
    np.testing.assert_allclose(draws.mean(axis=0), THESE.values, atol=0.006)
    np.testing.assert_allclose(np.cov(draws.T), COVARIANCE, atol=0.003)
    np.testing.assert_array_equal(draws[:10], THESE.draws(count=40_000, seed=7)[:10])


def test_sum_of_terms() -> None:
    assert THESE.effect(["rta", "lag"]) == pytest.approx(0.5)
    assert THESE.effect(["lag"], np.array([0.0, 0.7])) == 0.7
    with pytest.raises(UnknownCodeError, match="lead"):
        THESE.effect(["lead"])


def test_flow_factor_feeds_gravity() -> None:
    factor = flow_factor(effect=np.log(1.5), economies=["A", "B", "C"], members=["A", "C"])
    np.testing.assert_allclose(factor, [[1, 1, 1.5], [1, 1, 1], [1.5, 1, 1]])
    flows = np.array([[60.0, 5, 5], [5, 80, 5], [5, 5, 50]])
    solved = solve_gravity(flows=flows, cost_change=factor, sigma=5.0)
    assert solved.real_income[0] > 1
    assert solved.real_income[2] > 1
    assert solved.real_income[1] < 1
    # Odds of flows move by the partial effect, whatever prices do: they cancel in the ratio of ratios.
    odds = solved.flows[0, 2] * solved.flows[1, 0] / (solved.flows[1, 2] * solved.flows[0, 0])
    before = flows[0, 2] * flows[1, 0] / (flows[1, 2] * flows[0, 0])
    assert odds / before == pytest.approx(1.5)


def test_members() -> None:
    with pytest.raises(UnknownCodeError, match="Z"):
        flow_factor(effect=0.1, economies=["A", "B"], members=["A", "Z"])
    with pytest.raises(InputError, match="two members"):
        flow_factor(effect=0.1, economies=["A", "B"], members=["A"])


def baseline() -> Baseline:
    return Baseline(
        name="two",
        year=2000,
        currency="USD",
        scale=1.0,
        source="",
        licence="",
        economies=("A", "B"),
        sectors=("goods", "more", "home"),
        tradable=np.array([True, True, False]),
        flows=np.ones((2, 2, 3)),
        tariffs=np.zeros((2, 2, 3)),
        value_added=np.ones((2, 3)),
        use=np.zeros((2, 3, 3)),
        final=np.full((2, 3), 1 / 3),
        theta=np.array([4.0, 8.0, 8.0]),
        deficits=np.zeros(2),
    )


def test_costs_have_the_partial_effect_in_each_sector() -> None:
    shock = agreement_shock(effect=0.5, baseline=baseline(), members=["A", "B"], name="deal")
    assert shock.trade_costs is not None
    assert shock.trade_costs[0, 1, 0] ** -4.0 == pytest.approx(np.exp(0.5))
    assert shock.trade_costs[1, 0, 1] ** -8.0 == pytest.approx(np.exp(0.5))
    assert (shock.trade_costs[:, :, 2] == 1).all()
    assert (shock.trade_costs[[0, 1], [0, 1]] == 1).all()
    assert shock.tariffs is None


def test_elasticities_that_are_no_use_are_not_used() -> None:
    these = Parameters(("goods", "more"), np.array([6.0, -1.0]), np.eye(2), "t")
    theta, taken = elasticity_parameters(these, fallback=np.full(3, 4.0), sectors=["goods", "more", "home"])
    assert theta.tolist() == [6.0, 4.0, 4.0]
    assert taken == ["more", "home"]


def test_reading_back(tmp_path: Path) -> None:
    document = {
        "schema": "openward.estimate-result/1",
        "columns": [
            {
                "name": "(1)",
                "coefficients": [{"term": "rta", "estimate": 0.3}, {"term": "lag", "estimate": 0.2}],
                "covariance": COVARIANCE.tolist(),
            }
        ],
    }
    path = tmp_path / "r.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    again = read_parameters(path, "(1)")
    assert again.names == THESE.names
    np.testing.assert_array_equal(again.covariance, COVARIANCE)
    with pytest.raises(MissingDataError, match="there is no column"):
        read_parameters(path, "(2)")
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="not an openward"):
        read_parameters(path, "(1)")
