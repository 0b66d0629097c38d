"""Anderson acceleration of a fixed-point iteration, with a safeguard.

Type II (Walker and Ni 2011, "Anderson acceleration for fixed-point iterations", SIAM J. Numer. Anal. 49,
algorithm AA): the next point combines the last few steps so that their combined residual is least in the
Euclidean norm. Where the combination leads away, the iteration returns to the best point seen and goes on
with shorter plain steps and an empty memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from openward.simulate.baseline import Array

Step = Callable[[Array], tuple[Array, float]]

RANK_TOLERANCE = 1e-13
GROWTH_ALLOWED = 1e2
DAMPING = 0.5
PATIENCE = 20
"""Steps in which the residual has to halve, before the safeguard steps in."""
SHORTEST = 1 / 64


@dataclass(frozen=True, slots=True, eq=False)
class FixedPoint:
    """Where an iteration stopped, with its evidence.

    Attributes
    ----------
    x : [M]
        Best point seen.
    residual : float
        Residual at ``x``, in the unit of the step function.
    iterations : int
        Evaluations of the step function.
    restarts : int
        Times the safeguard went back to the best point.
    converged : bool
        Is ``residual`` below the tolerance?
    """

    x: Array
    residual: float
    iterations: int
    restarts: int
    converged: bool


class Memory:
    """The last ``depth`` differences of points and of steps, with their Gram matrix."""

    __slots__ = ("_combined", "_count", "_depth", "_gram", "_next", "_steps")

    def __init__(self, *, depth: int, size: int) -> None:
        self._depth = depth
        self._steps = np.empty((depth, size))
        self._combined = np.empty((depth, size))
        self._gram = np.zeros((depth, depth))
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._count = 0
        self._next = 0

    def add(self, *, moved: Array, changed: Array) -> None:
        """Remember that moving by ``moved`` changed the step by ``changed`` (both [M])."""
        k = self._next
        self._steps[k] = changed
        np.add(moved, changed, out=self._combined[k])
        self._count = min(self._count + 1, self._depth)
        self._next = (k + 1) % self._depth
        row = self._steps[: self._count] @ changed
        self._gram[k, : self._count] = row
        self._gram[: self._count, k] = row

    def correction(self, step: Array) -> Array | None:
        """Give what to subtract from the plain step [M], or None with an empty memory."""
        n = self._count
        if n == 0:
            return None
        gram, steps = self._gram[:n, :n], self._steps[:n]
        scale = np.sqrt(np.maximum(np.diag(gram), np.finfo(float).tiny))
        values, vectors = np.linalg.eigh(gram / np.outer(scale, scale))
        kept = values > RANK_TOLERANCE * values[-1]
        basis = vectors[:, kept]
        weights = basis @ ((basis.T @ (steps @ step / scale)) / values[kept]) / scale
        return np.asarray(weights @ self._combined[:n])


def accelerate(
    step: Step,
    start: Array,
    *,
    tolerance: float,
    max_iterations: int,
    depth: int = 8,
    guard: Callable[[Array, Array], Array] | None = None,
    refresh: Callable[[Array], None] | None = None,
) -> FixedPoint:
    """Find where ``step`` is zero.

    Parameters
    ----------
    step : callable
        Gives the step to take from a point [M] and the residual there (a scalar, never negative).
    start : [M]
    tolerance : float
        Stop where the residual is not above it.
    max_iterations : int
        Most evaluations of ``step``.
    depth : int
        Steps remembered.
    guard : callable, optional
        ``guard(new, old)`` keeps a new point inside the domain.
    refresh : callable, optional
        Called with the best point at each restart, for instance to rebuild a preconditioner.

    Returns
    -------
    FixedPoint
        Not converged is said in the result; raising is the caller's business.
    """
    memory = Memory(depth=depth, size=start.size)
    x, best_x, best_step = start, start, np.zeros_like(start)
    last_x: Array | None = None
    last_f = best_step
    best, length, restarts = np.inf, 1.0, 0
    mark, marked = np.inf, 0
    for iteration in range(1, max_iterations + 1):
        f, residual = step(x)
        if residual <= tolerance:
            return FixedPoint(x, residual, iteration, restarts, True)
        if residual < DAMPING * mark:
            mark, marked = residual, iteration
        away = iteration > 1 and not residual < GROWTH_ALLOWED * best
        if away or iteration - marked > PATIENCE:
            marked = iteration
            restarts += 1
            length = max(length * DAMPING, SHORTEST)
            memory.clear()
            if refresh is not None:
                refresh(best_x)
                best_step, _ = step(best_x)
            last_x = None
            x = _inside(best_x + length * best_step, best_x, guard)
            continue
        if residual < best:
            best, best_x, best_step = residual, x, f
        if last_x is not None:
            memory.add(moved=x - last_x, changed=f - last_f)
        last_x, last_f = x, f
        correction = memory.correction(f)
        if correction is None:
            new = x + length * f
        else:
            new = x + f - correction
            length = min(1.0, length / DAMPING)
        x = _inside(new, x, guard)
    return FixedPoint(best_x, float(best), max_iterations, restarts, False)


def _inside(new: Array, old: Array, guard: Callable[[Array, Array], Array] | None) -> Array:
    return new if guard is None else guard(new, old)
