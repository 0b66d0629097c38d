"""What every decomposition of exports starts from: coefficients, inverses and gross exports by destination.

Notation of Borin and Mancini (2019): economies s (exporter), r (importer), t; ``A`` input coefficients,
``B = (I - A)^-1`` the global Leontief inverse, ``L_s = (I - A_ss)^-1`` the local one, ``v`` value added per
unit of output, ``Y`` final demand, ``E_sr = A_sr x_r + Y_sr`` gross exports. Arrays over nodes have length n;
arrays ``[n, G]`` have a column for each economy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.observe.input_output import Array, Index, InputOutput


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """A table made ready for decomposition.

    Attributes
    ----------
    A : [n, n]
        Input coefficients; the column of an industry without output is zero.
    B : [n, n]
        Global Leontief inverse.
    local : tuple of [N_s, N_s]
        Local Leontief inverse of each economy.
    Y : [n, G]
        Final demand by destination.
    E : [n, G]
        Gross exports by destination; zero at home.
    x, v : [n]
        Output; value added per unit of it.
    economy : [n]
        Economy of each node, ascending.
    starts : [G]
        First node of each economy.
    residual : float
        How far ``(I - A) B`` is from ``I`` on sums of rows, relative to the largest sum.
    """

    A: Array
    B: Array
    local: tuple[Array, ...]
    Y: Array
    E: Array
    x: Array
    v: Array
    economy: Index
    starts: Index
    residual: float

    def block(self, economy: int) -> slice:
        """Give the nodes of an economy."""
        stop = self.starts[economy + 1] if economy + 1 < len(self.starts) else len(self.x)
        return slice(int(self.starts[economy]), int(stop))

    def blocks(self) -> tuple[slice, ...]:
        """Give the nodes of every economy."""
        return tuple(self.block(economy) for economy in range(len(self.starts)))

    def by_economy(self, values: Array) -> Array:
        """Sum over the nodes of each economy, along the first axis."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=0), dtype=np.float64)

    def at_home(self, values: Array) -> Array:
        """Pick from ``[n, G]`` each node's value for its own economy."""
        return np.asarray(values[np.arange(len(self.economy)), self.economy], dtype=np.float64)

    def abroad(self, values: Array) -> Array:
        """Copy ``[n, G]`` with a node's value for its own economy set to zero."""
        away = values.copy()
        away[np.arange(len(self.economy)), self.economy] = 0.0
        return away

    def within(self, values: Array) -> Array:
        """Premultiply the values of each economy with its local inverse: ``L_s values_s``."""
        return np.concatenate(
            [inverse @ values[at] for inverse, at in zip(self.local, self.blocks(), strict=True)]
        )


def accounts(*, Z: Array, F: Array, output: Array, value_added: Array, node_economy: Index) -> Accounts:
    """Prepare a table for decomposition: one dense inverse, and one small inverse an economy.

    Parameters
    ----------
    Z : [n, n]
        Intermediate sales, row sells to column.
    F : [n, G]
        Final demand by destination.
    output, value_added : [n]
        Output has to be the sum of the row, or parts do not add up to gross exports.
    node_economy : [n]
        Ascending; every economy has a node.

    Raises
    ------
    InputError
        Nodes are not sorted, an economy has none, output is not the sum of the row, or ``I - A`` is singular.
    """
    n, g = F.shape
    starts = np.flatnonzero(np.diff(node_economy, prepend=-1)).astype(np.intp)
    if not np.array_equal(node_economy[starts], np.arange(g)):
        raise InputError(
            "nodes are not sorted by economy, or an economy has none", hint="make it with input_output()"
        )
    sold = Z.sum(axis=1) + F.sum(axis=1)
    off = float(np.abs(sold - output).max(initial=0.0))
    if off > 1e-9 * max(1.0, float(np.abs(sold).max(initial=0.0))):
        raise InputError(
            f"output is off the sum of the row by up to {off:.6g}",
            hint="set output to the row sum, and value added to output less inputs",
        )
    A = input_coefficients(Z=Z, output=output)
    # What is sold out of stocks without any output has no inputs either: all of it counts as value added.
    v = np.divide(value_added, output, out=np.ones(n), where=output != 0)
    spans = [slice(int(low), int(high)) for low, high in zip(starts, [*starts[1:], n], strict=True)]
    B = inverse_of(A)
    E = np.add.reduceat(Z, starts, axis=1) + F
    E[np.arange(n), node_economy] = 0.0
    return Accounts(
        A=A,
        B=B,
        local=tuple(inverse_of(A[at, at]) for at in spans),
        Y=F,
        E=E,
        x=output,
        v=v,
        economy=node_economy,
        starts=starts,
        residual=_residual(A=A, B=B),
    )


def table_accounts(table: InputOutput) -> Accounts:
    """Prepare a table that was read."""
    return accounts(
        Z=table.Z,
        F=table.F,
        output=table.output,
        value_added=table.value_added,
        node_economy=table.node_economy,
    )


def input_coefficients(*, Z: Array, output: Array) -> Array:
    """Give ``A[i, j] = Z[i, j] / x[j]``; zero where nothing is made."""
    return Z * np.divide(1.0, output, out=np.zeros_like(output), where=output != 0)[None, :]


def output_coefficients(*, Z: Array, output: Array) -> Array:
    """Give ``D[i, j] = Z[i, j] / x[i]``, each buyer's share of an industry's output (Ghosh 1958)."""
    return Z * np.divide(1.0, output, out=np.zeros_like(output), where=output != 0)[:, None]


def inverse_of(coefficients: Array) -> Array:
    """Give ``(I - C)^-1``: Leontief of input coefficients, Ghosh of output coefficients.

    Raises
    ------
    InputError
        It does not exist: an industry's inputs, with what goes into them, cost more than it makes.
    """
    system = -coefficients
    system[np.diag_indices(len(system))] += 1.0
    try:
        return np.asarray(np.linalg.inv(system), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise InputError(
            "the table cannot be inverted", hint="look for industries whose inputs exceed their output"
        ) from error


def _residual(*, A: Array, B: Array) -> float:
    """How far ``(I - A) B`` is from ``I``, on the sums of rows: one matrix-vector product each."""
    if not len(A):
        return 0.0
    total = B.sum(axis=1)
    return float(np.abs(total - A @ total - 1.0).max() / max(1.0, float(np.abs(total).max())))
