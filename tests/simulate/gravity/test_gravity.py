"""One-sector gravity: margins, market clearing, what must not change, and bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.gravity import multilateral_resistance, solve_gravity

Array = NDArray[np.float64]
CLOSURES = ("share", "fixed", "balanced")


def world(seed: int, n: int = 8) -> Array:
    """Draw flows, home sales largest."""
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(0, 1.5, (n, n))
    flows[np.arange(n), np.arange(n)] *= 3 * n
    return flows


def test_resistances_give_back_margins() -> None:
    rng = np.random.default_rng(2)
    costs, output = rng.uniform(0.1, 1, (6, 6)), rng.uniform(1, 9, 6)
    spending = rng.permutation(output)
    found = multilateral_resistance(costs=costs, output=output, expenditure=spending, reference=2)
    flows = costs * np.outer(output / found.outward, spending / found.inward)
    assert flows.sum(axis=1) == pytest.approx(output)
    assert flows.sum(axis=0) == pytest.approx(spending)
    assert found.inward[2] == 1.0


@pytest.mark.parametrize("deficits", ["share", "fixed"])
def test_no_change_changes_nothing(deficits: Any) -> None:
    flows = world(1)
    found = solve_gravity(flows=flows, cost_change=np.ones_like(flows), sigma=5, deficits=deficits)
    assert found.price == pytest.approx(np.ones(8), abs=1e-12)
    assert found.real_income == pytest.approx(np.ones(8), abs=1e-12)


@given(st.integers(0, 10_000), st.sampled_from(CLOSURES), st.floats(2, 9))
@settings(max_examples=40, deadline=None)
def test_markets_clear_and_incomes_are_spent(seed: int, deficits: Any, sigma: float) -> None:
    flows = world(seed)
    change = np.random.default_rng(seed + 1).uniform(0.8, 1.25, flows.shape)
    found = solve_gravity(flows=flows, cost_change=change, sigma=sigma, deficits=deficits)
    output = flows.sum(axis=1)
    assert found.flows.sum(axis=1) == pytest.approx(found.price * output, rel=1e-9)
    assert found.flows.sum() == pytest.approx(flows.sum(), rel=1e-9)
    deficit = found.flows.sum(axis=0) - found.flows.sum(axis=1)
    if deficits == "balanced":
        assert np.abs(deficit).max() < 1e-9 * output.sum()
    if deficits == "fixed":
        assert deficit == pytest.approx(flows.sum(axis=0) - output, abs=1e-9 * output.sum())


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_scale_and_names_do_not_matter(seed: int) -> None:
    flows = world(seed)
    change = np.random.default_rng(seed).uniform(0.8, 1.25, flows.shape)
    order = np.random.default_rng(seed).permutation(8)
    one = solve_gravity(flows=flows, cost_change=change, sigma=5)
    scaled = solve_gravity(flows=1e6 * flows, cost_change=change, sigma=5)
    other = solve_gravity(
        flows=flows[np.ix_(order, order)], cost_change=change[np.ix_(order, order)], sigma=5
    )
    assert scaled.real_income == pytest.approx(one.real_income, rel=1e-9)
    assert other.real_income == pytest.approx(one.real_income[order], rel=1e-9)


def test_gains_are_those_of_the_home_share() -> None:
    # Arkolakis, Costinot and Rodriguez-Clare (2012): real income = home share ^ (1 / (1 - sigma)), balanced.
    flows = world(3)
    change = np.where(np.eye(8) == 1, 1.0, 1.3)
    before = solve_gravity(flows=flows, cost_change=np.ones((8, 8)), sigma=5, deficits="balanced")
    after = solve_gravity(flows=before.flows, cost_change=change, sigma=5, deficits="balanced")
    home = np.diag(after.flows) / after.flows.sum(axis=0) / (np.diag(before.flows) / before.flows.sum(axis=0))
    assert after.real_income == pytest.approx(home ** (1 / (1 - 5.0)), rel=1e-9)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"sigma": 1.0}, "sigma is 1"),
        ({"cost_change": -np.ones((8, 8))}, "negative"),
        ({"flows": np.where(np.arange(8)[:, None] == 2, 0.0, world(1))}, "economy 2 has no output"),
        ({"cost_change": np.where(np.arange(8) == 3, 0.0, np.ones((8, 8)))}, "cut off"),
    ],
)
def test_bad_input_is_named(more: dict[str, Any], what: str) -> None:
    good: dict[str, Any] = {"flows": world(1), "cost_change": np.ones((8, 8)), "sigma": 5.0}
    with pytest.raises(InputError, match=what):
        solve_gravity(**{**good, **more})


def test_sums_that_differ_are_refused() -> None:
    with pytest.raises(InputError, match="sums to"):
        multilateral_resistance(
            costs=np.ones((2, 2)), output=np.ones(2), expenditure=np.ones(2) * 2, reference=0
        )
