"""A counterfactual solved: the world after it, and the check of that world."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from openward.simulate.accounts import Accounts
from openward.simulate.baseline import Array, Baseline
from openward.simulate.equilibrium import Equilibrium, find
from openward.simulate.kernel import State, World
from openward.simulate.shocked import Change, build_world
from openward.simulate.verify import residuals


@dataclass(frozen=True, slots=True)
class Effort:
    """How exactly to solve, and how long to try.

    Attributes
    ----------
    tolerance : float
    max_iterations : int
    """

    tolerance: float
    max_iterations: int


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A world after a change.

    Attributes
    ----------
    after : Baseline
    income : [N]
    state : State
        A point to start the next solution from.
    log_unit_cost : [N, J]
    iterations : int
        Sweeps; 0 where nothing had to be solved.
    residual : float
        Worst miss of the check in `verify`.
    """

    after: Baseline
    income: Array
    state: State
    log_unit_cost: Array
    iterations: int
    residual: float


def at_rest(accounts: Accounts) -> State:
    """Give the point at which nothing has changed."""
    return State(
        log_wage=np.zeros(len(accounts.revenue)),
        log_price=np.zeros_like(accounts.output),
        output=accounts.output,
        revenue=accounts.revenue,
    )


def solve_change(
    before: Baseline,
    accounts: Accounts,
    change: Change,
    effort: Effort,
    *,
    start: State,
    deficits_follow_gdp: bool,
    name: str,
) -> Solved:
    """Solve a change, or give the world as it is where nothing changes.

    Parameters
    ----------
    before : Baseline
    accounts : Accounts
        Of that baseline.
    change : Change
    effort : Effort
    start : State
    deficits_follow_gdp : bool
        Do deficits keep their share of world gross domestic product?
    name : str
        Of the shock.
    """
    if change.still:
        return _unchanged(before, accounts, change)
    gdp = float(accounts.value_added.sum() + accounts.revenue.sum()) if deficits_follow_gdp else None
    world = build_world(before, accounts, change, index_to_gdp=gdp)
    found = find(world, start, tolerance=effort.tolerance, max_iterations=effort.max_iterations, name=name)
    swept = found.swept
    after = replace(
        before,
        name=f"{before.name} after {name}",
        flows=_flows(world, found),
        tariffs=change.tariffs,
        theta=change.theta,
        deficits=swept.deficits,
    )
    checked = residuals(
        after,
        output=found.state.output,
        wage_bill=swept.wage * accounts.value_added,
        log_share_sum=world.theta * (found.state.log_price - swept.log_price),
    )
    return Solved(
        after=after,
        income=swept.income,
        state=State(np.log(swept.wage), swept.log_price, swept.output, swept.revenue),
        log_unit_cost=swept.log_unit_cost,
        iterations=found.iterations,
        residual=checked.worst,
    )


def _unchanged(before: Baseline, accounts: Accounts, change: Change) -> Solved:
    after = replace(before, tariffs=change.tariffs, theta=change.theta)
    zeros = np.zeros_like(accounts.output)
    checked = residuals(after, output=accounts.output, wage_bill=accounts.value_added, log_share_sum=zeros)
    return Solved(after, accounts.income, at_rest(accounts), zeros, 0, checked.worst)


def _flows(world: World, found: Equilibrium) -> Array:
    """Purchases net of tariff [N, N, J]."""
    N, J = world.shape
    swept = found.swept
    per_phi = swept.spending.T / swept.phi
    flows = np.empty((N, N, J))
    for group in world.sectors:
        at = group.where
        net = group.gross if group.net is None else group.net
        flows[:, :, at] = (net * per_phi[at, :, None] * swept.supply[at, None, :]).transpose(1, 2, 0)
    return flows
