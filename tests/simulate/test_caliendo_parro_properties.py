"""What holds at every solution (DESIGN section 4, properties 1, 10, 11, 12)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import CLOSURES, solve
from small_worlds import draw_shock, make_world, seeds, solve_plainly, worlds

FEW = settings(max_examples=60, deadline=None)
CHANGES = (
    "real_income_pct",
    "terms_of_trade_pct",
    "volume_of_trade_pct",
    "real_wage_pct",
    "price_index_pct",
    "output_volume_pct",
)


def test_small_worlds_balance_without_the_solver() -> None:
    for seed in range(20):
        assert solve(make_world(seed), Shock()).notes == ()


@FEW
@given(worlds)
def test_an_empty_shock_changes_nothing_exactly(world: Baseline) -> None:
    for shock in (Shock(), Shock(tariffs=world.tariffs.copy(), trade_costs=np.ones_like(world.flows))):
        outcome = solve(world, shock)
        assert outcome.iterations == 0
        for name in CHANGES:
            assert (getattr(outcome, name) == 0).all(), name
        assert (outcome.after.flows == outcome.baseline.flows).all()
        assert outcome.residual < 1e-12


@FEW
@given(worlds, seeds)
def test_the_unit_of_account_is_irrelevant(world: Baseline, seed: int) -> None:
    shock = draw_shock(world, seed)
    scaled = replace(world, flows=world.flows * 1e6, deficits=world.deficits * 1e6)
    one, other = solve(world, shock), solve(scaled, shock)
    for name in CHANGES:
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), atol=1e-6)
    np.testing.assert_allclose(other.after.flows, one.after.flows * 1e6, rtol=1e-6, atol=1e-2)


@FEW
@given(worlds, seeds)
def test_the_order_of_economies_is_irrelevant(world: Baseline, seed: int) -> None:
    shock = draw_shock(world, seed)
    order = np.random.default_rng(seed).permutation(len(world.economies))
    pair = np.ix_(order, order)
    assert shock.tariffs is not None
    assert shock.trade_costs is not None
    assert shock.productivity is not None
    turned = replace(
        world,
        economies=tuple(world.economies[n] for n in order),
        flows=world.flows[pair],
        tariffs=world.tariffs[pair],
        value_added=world.value_added[order],
        use=world.use[order],
        final=world.final[order],
        deficits=world.deficits[order],
    )
    turned_shock = replace(
        shock,
        tariffs=shock.tariffs[pair],
        trade_costs=shock.trade_costs[pair],
        productivity=shock.productivity[order],
    )
    one, other = solve(world, shock), solve(turned, turned_shock)
    for name in CHANGES:
        np.testing.assert_allclose(getattr(other, name), getattr(one, name)[order], atol=1e-6)


@FEW
@given(worlds, seeds)
def test_markets_clear_under_every_closure(world: Baseline, seed: int) -> None:
    shock = draw_shock(world, seed)
    for closure in CLOSURES:
        outcome = solve(world, shock, closure=closure)
        assert outcome.converged
        assert outcome.residual < 1e-8
        _accounts_hold(outcome)


def _accounts_hold(outcome: Outcome) -> None:
    for world in (outcome.baseline, outcome.after):
        gross = world.flows * (1.0 + world.tariffs)
        spending, output = gross.sum(axis=1), world.flows.sum(axis=0)
        earned = (world.value_added * output).sum(axis=1)
        revenue = (world.flows * world.tariffs).sum(axis=(1, 2))
        income = earned + revenue + world.deficits
        wanted = world.final * income[:, None] + np.einsum("nkj,nj->nk", world.use, output)
        size = earned[:, None]
        np.testing.assert_allclose((spending - wanted) / size, 0.0, atol=1e-8)
        trade = world.flows.sum(axis=(1, 2)) - output.sum(axis=1)
        np.testing.assert_allclose((trade - world.deficits) / earned, 0.0, atol=1e-8)
        shares = gross.sum(axis=1)[spending > 0] / spending[spending > 0]
        np.testing.assert_allclose(shares, 1.0, atol=1e-12)
    before = (outcome.baseline.value_added * outcome.baseline.flows.sum(axis=0)).sum()
    after = (outcome.after.value_added * outcome.after.flows.sum(axis=0)).sum()
    assert after == pytest.approx(before, rel=1e-8)


@FEW
@given(worlds, seeds)
def test_totals_are_the_sum_of_their_parts(world: Baseline, seed: int) -> None:
    outcome = solve(world, draw_shock(world, seed))
    table = outcome.as_dict(include_bilateral=True)
    total = outcome.terms_of_trade_pct + outcome.volume_of_trade_pct
    np.testing.assert_array_equal(outcome.first_order_pct, total)
    np.testing.assert_allclose(
        [row["first_order"]["total_pct"] for row in table["economies"]], total, rtol=1e-12
    )
    abroad = ~np.eye(len(world.economies), dtype=bool)
    for when, flows in (("before", outcome.baseline.flows), ("after", outcome.after.flows)):
        listed = sum(row[when] for row in table["bilateral"])
        assert listed == pytest.approx(flows.sum(axis=2)[abroad].sum(), abs=1e-9)
    revenue = (outcome.after.flows * outcome.after.tariffs).sum(axis=(1, 2))
    np.testing.assert_allclose(outcome.tariff_revenue_after, revenue, atol=1e-7)
    made = outcome.after.flows.sum(axis=0)
    np.testing.assert_allclose(made, outcome.output_hat * outcome.baseline.flows.sum(axis=0), atol=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_a_plain_dense_solver_agrees(seed: int) -> None:
    world = make_world(seed, theta=(1.0, 6.0))
    shock = draw_shock(world, seed)
    outcome = solve(world, shock)
    income, wage = solve_plainly(world, shock, sweeps=1500)
    np.testing.assert_allclose(1.0 + outcome.real_income_pct / 100, income, rtol=1e-8)
    np.testing.assert_allclose(1.0 + outcome.real_wage_pct / 100, wage, rtol=1e-8)
