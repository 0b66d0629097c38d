"""Is a stationary point a maximum? The largest eigenvalue of the scaled Hessian, by Lanczos.

Hessian times vector is a central difference of adjoint gradients; variables are scaled by the square root of
the diagonal curvature so that small flows count like large ones (a maximum has all eigenvalues negative).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from openward.simulate.baseline import Array

STEP = 1e-4
STEPS = 30


def largest_curvature(
    slope: Callable[[Array], Array],
    at: Array,
    scale: Array,
    free: NDArray[np.bool_],
    *,
    seed: int = 0,
    steps: int = STEPS,
) -> float:
    """Give the largest eigenvalue of ``S H S`` on the free variables, ``S = diag(scale^-1/2)``.

    Parameters
    ----------
    slope : callable [M] -> [M]
        Gradient of the goal.
    at : [M]
    scale : [M]
        Diagonal curvature, positive.
    free : bool array [M]
        Variables not at a bound.
    seed : int
        Of the first Lanczos vector.
    steps : int
        Lanczos steps; the estimate approaches the largest eigenvalue from below.
    """
    count = int(np.count_nonzero(free))
    if count == 0:
        return -np.inf
    root = np.sqrt(scale)
    weights = np.where(free, 1.0 / root, 0.0)

    def product(v: Array) -> Array:
        move = weights * v
        size = STEP / max(float(np.abs(move).max()), 1e-300)
        rise = (slope(at + size * move) - slope(at - size * move)) / (2 * size)
        return np.asarray(weights * rise)

    q = np.where(free, np.random.default_rng(seed).normal(size=at.size), 0.0)
    q /= np.linalg.norm(q)
    basis, alphas, betas = [q], [], []
    for _ in range(min(steps, count)):
        w = product(basis[-1])
        alphas.append(float(w @ basis[-1]))
        for _ in range(2):
            for b in basis:
                w = w - (w @ b) * b
        beta = float(np.linalg.norm(w))
        if beta < 1e-10:
            break
        betas.append(beta)
        basis.append(w / beta)
    off = betas[: len(alphas) - 1]
    return float(np.linalg.eigvalsh(np.diag(alphas) + np.diag(off, 1) + np.diag(off, -1))[-1])
