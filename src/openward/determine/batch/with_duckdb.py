"""Look-ups as joins in DuckDB, and files read by it: for files larger than memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.days import BEGIN, END
from openward.determine.batch.table import DAY_BITS, NONE, Table

if TYPE_CHECKING:
    import polars as pl

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
_DAYS = (1 << DAY_BITS) - 1
_JOIN = """
    select coalesce(held.value, {none}) as value
    from asked left join {name} as held
      on asked.key = held.key and asked.day >= held.start and asked.day < held.beyond
    order by asked.place
"""


def connect(memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open a database in memory.

    Parameters
    ----------
    memory : str, optional
        Most memory it may take, as DuckDB writes it (``"1GB"``); what does not fit goes to disk.
    """
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    if memory is not None:
        connection.execute("set memory_limit = ?", [memory])
    return connection


class DuckFinder:
    """Looks keys up by joins; a table is loaded when it is first asked for."""

    def __init__(self) -> None:
        self._connection = connect()
        self._names: dict[int, tuple[Table, str]] = {}

    def __call__(self, table: Table, key: Whole, day: Small) -> Small:
        """Look keys up: the value that holds for each key on its day."""
        if not len(table):
            return np.full(len(key), NONE, dtype=np.int32)
        place = np.arange(len(key), dtype=np.int64)
        self._connection.register("asked", {"place": place, "key": np.ascontiguousarray(key), "day": day})
        try:
            found = self._connection.execute(_JOIN.format(name=self._name(table), none=NONE)).fetchnumpy()
        finally:
            self._connection.unregister("asked")
        return np.asarray(found["value"]).astype(np.int32)

    def _name(self, table: Table) -> str:
        known = self._names.get(id(table))
        if known is not None:
            return known[1]
        name = f"held_{len(self._names)}"
        key, start = table.at >> DAY_BITS, (table.at & _DAYS) + BEGIN
        beyond = np.full(len(key), END, dtype=np.int64)
        follows = np.flatnonzero(key[1:] == key[:-1])
        beyond[follows] = start[follows + 1]
        self._connection.register(
            "loading", {"key": key, "start": start, "beyond": beyond, "value": table.value}
        )
        self._connection.execute(f"create table {name} as select * from loading where value <> {NONE}")
        self._connection.unregister("loading")
        self._names[id(table)] = table, name
        return name


def chunks(path: Path, size: int, *, memory: str | None = None) -> Iterator[pl.DataFrame]:
    """Read a Parquet file in chunks, never more than one at a time."""
    import polars as pl

    connection = connect(memory)
    numbered = "read_parquet(?, file_row_number = true)"
    counted = connection.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    rows = int(counted[0]) if counted is not None else 0
    for first in range(0, max(rows, 1), size):
        query = (
            f"select * exclude (file_row_number) from {numbered}"
            f" where file_row_number >= {first} and file_row_number < {first + size} order by file_row_number"
        )
        yield pl.DataFrame(connection.sql(query, params=[str(path)]))
