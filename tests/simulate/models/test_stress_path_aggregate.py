"""Stops, paths over years and aggregates: hand-worked cases and identities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openward.errors import InputError, UnknownCodeError
from openward.simulate.accounts import account, rederived, tidy
from openward.simulate.aggregate import aggregate, aggregate_shock, grouping, split_economies, split_flows
from openward.simulate.baseline import Baseline, Shock
from openward.simulate.caliendo_parro import solve
from openward.simulate.dynamic import dynamic_path
from openward.simulate.stress import months_after, stopped_flows, years_after
from small_worlds import draw_shock, make_world


@pytest.fixture
def world() -> Baseline:
    return make_world(11, economies=4, sectors=4, with_gaps=False, theta=(3.0, 8.0))


def two() -> Baseline:
    """B sells S0 to A, half of A's use; A's S1 needs S0; everything else is made at home."""
    base = make_world(0, economies=2, sectors=2, with_gaps=False, with_deficits=False)
    flows = np.zeros((2, 2, 2))
    flows[0, 0] = [50.0, 100.0]
    flows[0, 1] = [50.0, 0.0]
    flows[1, 1] = [50.0, 100.0]
    use = np.zeros((2, 2, 2))
    use[0, 0, 1] = 0.4
    return replace(base, flows=flows, use=use, value_added=1.0 - use.sum(axis=1), tariffs=np.zeros((2, 2, 2)))


def test_a_stop_bites_when_inventories_are_gone() -> None:
    world = two()
    stop = stopped_flows(world, partners=("E1",))
    assert stop.sum() == 1
    # A month of stock covers the half that is missing for two months; then half of S1 is lost.
    found = months_after(world, stop, inventory_days=30.0, months=4)
    np.testing.assert_allclose(found.output[:, 0, 1], [1.0, 1.0, 0.5, 0.5], atol=1e-12)
    earned = np.array([50.0, 60.0])
    np.testing.assert_allclose(found.value_added_pct[3, 0], -100 * 0.5 * 60 / earned.sum(), atol=1e-9)
    at_once = months_after(world, stop, inventory_days=0.0, months=1)
    assert at_once.output[0, 0, 1] == pytest.approx(0.5)
    assert (found.value_added_pct[:, 1] == 0).all()


def test_nothing_stops_in_a_sector_that_is_not_sold() -> None:
    with pytest.raises(InputError, match="nothing to stop"):
        stopped_flows(two(), partners=("E1",), sectors=("S1",))
    with pytest.raises(InputError, match="no economy"):
        stopped_flows(two(), partners=("XXX",))


def test_losses_fall_as_substitution_grows(world: Baseline) -> None:
    stop = stopped_flows(world, partners=("E1",), economy="E0")
    years = years_after(world, stop)
    losses = [year.real_income_pct[0] for year in years]
    assert [year.elasticity_share for year in years][::3] == [0.38, 1.0]
    assert losses == sorted(losses)
    assert losses[-1] < 0
    costs = np.where(stop, np.inf, 1.0)
    assert losses[-1] == pytest.approx(solve(world, Shock(trade_costs=costs)).real_income_pct[0], abs=1e-8)


def test_capital_follows_the_closed_form_to_its_steady_state(world: Baseline) -> None:
    cut = Shock("cut", tariffs=0.5 * world.tariffs)
    path = dynamic_path(world, {2025: cut}, until=2125, depreciation=0.3, capital_share=0.3)
    first, second, last = path[0], path[1], path[-1]
    assert (first.capital_hat == 1).all()
    real = 1 + first.outcome.real_wage_pct / 100
    np.testing.assert_allclose(second.capital_hat, real**0.3, rtol=1e-12)
    np.testing.assert_allclose(last.capital_hat, 1 + last.outcome.real_wage_pct / 100, rtol=1e-8)
    static = solve(world, cut).real_income_pct
    np.testing.assert_allclose(first.outcome.real_income_pct, static, atol=1e-9)


def test_stages_hold_until_the_next(world: Baseline) -> None:
    half, whole = Shock("half", tariffs=0.5 * world.tariffs), Shock("free", tariffs=0.0 * world.tariffs)
    path = dynamic_path(world, {1: half, 3: whole}, until=4, depreciation=0.5, capital_share=0.0)
    assert [stage.outcome.shock_name for stage in path] == ["half", "half", "free", "free"]
    np.testing.assert_allclose(path[0].outcome.real_income_pct, path[1].outcome.real_income_pct, atol=1e-12)
    with pytest.raises(InputError, match="needs a stage"):
        dynamic_path(world, {5: half}, until=4, depreciation=0.5, capital_share=0.3)


def test_an_aggregate_keeps_totals_and_is_in_balance(world: Baseline) -> None:
    into = grouping(world, economies={"E0": "R", "E1": "R"}, sectors={"S2": "G", "S3": "G"})
    small = aggregate(world, into)
    assert small.economies == ("R", "E2", "E3")
    before, after = account(tidy(world)), account(tidy(small))
    for name in ("output", "spending", "value_added", "revenue"):
        assert getattr(after, name).sum() == pytest.approx(getattr(before, name).sum(), rel=1e-12)
    assert after.imbalance < 1e-9
    np.testing.assert_allclose(after.value_added[0], before.value_added[:2].sum(), rtol=1e-12)
    outcome = solve(small, Shock("same"))
    np.testing.assert_allclose(outcome.real_income_pct, 0.0, atol=1e-9)
    np.testing.assert_allclose(split_flows(outcome, world, into), world.flows, rtol=1e-12)
    np.testing.assert_allclose(split_economies(np.array([1.0, 2.0, 3.0]), into), [1, 1, 2, 3])


def test_an_aggregate_of_an_aggregate_is_the_direct_one(world: Baseline) -> None:
    first = grouping(world, economies={"E1": "E0"}, sectors={"S1": "S0"})
    half = aggregate(world, first)
    second = grouping(half, economies={"E2": "E0"}, sectors={"S3": "S2"})
    direct = grouping(world, economies={"E1": "E0", "E2": "E0"}, sectors={"S1": "S0", "S3": "S2"})
    one, two_steps = aggregate(world, direct), aggregate(half, second)
    for name in ("flows", "tariffs", "value_added", "use", "final", "theta", "deficits"):
        np.testing.assert_allclose(getattr(two_steps, name), getattr(one, name), rtol=1e-10, atol=1e-13)


def test_the_aggregate_of_itself_is_itself(world: Baseline) -> None:
    same = grouping(world)
    shock = draw_shock(world, 3)
    tidied = rederived(tidy(world), account(tidy(world)))
    whole, again = solve(tidied, shock), solve(aggregate(tidied, same), aggregate_shock(tidied, shock, same))
    np.testing.assert_allclose(again.real_income_pct, whole.real_income_pct, atol=1e-7)


def test_unknown_members_are_named(world: Baseline) -> None:
    with pytest.raises(UnknownCodeError, match="XXX"):
        grouping(world, economies={"XXX": "R"})
    with pytest.raises(InputError, match="elsewhere"):
        grouping(world, economies={"E0": "E1", "E1": "E2"})
