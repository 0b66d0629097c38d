"""Solve the transposed linear system: directly where it is small, by preconditioned GMRES where it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.errors import NotConvergedError
from openward.simulate.baseline import Array
from openward.simulate.gradient.coarse import two_levels
from openward.simulate.gradient.krylov import solve_many
from openward.simulate.gradient.linear import Linear, apply_transposed

DIRECT = 150
"""Unknowns up to which the matrix is built and factored."""
SINGULAR = 1e-15
"""Reciprocal condition number below which a direct solution means nothing."""
TOLERANCE = 1e-12
MAX_ITERATIONS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Adjoint:
    """A solution of the transposed system, with its evidence.

    Attributes
    ----------
    stacked : [size, M]
    method : {"direct", "gmres"}
    iterations : int
        Applications of the map, for the slowest of the goals; 0 where it was solved directly.
    residual : float
        Largest miss relative to the size of its right-hand side.
    """

    stacked: Array
    method: str
    iterations: int
    residual: float


def solve_adjoint(linear: Linear, seeds: Array, *, method: str = "auto") -> Adjoint:
    """Solve for the multipliers of goals.

    Parameters
    ----------
    linear : Linear
    seeds : [size, M]
    method : {"auto", "direct", "gmres"}

    Raises
    ------
    NotConvergedError
        The Jacobian is singular at this equilibrium (parts of the world that no longer trade, say), so
        there is no derivative.
    """
    direct = method == "direct" or (method == "auto" and linear.size <= DIRECT)
    scale = np.linalg.norm(seeds, axis=0)
    scale[scale == 0] = 1.0
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if direct:
            found, iterations = _direct(linear, seeds), 0
        else:
            found, iterations = _iterate(linear, seeds)
        miss = apply_transposed(linear, found) - seeds
        residual = float((np.linalg.norm(miss, axis=0) / scale).max())
    if not residual <= 1e-8:
        raise _singular(linear, f"the solution misses by {residual:.1e}")
    return Adjoint(found, "direct" if direct else "gmres", iterations, residual)


def _direct(linear: Linear, seeds: Array) -> Array:
    import warnings

    from scipy.linalg import get_lapack_funcs, lu_factor, lu_solve

    matrix = apply_transposed(linear, np.eye(linear.size))
    size = float(np.abs(matrix).sum(axis=0).max())
    if not np.isfinite(size):
        raise _singular(linear, "the linearized world holds values that are not finite")
    (gecon,) = get_lapack_funcs(("gecon",), (matrix,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a zero pivot: said below, with what it means
        factors = lu_factor(matrix, overwrite_a=True, check_finite=False)
    rcond, _ = gecon(factors[0], size)
    if not rcond > SINGULAR:
        raise _singular(linear, f"reciprocal condition number {rcond:.1e}")
    return np.asarray(lu_solve(factors, seeds, check_finite=False))


def _iterate(linear: Linear, seeds: Array) -> tuple[Array, int]:
    try:
        approximate = two_levels(linear)
    except np.linalg.LinAlgError:
        raise _singular(linear, "an economy uses more of its own output than it makes") from None
    run = solve_many(
        lambda x: apply_transposed(linear, x),
        approximate,
        seeds,
        tolerance=TOLERANCE,
        max_iterations=MAX_ITERATIONS,
    )
    if not run.residual <= 1e-8:
        raise _singular(linear, f"residual {run.residual:.1e} after {run.iterations} steps")
    return run.x, run.iterations


def _singular(linear: Linear, why: str) -> NotConvergedError:
    return NotConvergedError(
        f"the Jacobian of the equilibrium is singular: {why}",
        where=linear.world.name,
        hint="the world falls apart there (no trade between some economies) or has several equilibria: "
        "take derivatives at a smaller shock, or drop the economies that do not trade",
    )
