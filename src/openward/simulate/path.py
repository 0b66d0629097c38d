"""Walk a shock in small steps, to sum first-order terms along the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from openward.errors import InputError
from openward.simulate.accounts import Accounts
from openward.simulate.baseline import Array, Baseline
from openward.simulate.decomposition import Node, Rule, integrate
from openward.simulate.partial import log_friction, part_of
from openward.simulate.shocked import Change
from openward.simulate.solved import Effort, Solved, at_rest, solve_change

FAR_PART, FAR_POINTS = 0.1, 0.1
"""A sum is far from the exact change beyond this part of it and these percentage points."""


def path_integrated(
    before: Baseline,
    accounts: Accounts,
    change: Change,
    solved: Solved,
    effort: Effort,
    *,
    steps: int,
    rule: Rule,
    deficits_follow_gdp: bool,
    name: str,
) -> Array:
    """Sum first-order terms over ``steps`` equal steps of a change, in percent [N].

    Parameters
    ----------
    before : Baseline
    accounts : Accounts
        Of that baseline.
    change : Change
        Factors move along powers, tariffs and deficits along straight lines.
    solved : Solved
        The end of the way.
    effort : Effort
    steps : int
    rule : {"trapezoid", "left"}
        See `decomposition.integrate`.
    deficits_follow_gdp : bool
    name : str

    Raises
    ------
    InputError
        A flow stops altogether: there are no small steps to that.
    """
    if change.price_factor is not None and not np.isfinite(change.price_factor).all():
        raise InputError(
            "a stopped flow has no path of small steps",
            where="path_steps",
            hint="give it a large finite factor (stop_factor) or leave path_steps at 0",
        )
    friction = log_friction(before, change)

    def nodes() -> Iterator[Node]:
        start = at_rest(accounts)
        zeros = np.zeros_like(accounts.output)
        yield _node(before, accounts.income, zeros, change, friction, 0.0)
        for step in range(1, steps):
            share = step / steps
            part = part_of(before, change, share)
            here = solve_change(
                before,
                accounts,
                part,
                effort,
                start=start,
                deficits_follow_gdp=deficits_follow_gdp,
                name=f"{name}, step {step} of {steps}",
            )
            start = here.state
            yield _node(here.after, here.income, here.log_unit_cost, change, friction, share)
        yield _node(solved.after, solved.income, solved.log_unit_cost, change, friction, 1.0)

    return integrate(nodes(), rule=rule)


def coarse(path: Array, exact: Array, *, economies: tuple[str, ...], steps: int) -> tuple[str, ...]:
    """Note where the sum over the path is far from the exact change: its steps are too few.

    Parameters
    ----------
    path, exact : [N]
        In percent.
    economies : tuple of str
    steps : int
    """
    gap = np.abs(path - exact)
    far = np.flatnonzero((gap > FAR_PART * np.abs(exact)) & (gap > FAR_POINTS))
    if not len(far):
        return ()
    n = far[int(gap[far].argmax())]
    return (
        f"The path-integrated sum (path steps: {steps}) is far from the exact change in {len(far)} economies,"
        f" most in {economies[n]} ({path[n]:.4g} % against {exact[n]:.4g} %): more steps are needed.",
    )


def _node(
    world: Baseline, income: Array, log_cost: Array, change: Change, friction: Array | None, share: float
) -> Node:
    made = change.productivity
    return Node(
        flows=world.flows,
        tariffs=world.tariffs,
        log_unit_cost=log_cost,
        income=income,
        deficits=world.deficits,
        log_productivity=None if made is None else share * np.log(made),
        log_friction=None if friction is None else share * friction,
    )
