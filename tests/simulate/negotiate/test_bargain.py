"""Packages of cuts: constraints hold, nothing better is found at random, slopes are differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openward.errors import InputError
from openward.simulate.baseline import Baseline
from openward.simulate.negotiate.bargain import bargain
from openward.simulate.negotiate.table import Party, Table, levers
from openward.simulate.negotiate.trial import Trials
from small_worlds import make_world

SECTORS = ("S0", "S1", "S2")


def drawn(seed: int) -> Baseline:
    return make_world(seed, economies=4, with_gaps=False, with_deficits=False, theta=(3.0, 6.0))


def table(**more: object) -> Table:
    asked: dict[str, object] = {
        "parties": (Party("one", ("E0",)), Party("two", ("E1", "E2"))),
        "sectors": SECTORS,
        **more,
    }
    return Table(**asked)  # type: ignore[arg-type]


def test_slopes_are_central_differences() -> None:
    world = drawn(1)
    asked = table(
        trade_cost_cut=0.05,
        trade_cost_sectors=SECTORS,
        parties=(Party("one", ("E0",), revenue_floor=0.5), Party("two", ("E1", "E2"))),
    )
    moves = levers(asked, world)
    trials = Trials(asked, moves, world, closure="fixed")
    x = 0.4 * moves.limit
    here = trials.at(x)
    for m in range(0, moves.size, 2):
        step = np.zeros(moves.size)
        step[m] = 1e-3
        up, down = trials.at(x + step), trials.at(x - step)
        assert here.objective_slope[m] == pytest.approx(
            (up.objective - down.objective) / 2e-3, rel=1e-4, abs=1e-7
        )
        np.testing.assert_allclose(
            here.slack_slope[:, m], (up.slack - down.slack) / 2e-3, rtol=1e-3, atol=1e-6
        )


@pytest.mark.parametrize("objective", ["joint", "nash", "weighted"])
@pytest.mark.parametrize("seed", [0])
def test_nobody_is_worse_off_and_random_packages_are_no_better(objective: str, seed: int) -> None:
    world = drawn(seed)
    asked = table(objective=objective)
    moves = levers(asked, world)
    trials = Trials(asked, moves, world, closure="fixed")
    found = bargain(asked, moves, trials)
    assert found.violation <= 1e-6
    assert found.promised <= 1e-3
    assert (found.x >= 0).all()
    assert (found.x <= moves.limit).all()
    end = trials.at(found.x)
    assert (end.gain >= -1e-6).all()
    assert [c.slack for c in found.constraints] == pytest.approx(end.slack.tolist(), abs=1e-9)
    rng = np.random.default_rng(seed)
    for _ in range(25):
        other = trials.at(moves.limit * rng.uniform(0.0, 1.0, moves.size) ** rng.uniform(0.2, 3.0))
        assert (other.slack < 0).any() or other.objective <= found.objective + 1e-6


def test_a_shadow_price_is_what_easing_the_constraint_brings() -> None:
    world = drawn(0)
    asked = table(
        parties=(Party("one", ("E0",), revenue_floor=0.6), Party("two", ("E1", "E2"))), each_member=False
    )
    moves = levers(asked, world)
    found = bargain(asked, moves, Trials(asked, moves, world, closure="fixed"))
    (floor,) = (c for c in found.constraints if "revenue" in c.name)
    assert floor.slack == pytest.approx(0.0, abs=1e-5)
    assert floor.shadow_price > 0
    eased = replace(asked, parties=(replace(asked.parties[0], revenue_floor=0.595), asked.parties[1]))
    more = bargain(eased, moves, Trials(eased, moves, world, closure="fixed"))
    assert more.objective - found.objective == pytest.approx(0.5 * floor.shadow_price, rel=0.1)


def test_sensitive_sectors_and_limits_are_kept() -> None:
    world = drawn(2)
    asked = table(
        parties=(Party("one", ("E0",), sensitive=("S0",), maximum_cut=0.5), Party("two", ("E1", "E2")))
    )
    moves = levers(asked, world)
    found = bargain(asked, moves, Trials(asked, moves, world, closure="fixed"))
    tariffs, costs = moves.policies(found.x, world)
    assert (tariffs[0, :, 0] == world.tariffs[0, :, 0]).all()
    assert (tariffs[0] >= 0.5 * world.tariffs[0] - 1e-12).all()
    assert (tariffs[3] == world.tariffs[3]).all()
    assert (tariffs[:, 3] == world.tariffs[:, 3]).all()
    assert (costs == 1.0).all()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"parties": (Party("one", ("E0",)),)}, "two parties"),
        ({"parties": (Party("one", ("E0",)), Party("two", ("E0",)))}, "E0 is in one and in two"),
        ({"parties": (Party("one", ("E0",)), Party("two", ("XXX",)))}, "not an economy"),
        ({"sectors": ("S9",)}, "not a sector"),
        ({"objective": "all"}, "unknown objective"),
        ({"sectors": ("S2",)}, "nothing is left to cut"),
        ({"parties": (Party("one", ("E0",), maximum_cut=2.0), Party("two", ("E1",)))}, "a cut of 2"),
    ],
)
def test_wrong_tables_are_refused(more: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        levers(table(**more), drawn(1))
