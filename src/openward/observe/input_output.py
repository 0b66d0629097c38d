"""Inter-country input-output tables: who sells to which industry and to which final users, where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, OpenwardError, UnknownCodeError

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class InputOutput:
    """An inter-country input-output table with final demand by destination.

    A node is an industry of an economy. Nodes are sorted by economy; in a regular table node ``g * N + s`` is
    sector ``s`` of economy ``g``, so that arrays of nodes reshape to ``[G, N]``. A table that splits an
    economy by kind of firm (export processing) has several nodes of one sector there and is not regular.

    Attributes
    ----------
    economies : tuple of str
        G codes.
    sectors : tuple of str
        N codes.
    Z : [n, n]
        Intermediate sales, the row sells to the column.
    F : [n, G]
        Final demand by destination; changes in stocks may make cells negative.
    output : [n]
        Gross output; row sums of Z and F unless a note says otherwise.
    value_added : [n]
        Output less intermediate inputs (column sums of Z), so taxes less subsidies on inputs are in it unless
        a note says otherwise.
    node_economy, node_sector : [n]
        Positions in ``economies`` (ascending) and ``sectors``.
    node_labels : tuple of str
        Names of the nodes as the source has them.
    year : int or None
        None for a made-up table.
    unit : str
        Of all values: ``million USD``.
    source : str
    notes : tuple of str
        What a reader of results must know (reconstructed parts, summed columns).
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    Z: Array
    F: Array
    output: Array
    value_added: Array
    node_economy: Index
    node_sector: Index
    node_labels: tuple[str, ...]
    year: int | None
    unit: str
    source: str
    notes: tuple[str, ...] = ()

    @property
    def is_regular(self) -> bool:
        """Whether every economy has every sector once, so that nodes reshape to ``[G, N]``."""
        g, n = len(self.economies), len(self.sectors)
        return bool(
            len(self.output) == g * n
            and (self.node_economy == np.repeat(np.arange(g), n)).all()
            and (self.node_sector == np.tile(np.arange(n), g)).all()
        )

    def nodes_of(self, economy: str) -> slice:
        """Give the nodes of an economy.

        Raises
        ------
        UnknownCodeError
            The table does not have it.
        """
        if economy not in self.economies:
            raise UnknownCodeError(
                f"the input-output table has no economy {economy!r}",
                hint="it has " + ", ".join(self.economies),
            )
        at = self.economies.index(economy)
        low, high = np.searchsorted(self.node_economy, [at, at + 1])
        return slice(int(low), int(high))


def input_output(
    *,
    economies: Sequence[str],
    sectors: Sequence[str],
    Z: Array,
    F: Array,
    year: int | None,
    unit: str,
    source: str,
    notes: Sequence[str] = (),
    node_economy: Index | None = None,
    node_sector: Index | None = None,
    node_labels: Sequence[str] | None = None,
) -> InputOutput:
    """Make a table from intermediate sales and final demand; output is the sum of the row.

    Parameters
    ----------
    economies, sectors : sequence of str
        G and N codes.
    Z : [n, n]
    F : [n, G]
    year, unit, source, notes
        As in `InputOutput`.
    node_economy, node_sector : [n], optional
        What each node is; the regular order by default. Nodes are sorted by economy here.
    node_labels : sequence of str, optional
        Names of the nodes; ``ECONOMY_SECTOR`` by default.

    Raises
    ------
    InputErrors
        Wrong shapes, missing values, unknown positions, or an industry with inputs and no output.
    """
    g, s = len(economies), len(sectors)
    at = np.repeat(np.arange(g), s) if node_economy is None else node_economy.astype(np.intp)
    of = np.tile(np.arange(s), g) if node_sector is None else node_sector.astype(np.intp)
    faults = _shape_faults(g=g, s=s, Z=Z, F=F, at=at, of=of)
    if faults:
        raise InputErrors(faults)
    labels = node_labels or [
        f"{economies[i]}_{sectors[k]}" for i, k in zip(at.tolist(), of.tolist(), strict=True)
    ]
    order = np.argsort(at, kind="stable")
    if (order != np.arange(len(at))).any():
        Z, F, at, of = Z[np.ix_(order, order)], F[order], at[order], of[order]
        labels = [labels[i] for i in order.tolist()]
    output, inputs = Z.sum(axis=1) + F.sum(axis=1), Z.sum(axis=0)
    idle = [labels[i] for i in np.flatnonzero((output <= 0) & (inputs > 0)).tolist()]
    if idle:
        raise InputErrors(
            [
                InputError(
                    f"{len(idle)} industries buy inputs and have no output",
                    where=", ".join(idle[:5]),
                    hint="an industry without output cannot use inputs: check that rows sell to columns",
                )
            ]
        )
    return InputOutput(
        economies=tuple(economies),
        sectors=tuple(sectors),
        Z=np.ascontiguousarray(Z, dtype=np.float64),
        F=np.ascontiguousarray(F, dtype=np.float64),
        output=output,
        value_added=output - inputs,
        node_economy=at,
        node_sector=of,
        node_labels=tuple(labels),
        year=year,
        unit=unit,
        source=source,
        notes=tuple(notes),
    )


def _shape_faults(*, g: int, s: int, Z: Array, F: Array, at: Index, of: Index) -> list[OpenwardError]:
    n = len(at)
    faults: list[OpenwardError] = []
    if len(of) != n or Z.shape != (n, n) or F.shape != (n, g):
        faults.append(
            InputError(
                f"intermediate sales are {Z.shape}, final demand {F.shape}, sectors of nodes {of.shape}",
                hint=f"{n} nodes and {g} economies need ({n}, {n}), ({n}, {g}) and ({n},)",
            )
        )
    for name, array in (("intermediate sales", Z), ("final demand", F)):
        if not np.isfinite(array).all():
            faults.append(InputError(f"{name} have missing values", hint="no sale is a zero, not a blank"))
    if len(at) and (at.min() < 0 or at.max() >= g or of.min() < 0 or of.max() >= s):
        faults.append(InputError("a node is of no known economy or sector", hint="positions count from 0"))
    return faults
