"""Optimal tariffs of seven economies in 44 sectors (needs the shared data)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from openward.reproduce.tradewar_2017 import read_baseline
from openward.simulate.optimal.cooperative import agreed_tariffs
from openward.simulate.optimal.lab import Lab
from openward.simulate.optimal.nash import nash_tariffs
from openward.simulate.optimal.unilateral import best_tariffs


@pytest.fixture(scope="module")
def lab(shared: Path) -> Lab:
    return Lab(read_baseline(shared / "data"))


def test_the_table_is_the_one_described(shared: Path) -> None:
    world = read_baseline(shared / "data")
    assert world.economies == ("BRA", "CHN", "EU", "IND", "JPN", "ROW", "USA")
    assert world.flows.shape == (7, 7, 44)
    # First row of the published table: Brazil buys 126,975.69 million USD of sector 1 at home.
    assert world.flows[0, 0, 0] == pytest.approx(126975.685291)
    assert world.tariffs[0, 1, 0] == pytest.approx(0.078569, abs=1e-6)
    np.testing.assert_allclose(world.use.sum(axis=1) + world.value_added, 1.0, atol=1e-12)


@pytest.mark.slow
def test_seven_optima_meet_first_and_second_order_conditions(lab: Lab) -> None:
    for economy in lab.economies:
        found = best_tariffs(lab, economy)
        assert found.gradient_norm <= 1e-8
        assert found.largest_curvature < 0
        assert found.spread < 1e-4
        assert found.real_income_pct[lab.index(economy)] > 0


@pytest.mark.slow
def test_nash_and_agreement_of_seven(lab: Lab) -> None:
    nash = nash_tariffs(lab, lab.economies)
    assert abs(nash.largest_gain) < 1e-11
    agreed = agreed_tariffs(lab, lab.economies, disagreement=nash.tariffs)
    assert (agreed.gain > 0).all()
    assert agreed.gradient_norm <= 1e-8
