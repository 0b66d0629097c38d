"""A world at which tariffs are tried, one after the other: each solved from where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.accounts import Accounts, account, rederived
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.caliendo_parro import solve
from openward.simulate.gradient.derivative import Gradient, gradients
from openward.simulate.gradient.goal import Goal
from openward.simulate.kernel import State
from openward.simulate.shocked import fill
from openward.simulate.solved import Effort, at_rest, solve_change

TOLERANCE = 1e-12
MAX_ITERATIONS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A world under some tariffs.

    Attributes
    ----------
    tariffs : [N, N, J]
    world : Baseline
        The world solved.
    log_real_income : [N]
        Against the settled baseline.
    log_price_index : [N]
    income : [N]
        Final spending.
    output : [N, J]
    revenue : [N]
        Tariff revenue.
    """

    tariffs: Array
    world: Baseline
    log_real_income: Array
    log_price_index: Array
    income: Array
    output: Array
    revenue: Array


class Lab:
    """A settled baseline and the last solution found on it.

    Parameters
    ----------
    baseline : Baseline
        Balanced first where its tables disagree, or where the closure removes deficits.
    closure : {"fixed", "world-gdp-share", "balanced"}

    Attributes
    ----------
    world : Baseline
        The world that changes are measured against.
    solutions : int
        Worlds solved so far.
    """

    __slots__ = ("_accounts", "_follow", "_last", "closure", "solutions", "world")

    def __init__(self, baseline: Baseline, *, closure: str = "balanced") -> None:
        settled = solve(baseline, Shock(name="settled"), closure=closure, tolerance=TOLERANCE).after
        self._accounts: Accounts = account(settled)
        self.world = rederived(settled, self._accounts)
        self.closure = closure
        self.solutions = 0
        self._follow = closure == "world-gdp-share"
        self._last: State = at_rest(self._accounts)

    @property
    def economies(self) -> tuple[str, ...]:
        """Codes, in array order."""
        return self.world.economies

    def index(self, economy: str) -> int:
        """Give the position of an economy.

        Raises
        ------
        InputError
            It is not in this world.
        """
        if economy not in self.world.economies:
            raise InputError(
                f"{economy!r} is not an economy of {self.world.name}",
                hint="it has " + ", ".join(self.world.economies[:10]),
            )
        return self.world.economies.index(economy)

    def at(self, tariffs: Array, *, price_wedge: Array | None = None) -> Point:
        """Solve the world under ``tariffs``.

        Parameters
        ----------
        tariffs : [N, N, J]
        price_wedge : [N, N, J], optional
            As in `Shock`.

        Raises
        ------
        InputError, NotConvergedError
        """
        self.solutions += 1
        change = fill(self.world, Shock(tariffs=tariffs, price_wedge=price_wedge), stop_factor=np.inf)
        solved = solve_change(
            self.world,
            self._accounts,
            change,
            Effort(TOLERANCE, MAX_ITERATIONS),
            start=self._last,
            deficits_follow_gdp=self._follow,
            name="tariffs tried",
        )
        self._last = solved.state
        index = (self.world.final * solved.state.log_price).sum(axis=1)
        return Point(
            tariffs=tariffs,
            world=solved.after,
            log_real_income=np.log(solved.income / self._accounts.income) - index,
            log_price_index=index,
            income=solved.income,
            output=solved.state.output,
            revenue=solved.state.revenue,
        )

    def gradients(self, point: Point, goals: Sequence[Goal]) -> tuple[Gradient, ...]:
        """Differentiate goals at a point."""
        return gradients(point.world, goals, closure=self.closure)

    def start_over(self) -> None:
        """Forget the last solution: the next one starts from the settled world."""
        self._last = at_rest(self._accounts)


def check_home_market(world: Baseline, cells: NDArray[np.bool_]) -> None:
    """Refuse tariffs on a sector that an economy cannot buy at home nor has another untaxed supplier of.

    With every supplier taxed and no home sales the optimal tariff has no bound: buyers cannot turn away.

    Parameters
    ----------
    world : Baseline
    cells : bool array [N, N, J]
        Tariffs that may move.

    Raises
    ------
    InputError
        Names the cells.
    """
    bought = world.flows > 0
    free = (bought & ~cells).any(axis=1)
    stuck = np.argwhere(cells.any(axis=1) & ~free)
    if len(stuck):
        named = ", ".join(f"{world.economies[n]} {world.sectors[j]}" for n, j in stuck[:5])
        more = f" and {len(stuck) - 5} more" if len(stuck) > 5 else ""
        raise InputError(
            f"no home sales in {named}{more}: the best tariff there has no bound",
            where=world.name,
            hint="leave these sectors out (sectors=...), or give the economy some home sales in them",
        )
