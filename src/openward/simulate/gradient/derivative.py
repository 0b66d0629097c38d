"""Derivatives of an outcome to every policy, by one adjoint solve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openward.errors import InputError, UsageError
from openward.simulate.baseline import Array, Baseline, Outcome
from openward.simulate.caliendo_parro import CLOSURES
from openward.simulate.gradient.adjoint import solve_adjoint
from openward.simulate.gradient.goal import Goal, check_goal
from openward.simulate.gradient.linear import Linear, Multipliers, demand_side, linearize, seed, unpack


@dataclass(frozen=True, slots=True, eq=False)
class Gradient:
    """Derivatives of one goal at a solved world, per unit of each cell.

    Attributes
    ----------
    revenue_rate : [N, N, J]
        To the tariff that gives the revenue, the buyer's price wedge unchanged.
    price_wedge : [N, N, J]
        To the logarithm of the wedge on the buyer's price, the revenue rate unchanged; this is also the
        derivative to the logarithm of iceberg costs (`trade_costs`).
    productivity : [N, J]
        To the logarithm of productivity.
    deficit : [N]
        To the deficit (imports less exports), per unit of money.
    method : {"direct", "gmres"}
    iterations : int
    residual : float
        Of the linear system, relative.
    """

    world: Baseline
    revenue_rate: Array
    price_wedge: Array
    productivity: Array
    deficit: Array
    method: str
    iterations: int
    residual: float

    @property
    def tariff(self) -> Array:
        """Derivative to an ad valorem rate that moves revenue and price together [N, N, J]."""
        return self.revenue_rate + self.price_wedge / (1.0 + self.world.tariffs)

    @property
    def trade_costs(self) -> Array:
        """Derivative to the logarithm of iceberg costs [N, N, J]."""
        return self.price_wedge


def gradient(outcome: Outcome, goal: Goal, *, method: str = "auto") -> Gradient:
    """Differentiate a goal at the world an outcome arrived at.

    Parameters
    ----------
    outcome : Outcome
        Solved; its closure says what deficits do.
    goal : Goal
    method : {"auto", "direct", "gmres"}

    Returns
    -------
    Gradient
        Exact up to the tolerance of the outcome: the implicit function theorem on the equilibrium
        conditions, transposed, so that its cost does not grow with the number of cells.

    Raises
    ------
    InputError
        A goal that does not fit the world.
    NotConvergedError
        The Jacobian is singular there.
    """
    return gradients(outcome.after, (goal,), closure=outcome.closure, method=method)[0]


def gradients(
    world: Baseline, goals: Sequence[Goal], *, closure: str, method: str = "auto"
) -> tuple[Gradient, ...]:
    """Differentiate several goals at one solved world, together.

    Parameters
    ----------
    world : Baseline
        In equilibrium, such as ``Outcome.after``.
    goals : sequence of Goal
    closure : {"fixed", "world-gdp-share", "balanced"}
    method : {"auto", "direct", "gmres"}

    Raises
    ------
    UsageError
        Unknown closure or method.
    InputError, NotConvergedError
    """
    if closure not in CLOSURES:
        raise UsageError(f"unknown closure {closure!r}", hint="use " + ", ".join(CLOSURES))
    if method not in ("auto", "direct", "gmres"):
        raise UsageError(f"unknown method {method!r}", hint="use auto, direct or gmres")
    if not goals:
        raise InputError("no goal to differentiate", where="goals", hint="give at least one")
    linear = linearize(world, closure=closure)
    for goal in goals:
        check_goal(goal, economies=world.economies, sectors=world.sectors, output=linear.accounts.output)
    found = solve_adjoint(linear, seed(linear, tuple(goals)), method=method)
    m = unpack(linear, found.stacked)
    return tuple(
        _assemble(linear, goal, _column(m, at), found.method, found.iterations, found.residual)
        for at, goal in enumerate(goals)
    )


def _column(m: Multipliers, at: int) -> Multipliers:
    one = slice(at, at + 1)
    return Multipliers(m.price[:, :, one], m.output[:, :, one], m.revenue[:, one], m.labor[:, one])


def _assemble(
    linear: Linear, goal: Goal, m: Multipliers, method: str, iterations: int, residual: float
) -> Gradient:
    world = linear.world
    sold = m.output[:, :, 0].T  # [N, J] by exporter
    kept = m.revenue[:, 0]
    flows = world.flows
    by_price = linear.pi.transpose(1, 2, 0) * m.price[:, :, 0].T[:, None, :]
    shifted = sold[None] + world.tariffs * kept[:, None, None]
    by_price -= world.theta * flows * shifted
    by_rate = flows / (1.0 + world.tariffs) * (kept[:, None, None] - sold[None])
    worth = -(linear.final * demand_side(linear, m)[:, :, 0]).sum(axis=0)
    if goal.real_income is not None:
        worth = worth + goal.real_income / linear.accounts.income
    return Gradient(
        world=world,
        revenue_rate=by_rate,
        price_wedge=by_price,
        productivity=-by_price.sum(axis=0),
        deficit=worth,
        method=method,
        iterations=iterations,
        residual=residual,
    )
