"""How keys are looked up in a table: NumPy's binary search, compiled loops, or a join in DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.table import DAY_BITS, NONE, Table, composite
from openward.errors import MissingDataError

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Find = Callable[[Table, Whole, Small], Small]
"""Gives the value that holds for each key on its day; NONE where none does."""


class Engine(StrEnum):
    """What looks keys up."""

    NUMPY = "numpy"
    NUMBA = "numba"
    DUCKDB = "duckdb"


def numpy_find(table: Table, key: Whole, day: Small) -> Small:
    """Look keys up by NumPy's binary search."""
    if not len(table):
        return np.full(len(key), NONE, dtype=np.int32)
    wanted = composite(key, day)
    place = np.searchsorted(table.at, wanted, side="right") - 1
    found = (place >= 0) & ((table.at[place] >> DAY_BITS) == key)
    return np.where(found, table.value[place], NONE).astype(np.int32)


def finder(engine: Engine) -> Find:
    """Give the look-up of an engine.

    Raises
    ------
    MissingDataError
        Its package is not installed.
    """
    if engine is Engine.NUMPY:
        return numpy_find
    try:
        if engine is Engine.NUMBA:
            from openward.determine.batch.with_numba import NumbaFinder

            return NumbaFinder()
        from openward.determine.batch.with_duckdb import DuckFinder

        return DuckFinder()
    except ImportError as missing:
        extra = "fast" if engine is Engine.NUMBA else ""
        raise MissingDataError(
            f"the engine {engine.value} needs the package {missing.name}",
            hint=f"pip install 'openward[{extra}]'" if extra else f"pip install {missing.name}",
            where="--engine",
        ) from missing
