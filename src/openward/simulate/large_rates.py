"""Tariff rates so large that they were probably typed in percent."""

from __future__ import annotations

import numpy as np

from openward.simulate.baseline import Array

LARGEST_USUAL = 3.0
"""Averages over the lines of a sector hardly pass 300 %."""


def large_rates(
    rates: Array, *, economies: tuple[str, ...], sectors: tuple[str, ...], file: str
) -> tuple[str, ...]:
    """Note rates above `LARGEST_USUAL`, which fractions hardly reach and percentages do.

    Parameters
    ----------
    rates : [N, N, J]
        As fractions.
    economies, sectors : tuple of str
    file : str
        Where they were read.
    """
    cells = np.argwhere(rates > LARGEST_USUAL)
    if not len(cells):
        return ()
    n, i, j = cells[0]
    rate = rates[n, i, j]
    return (
        f"{file} holds {len(cells)} rates above {LARGEST_USUAL:g}, first {rate:g} ({economies[n]} from "
        f"{economies[i]}, {sectors[j]}): rates are fractions: {rate:g} means {100 * rate:g} %.",
    )
