"""GMRES for several right-hand sides in step: one pass over the matrices serves them all.

Saad and Schultz (1986), SIAM J. Sci. Stat. Comput. 7, with right preconditioning; each right-hand side has a
Krylov space of its own, built by classical Gram-Schmidt with one repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from openward.simulate.baseline import Array

Operator = Callable[[Array], Array]
RESTART = 80
BREAKDOWN = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Where GMRES stopped.

    Attributes
    ----------
    x : [L, M]
    iterations : int
        Applications of the map.
    residual : float
        Largest relative residual.
    """

    x: Array
    iterations: int
    residual: float


def solve_many(
    apply: Operator, precondition: Operator, right: Array, *, tolerance: float, max_iterations: int
) -> Run:
    """Solve ``A x = b`` for all columns of ``right``.

    Parameters
    ----------
    apply, precondition : callable [L, M] -> [L, M]
        The map, and an approximate inverse.
    right : [L, M]
    tolerance : float
        Of the residual relative to its right-hand side.
    max_iterations : int
    """
    scale = np.linalg.norm(right, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    x = np.zeros_like(right)
    rest = right
    done, residual = 0, float((np.linalg.norm(right, axis=0) / scale).max())
    while residual > tolerance and done < max_iterations:
        steps = min(RESTART, max_iterations - done)
        x_step, used = _cycle(apply, precondition, rest, scale * tolerance, steps)
        x = x + x_step
        rest = right - apply(x)
        done += used + 1
        before, residual = residual, float((np.linalg.norm(rest, axis=0) / scale).max())
        if not residual < 0.9 * before:
            break
    return Run(x, done, residual)


def _cycle(
    apply: Operator, precondition: Operator, right: Array, target: Array, steps: int
) -> tuple[Array, int]:
    L, M = right.shape
    beta = np.linalg.norm(right, axis=0)
    basis = np.empty((steps + 1, L, M))
    basis[0] = right / np.where(beta > 0, beta, 1.0)
    hessenberg = np.zeros((M, steps + 1, steps))
    used = 0
    y = np.zeros((M, 0))
    for k in range(steps):
        w = apply(precondition(basis[k]))
        so_far = basis[: k + 1]
        for _ in range(2):
            h = np.einsum("klm,lm->km", so_far, w)
            w -= np.einsum("klm,km->lm", so_far, h)
            hessenberg[:, : k + 1, k] += h.T
        length = np.linalg.norm(w, axis=0)
        hessenberg[:, k + 1, k] = length
        basis[k + 1] = w / np.where(length > BREAKDOWN, length, 1.0)
        used = k + 1
        if k % 4 == 3 or k == steps - 1:
            y, left = _least_squares(hessenberg[:, : k + 2, : k + 1], beta)
            if not np.isfinite(left).all() or (left <= target).all():
                break
    step = np.einsum("klm,mk->lm", basis[:used], y)
    return precondition(step), used


def _least_squares(hessenberg: Array, beta: Array) -> tuple[Array, Array]:
    """Minimize ``|beta e1 - H y|`` for each right-hand side; give y [M, k] and what is left [M]."""
    M, rows, columns = hessenberg.shape
    y, left = np.zeros((M, columns)), np.zeros(M)
    for at in range(M):
        goal = np.zeros(rows)
        goal[0] = beta[at]
        if not np.isfinite(hessenberg[at]).all():
            left[at] = np.inf
            continue
        y[at] = np.linalg.lstsq(hessenberg[at], goal, rcond=None)[0]
        left[at] = np.linalg.norm(goal - hessenberg[at] @ y[at])
    return y, left
