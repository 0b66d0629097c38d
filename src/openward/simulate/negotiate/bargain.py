"""Find the package: sequential linear programming with a trust region, on adjoint gradients.

``max objective(x)  s.t.  gain_k(x) >= 0,  revenue_p(x) >= floor_p,  0 <= x <= limit``

Effects of cuts are close to straight lines, so the linear program of the slopes at a point says where to go,
inside a box that shrinks where it promised too much (Fletcher and Sainz de la Maza 1989, Math. Program. 43).
One solve of the world and one batch of adjoints a point. What each constraint costs (its shadow price) comes
from the last linear program, and so does the evidence: what it still promises in a box of a given size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from openward.errors import NotConvergedError
from openward.simulate.baseline import Array
from openward.simulate.negotiate.table import Levers, Table
from openward.simulate.negotiate.trial import Trial, Trials

MAX_ITERATIONS = 60
ACTIVE = 1e-6
FEASIBLE = 1e-6
"""Most a constraint may be missed, in percent of real income or of revenue."""
SMALLEST_BOX = 1e-4
"""Of a variable: where the box is smaller than this, the search ends."""
PROMISE = 1e-4
"""It ends as well where the program in a box of `LAST_BOX` promises less than this part of the objective."""
LAST_BOX = 0.05
REPAIRS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """One thing that must not be given up.

    Attributes
    ----------
    name : str
    slack : float
        Percent of real income, or of tariff revenue before.
    shadow_price : float
        Rise of the objective if the constraint were eased by one unit of its slack; zero where it does
        not bind.
    """

    name: str
    slack: float
    shadow_price: float


@dataclass(frozen=True, slots=True, eq=False)
class Bargain:
    """A package, with the evidence that it is the best one.

    Attributes
    ----------
    x : [M]
        Variables of the levers.
    objective : float
        Percent: of the parties' joint real income (joint), geometric or weighted mean of their gains.
    constraints : tuple of Constraint
    promised : float
        What the linear program at the end still promises within `LAST_BOX` of every variable, as a part of
        the objective.
    violation : float
        Worst constraint, percent (0: all hold).
    iterations, solutions : int
    starts : int
        First points tried; the best end is reported.
    spread : float
        Largest difference in the objective between ends.
    """

    x: Array
    objective: float
    constraints: tuple[Constraint, ...]
    promised: float
    violation: float
    iterations: int
    solutions: int
    starts: int
    spread: float


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A linear program solved: step [M], what it promises, and the price of each constraint [K]."""

    step: Array
    promise: float
    prices: Array


def bargain(table: Table, moves: Levers, trials: Trials) -> Bargain:
    """Find the best package.

    Parameters
    ----------
    table : Table
    moves : Levers
    trials : Trials

    Raises
    ------
    NotConvergedError
        No package other than none meets every constraint, or the search does not end.
    """
    ends = [_search(moves, trials, first) for first in (np.zeros(moves.size), 0.5 * moves.limit)]
    found = [end for end in ends if end.violation <= FEASIBLE]
    if not found:
        raise NotConvergedError(
            "no package was found that meets every constraint",
            where="negotiation",
            hint="ease revenue floors, or put more on the table",
        )
    best = max(found, key=lambda end: end.objective)
    return replace(
        best,
        iterations=sum(end.iterations for end in ends),
        solutions=trials.solutions,
        starts=len(ends),
        spread=max(best.objective - end.objective for end in ends),
    )


