"""Participation in value chains from local inverses alone: no inverse of the world is needed for it."""

from __future__ import annotations

import numpy as np

from openward.indicators.value_added.accounts import input_coefficients, inverse_of
from openward.indicators.value_added.participation import Participation
from openward.observe.input_output import Array, InputOutput


def economy_participation(table: InputOutput) -> Participation:
    """Give exports, and of them backward and forward participation, by economy [G].

    Parameters
    ----------
    table : InputOutput
        Output is the sum of the row.

    Returns
    -------
    Participation
        Domestic value added in exports is ``exports - backward``.

    Notes
    -----
    Borin and Mancini (2019), equations 40-42: ``DVA_s = v_s L_s E_s`` and ``DAVAX_s = v_s L_s sum_r (Y_sr +
    A_sr L_r Y_rr)`` hold the local inverses ``L = (I - A_ss)^-1`` only. Totals of an economy are those of
    `chain_trade`, which makes the inverse of the whole table for its other terms.
    """
    starts = np.flatnonzero(np.diff(table.node_economy, prepend=-1))
    stops = [*starts[1:], len(table.output)]
    blocks = [slice(int(low), int(high)) for low, high in zip(starts, stops, strict=True)]
    A = input_coefficients(Z=table.Z, output=table.output)
    v = np.divide(table.value_added, table.output, out=np.zeros_like(table.output), where=table.output != 0)
    content, at_home = np.zeros_like(v), np.zeros_like(v)
    for s, at in enumerate(blocks):
        local = inverse_of(A[at, at])
        content[at] = v[at] @ local
        at_home[at] = local @ table.F[at, s]
    exports = _abroad(np.add.reduceat(table.Z, starts, axis=1) + table.F, table)
    direct = _abroad(np.add.reduceat(A * at_home[None, :], starts, axis=1) + table.F, table)
    total = np.add.reduceat(exports, starts)
    domestic = np.add.reduceat(content * exports, starts)
    return Participation(
        exports=total,
        backward=total - domestic,
        forward=domestic - np.add.reduceat(content * direct, starts),
    )


def _abroad(flows: Array, table: InputOutput) -> Array:
    """Sum ``[n, G]`` over destinations other than the node's own economy [n]."""
    own = flows[np.arange(len(table.output)), table.node_economy]
    return np.asarray(flows.sum(axis=1) - own, dtype=np.float64)
