"""Worlds and shocks at the edge, in every model: a number or a clear error, never a NaN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from openward.errors import InputError, NotConvergedError, OpenwardError
from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.models import NAMES, Options, get
from small_worlds import make_world

Case = tuple[Baseline, Shock, str | None]
HOME = np.arange(4)


def world() -> Baseline:
    return make_world(21, economies=4, sectors=3, with_gaps=False, theta=(4.0, 8.0))


def balanced(base: Baseline) -> Baseline:
    return replace(base, deficits=base.flows.sum(axis=(1, 2)) - base.flows.sum(axis=(0, 2)))


def tariff_up(base: Baseline) -> Shock:
    tariffs = base.tariffs.copy()
    tariffs[0, 1] += 0.1
    return Shock("up", tariffs=tariffs)


def no_home_sales() -> Case:
    """Zero domestic absorption of one sector."""
    base = world()
    flows = base.flows.copy()
    flows[0, 1, 0] += flows[0, 0, 0]
    flows[0, 0, 0] = 0.0
    base = balanced(replace(base, flows=flows))
    return base, tariff_up(base), None


def no_producer() -> Case:
    """A sector nobody produces or buys."""
    base = world()
    flows, final = base.flows.copy(), base.final.copy()
    flows[:, :, 2], final[:, 2] = 0.0, 0.0
    use = base.use.copy()
    use[:, 2, :] = 0.0
    use[:, :, 2] = 0.0
    use *= ((1 - base.value_added) / np.maximum(use.sum(axis=1), 1e-300))[:, None, :]
    base = balanced(replace(base, flows=flows, final=final / final.sum(axis=1, keepdims=True), use=use))
    return base, tariff_up(base), None


def disconnected() -> Case:
    """An economy that trades with nobody from the start."""
    base = world()
    flows = base.flows.copy()
    flows[3, :3], flows[:3, 3] = 0.0, 0.0
    base = balanced(replace(base, flows=flows))
    return base, tariff_up(base), None


def autarky_balanced() -> Case:
    base = world()
    costs = np.full_like(base.flows, np.inf)
    costs[HOME, HOME] = 1.0
    return base, Shock("autarky", trade_costs=costs), "balanced"


def autarky() -> Case:
    base = world()
    costs = np.full_like(base.flows, np.inf)
    costs[HOME, HOME] = 1.0
    return base, Shock("autarky", trade_costs=costs), "fixed"


def tiny_elasticity() -> Case:
    """An elasticity far below the stable range."""
    base = replace(world(), theta=np.full(3, 0.02))
    return base, tariff_up(base), None


def zero_elasticity() -> Case:
    base = replace(world(), theta=np.array([0.0, 4.0, 4.0]))
    return base, tariff_up(base), None


def negative_value_added() -> Case:
    base = world()
    share = base.value_added.copy()
    share[1, 2] = -0.1
    return replace(base, value_added=share), tariff_up(base), None


def no_buyer_left() -> Case:
    """A buyer loses every supplier, itself included."""
    base = world()
    costs = np.ones_like(base.flows)
    costs[2, :, 1] = np.inf
    return base, Shock("none", trade_costs=costs), None


def cannot_sell() -> Case:
    base = world()
    costs = np.ones_like(base.flows)
    costs[[0, 1, 2], 3, :] = np.inf
    return base, Shock("no exports", trade_costs=costs), "balanced"


def missing_value() -> Case:
    base = world()
    tariffs = base.tariffs.copy()
    tariffs[0, 1, 0] = np.nan
    return base, Shock("nan", tariffs=tariffs), None


def far_too_large() -> Case:
    base = world()
    tariffs = base.tariffs.copy()
    tariffs[0, 1:] = 1e6
    return base, Shock("huge", tariffs=tariffs), None


CASES: tuple[Callable[[], Case], ...] = (
    no_home_sales,
    no_producer,
    disconnected,
    autarky_balanced,
    autarky,
    tiny_elasticity,
    zero_elasticity,
    negative_value_added,
    no_buyer_left,
    cannot_sell,
    missing_value,
    far_too_large,
)


def finite(outcome: Outcome) -> None:
    for name in (
        "real_income_pct",
        "terms_of_trade_pct",
        "volume_of_trade_pct",
        "real_wage_pct",
        "price_index_pct",
        "wage_hat",
        "price_hat",
        "unit_cost_hat",
        "output_hat",
        "output_volume_pct",
        "tariff_revenue_after",
    ):
        assert np.isfinite(getattr(outcome, name)).all(), name
    assert np.isfinite(outcome.after.flows).all()
    assert (outcome.after.flows >= 0).all()
    assert outcome.residual < 1e-6


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_a_number_or_a_clear_error(name: str, case: Callable[[], Case]) -> None:
    base, shock, closure = case()
    card = get(name)
    closure = closure if closure in card.closures else None
    scale = Options(scale=np.full(3, 0.05)) if "scale" in card.takes else None
    try:
        outcome = card.solve(base, shock, closure=closure, options=scale)
    except OpenwardError as caught:
        failure: OpenwardError | None = caught
    else:
        failure = None
        finite(outcome)
    if failure is not None:
        assert failure.message
        assert failure.hint, failure.message
        assert "nan" not in failure.message.split()


SOLVED = ("no_home_sales", "no_producer", "disconnected", "far_too_large")


@pytest.mark.parametrize("case", [c for c in CASES if c.__name__ in SOLVED], ids=lambda c: c.__name__)
def test_the_linked_model_solves_what_has_a_solution(case: Callable[[], Case]) -> None:
    base, shock, closure = case()
    finite(get("caliendo-parro").solve(base, shock, closure=closure))


def test_autarky_in_balance_is_the_known_formula() -> None:
    """Without links: w/P falls to the product of home shares to the power alpha over theta."""
    base, shock, _ = autarky_balanced()
    outcome = get("armington").solve(base, shock, closure="balanced")
    before = outcome.baseline
    spent = (before.flows * (1 + before.tariffs)).sum(axis=1)
    home = np.einsum("nnj->nj", before.flows) / spent
    expected = np.prod(home ** (before.final / before.theta), axis=1)
    np.testing.assert_allclose(1 + outcome.real_wage_pct / 100, expected, rtol=1e-8)
    assert (outcome.after.flows.sum(axis=(1, 2)) > 0).all()


NAMED: dict[Callable[[], Case], str] = {
    autarky: "E[0-3] would trade with nobody else",
    no_buyer_left: "E2",
    cannot_sell: "E3 could sell nothing abroad",
    zero_elasticity: "elasticity",
    negative_value_added: "negative share of value added",
}


@pytest.mark.parametrize("case", NAMED, ids=lambda c: c.__name__)
def test_the_error_names_the_cell(case: Callable[[], Case]) -> None:
    base, shock, closure = case()
    with pytest.raises((InputError, NotConvergedError), match=NAMED[case]):
        get("caliendo-parro").solve(base, shock, closure=closure)
