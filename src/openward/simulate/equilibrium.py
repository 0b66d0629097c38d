"""Find the equilibrium of a world: sweep, precondition, accelerate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.errors import NotConvergedError
from openward.simulate.anderson import accelerate
from openward.simulate.baseline import Array
from openward.simulate.kernel import State, Swept, World, sweep
from openward.simulate.precondition import Preconditioner, direction, precondition

LEAST_KEPT = 0.2
"""An accelerated step keeps at least this share of each industry's output, so that none turns negative."""
LARGEST_JUMP = 2.0
"""Most the logarithm of a wage moves in an accelerated step."""


@dataclass(frozen=True, slots=True, eq=False)
class Equilibrium:
    """A solved world.

    Attributes
    ----------
    state : State
        The point that was swept last.
    swept : Swept
        What the last sweep gave.
    residual : float
        Largest gap between the two, prices in logarithms, values over value added of the economy.
    iterations : int
        Sweeps.
    """

    state: State
    swept: Swept
    residual: float
    iterations: int


def find(world: World, start: State, *, tolerance: float, max_iterations: int, name: str) -> Equilibrium:
    """Solve a world.

    Parameters
    ----------
    world : World
    start : State
        Where to begin.
    tolerance : float
    max_iterations : int
        Most sweeps.
    name : str
        Names the problem in an error.

    Raises
    ------
    NotConvergedError
        With the residual reached and what to try.
    """
    N, J = world.shape
    NJ = N * J
    value_added = world.labor[:, None]
    last: dict[str, Swept] = {}
    inverse: dict[str, Preconditioner] = {}

    def pack(log_wage: Array, log_price: Array, output: Array, revenue: Array) -> Array:
        scaled = (output / value_added).ravel()
        return np.concatenate((log_wage, log_price.ravel(), scaled, revenue / world.labor))

    def unpack(x: Array) -> State:
        return State(
            log_wage=x[:N],
            log_price=x[N : N + NJ].reshape(N, J),
            output=x[N + NJ : N + 2 * NJ].reshape(N, J) * value_added,
            revenue=x[N + 2 * NJ :] * world.labor,
        )

    def step(x: Array) -> tuple[Array, float]:
        state = unpack(x)
        swept = sweep(world, state)
        last["swept"] = swept
        price_gap = swept.log_price - state.log_price
        output_gap = swept.output - state.output
        revenue_gap = swept.revenue - state.revenue
        hired = (world.value_added * swept.output).sum(axis=1)
        residual = max(
            np.abs(price_gap).max(),
            np.abs(output_gap / value_added).max(),
            np.abs(revenue_gap / world.labor).max(),
            np.abs(hired / (swept.wage * world.labor) - 1.0).max(),
        )
        if not np.isfinite(residual):
            return np.zeros_like(x), np.inf
        if not inverse:
            inverse["now"] = precondition(world, swept)
        wage, price, output = direction(
            world,
            inverse["now"],
            price_gap=price_gap,
            output_gap=output_gap,
            output=state.output,
            swept=swept,
        )
        wage += np.log(swept.wage) - state.log_wage
        return pack(wage, price, output, revenue_gap), float(residual)

    def guard(new: Array, old: Array) -> Array:
        new[:N] = np.clip(new[:N], old[:N] - LARGEST_JUMP, old[:N] + LARGEST_JUMP)
        made = slice(N + NJ, N + 2 * NJ)
        new[made] = np.maximum(new[made], LEAST_KEPT * old[made])
        return new

    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        point = accelerate(
            step,
            pack(start.log_wage, start.log_price, start.output, start.revenue),
            tolerance=tolerance,
            max_iterations=max_iterations,
            guard=guard,
            refresh=lambda _: inverse.clear(),
        )
    if not point.converged:
        raise NotConvergedError(
            f"no equilibrium after {point.iterations} sweeps: residual {point.residual:.2e}, "
            f"tolerance {tolerance:.0e} ({point.restarts} restarts)",
            where=name,
            hint="try a smaller shock, more sweeps (max_iterations), or large finite trade costs instead of "
            "infinite ones",
        )
    return Equilibrium(unpack(point.x), last["swept"], point.residual, point.iterations)
