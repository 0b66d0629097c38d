"""Exposure through input-output links on arrays: the Leontief and Ghosh inverses, summed by economy.

Notation: n nodes (industries of economies), G economies; ``A = Z / x`` by column, ``B = Z / x`` by row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


def by_economy(*, node_economy: Index, count: int) -> Array:
    """Give the summing matrix [G, n]: one where a node belongs to an economy."""
    out = np.zeros((count, len(node_economy)))
    out[node_economy, np.arange(len(node_economy))] = 1.0
    return out


def input_reach(*, Z: Array, output: Array, node_economy: Index, count: int) -> Array:
    """Give the gross output of each economy behind a unit of final output of each node [G, n].

    Row sums by economy of ``L = (I - A)^-1``: direct and indirect inputs, and the unit itself.
    """
    A = np.divide(Z, output[None, :], out=np.zeros_like(Z), where=output[None, :] > 0)
    return _solve(np.eye(len(A)) - A, by_economy(node_economy=node_economy, count=count))


def market_reach(*, Z: Array, output: Array, node_economy: Index, count: int) -> Array:
    """Give the gross output of each economy into which a unit of output of each node goes [G, n].

    Column sums by economy of Ghosh's ``(I - B)^-1``: direct and indirect users, and the unit itself.
    """
    B = np.divide(Z, output[:, None], out=np.zeros_like(Z), where=output[:, None] > 0)
    return _solve((np.eye(len(B)) - B).T, by_economy(node_economy=node_economy, count=count))


def foreign_share(*, reach: Array, node_economy: Index) -> Array:
    """Give the part of a node's reach that lies abroad [n]."""
    total = reach.sum(axis=0)
    own = reach[node_economy, np.arange(reach.shape[1])]
    out: Array = 1.0 - own / total
    return np.maximum(out, 0.0)


def extraction_loss(*, Z: Array, F: Array, output: Array, value_added: Array, node_economy: Index) -> Array:
    """Give the part of each economy's value added lost when a partner is taken out of the table [G, G].

    With partner p gone, as buyer and as seller, the rest produces
    ``x* = (I - A_rr)^-1 f_r`` for final users other than p, without anybody stepping in, and
    ``loss[n, p] = 1 - v_n x*_n / v_n x_n``. All partners share one inverse, for
    ``(I - A_rr)^-1 = L_rr - L_rp L_pp^-1 L_pr``.

    Parameters
    ----------
    Z : [n, n]
    F : [n, G]
    output, value_added : [n]
    node_economy : [n]
        Ascending.

    Returns
    -------
    [G, G]
        ``loss[economy, partner]``; NaN on the diagonal and where an economy has no value added.
    """
    n, count = len(output), F.shape[1]
    A = np.divide(Z, output[None, :], out=np.zeros_like(Z), where=output[None, :] > 0)
    L = np.linalg.inv(np.eye(n) - A)
    v = np.divide(value_added, output, out=np.zeros(n), where=output > 0)
    whole = by_economy(node_economy=node_economy, count=count) @ value_added
    loss = np.full((count, count), np.nan)
    final = F.sum(axis=1)
    for p in range(count):
        gone = node_economy == p
        left = np.where(gone, 0.0, final - F[:, p])
        reached = L @ left
        kept = reached - L[:, gone] @ np.linalg.solve(L[np.ix_(gone, gone)], reached[gone])
        earned = np.bincount(node_economy, weights=v * np.where(gone, 0.0, kept), minlength=count)
        np.divide(earned, whole, out=loss[:, p], where=whole > 0)
        loss[:, p] = 1.0 - loss[:, p]
        loss[p, p] = np.nan
    return loss


def import_share_of_use(
    *, Z: Array, F: Array, node_economy: Index, node_sector: Index, sectors: int
) -> Array:
    """Give imports over apparent consumption by economy and sector [G, N].

    Use is what users in the economy buy, for inputs and final use, from all sources: output plus imports less
    exports. NaN where nothing is used.
    """
    count = F.shape[1]
    users = Z @ by_economy(node_economy=node_economy, count=count).T + F
    use: Array = np.zeros((count, sectors))
    home: Array = np.zeros((count, sectors))
    for g in range(count):
        use[g] = np.bincount(node_sector, weights=users[:, g], minlength=sectors)
        own = node_economy == g
        home[g] = np.bincount(node_sector[own], weights=users[own, g], minlength=sectors)
    out: Array = np.divide(use - home, use, out=np.full(use.shape, np.nan), where=use > 0)
    return out


def _solve(matrix: Array, sums: Array) -> Array:
    """Give ``sums @ matrix^-1``."""
    return np.asarray(np.linalg.solve(matrix.T, sums.T).T, dtype=np.float64)
