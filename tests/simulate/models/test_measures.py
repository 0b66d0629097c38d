"""What more an outcome says: sums equal their parts."""

from __future__ import annotations

import numpy as np
import pytest

from openward.errors import InputError
from openward.simulate.baseline import Shock
from openward.simulate.caliendo_parro import solve
from openward.simulate.measures import consumer_prices, measure, measure_rows
from small_worlds import make_world


def test_measures_sum_to_the_outcome() -> None:
    world = make_world(8, economies=4, sectors=3)
    outcome = solve(world, Shock("cut", tariffs=0.5 * world.tariffs))
    found = measure(outcome)
    np.testing.assert_allclose(found.terms_of_trade_pct.sum(axis=1), outcome.terms_of_trade_pct, atol=1e-10)
    np.testing.assert_allclose(np.diag(found.terms_of_trade_pct), 0.0, atol=1e-12)
    work = outcome.baseline.value_added * outcome.baseline.flows.sum(axis=0)
    np.testing.assert_allclose((work * found.employment_hat).sum(axis=1), work.sum(axis=1), rtol=1e-8)
    sign = np.sign(outcome.real_income_pct)
    assert (np.sign(found.equivalent_variation) == sign).all()
    ratio = found.compensating_variation / found.equivalent_variation
    np.testing.assert_allclose(ratio, 1 + outcome.price_index_pct / 100, rtol=1e-9)
    assert (found.moved_jobs_pct >= 0).all()
    assert [row["economy"] for row in measure_rows(outcome)] == list(world.economies)


def test_consumer_prices_of_one_group_are_the_index() -> None:
    world = make_world(8, economies=4, sectors=3)
    outcome = solve(world, Shock("cut", tariffs=0.5 * world.tariffs))
    prices = consumer_prices(outcome, dict.fromkeys(world.sectors, "all"))
    np.testing.assert_allclose(prices["all"], outcome.price_index_pct, atol=1e-9)
    with pytest.raises(InputError, match="no group for S2"):
        consumer_prices(outcome, {"S0": "a", "S1": "b"})
