"""Trade created and diverted, read off two sets of flows and the rates that moved between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CreationDiversion:
    """What became of the trade of partners whose rate moved, by importer and sector.

    Attributes
    ----------
    created : [N, J]
        Change in imports from partners whose rate moved that did not come from (or go to) other foreign
        suppliers; negative where higher rates destroy trade. In the unit of the flows.
    diverted : [N, J]
        Imports moved between partners whose rate moved and other foreign suppliers, non-negative.
    """

    created: Array
    diverted: Array


def creation_diversion(*, before: Array, after: Array, moved: NDArray[np.bool_]) -> CreationDiversion:
    """Split the change in imports into creation and diversion (Viner 1950), in general equilibrium.

    For importer n and sector j let ``dP`` be the change in imports from partners whose rate moved, and ``dO``
    that from other foreign suppliers. Diversion is the part of ``dP`` mirrored by ``dO``:
    ``min(|dP|, max(0, -sign(dP) dO))``; creation is the rest, ``dP - sign(dP) diversion``. Where rates fall
    for some partners and rise for others in one sector, the larger total change decides the sign.

    Parameters
    ----------
    before, after : [N, N, J]
        Flows by importer, exporter, sector; domestic sales are ignored.
    moved : bool array [N, N, J]
        Cells whose applied rate moved.
    """
    change = after - before
    diagonal = np.arange(before.shape[0])
    change[diagonal, diagonal, :] = 0.0
    partners = np.where(moved, change, 0.0).sum(axis=1)
    others = np.where(moved, 0.0, change).sum(axis=1)
    sign = np.sign(partners)
    diverted = np.minimum(np.abs(partners), np.maximum(0.0, -sign * others))
    return CreationDiversion(created=partners - sign * diverted, diverted=diverted)
