"""Adjoint gradients against central differences of the solver, and what must hold of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError, NotConvergedError, UsageError
from openward.observe.worldpack import load_world
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.calibrate import calibrate
from openward.simulate.caliendo_parro import CLOSURES, solve
from openward.simulate.elasticities import elasticities
from openward.simulate.gradient.derivative import gradient, gradients
from openward.simulate.gradient.goal import Goal, welfare_of
from small_worlds import draw_shock, make_world

SEEDS = st.integers(0, 10_000)
EXACT = 1e-13
STEP = 1e-3


def random_goal(outcome: Outcome, rng: np.random.Generator) -> Goal:
    made = outcome.after.flows.sum(axis=0) > 0
    N, _ = made.shape
    return Goal(
        real_income=rng.normal(size=N),
        revenue=rng.normal(size=N) / outcome.after.flows.sum(),
        output=np.where(made, rng.normal(size=made.shape), 0.0) / 5.0,
    )


def value(outcome: Outcome, goal: Goal) -> float:
    """Read the goal off a solved outcome, from its published fields alone."""
    total = 0.0
    if goal.real_income is not None:
        total += float(goal.real_income @ np.log1p(outcome.real_income_pct / 100.0))
    if goal.revenue is not None:
        total += float(goal.revenue @ outcome.tariff_revenue_after)
    if goal.output is not None:
        made = outcome.after.flows.sum(axis=0)
        total += float((goal.output * np.log(np.where(made > 0, made, 1.0))).sum())
    return total


def difference(world: Baseline, at: Outcome, goal: Goal, shock_at: object) -> float:
    """Fourth-order central difference along a line of shocks."""
    assert callable(shock_at)

    def read(step: float) -> float:
        moved = solve(world, shock_at(step), closure=at.closure, tolerance=EXACT, start=at)
        return value(moved, goal)

    near = (read(STEP) - read(-STEP)) / (2 * STEP)
    far = (read(2 * STEP) - read(-2 * STEP)) / (4 * STEP)
    return (4 * near - far) / 3


def without_links(world: Baseline) -> Baseline:
    """Take input-output links away; final demand and flows are rebalanced by the solver."""
    return replace(world, value_added=np.ones_like(world.value_added), use=np.zeros_like(world.use))


@settings(max_examples=12, deadline=None)
@given(SEEDS, st.sampled_from(CLOSURES), st.sampled_from(("direct", "gmres")), st.booleans())
def test_the_gradient_is_the_central_difference(seed: int, closure: str, method: str, links: bool) -> None:
    world = make_world(seed) if links else without_links(make_world(seed, with_gaps=False))
    rng = np.random.default_rng(seed)
    shock = draw_shock(world, seed)
    assert shock.tariffs is not None
    assert shock.trade_costs is not None
    assert shock.productivity is not None
    tariffs, costs, made = shock.tariffs, shock.trade_costs, shock.productivity
    wedge = (1.0 + tariffs) / (1.0 + world.tariffs)
    outcome = solve(world, shock, closure=closure, tolerance=EXACT)
    goal = random_goal(outcome, rng)
    found = gradient(outcome, goal, method=method)
    along = rng.normal(size=world.flows.shape)
    along[np.arange(3), np.arange(3)] = 0.0
    lines = (
        (found.tariff, lambda h: replace(shock, tariffs=tariffs + h * along)),
        (found.revenue_rate, lambda h: replace(shock, tariffs=tariffs + h * along, price_wedge=wedge)),
        (found.price_wedge, lambda h: replace(shock, price_wedge=wedge * np.exp(h * along))),
        (found.trade_costs, lambda h: replace(shock, trade_costs=costs * np.exp(h * along))),
    )
    for derivative, shock_at in lines:
        expected = difference(world, outcome, goal, shock_at)
        assert float((derivative * along).sum()) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    by_maker = rng.normal(size=made.shape)
    expected = difference(
        world, outcome, goal, lambda h: replace(shock, productivity=made * np.exp(h * by_maker))
    )
    assert float((found.productivity * by_maker).sum()) == pytest.approx(expected, rel=1e-6, abs=1e-8)


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_the_value_of_a_transfer_is_the_central_difference(seed: int) -> None:
    world = make_world(seed)
    outcome = solve(world, Shock(), tolerance=EXACT)
    goal = random_goal(outcome, np.random.default_rng(seed))
    found = gradient(outcome, goal)
    given_away = np.array([1.0, -1.0, 0.0]) * 0.05
    expected = difference(world, outcome, goal, lambda h: Shock(deficits=world.deficits + h * given_away))
    assert float(found.deficit @ given_away) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("closure", CLOSURES)
def test_both_ways_to_solve_agree(closure: str) -> None:
    world = make_world(7, economies=6, sectors=5)
    outcome = solve(world, draw_shock(world, 7), closure=closure, tolerance=EXACT)
    goal = random_goal(outcome, np.random.default_rng(7))
    one, other = (gradient(outcome, goal, method=method) for method in ("direct", "gmres"))
    scale = np.abs(one.tariff).max()
    np.testing.assert_allclose(other.tariff, one.tariff, atol=1e-10 * scale)
    np.testing.assert_allclose(other.price_wedge, one.price_wedge, atol=1e-10 * np.abs(one.price_wedge).max())
    assert other.iterations > 0
    assert one.iterations == 0


def test_many_goals_at_once_are_each_alone() -> None:
    world = make_world(3)
    outcome = solve(world, draw_shock(world, 3))
    goals = [welfare_of(world, name) for name in world.economies]
    together = gradients(outcome.after, goals, closure="fixed", method="gmres")
    for goal, found in zip(goals, together, strict=True):
        alone = gradient(outcome, goal, method="direct")
        np.testing.assert_allclose(found.tariff, alone.tariff, atol=1e-11)


def test_productivity_everywhere_raises_real_income_by_its_multiplier() -> None:
    # One economy alone, one sector: c = w^va P^(1 - va) / A, so dln W = dln A / va.
    world = make_world(1, economies=1, sectors=1)
    found = gradient(solve(world, Shock()), Goal(real_income=np.ones(1)))
    assert found.productivity[0, 0] == pytest.approx(1.0 / world.value_added[0, 0], rel=1e-10)


def test_free_trade_is_efficient_for_the_world() -> None:
    # At free trade without input-output links, weighing log incomes by income, no tariff has a first-order
    # effect on the world (envelope theorem: terms of trade cancel).
    drawn = make_world(5, with_deficits=False, with_gaps=False)
    world = without_links(replace(drawn, tariffs=np.zeros_like(drawn.tariffs)))
    outcome = solve(world, Shock(), closure="balanced")
    income = (outcome.after.flows.sum(axis=1)).sum(axis=1)
    found = gradient(outcome, Goal(real_income=income / income.sum()))
    assert np.abs(found.tariff).max() < 1e-9


@pytest.mark.slow
def test_the_eighty_economies_by_spot_checks() -> None:
    pack = load_world()
    abroad = 1.0 - np.eye(len(pack.economies))[:, :, None]
    goods = np.array([code[0] in "ABC" for code in pack.sectors], dtype=float)
    rates = np.random.default_rng(0).uniform(0.0, 0.1, pack.flows.shape) * abroad * goods
    world = calibrate(pack, rates, theta=elasticities("caliendo-parro", sectors=pack.sectors))
    at = solve(world, Shock(), tolerance=1e-12)
    goal = welfare_of(at.after, "CHN")
    found = gradient(at, goal)
    assert found.method == "gmres"
    tariffs, chn = at.after.tariffs, pack.economies.index("CHN")
    for importer, exporter, sector in (
        ("CHN", "JPN", "C26"),
        ("USA", "CHN", "C27"),
        ("KOR", "VNM", "C13T15"),
    ):
        n, i, j = (pack.economies.index(importer), pack.economies.index(exporter), pack.sectors.index(sector))

        def read(step: float, cell: tuple[int, int, int] = (n, i, j)) -> float:
            moved = tariffs.copy()
            moved[cell] += step
            outcome = solve(at.after, Shock(tariffs=moved), tolerance=1e-13)
            return float(np.log1p(outcome.real_income_pct[chn] / 100.0))

        expected = (8 * (read(2e-3) - read(-2e-3)) - (read(4e-3) - read(-4e-3))) / 2.4e-2
        assert found.tariff[n, i, j] == pytest.approx(expected, rel=1e-6, abs=1e-10)


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (Goal(), "no weight"),
        (Goal(real_income=np.ones(2)), "shape"),
        (Goal(real_income=np.array([1.0, np.nan, 0.0])), "missing"),
        (Goal(output=np.ones((3, 3))), "makes nothing"),
    ],
)
def test_goals_that_do_not_fit_are_refused(goal: Goal, words: str) -> None:
    with pytest.raises(InputError, match=words):
        gradient(solve(make_world(0), Shock()), goal)


def test_unknown_closures_and_methods_are_refused() -> None:
    world = make_world(0)
    with pytest.raises(UsageError, match="closure"):
        gradients(world, (welfare_of(world, "E0"),), closure="open")
    with pytest.raises(UsageError, match="method"):
        gradients(world, (welfare_of(world, "E0"),), closure="fixed", method="guess")


def apart(world: Baseline) -> Baseline:
    """Let nobody trade with anybody."""
    flows: Array = np.zeros_like(world.flows)
    home = np.arange(3)
    flows[home, home] = world.flows.sum(axis=0)
    return replace(world, flows=flows, deficits=np.zeros(3))


@pytest.mark.parametrize("method", ["direct", "gmres"])
def test_a_world_without_trade_has_no_derivative_to_wages(method: str) -> None:
    world = apart(make_world(2, with_gaps=False, with_deficits=False))
    balanced = solve(world, Shock(), closure="balanced").after
    with pytest.raises(NotConvergedError, match="singular"):
        gradients(balanced, (Goal(output=np.ones((3, 3))),), closure="fixed", method=method)
