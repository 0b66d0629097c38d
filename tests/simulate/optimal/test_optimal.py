"""Best, Nash and agreed tariffs against formulas of the field, random search and each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError, NotConvergedError
from openward.simulate.baseline import Array, Baseline
from openward.simulate.optimal.cooperative import agreed_tariffs
from openward.simulate.optimal.lab import Lab
from openward.simulate.optimal.nash import nash_tariffs
from openward.simulate.optimal.unilateral import best_tariffs
from small_worlds import make_world


def one_sector(sizes: list[float], *, theta: float, home: float = 0.7) -> Baseline:
    """Balanced trade in one final good: everybody buys ``home`` at home, the rest in proportion to size."""
    size = np.array(sizes)
    N = len(size)
    flows = np.outer(size, size) / size.sum()
    np.fill_diagonal(flows, 0.0)
    flows *= (1.0 - home) * size.min() / flows.sum(axis=1).max()
    flows = 0.5 * (flows + flows.T)
    np.fill_diagonal(flows, size - flows.sum(axis=1))
    flows = flows[:, :, None]
    return Baseline(
        name="one good",
        year=2000,
        currency="USD",
        scale=1.0,
        source="made up",
        licence="none",
        economies=tuple(f"E{n}" for n in range(N)),
        sectors=("good",),
        tradable=np.ones(1, dtype=bool),
        flows=flows,
        tariffs=np.zeros((N, N, 1)),
        value_added=np.ones((N, 1)),
        use=np.zeros((N, 1, 1)),
        final=np.ones((N, 1)),
        theta=np.array([theta]),
        deficits=np.zeros(N),
    )


def plain_world(seed: int) -> Baseline:
    """Give a small world with links and without gaps, so that the best tariffs are inside their bounds."""
    return make_world(seed, with_gaps=False, with_deficits=False, theta=(2.0, 6.0))


def test_two_symmetric_economies_follow_the_formula_of_gros() -> None:
    # Gros (1987): t = 1 / (theta x), x the foreign share of spending at home, at the solution.
    world = one_sector([1.0, 1.0], theta=4.0)
    found = best_tariffs(world, "E0")
    lab = Lab(world)
    after = lab.at(found.all_tariffs).world.flows[:, :, 0]
    home_share_abroad = after[1, 1] / after[1].sum()
    assert found.tariffs[1, 0] == pytest.approx(1.0 / (4.0 * home_share_abroad), rel=1e-6)
    assert found.tariffs[1, 0] > 0.25
    assert found.real_income_pct[0] > 0 > found.real_income_pct[1]


def test_a_small_economy_sets_the_inverse_of_the_elasticity() -> None:
    # Alvarez and Lucas (2007): 1 / theta in the limit of a small economy.
    found = best_tariffs(one_sector([1.0, 1e5], theta=5.0), "E0")
    assert found.tariffs[1, 0] == pytest.approx(0.2, rel=1e-4)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 500))
def test_the_best_beats_random_search(seed: int) -> None:
    world = plain_world(seed)
    lab = Lab(world)
    found = best_tariffs(lab, "E0", starts=3)
    assert found.gradient_norm <= 1e-8
    assert found.largest_curvature < 0
    assert found.spread < 1e-4
    rng = np.random.default_rng(seed)
    best = np.log1p(found.real_income_pct[0] / 100.0)
    base = lab.at(lab.world.tariffs).log_real_income[0]
    cells = (lab.world.flows > 0)[0]
    cells[0] = False
    for k in range(40):
        tried = lab.world.tariffs.copy()
        near = found.tariffs * rng.uniform(0.9, 1.1, found.tariffs.shape)
        tried[0] = np.where(cells, near if k % 2 else rng.uniform(0.0, 1.0, near.shape), 0.0)
        assert lab.at(tried).log_real_income[0] - base < best


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 500))
def test_nash_is_a_fixed_point_and_agreement_is_better_for_all(seed: int) -> None:
    lab = Lab(plain_world(seed))
    nash = nash_tariffs(lab, lab.economies)
    assert nash.gradient_norm <= 1e-8
    assert abs(nash.largest_gain) < 1e-12
    assert nash.reply_distance < 1e-5
    assert nash.starts_differ < 1e-5
    assert all(reply.largest_curvature < 0 for reply in nash.replies)
    agreed = agreed_tariffs(lab, lab.economies, disagreement=nash.tariffs)
    assert agreed.gradient_norm <= 1e-8
    assert (agreed.gain > 0).all()
    assert (agreed.real_income_pct > nash.real_income_pct).all()
    rng = np.random.default_rng(seed)
    floor = lab.at(nash.tariffs).log_real_income
    for _ in range(20):
        tried = np.clip(agreed.tariffs * rng.uniform(0.8, 1.2, agreed.tariffs.shape), 0.0, None)
        gain = lab.at(tried).log_real_income - floor
        assert (gain <= 0).any() or np.exp(np.log(gain).mean()) <= agreed.mean_gain + 1e-10


def test_symmetric_economies_agree_on_free_trade() -> None:
    world = one_sector([1.0, 1.0, 1.0], theta=4.0)
    nash = nash_tariffs(world, world.economies)
    assert np.ptp(nash.real_income_pct) < 1e-6
    agreed = agreed_tariffs(world, world.economies, disagreement=nash.tariffs)
    assert np.ptp(agreed.gain) < 1e-6
    # Equal tariffs distort; home sales and imports are priced alike only without them.
    assert agreed.tariffs.max() < 1e-5


def test_political_weights_protect_the_industry() -> None:
    world = plain_world(4)
    plain = best_tariffs(world, "E0")
    lobbied = best_tariffs(world, "E0", political={"S1": 1.0})
    own = lobbied.tariffs[1:, 1].mean() - plain.tariffs[1:, 1].mean()
    assert own > 0.01
    assert lobbied.real_income_pct[0] < plain.real_income_pct[0]
    assert lobbied.gradient_norm <= 1e-8


def test_bounds_hold() -> None:
    found = best_tariffs(plain_world(2), "E0", high=0.05)
    assert found.tariffs.max() <= 0.05 + 1e-12
    assert found.at_bounds > 0
    assert found.gradient_norm <= 1e-8


def without_home_sales() -> Baseline:
    world = plain_world(6)
    flows: Array = world.flows.copy()
    flows[0, 0, 1] = 0.0
    return replace(world, flows=flows)


def test_without_home_sales_the_cell_is_named() -> None:
    with pytest.raises(InputError, match="E0 S1"):
        best_tariffs(without_home_sales(), "E0")


def test_with_a_very_small_elasticity_tariffs_stop_at_the_bound() -> None:
    world = replace(plain_world(3), theta=np.array([0.05, 4.0, 4.0]))
    found = best_tariffs(world, "E0", high=3.0)
    assert found.at_bounds == 3
    assert found.tariffs.max() == pytest.approx(3.0)
    assert found.gradient_norm <= 1e-8


def test_too_few_steps_are_an_error_and_no_result() -> None:
    with pytest.raises(NotConvergedError, match="gradient norm"):
        best_tariffs(plain_world(3), "E0", max_iterations=2)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"economy": "XXX"}, "not an economy"),
        ({"sectors": ["S9"]}, "not sectors"),
        ({"low": 2.0, "high": 1.0}, "not possible"),
        ({"political": {"S1": -1.0}}, "weight"),
        ({"starts": 0}, "no start"),
    ],
)
def test_wrong_questions_are_refused(more: dict[str, object], words: str) -> None:
    asked = {"economy": "E0", **more}
    with pytest.raises(InputError, match=words):
        best_tariffs(plain_world(1), **asked)  # type: ignore[arg-type]
