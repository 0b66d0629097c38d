"""All models by name: what they share, what sets each apart, checked by formulas and published figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from openward.errors import InputError, UsageError
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import rebalance, solve
from openward.simulate.cp1993 import NAFTA, nafta_tariffs, read_baseline
from openward.simulate.gravity import solve_gravity
from openward.simulate.models import NAMES, Options, get
from small_worlds import draw_shock, make_world

WITHOUT_SCALE = [name for name in NAMES if name not in ("krugman", "melitz-pareto")]


@pytest.fixture
def world() -> Baseline:
    return make_world(1, economies=4, sectors=3, with_gaps=False, theta=(4.0, 9.0))


def mild(world: Baseline) -> Shock:
    tariffs = world.tariffs.copy()
    tariffs[0, 1, :] += 0.05
    return Shock("mild", tariffs=tariffs)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_shock_changes_nothing(world: Baseline, name: str) -> None:
    outcome = get(name).solve(world, Shock())
    np.testing.assert_allclose(outcome.real_income_pct, 0.0, atol=1e-9)
    assert outcome.model == name


@pytest.mark.parametrize("name", NAMES)
def test_every_closure_gives_a_world_in_balance(world: Baseline, name: str) -> None:
    for closure in get(name).closures:
        outcome = get(name).solve(world, mild(world), closure=closure)
        assert outcome.closure == closure
        assert outcome.converged
        assert outcome.residual < 1e-8
        after = outcome.after
        deficits = after.flows.sum(axis=(1, 2)) - after.flows.sum(axis=(0, 2))
        scale = after.flows.sum()
        np.testing.assert_allclose(deficits, after.deficits, atol=1e-8 * scale)
        if closure == "balanced":
            np.testing.assert_allclose(deficits, 0.0, atol=1e-8 * scale)
        for table in (outcome.real_income_pct, outcome.price_hat, outcome.output_hat, after.flows):
            assert np.isfinite(table).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_unit_of_values_does_not_matter(world: Baseline, name: str) -> None:
    shock = mild(world)
    plain = get(name).solve(world, shock)
    scaled = replace(world, flows=1e6 * world.flows, deficits=1e6 * world.deficits)
    np.testing.assert_allclose(
        get(name).solve(scaled, shock).real_income_pct, plain.real_income_pct, atol=1e-7
    )


def test_one_sector_without_tariffs_is_the_same_in_gravity_and_armington() -> None:
    world = make_world(5, economies=4, sectors=1, with_deficits=True)
    world = replace(world, tariffs=np.zeros_like(world.tariffs))
    world = replace(world, deficits=world.flows.sum(axis=(1, 2)) - world.flows.sum(axis=(0, 2)))
    costs = draw_shock(world, 2).trade_costs
    shock = Shock("costs", trade_costs=costs)
    gravity = get("gravity").solve(world, shock, closure="fixed")
    armington = get("armington").solve(world, shock, closure="fixed")
    sectors = get("gravity-sectors").solve(world, shock, closure="fixed")
    np.testing.assert_allclose(gravity.real_income_pct, armington.real_income_pct, atol=1e-7)
    np.testing.assert_allclose(gravity.real_income_pct, sectors.real_income_pct, atol=1e-6)


def test_gravity_is_the_solver_on_the_aggregate(world: Baseline) -> None:
    costs = np.ones_like(world.flows)
    costs[0, 1] = 1.2
    outcome = get("gravity").solve(world, Shock("c", trade_costs=costs), options=Options(sigma=5.0))
    change = np.ones((4, 4))
    change[1, 0] = 1.2**-4.0
    direct = solve_gravity(flows=world.flows.sum(axis=2).T, cost_change=change, sigma=5.0)
    np.testing.assert_allclose(outcome.real_income_pct / 100 + 1, direct.real_income, rtol=1e-12)


def test_conditional_gravity_keeps_output_and_expenditure(world: Baseline) -> None:
    outcome = get("gravity-conditional").solve(world, mild(world))
    np.testing.assert_allclose(outcome.after.flows.sum(axis=0), outcome.baseline.flows.sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(outcome.after.flows.sum(axis=1), outcome.baseline.flows.sum(axis=1), rtol=1e-9)
    assert outcome.after.flows[0, 1, 0] < outcome.baseline.flows[0, 1, 0]


def _home(outcome: Outcome) -> Array:
    """Change in the share of spending that stays at home [N, J]."""
    shares = []
    for world in (outcome.baseline, outcome.after):
        spent = (world.flows * (1 + world.tariffs)).sum(axis=1)
        shares.append(np.einsum("nnj->nj", world.flows) / spent)
    return np.asarray(shares[1] / shares[0])


def _no_links(seed: int) -> Baseline:
    from openward.simulate.models.unlinked import unlinked

    return unlinked(make_world(seed, economies=4, sectors=3, with_gaps=False, theta=(4.0, 9.0)))


def test_real_wages_follow_the_formula_of_each_market_structure() -> None:
    """Without links, w/P is a product of home shares and sizes (Costinot and Rodriguez-Clare 2014)."""
    world = _no_links(4)
    shock = mild(world)
    power = world.final / world.theta
    competitive = get("caliendo-parro").solve(world, shock)
    wage = 1 + competitive.real_wage_pct / 100
    np.testing.assert_allclose(wage, np.prod(_home(competitive) ** -power, axis=1), rtol=1e-8)
    krugman = get("krugman").solve(world, shock)
    labor = krugman.output_hat / krugman.wage_hat[:, None]
    wage = 1 + krugman.real_wage_pct / 100
    np.testing.assert_allclose(wage, np.prod((_home(krugman) / labor) ** -power, axis=1), rtol=1e-7)
    melitz = get("melitz-pareto").solve(world, shock, options=Options(dispersion=1.5))
    labor = melitz.output_hat / melitz.wage_hat[:, None]
    spent = [(w.flows * (1 + w.tariffs)).sum(axis=1) for w in (melitz.baseline, melitz.after)]
    market = spent[1] / spent[0] / melitz.wage_hat[:, None]
    implied = np.prod((_home(melitz) / labor) ** -power * market ** (0.5 * power), axis=1)
    np.testing.assert_allclose(1 + melitz.real_wage_pct / 100, implied, rtol=1e-7)


def test_in_one_sector_firms_add_nothing_to_iceberg_costs() -> None:
    """Arkolakis, Costinot and Rodriguez-Clare (2012): same trade, same gains; without links and tariffs."""
    world = _no_links(3)
    world = replace(
        world,
        sectors=("ALL",),
        tradable=np.ones(1, dtype=bool),
        flows=world.flows.sum(axis=2, keepdims=True),
        tariffs=np.zeros((4, 4, 1)),
        value_added=np.ones((4, 1)),
        use=np.zeros((4, 1, 1)),
        final=np.ones((4, 1)),
        theta=np.array([5.0]),
    )
    world = replace(world, deficits=world.flows.sum(axis=(1, 2)) - world.flows.sum(axis=(0, 2)))
    world = rebalance(world, deficits=np.zeros(4))
    costs = np.ones_like(world.flows)
    costs[0, 1:] = 1.3
    shock = Shock("c", trade_costs=costs)
    plain = solve(world, shock).real_income_pct
    np.testing.assert_allclose(get("krugman").solve(world, shock).real_income_pct, plain, atol=1e-6)
    melitz = get("melitz-pareto").solve(
        world, shock
    )  # fixed costs at the origin: trade differs, not the gains
    gains = _home(melitz)[:, 0] ** (-1 / 5.0)
    np.testing.assert_allclose(1 + melitz.real_income_pct / 100, gains, rtol=1e-8)


def test_given_scale_of_nothing_is_competition(world: Baseline) -> None:
    none = Options(scale=np.zeros(3))
    krugman = get("krugman").solve(world, mild(world), options=none)
    np.testing.assert_allclose(krugman.real_income_pct, solve(world, mild(world)).real_income_pct, atol=1e-12)


def test_tied_factors_keep_the_quantity_of_value_added(world: Baseline) -> None:
    """Output moves in volume only through inputs; without links not at all."""
    outcome = get("gravity-sectors").solve(world, mild(world))
    np.testing.assert_allclose(outcome.output_volume_pct, 0.0, atol=1e-6)


def test_labor_supply_follows_the_real_wage(world: Baseline) -> None:
    elastic = get("caliendo-parro").solve(world, mild(world), options=Options(labor_supply=0.5))
    hours = (elastic.after.value_added * elastic.after.flows.sum(axis=0)).sum(axis=1)
    before = elastic.baseline
    earned = (before.value_added * before.flows.sum(axis=0)).sum(axis=1)
    supplied = hours / earned / elastic.wage_hat
    np.testing.assert_allclose(supplied, (1 + elastic.real_wage_pct / 100) ** 0.5, rtol=1e-8)


def test_an_option_a_model_does_not_heed_is_refused(world: Baseline) -> None:
    with pytest.raises(UsageError, match="does not take sigma"):
        get("krugman").solve(world, Shock(), options=Options(sigma=4.0))
    with pytest.raises(UsageError, match="no closure"):
        get("gravity").solve(world, Shock(), closure="world-gdp-share")
    with pytest.raises(UsageError, match="no model"):
        get("magic")
    with pytest.raises(InputError, match="immobile"):
        get("caliendo-parro").solve(world, mild(world), options=Options(immobile=1.5))


@pytest.mark.parametrize("name", ["caliendo-parro", "armington", "specific-factors", "krugman"])
def test_an_export_tax_is_revenue_of_the_exporter(world: Baseline, name: str) -> None:
    taxes = np.zeros_like(world.flows)
    taxes[1, 0, 2] = 0.1
    outcome = get(name).solve(world, Shock("tax", export_taxes=taxes))
    revenue = 0.1 * outcome.after.flows[1, 0, 2]
    before = outcome.baseline.deficits
    levied = (outcome.after.tariffs * outcome.after.flows).sum(axis=(1, 2))
    np.testing.assert_allclose(
        outcome.tariff_revenue_after, levied + np.array([revenue, -revenue, 0, 0]), rtol=1e-7
    )
    np.testing.assert_allclose(outcome.after.deficits - before, [revenue, -revenue, 0, 0], atol=1e-7)
    import_tax = world.tariffs.copy()
    import_tax[1, 0, 2] = (1 + import_tax[1, 0, 2]) * 1.1 - 1
    other = get(name).solve(world, Shock("tariff", tariffs=import_tax))
    assert outcome.real_income_pct[0] > other.real_income_pct[0]
    assert outcome.real_income_pct[1] < other.real_income_pct[1]


@pytest.mark.parametrize("rent", ["quotas", "export_quotas"])
def test_a_quota_binds_or_does_not(world: Baseline, rent: str) -> None:
    limits = np.full_like(world.flows, np.inf)
    limits[1, 0, 2], limits[2, 3, 1] = 0.7, 5.0
    outcome = get("caliendo-parro").solve(
        world,
        Shock("quota", **{rent: limits}),  # type: ignore[arg-type]
    )
    volume = outcome.after.flows / outcome.baseline.flows / outcome.unit_cost_hat[None]
    np.testing.assert_allclose(volume[1, 0, 2], 0.7, rtol=1e-7)
    assert outcome.after.tariffs[2, 3, 1] == pytest.approx(world.tariffs[2, 3, 1], abs=1e-12)
    assert any("binds" in note for note in outcome.notes)
    assert any("does not bind" in note for note in outcome.notes)
    tariff = Shock("equivalent", tariffs=outcome.after.tariffs)
    if rent == "quotas":
        same = get("caliendo-parro").solve(world, tariff)
        np.testing.assert_allclose(same.real_income_pct, outcome.real_income_pct, atol=1e-6)


def test_a_subsidy_is_a_negative_rate(world: Baseline) -> None:
    tariffs = world.tariffs.copy()
    tariffs[0, 1, :] = -0.1
    for name in ("caliendo-parro", "armington"):
        outcome = get(name).solve(world, Shock("subsidy", tariffs=tariffs))
        paid = (outcome.after.tariffs * outcome.after.flows)[0, 1].sum()
        assert paid < 0
        assert outcome.tariff_revenue_after[0] < outcome.tariff_revenue_before[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_prohibition_stops_the_flow_exactly(world: Baseline, name: str) -> None:
    costs = np.ones_like(world.flows)
    costs[0, 1, :] = np.inf
    options = Options(scale=0.3 / world.theta) if name in ("krugman", "melitz-pareto") else None
    outcome = get(name).solve(world, Shock("ban", trade_costs=costs), options=options)
    assert (outcome.after.flows[0, 1] == 0).all()
    assert outcome.real_income_pct[0] < 0


def test_nafta_in_every_model(shared: Path) -> None:
    data = shared / "data"
    world = rebalance(read_baseline(data))
    shock = Shock("NAFTA", tariffs=nafta_tariffs(data))
    at = [world.economies.index(code) for code in NAFTA]
    linked = get("caliendo-parro").solve(world, shock, closure="balanced")
    np.testing.assert_allclose(linked.real_income_pct[at], [0.007, -0.110, 0.074], atol=5e-4)
    for name in WITHOUT_SCALE:
        outcome = get(name).solve(world, shock)
        assert outcome.residual < 1e-7
        before, after = outcome.baseline.flows.sum(axis=2), outcome.after.flows.sum(axis=2)
        assert after[at[0], at[2]] > before[at[0], at[2]]
