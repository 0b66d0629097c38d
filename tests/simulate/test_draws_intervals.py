"""Draws and what is said about them: hand-computed values and distributions that can be checked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.errors import InputError
from openward.simulate.draws import (
    CONVENTION_LOG_SD,
    HIGHEST_THETA,
    LOWEST_THETA,
    elasticity_draws,
    named_draws,
    rate_draw,
    standard_errors,
    utilisation_draw,
)
from openward.simulate.elasticities import elasticities, elasticity_table
from openward.simulate.intervals import chance_of_loss, interval, variance_share

INDUSTRIES = [row.industry for row in elasticity_table()]


def test_estimates_are_those_of_the_table_and_errors_become_log_spreads() -> None:
    mapped = {row.paper_sectors: row.theta for row in elasticity_table() if ";" not in row.paper_sectors}
    for sector, (theta, _) in standard_errors().items():
        if sector in mapped:
            assert theta == mapped[sector]
    food = next(s for s in elasticity_draws("caliendo-parro", sectors=INDUSTRIES).spreads if s.name == "Food")
    # 0.61 / 2.62: squared 0.054207, log1p 0.052789, root 0.229758
    assert food.log_sd == pytest.approx(0.229758, abs=1e-6)
    assert math.exp(1.96 * CONVENTION_LOG_SD) == pytest.approx(2.0)


def test_what_shares_an_estimate_moves_together() -> None:
    drawn = elasticity_draws("caliendo-parro", sectors=INDUSTRIES)
    theta, factor = elasticities("caliendo-parro"), drawn.draw(seed=3, index=5)
    factor = factor / theta
    at = INDUSTRIES.index
    assert factor[at("A01")] == factor[at("A03")] != factor[at("B05")]
    assert factor[at("G")] == factor[at("T")]
    assert factor[at("C29")] != factor[at("C301")]
    np.testing.assert_array_equal(drawn.draw(seed=3, index=5), drawn.draw(seed=3, index=5))
    assert not np.array_equal(drawn.draw(seed=3, index=5), drawn.draw(seed=4, index=5))


def test_the_distribution_has_the_stated_median_and_spread() -> None:
    drawn = elasticity_draws("caliendo-parro", sectors=["C10T12", "C22"])
    many = np.array([drawn.draw(seed=0, index=k) for k in range(3000)])
    logs = np.log(many[:, 0] / 2.62)
    assert abs(logs.mean()) < 0.02
    assert logs.std() == pytest.approx(0.2298, abs=0.01)
    assert many.min() >= LOWEST_THETA
    assert many.max() <= HIGHEST_THETA
    assert abs(np.corrcoef(np.log(many.T))[0, 1]) < 0.06


def test_use_of_preferences_and_rates() -> None:
    used = np.concatenate([utilisation_draw(80, seed=1, index=k) for k in range(100)])
    assert used.min() > 0
    assert used.max() <= 1
    assert used.mean() == pytest.approx(0.8, abs=0.01)  # 8 / (8 + 2)
    assert used.std() == pytest.approx(math.sqrt(16 / (100 * 11)), abs=0.01)
    assert rate_draw((50, 50), seed=1, index=0).std() == pytest.approx(1.0, abs=0.05)


def test_names_of_the_paper_are_found_whatever_their_spaces() -> None:
    drawn = named_draws(["BasicMetals", "MachineryNec", "Nontradable21"], np.array([3.28, 1.45, 8.22]))
    assert [s.estimated for s in drawn.spreads] == [True, True, False]


def test_interval_by_hand() -> None:
    found = interval(np.arange(101.0), point=7.0)
    ends = (found.low, found.median, found.high, found.mean)
    assert ends == pytest.approx((5.0, 50.0, 95.0, 50.0))
    assert found.sd == pytest.approx(math.sqrt(101 * 102 / 12))


def test_chance_of_loss_by_hand() -> None:
    found = chance_of_loss(np.array([-1.0, 1.0, 2.0, 0.0]))
    assert found.probability == 0.25
    # Wilson, z^2 = 3.841459: (.25 + .480182 -+ 1.959964 sqrt(.046875 + .060023)) / 1.960365
    assert found.low == pytest.approx(0.045587, abs=1e-5)
    assert found.high == pytest.approx(0.699358, abs=1e-5)
    assert chance_of_loss(np.array([-0.5, 1.0]), least=0.6).probability == 0.0


def test_variance_shares_of_a_sum_are_known() -> None:
    # y = 2 a + b: a explains 4 / 5, b 1 / 5.
    rng = np.random.default_rng(2)
    a, b, c, d = rng.standard_normal((4, 20_000))
    share = variance_share(2 * a + b, 2 * a + c, source="a")
    assert share.share == pytest.approx(0.8, abs=4 * share.standard_error)
    other = variance_share(2 * a + b, 2 * d + b, source="b")
    assert other.share == pytest.approx(0.2, abs=4 * other.standard_error)
    assert variance_share(np.ones(5), np.ones(5), source="a").share == 0.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_intervals_are_ordered_and_finite(values: list[float]) -> None:
    found = interval(np.array(values), point=0.0)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert math.isfinite(found.sd)


def test_what_cannot_be_summarized_is_refused() -> None:
    with pytest.raises(InputError, match="no interval"):
        interval(np.array([1.0]), point=1.0)
    with pytest.raises(InputError, match="not a finite"):
        interval(np.array([1.0, np.nan]), point=1.0)
    with pytest.raises(InputError, match="seed"):
        utilisation_draw(3, seed=-1, index=0)
