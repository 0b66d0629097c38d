"""Which tariffs may move, within which bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline

LOWEST, HIGHEST = 0.0, 10.0
"""Default bounds of a tariff, fractions."""


@dataclass(frozen=True, slots=True, eq=False)
class Instruments:
    """Tariffs of some importers that may move: variables are ``ln (1 + tariff)``.

    Attributes
    ----------
    cells : bool array [N, N, J]
    importer : int array [M]
        Of each variable, in the order of ``cells``.
    theta : [M]
    low, high : [M]
        Bounds of the variables.
    """

    cells: NDArray[np.bool_]
    importer: NDArray[np.intp]
    theta: Array
    low: Array
    high: Array

    def variables(self, tariffs: Array) -> Array:
        """Give the variables [M] of tariffs [N, N, J]."""
        return np.asarray(np.clip(np.log1p(tariffs[self.cells]), self.low, self.high))

    def tariffs(self, variables: Array, *, over: Array) -> Array:
        """Give tariffs [N, N, J]: the variables in their cells, ``over`` elsewhere."""
        out = over.copy()
        out[self.cells] = np.expm1(variables)
        return out

    def clip(self, variables: Array) -> Array:
        """Move variables inside their bounds."""
        return np.asarray(np.clip(variables, self.low, self.high))

    def projected(self, variables: Array, slope: Array) -> Array:
        """Take out of a slope what leads out of the bounds [M]."""
        stuck = ((variables <= self.low) & (slope < 0)) | ((variables >= self.high) & (slope > 0))
        return np.where(stuck, 0.0, slope)


def instruments(
    world: Baseline,
    importers: Sequence[int],
    *,
    exporters: Sequence[int] | None = None,
    sectors: Sequence[str] | None = None,
    low: float = LOWEST,
    high: float = HIGHEST,
) -> Instruments:
    """Choose the tariffs of ``importers`` on what they buy abroad.

    Parameters
    ----------
    world : Baseline
    importers : positions of the economies that set tariffs
    exporters : positions of those they set them on; everybody by default
    sectors : codes; every sector by default
    low, high : float
        Bounds of the tariff, fractions.

    Raises
    ------
    InputError
        Unknown sectors, bounds that are not, or nothing to set.
    """
    if not (np.isfinite(low) and np.isfinite(high) and -1.0 < low < high):
        raise InputError(
            f"tariffs between {low:g} and {high:g} are not possible",
            where="bounds",
            hint="rates are fractions: low above -1, high above low",
        )
    wanted = set(world.sectors if sectors is None else sectors)
    if unknown := sorted(wanted - set(world.sectors)):
        raise InputError(f"not sectors of {world.name}: " + ", ".join(unknown), where="sectors")
    N = len(world.economies)
    cells = world.flows > 0
    cells &= np.isin(np.arange(N), importers)[:, None, None]
    cells &= np.isin(np.arange(N), range(N) if exporters is None else exporters)[None, :, None]
    cells &= np.array([code in wanted for code in world.sectors])
    cells[np.arange(N), np.arange(N)] = False
    if not cells.any():
        raise InputError(
            "no imports to set a tariff on", where=world.name, hint="check economies and sectors"
        )
    importer, _, sector = np.nonzero(cells)
    count = len(importer)
    return Instruments(
        cells, importer, world.theta[sector], np.full(count, np.log1p(low)), np.full(count, np.log1p(high))
    )
