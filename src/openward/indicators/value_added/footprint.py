"""Jobs, emissions or value added behind final demand: who makes it happen, who consumes it.

Large tables: ``(I - A) X = F`` is solved with single-precision factors that take half the room, and refined
in double precision until the residual is at rounding (Higham 2002, "Accuracy and Stability of Numerical
Algorithms", ch. 12). No inverse is formed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError
from openward.observe.input_output import Array, Index

BLOCK = 512
"""Rows of a table that are worked on at once in double precision."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Solution of a Leontief system with its evidence.

    Attributes
    ----------
    values : [n, k]
    iterations : int
        Refinements.
    residual : float
        Largest ``|F - (I - A) X|`` over the largest ``|F|`` of each column.
    """

    values: Array
    iterations: int
    residual: float


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """An extension traced through a table, in the unit of the extension.

    Attributes
    ----------
    production : [G]
        What happens in each economy's industries.
    consumption : [G]
        What happens anywhere for each economy's final demand; sums to production.
    flows : [G, G]
        Row: where it happens; column: for whose final demand.
    iterations : int
    residual : float
        As in `Solution`.
    """

    production: Array
    consumption: Array
    flows: Array
    iterations: int
    residual: float


def footprint(
    *, Z: NDArray[Any], F: Array, output: Array, extension: Array, node_economy: Index
) -> Footprint:
    """Trace an extension from the industries where it happens to the final demand it happens for.

    Parameters
    ----------
    Z : [n, n]
        Intermediate sales, float64 or float32; may be a memory map: rows are read block by block.
    F : [n, G]
    output : [n]
        Row sums of Z and F.
    extension : [n]
        Jobs, tonnes, value added of each industry.
    node_economy : [n]
        Ascending.

    Notes
    -----
    ``flows[s, r] = sum_{i in s} (q_i / x_i) [(I - A)^-1 F_r]_i`` (Miller and Blair 2009, ch. 10; Peters 2008
    for production- and consumption-based accounts). What industries without output emit is nobody's.
    """
    idle = (output == 0) & (extension != 0)
    if idle.any():
        raise InputError(
            f"{int(idle.sum())} industries have an extension and no output", hint="check the order of nodes"
        )
    solved = solve_output(Z=Z, F=F, output=output)
    intensity = np.divide(extension, output, out=np.zeros_like(output), where=output != 0)
    starts = np.flatnonzero(np.diff(node_economy, prepend=-1))
    flows = np.add.reduceat(intensity[:, None] * solved.values, starts, axis=0)
    return Footprint(
        production=np.add.reduceat(extension, starts),
        consumption=flows.sum(axis=0),
        flows=flows,
        iterations=solved.iterations,
        residual=solved.residual,
    )


def solve_output(
    *, Z: NDArray[Any], F: Array, output: Array, tolerance: float = 1e-12, max_iterations: int = 20
) -> Solution:
    """Give output by final destination: ``(I - A)^-1 F``, without the inverse.

    Parameters
    ----------
    Z, F, output
        As in `footprint`.
    tolerance : float
        Of the residual.
    max_iterations : int

    Raises
    ------
    NotConvergedError
        The system is too close to singular for single-precision factors.

    Notes
    -----
    The unknown is ``X / x``, so that the system is ``diag(x) - Z`` with rows scaled by ``1 / x``: shares of
    output that buyers take, whatever the units and sizes of industries.
    """
    from scipy.linalg.lapack import sgetrf, sgetrs

    scale = np.divide(1.0, output, out=np.zeros_like(output), where=output != 0)
    factors, pivots, info = sgetrf(_system(Z, scale), overwrite_a=1)
    if info != 0:
        raise InputError("the table cannot be solved", hint="look for inputs that exceed output")
    right = F * scale[:, None]
    size = np.maximum(np.abs(right).max(axis=0), np.finfo(float).tiny)
    share, residual, error = np.zeros_like(right), right, np.inf
    for iteration in range(1, max_iterations + 1):
        step, _ = sgetrs(factors, pivots, (residual / size).astype(np.float32, order="F"), overwrite_b=1)
        share += step * size
        residual = right - share + _taken(Z, scale, share)
        before, error = error, float((np.abs(residual) / size).max(initial=0.0))
        if error <= tolerance:
            return Solution(values=share * output[:, None], iterations=iteration, residual=error)
        if not error < before:
            break
    raise NotConvergedError(
        f"the residual stays at {error:.1e}", hint="the table is close to singular: use the dense inverse"
    )


def _system(Z: NDArray[Any], scale: Array) -> NDArray[np.float32]:
    """Give ``I - diag(1/x) Z`` in single precision, in the order of columns that the factors overwrite."""
    n = len(scale)
    system = np.empty((n, n), dtype=np.float32, order="F")
    for low in range(0, n, BLOCK):
        rows = slice(low, min(low + BLOCK, n))
        system[rows] = -scale[rows, None] * Z[rows]
    system[np.diag_indices(n)] += np.float32(1.0)
    return system


def _taken(Z: NDArray[Any], scale: Array, share: Array) -> Array:
    taken = np.empty_like(share)
    for low in range(0, len(scale), BLOCK):
        rows = slice(low, min(low + BLOCK, len(scale)))
        taken[rows] = scale[rows, None] * (Z[rows].astype(np.float64, copy=False) @ share)
    return taken
