"""Projected L-BFGS: climb one goal within bounds, never down.

Nocedal and Wright (2006), Numerical Optimization, algorithm 7.4 on the variables that are free, with the
diagonal curvature as the first inverse Hessian, steps bent at the bounds and halved until the goal rises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import NotConvergedError
from openward.simulate.baseline import Array

Goal = Callable[[Array], tuple[float, Array]]
"""Variables [M] -> value and gradient [M]; minus infinity where the point is not allowed."""
DEPTH = 20
RISE = 1e-4
NOISE = 1e-13
SHORTEST = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Ascent:
    """Where an ascent ended.

    Attributes
    ----------
    variables, gradient : [M]
    value : float
    gradient_norm : float
        Of the projected gradient.
    iterations, evaluations : int
    """

    variables: Array
    gradient: Array
    value: float
    gradient_norm: float
    iterations: int
    evaluations: int


def ascend(
    goal: Goal,
    start: Array,
    *,
    low: Array,
    high: Array,
    scale: Array,
    tolerance: float,
    max_iterations: int,
) -> Ascent:
    """Climb a goal from ``start``.

    Parameters
    ----------
    goal : callable
    start, low, high : [M]
    scale : [M]
        Diagonal of minus the Hessian, roughly; positive.
    tolerance : float
        Of the norm of the projected gradient.
    max_iterations : int
    """
    x = np.clip(start, low, high)
    value, gradient = goal(x)
    pairs: list[tuple[Array, Array]] = []
    evaluations = 1
    for iteration in range(max_iterations):
        free = ~(((x <= low) & (gradient < 0)) | ((x >= high) & (gradient > 0)))
        norm = float(np.linalg.norm(gradient[free]))
        if norm <= tolerance:
            return Ascent(x, gradient, value, norm, iteration, evaluations)
        direction = _direction(gradient, free, pairs, scale)
        if gradient @ direction <= 0:
            pairs.clear()
            direction = np.where(free, gradient / scale, 0.0)
        length = min(1.0, 0.5 / max(float(np.abs(direction).max()), 1e-300))
        while True:
            new = np.clip(x + length * direction, low, high)
            new_value, new_gradient = goal(new)
            evaluations += 1
            rise = RISE * float(gradient @ (new - x))
            if new_value >= value + rise - NOISE * max(1.0, abs(value)):
                break
            length *= 0.5
            if length < SHORTEST:
                if not pairs:
                    return Ascent(x, gradient, value, norm, iteration, evaluations)
                break
        if length < SHORTEST:
            pairs.clear()
            continue
        moved, bent = new - x, gradient - new_gradient
        if moved @ bent > 1e-12 * np.linalg.norm(moved) * np.linalg.norm(bent):
            pairs.append((moved, bent))
            del pairs[:-DEPTH]
        x, value, gradient = new, new_value, new_gradient
    free = ~(((x <= low) & (gradient < 0)) | ((x >= high) & (gradient > 0)))
    norm = float(np.linalg.norm(gradient[free]))
    return Ascent(x, gradient, value, norm, max_iterations, evaluations)


def _direction(
    gradient: Array, free: NDArray[np.bool_], pairs: list[tuple[Array, Array]], scale: Array
) -> Array:
    """Two-loop recursion on the free variables."""
    q = np.where(free, gradient, 0.0)
    kept = [(np.where(free, s, 0.0), np.where(free, y, 0.0)) for s, y in pairs]
    kept = [(s, y) for s, y in kept if s @ y > 1e-300]
    weights = []
    for s, y in reversed(kept):
        a = (s @ q) / (s @ y)
        weights.append(a)
        q = q - a * y
    factor = 1.0
    if kept:
        s, y = kept[-1]
        factor = float((s @ y) / (y @ (y / scale)))
    q = factor * q / scale
    for (s, y), a in zip(kept, reversed(weights), strict=True):
        q = q + (a - (y @ q) / (s @ y)) * s
    return np.where(free, q, 0.0)


def demand_converged(found: Ascent, *, tolerance: float, what: str, where: str) -> None:
    """Raise where the projected gradient stays above the tolerance."""
    if not found.gradient_norm <= tolerance:
        raise NotConvergedError(
            f"no {what} after {found.iterations} steps: gradient norm {found.gradient_norm:.1e}, "
            f"tolerance {tolerance:.0e}",
            where=where,
            hint="narrow the bounds or allow more steps",
        )
