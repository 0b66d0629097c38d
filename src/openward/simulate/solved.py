"""A counterfactual solved: the world after it, and the check of that world."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from openward.errors import NotConvergedError
from openward.simulate.accounts import Accounts
from openward.simulate.baseline import Array, Baseline
from openward.simulate.equilibrium import Equilibrium, find
from openward.simulate.kernel import State, World
from openward.simulate.partial import part_of
from openward.simulate.possible import refuse_impossible, refuse_surplus
from openward.simulate.shocked import Change, build_world
from openward.simulate.verify import residuals

ONE_ATTEMPT = 120
"""Sweeps after which a change is approached in parts instead."""
SHORTEST_STRIDE = 1 / 64


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
    """Solve a change, in parts where it is too large to solve at once; where nothing changes, do nothing.

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
    refuse_surplus(before, accounts, change, name=name)

    def attempt(part: Change, origin: State, sweeps: int, what: str) -> Solved:
        limited = Effort(effort.tolerance, min(sweeps, ONE_ATTEMPT))
        return _attempt(
            before, accounts, part, limited, start=origin, deficits_follow_gdp=deficits_follow_gdp, name=what
        )

    left = effort.max_iterations
    try:
        return attempt(change, start, left, name)
    except NotConvergedError as error:
        if left <= ONE_ATTEMPT:
            raise
        failure = error
    left -= ONE_ATTEMPT
    reached, stride, state, spent = 0.0, 0.5, at_rest(accounts), ONE_ATTEMPT
    while left > 0 and stride >= SHORTEST_STRIDE:
        share = min(1.0, reached + stride)
        part = change if share == 1.0 else part_of(before, change, share)
        try:
            solved = attempt(part, state, left, name)
        except NotConvergedError:
            stride /= 2
            used = min(left, ONE_ATTEMPT)
        else:
            used = solved.iterations
            if share == 1.0:
                return replace(solved, iterations=spent + used)
            reached, stride, state = share, 1.5 * stride, solved.state
        left -= used
        spent += used
    raise failure


def _attempt(
    before: Baseline,
    accounts: Accounts,
    change: Change,
    effort: Effort,
    *,
    start: State,
    deficits_follow_gdp: bool,
    name: str,
) -> Solved:
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
    refuse_impossible(after, income=swept.income, value_added=accounts.value_added, name=name)
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