def _search(moves: Levers, trials: Trials, first: Array) -> Bargain:
    x, box = first, 1.0
    here = trials.at(x)
    iterations = 0
    while iterations < MAX_ITERATIONS:
        iterations += 1
        wanted = linear_program(here, x, moves.limit, box)
        new = np.clip(x + wanted.step, 0.0, moves.limit)
        there = trials.at(new)
        promised = _merit_rise(here, wanted)
        made = _merit(there, wanted.prices) - _merit(here, wanted.prices)
        moved = float(np.abs(new - x).max())
        if made > 0.1 * promised and made > 0:
            if made > 0.75 * promised:
                box = min(1.0, 2.0 * box)
            x, here = new, there
        else:
            box = 0.4 * min(box, moved or box)
        if box < SMALLEST_BOX:
            break
        if here.objective > 0 and _short(here) <= FEASIBLE:
            left = linear_program(here, x, moves.limit, LAST_BOX).promise
            if left <= PROMISE * here.objective:
                break
    x, here = _repaired(moves, trials, x, here)
    last = linear_program(here, x, moves.limit, LAST_BOX)
    constraints = tuple(
        Constraint(name, float(slack), float(price))
        for name, slack, price in zip(trials.constraint_names, here.slack, last.prices, strict=True)
    )
    part = last.promise / here.objective if here.objective > 0 else 0.0
    return Bargain(x, here.objective, constraints, part, _short(here), iterations, 0, 1, 0.0)


def _repaired(moves: Levers, trials: Trials, x: Array, here: Trial) -> tuple[Array, Trial]:
    """Meet constraints that curvature left missed by a little: shortest steps along their slopes."""
    for _ in range(REPAIRS):
        missed = here.slack < -0.1 * FEASIBLE
        if not missed.any():
            break
        free = (x > 0) | (here.slack_slope[missed].max(axis=0) > 0)
        slopes = np.where(free, here.slack_slope[missed], 0.0)
        step = np.linalg.lstsq(slopes, 0.1 * FEASIBLE - here.slack[missed], rcond=None)[0]
        x = np.clip(x + step, 0.0, moves.limit)
        here = trials.at(x)
    return x, here


def linear_program(here: Trial, x: Array, limit: Array, box: float) -> Program:
    """Solve for the step the slopes ask for, inside a box; what cannot be met is missed by least.

    Parameters
    ----------
    here : Trial
    x, limit : [M]
    box : float
        Most a variable moves.
    """
    from scipy.optimize import linprog

    M, K = len(x), len(here.slack)
    low, high = np.maximum(-x, -box), np.minimum(limit - x, box)
    unit = float(np.abs(here.objective_slope).max()) or 1.0
    rows = np.maximum(np.abs(here.slack_slope).max(axis=1), np.finfo(float).tiny)
    heavy = 1e3
    found = linprog(
        np.concatenate((-here.objective_slope / unit, np.full(K, heavy))),
        A_ub=np.hstack((-here.slack_slope / rows[:, None], -np.eye(K))),
        b_ub=here.slack / rows,
        bounds=[*zip(low, high, strict=True), *[(0.0, None)] * K],
        method="highs",
    )
    if found.x is None:
        raise NotConvergedError(f"the linear program failed: {found.message}", where="negotiation")
    step = np.asarray(found.x[:M])
    prices = -np.asarray(found.ineqlin.marginals) * unit / rows
    return Program(step, float(here.objective_slope @ step), prices)


def _merit(trial: Trial, prices: Array) -> float:
    """Objective less what constraints are missed by, at twice their price and a little."""
    return trial.objective - float(_weights(trial, prices) @ np.maximum(-trial.slack, 0.0))


def _merit_rise(here: Trial, wanted: Program) -> float:
    straight = here.slack + here.slack_slope @ wanted.step
    weights = _weights(here, wanted.prices)
    eased = np.maximum(-here.slack, 0.0) - np.maximum(-straight, 0.0)
    return wanted.promise + float(weights @ eased)


def _weights(trial: Trial, prices: Array) -> Array:
    steep = float(np.abs(trial.objective_slope).max())
    rows = np.maximum(np.abs(trial.slack_slope).max(axis=1), np.finfo(float).tiny)
    return np.asarray(2.0 * prices + 0.1 * steep / rows)


def _short(trial: Trial) -> float:
    return float(np.maximum(-trial.slack, 0.0).max(initial=0.0))
