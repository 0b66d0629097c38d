"""The surge statistic against hand-worked values, planted truth and simulated noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError
from openward.watch.of_flow import cusum
from openward.watch.surge import window_effect
from openward.watch.synthetic import auc, surge_panel


def test_a_planted_effect_comes_back_exactly_without_noise() -> None:
    t = np.arange(60)
    season = np.tile(np.linspace(-0.3, 0.3, 12), 5)
    y = 5 + 0.01 * t + season + 0.7 * (t >= 57)
    effect = window_effect(log_volume=y[None, :], window=3)
    assert effect.effect[0] == pytest.approx(0.7, abs=1e-9)
    assert effect.expected[0] == pytest.approx((5 + 0.01 * t + season)[-3:], abs=1e-9)
    # A series without noise is given a noise of one percent: nothing is infinitely surprising.
    assert effect.scale[0] == pytest.approx(0.01 * np.sqrt(60 / 46))


def test_evidence_is_the_log_likelihood_ratio() -> None:
    rng = np.random.default_rng(5)
    effect = window_effect(log_volume=rng.normal(size=(4, 60)), window=6)
    d = np.log(1.5)
    normal = -((effect.effect - d) ** 2) / (2 * effect.error**2) + effect.effect**2 / (2 * effect.error**2)
    assert effect.evidence(rise=1.5) == pytest.approx(normal)
    with pytest.raises(InputError, match="no change"):
        effect.evidence(rise=1.0)


def test_noise_is_found_as_it_was_drawn() -> None:
    drawn = surge_panel(seed=77, series=2_000)
    quiet = drawn.log_quantity[~drawn.surge]
    effect = window_effect(log_volume=quiet, window=6)
    assert effect.rho == pytest.approx(0.4, abs=0.05)
    # Without a surge z is standard normal, a little wider for the estimated scale.
    assert float(np.std(effect.z)) == pytest.approx(1.0, abs=0.2)
    assert float(np.mean(np.abs(effect.z) > 2.58)) < 0.03


@pytest.mark.parametrize("seed", [3, 401, 402])
def test_surges_are_told_apart_on_any_seed(seed: int) -> None:
    drawn = surge_panel(seed=seed)
    found = window_effect(log_volume=drawn.log_quantity, window=6).evidence(rise=1.5)
    assert auc(score=found, truth=drawn.surge) >= 0.913


def test_one_old_lump_does_not_pass_for_season() -> None:
    rng = np.random.default_rng(9)
    y = rng.normal(scale=0.1, size=(200, 60))
    lumped = y.copy()
    lumped[:, 20] += 3.0
    clean = window_effect(log_volume=y, window=3)
    dirty = window_effect(log_volume=lumped, window=3)
    assert float(np.max(np.abs(dirty.effect - clean.effect))) < 0.15


@given(shift=st.floats(-5, 5), scale=st.floats(0.5, 20))
@settings(max_examples=20, deadline=None)
def test_units_do_not_matter(shift: float, scale: float) -> None:
    y = np.random.default_rng(2).normal(size=(5, 48))
    one = window_effect(log_volume=y, window=4)
    other = window_effect(log_volume=y + shift + np.log(scale), window=4)
    assert other.effect == pytest.approx(one.effect, abs=1e-8)


def test_auc_by_hand_and_with_ties() -> None:
    truth = np.array([True, False, True, False])
    assert auc(score=np.array([3.0, 1.0, 2.0, 2.5]), truth=truth) == pytest.approx(3 / 4)
    assert auc(score=np.ones(4), truth=truth) == pytest.approx(0.5)


def test_cusum_by_hand() -> None:
    excess = np.array([[1.0, 2.0, -3.0, 1.5, 1.0]])
    # slack 0.5: 0.5, 2, 0 (below zero), 1, 1.5
    assert cusum(excess=excess, slack=0.5)[0] == pytest.approx(1.5)


@pytest.mark.parametrize(("months", "window"), [(35, 6), (48, 0), (48, 13)])
def test_what_cannot_be_judged_is_refused(months: int, window: int) -> None:
    with pytest.raises(InputError):
        window_effect(log_volume=np.zeros((1, months)), window=window)


def test_a_value_that_is_not_finite_is_refused() -> None:
    y = np.zeros((1, 40))
    y[0, 3] = -np.inf
    with pytest.raises(InputError, match="finite"):
        window_effect(log_volume=y, window=1)
