"""Read a Parquet table of published data into dense arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import InputError, MissingDataError
from openward.simulate.baseline import Array


def read_table(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Read columns of a table; Categorical becomes String.

    Raises
    ------
    MissingDataError
        The file or a column is absent.
    """
    if not path.is_file():
        raise MissingDataError(
            f"the table {path.name} is not there",
            where=str(path),
            hint="name the folder that holds economy/ with --data",
        )
    frame = pl.read_parquet(path)
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise MissingDataError(
            f"no column {', '.join(absent)}", where=str(path), hint="is it another edition?"
        )
    return frame.select(columns).with_columns(pl.col(pl.Categorical).cast(pl.String))


def dense(
    frame: pl.DataFrame, *, keys: Sequence[tuple[str, Sequence[object]]], value: str, where: str
) -> Array:
    """Spread a long table over the product of its keys; absent rows are zero.

    Parameters
    ----------
    frame : pl.DataFrame
    keys : sequence of (column, codes in order)
    value : str
        Column of numbers.
    where : str
        Names the table in an error.

    Raises
    ------
    InputError
        A code that is not listed, or a row that comes twice.
    """
    index = []
    for column, codes in keys:
        position = {code: at for at, code in enumerate(codes)}
        found = [position.get(code, -1) for code in frame[column]]
        if -1 in found:
            stray = frame[column][found.index(-1)]
            raise InputError(
                f"unknown {column} {stray!r}", where=where, hint="the table does not fit its others"
            )
        index.append(np.array(found))
    shape = tuple(len(codes) for _, codes in keys)
    flat = np.ravel_multi_index(tuple(index), shape)
    if len(np.unique(flat)) != len(flat):
        raise InputError("a row comes twice", where=where, hint="drop the duplicate")
    array = np.zeros(shape)
    array.reshape(-1)[flat] = frame[value].to_numpy()
    return array
