"""The solver's answers in particular cases, and its refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openward.errors import InputError, NotConvergedError, UsageError
from openward.simulate.accounts import account
from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import rebalance, solve
from small_worlds import draw_shock, make_world


@pytest.fixture
def world() -> Baseline:
    return make_world(3, economies=4, sectors=4)


def chained(world: Baseline, first: Shock, second: Shock) -> tuple[Outcome, Outcome]:
    one = solve(world, first)
    return one, solve(one.after, second)


def test_two_shocks_in_a_row_equal_both_at_once(world: Baseline) -> None:
    half, whole = draw_shock(world, 1), draw_shock(world, 2)
    assert whole.tariffs is not None
    both = Shock("both", tariffs=whole.tariffs, trade_costs=half.trade_costs)
    one, two = chained(
        world,
        Shock("first", tariffs=half.tariffs, trade_costs=half.trade_costs),
        Shock("second", tariffs=whole.tariffs),
    )
    direct = solve(world, both)
    together = (1 + one.real_income_pct / 100) * (1 + two.real_income_pct / 100)
    np.testing.assert_allclose(together, 1 + direct.real_income_pct / 100, rtol=1e-8)
    np.testing.assert_allclose(two.after.flows, direct.after.flows, rtol=1e-8, atol=1e-9)


def test_a_shock_and_its_inverse_return_to_the_start(world: Baseline) -> None:
    shock = draw_shock(world, 4)
    assert shock.trade_costs is not None
    assert shock.productivity is not None
    back = Shock(
        "back",
        tariffs=world.tariffs,
        trade_costs=1 / shock.trade_costs,
        productivity=1 / shock.productivity,
    )
    _, home = chained(world, shock, back)
    np.testing.assert_allclose(home.after.flows, world.flows, rtol=1e-8, atol=1e-8)


def test_a_warm_start_gives_the_same_answer_sooner(world: Baseline) -> None:
    shock = draw_shock(world, 5)
    cold = solve(world, shock)
    warm = solve(world, shock, start=cold)
    assert warm.iterations < cold.iterations / 3
    np.testing.assert_allclose(warm.real_income_pct, cold.real_income_pct, atol=1e-7)


def test_productivity_everywhere_raises_income_by_itself() -> None:
    world = make_world(6, economies=3, sectors=2, with_deficits=False)
    world = replace(world, value_added=np.ones((3, 2)), use=np.zeros((3, 2, 2)))
    world = rebalance(world, deficits=np.zeros(3))
    outcome = solve(world, Shock(productivity=np.full((3, 2), 1.1)))
    np.testing.assert_allclose(outcome.real_income_pct, 10.0, rtol=1e-8)


def test_autarky_costs_what_the_sufficient_statistic_says() -> None:
    world = make_world(8, economies=3, sectors=1, with_gaps=False, with_deficits=False)
    world = rebalance(replace(world, tariffs=np.zeros_like(world.flows)), deficits=np.zeros(3))
    costs = np.full((3, 3, 1), np.inf)
    costs[np.arange(3), np.arange(3)] = 1.0
    outcome = solve(world, Shock(trade_costs=costs), closure="balanced")
    home = np.einsum("nnj->n", outcome.baseline.flows) / outcome.baseline.flows.sum(axis=(1, 2))
    gain = home ** (1 / (world.theta[0] * world.value_added[:, 0]))
    np.testing.assert_allclose(1 + outcome.real_income_pct / 100, gain, rtol=1e-8)


@pytest.mark.parametrize("theta", [0.3, 1.0, 4.0, 20.0, 65.0])
def test_three_suppliers_stop(theta: float) -> None:
    world = make_world(9, economies=5, sectors=3)
    world = replace(world, theta=np.full(3, theta))
    costs = np.ones_like(world.flows)
    costs[4, 1:4] = np.inf
    outcome = solve(world, Shock(trade_costs=costs))
    assert (outcome.after.flows[4, 1:4] == 0).all()
    assert outcome.residual < 1e-8
    assert outcome.real_income_pct[4] < 0
    for name in ("real_income_pct", "price_hat", "output_hat", "output_volume_pct"):
        assert np.isfinite(getattr(outcome, name)).all()


def test_a_buyer_left_without_supplier_is_named(world: Baseline) -> None:
    costs = np.ones_like(world.flows)
    costs[2, :, 1] = np.inf
    with pytest.raises(InputError, match="E2 S1") as refused:
        solve(world, Shock(trade_costs=costs))
    assert "finite factor" in refused.value.hint
    finite = solve(world, Shock(trade_costs=costs), stop_factor=50.0)
    assert finite.real_income_pct[2] < -10


def test_empty_cells_and_idle_producers_are_counted_and_harmless() -> None:
    world = make_world(12, economies=4, sectors=4)
    accounts = account(world)
    idle = int((accounts.output == 0).sum() + (accounts.spending == 0).sum())
    assert idle >= 2
    outcome = solve(world, draw_shock(world, 1))
    assert outcome.empty_cells == idle
    assert (outcome.output_hat[accounts.output == 0] == 1).all()
    assert np.isfinite(outcome.after.flows).all()


def test_extreme_factors_neither_overflow_nor_vanish() -> None:
    world = make_world(13, economies=3, sectors=2, with_deficits=False, with_gaps=False)
    world = replace(world, theta=np.array([65.0, 5.0]))
    outcome = solve(world, Shock(trade_costs=np.full_like(world.flows, 1e6)))
    expected = solve(world, Shock(productivity=np.full((3, 2), 1e-6)))
    np.testing.assert_allclose(outcome.real_wage_pct, expected.real_wage_pct, rtol=1e-7)


def test_the_price_wedge_moves_prices_and_the_tariff_moves_revenue(world: Baseline) -> None:
    same = solve(world, Shock(tariffs=world.tariffs, price_wedge=np.ones_like(world.flows)))
    assert same.iterations == 0
    shock = draw_shock(world, 7)
    assert shock.tariffs is not None
    wedge = (1 + shock.tariffs) / (1 + world.tariffs)
    plain = solve(world, Shock(tariffs=shock.tariffs))
    given = solve(world, Shock(tariffs=shock.tariffs, price_wedge=wedge))
    np.testing.assert_allclose(given.real_income_pct, plain.real_income_pct, atol=1e-8)
    only_prices = solve(world, Shock(price_wedge=wedge))
    cost = solve(world, Shock(trade_costs=wedge))
    np.testing.assert_allclose(only_prices.real_income_pct, cost.real_income_pct, atol=1e-8)


def test_closures_do_what_they_say(world: Baseline) -> None:
    shock = draw_shock(world, 8)
    fixed = solve(world, shock)
    np.testing.assert_allclose(fixed.after.deficits, world.deficits, rtol=1e-12)
    shared = solve(world, shock, closure="world-gdp-share")
    before, after = (
        float(account(w).value_added.sum() + account(w).revenue.sum()) for w in (world, shared.after)
    )
    np.testing.assert_allclose(shared.after.deficits / after, world.deficits / before, rtol=1e-8)
    balanced = solve(world, shock, closure="balanced")
    np.testing.assert_allclose(balanced.after.deficits, 0.0, atol=1e-8)
    np.testing.assert_allclose(balanced.baseline.deficits, 0.0, atol=1e-8)
    assert "deficits were removed" in balanced.notes[0]
    at_rest = solve(world, Shock(), closure="balanced")
    assert (at_rest.real_income_pct == 0).all()


def test_new_deficits_and_elasticities_are_used(world: Baseline) -> None:
    outcome = solve(world, Shock(deficits=world.deficits / 2))
    np.testing.assert_allclose(outcome.after.deficits, world.deficits / 2, rtol=1e-9)
    shock = draw_shock(world, 9)
    stiff = replace(world, theta=world.theta / 2)
    as_baseline = solve(stiff, shock)
    as_shock = solve(world, replace(shock, theta=stiff.theta))
    np.testing.assert_allclose(as_shock.real_income_pct, as_baseline.real_income_pct, atol=1e-8)


@pytest.mark.parametrize("closure", ["fixed", "world-gdp-share"])
def test_first_order_terms_sum_to_the_exact_change_over_small_steps(world: Baseline, closure: str) -> None:
    shock = draw_shock(world, 10)
    gaps = []
    for steps in (5, 10, 20):
        outcome = solve(world, shock, closure=closure, path_steps=steps)
        assert outcome.path_integrated_pct is not None
        gaps.append(np.abs(outcome.path_integrated_pct - outcome.real_income_pct).max())
    assert gaps[2] < gaps[1] < gaps[0]
    assert gaps[0] / gaps[2] > 10
    left = [solve(world, shock, path_steps=steps, path_rule="left") for steps in (1, 50)]
    np.testing.assert_allclose(left[0].path_integrated_pct, left[0].first_order_pct, rtol=1e-9)


def test_a_baseline_that_does_not_balance_is_balanced_and_said_so() -> None:
    world = make_world(3, economies=4, sectors=4, with_gaps=False)
    final = world.final[:, ::-1].copy()
    uneven = replace(world, final=final)
    outcome = solve(uneven, Shock())
    assert "balanced first" in outcome.notes[0]
    assert (outcome.real_income_pct == 0).all()
    assert outcome.residual < 1e-8
    np.testing.assert_allclose(outcome.baseline.final, final, atol=1e-8)
    again = solve(rebalance(uneven), Shock())
    assert again.notes == ()


def test_final_demand_that_nothing_supplies_is_named(world: Baseline) -> None:
    with pytest.raises(InputError, match="E3 S1"):
        solve(replace(world, final=world.final[:, ::-1].copy()), Shock())


def test_no_convergence_is_an_error_with_advice(world: Baseline) -> None:
    with pytest.raises(NotConvergedError) as stopped:
        solve(world, draw_shock(world, 11), max_iterations=3)
    assert stopped.value.exit_code == 4
    assert "residual" in stopped.value.message
    assert "max_iterations" in stopped.value.hint


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("tariffs", np.full((4, 4, 4), -1.5), "-100 %"),
        ("tariffs", np.zeros((2, 2, 2)), "shape"),
        ("trade_costs", np.full((4, 4, 4), np.nan), "missing"),
        ("trade_costs", np.zeros((4, 4, 4)), "not positive"),
        ("productivity", np.full((4, 4), np.inf), "infinite"),
        ("deficits", np.ones(4), "sum to"),
        ("theta", np.array([1.0, 2.0, 3.0, -4.0]), "not positive"),
    ],
)
def test_bad_shocks_are_refused(world: Baseline, part: str, value: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        solve(world, Shock(**{part: value}))


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("flows", lambda a: -a, "negative trade"),
        ("flows", lambda a: a * np.nan, "missing"),
        ("flows", lambda a: a[:-1], "shape"),
        ("final", lambda a: a * 1.01, "sum to"),
        ("use", lambda a: a * 1.01, "sum to"),
        ("theta", lambda a: -a, "elasticity"),
        ("tariffs", lambda a: a - 2, "-100 %"),
        ("deficits", lambda a: a + 10, "not zero"),
        ("deficits", lambda a: np.array([-1e5, 1e5, 0, 0]), "nothing to spend"),
    ],
)
def test_bad_baselines_are_refused(world: Baseline, part: str, change: object, words: str) -> None:
    assert callable(change)
    with pytest.raises(InputError, match=words):
        solve(replace(world, **{part: change(getattr(world, part))}), Shock())


def test_bad_requests_are_refused(world: Baseline) -> None:
    with pytest.raises(UsageError, match="closure"):
        solve(world, Shock(), closure="open")
    with pytest.raises(InputError, match="deficits"):
        solve(world, Shock(deficits=world.deficits), closure="balanced")
    other = solve(make_world(1, economies=2), Shock())
    with pytest.raises(InputError, match="start"):
        solve(world, draw_shock(world, 1), start=other)
    costs = np.ones_like(world.flows)
    costs[0, 1] = np.inf
    with pytest.raises(InputError, match="small steps"):
        solve(world, Shock(trade_costs=costs), path_steps=4)


def test_the_baseline_is_left_alone() -> None:
    for sectors in (1, 3):
        world = make_world(2, economies=3, sectors=sectors)
        kept = {
            name: getattr(world, name).copy() for name in ("flows", "tariffs", "use", "final", "deficits")
        }
        solve(world, draw_shock(world, 2), path_steps=2)
        for name, array in kept.items():
            np.testing.assert_array_equal(getattr(world, name), array)


def test_a_world_in_which_somebody_spends_nothing_is_no_solution() -> None:
    world = make_world(3, economies=2, sectors=2)
    accounts = account(world)
    surplus = 0.99 * (accounts.value_added + accounts.revenue)[0]
    with pytest.raises(NotConvergedError, match="E0 would"):
        solve(world, Shock("surplus", deficits=np.array([-surplus, surplus])))
    possible = solve(world, Shock("surplus", deficits=0.3 * np.array([-surplus, surplus])))
    assert (possible.real_income_pct > -100).all()
    assert (possible.after.flows >= 0).all()


def test_new_deficits_beyond_income_are_refused_before_solving(world: Baseline) -> None:
    accounts = account(world)
    surplus = 1.01 * accounts.income[1] + abs(world.deficits[1])
    deficits = np.array([surplus, -surplus, 0.0, 0.0])
    with pytest.raises(InputError, match="E1 has nothing to spend"):
        solve(world, Shock(deficits=deficits))


@pytest.mark.parametrize("sectors", [1, 2])
def test_unit_costs_are_wages_and_inputs_however_few_the_sectors(sectors: int) -> None:
    world = make_world(5, economies=3, sectors=sectors, with_gaps=False)
    costs = np.full(world.flows.shape, 1.05)
    costs[np.arange(3), np.arange(3)] = 1.0
    outcome = solve(world, Shock(trade_costs=costs), path_steps=40)
    inputs = np.einsum("nk,nkj->nj", np.log(outcome.price_hat), outcome.baseline.use)
    expected = np.exp(inputs + outcome.baseline.value_added * np.log(outcome.wage_hat)[:, None])
    np.testing.assert_allclose(outcome.unit_cost_hat, expected, rtol=1e-8)
    assert outcome.path_integrated_pct is not None
    np.testing.assert_allclose(outcome.path_integrated_pct, outcome.real_income_pct, atol=1e-3)
