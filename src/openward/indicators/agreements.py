"""How much of an economy's trade enters under preferences: agreements and unilateral programmes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def agreement_coverage(*, flows: Array, preferred: Mask, goods: Mask | None = None) -> Array:
    """Give the share of each economy's trade that a preference in force covers.

    A flow is covered where its importer has a preferential duty in force for the exporter's goods of the
    sector, by an agreement or on its own, whatever the rate and whether or not the MFN rate is zero too.
    Trade is imports plus exports, domestic sales left out; full use of preferences is assumed.

    Parameters
    ----------
    flows : [N, N, J]
        By importer, exporter, sector.
    preferred : bool array [N, N, J]
        Where a preferential duty is in force (``RateTable.preferred``).
    goods : bool array [J], optional
        Sectors that count (``RateTable.goods``: share of goods trade); all of them by default.

    Returns
    -------
    [N]
        Fractions; zero where an economy has no trade in those sectors.
    """
    trade = flows.copy() if goods is None else np.where(goods, flows, 0.0)
    own = np.arange(trade.shape[0])
    trade[own, own] = 0.0
    covered = np.where(preferred, trade, 0.0)
    total = trade.sum(axis=(1, 2)) + trade.sum(axis=(0, 2))
    under = covered.sum(axis=(1, 2)) + covered.sum(axis=(0, 2))
    out: Array = np.divide(under, total, out=np.zeros_like(total), where=total > 0)
    return out
