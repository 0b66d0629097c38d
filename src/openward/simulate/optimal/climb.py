"""Climb to where the projected slope is zero: quasi-Newton steps on first-order conditions.

The diagonal ``theta_j X_nij / I_n`` is close to the curvature of a government's own goal in its tariff, so
slope over diagonal is the distance to the best tariff but for cross effects; Anderson acceleration (a
multisecant quasi-Newton method) learns those from the last steps. Stationary is not yet best: see
`second_order`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from openward.simulate.anderson import accelerate
from openward.simulate.baseline import Array
from openward.simulate.optimal.instruments import Instruments
from openward.simulate.optimal.lab import Point

Slope = Callable[[Array], tuple[Array, Point]]
"""Variables [M] -> the slope of whoever sets each of them [M], and the world there."""
LONGEST = 0.5
"""Most a variable moves in a plain step."""
SMALLEST_CURVATURE = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Summit:
    """Where a climb ended.

    Attributes
    ----------
    variables : [M]
    gradient_norm : float
        Euclidean norm of the projected slope: log real income per unit of ``ln (1 + tariff)``.
    tariff_error : float
        Largest projected slope over curvature: how far a tariff still is from best, roughly.
    iterations : int
    converged : bool
    """

    variables: Array
    gradient_norm: float
    tariff_error: float
    iterations: int
    converged: bool


def climb(slope: Slope, start: Array, moves: Instruments, *, tolerance: float, max_iterations: int) -> Summit:
    """Climb from ``start`` until the norm of the projected slope is below ``tolerance``."""
    error = {"last": np.inf}

    def step(x: Array) -> tuple[Array, float]:
        gradient, point = slope(x)
        bent = curvature(point, moves)
        newton = np.clip(gradient / bent, -LONGEST, LONGEST)
        projected = moves.projected(x, gradient)
        error["last"] = float(np.abs(projected / bent).max())
        return moves.clip(x + newton) - x, float(np.linalg.norm(projected))

    found = accelerate(
        step,
        moves.clip(start),
        tolerance=tolerance,
        max_iterations=max_iterations,
        depth=10,
        guard=lambda new, old: moves.clip(np.clip(new, old - 2 * LONGEST, old + 2 * LONGEST)),
    )
    return Summit(found.x, found.residual, error["last"], found.iterations, found.converged)


def curvature(point: Point, moves: Instruments) -> Array:
    """Give the diagonal ``theta X / I`` of the importer [M]."""
    bought = point.world.flows[moves.cells] / point.income[moves.importer]
    return np.asarray(np.maximum(moves.theta * bought, SMALLEST_CURVATURE))
