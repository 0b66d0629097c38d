"""Look-ups in compiled loops, on all cores; NumPy's answers."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.days import BEGIN
from openward.determine.batch.table import DAY_BITS, NONE, Table

Whole = NDArray[np.int64]
Small = NDArray[np.int32]


def numba_find(table: Table, key: Whole, day: Small) -> Small:
    """Look keys up by binary search, one row after the other."""
    out = np.empty(len(key), dtype=np.int32)
    _find(table.at, table.value, np.ascontiguousarray(key), np.ascontiguousarray(day), out)
    return out


@numba.njit(parallel=True, cache=True, nogil=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
def _find(at: Whole, value: Small, key: Whole, day: Small, out: Small) -> None:
    size = len(at)
    for k in numba.prange(len(key)):
        wanted = (key[k] << DAY_BITS) | (np.int64(day[k]) - BEGIN)
        low, high = 0, size
        while low < high:
            middle = (low + high) >> 1
            if at[middle] <= wanted:
                low = middle + 1
            else:
                high = middle
        found = low - 1
        out[k] = value[found] if found >= 0 and (at[found] >> DAY_BITS) == key[k] else NONE
