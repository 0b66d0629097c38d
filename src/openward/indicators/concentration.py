"""How concentrated supply is: top supplier and Herfindahl-Hirschman index of imports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ImportConcentration:
    """Concentration of foreign supply, by importer and sector.

    Attributes
    ----------
    imports : [N, J]
        Purchases from abroad, in the unit of the flows.
    top : int array [N, J]
        Index of the largest foreign supplier; -1 where nothing is imported.
    top_share : [N, J]
        Its share of imports, 0..1; 0 where nothing is imported.
    hhi : [N, J]
        Sum of squared supplier shares, 0..1 (multiply by 10,000 for the points competition authorities use);
        0 where nothing is imported.
    """

    imports: Array
    top: NDArray[np.int64]
    top_share: Array
    hhi: Array


def import_concentration(*, flows: Array) -> ImportConcentration:
    """Measure how much each importer leans on single suppliers, domestic sales left out.

    ``HHI[n, j] = sum_i (M[n, i, j] / sum_i M[n, i, j])^2`` over foreign suppliers i (Herfindahl 1950,
    Hirschman 1945).

    Parameters
    ----------
    flows : [N, N, J]
        Purchases by importer, exporter and sector, non-negative, domestic sales included.
    """
    foreign = flows.copy()
    diagonal = np.arange(flows.shape[0])
    foreign[diagonal, diagonal, :] = 0.0
    imports = foreign.sum(axis=1)
    shares = np.divide(
        foreign, imports[:, None, :], out=np.zeros_like(foreign), where=imports[:, None, :] > 0
    )
    top = np.where(imports > 0, shares.argmax(axis=1), -1)
    return ImportConcentration(
        imports=imports, top=top, top_share=shares.max(axis=1), hhi=(shares**2).sum(axis=1)
    )
