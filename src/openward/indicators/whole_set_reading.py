"""Read a table of trade batch by batch, with codes as positions on axes that grow as codes appear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError

Array = NDArray[np.float64]
Positions = NDArray[np.int64]

BATCH = 500_000
"""Rows held at a time."""
LARGEST_NUMBER = 1 << 24
"""Codes held as numbers lie below; longer ones would need a table of their own size."""
NAMES = {
    "year": ("year", "t"),
    "exporter": ("exporter", "i"),
    "importer": ("importer", "j"),
    "product": ("product", "k"),
    "value": ("value", "v"),
}
"""Columns as the dictionary names them, and as BACI does."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Rows of one year, all foreign; arrays of one length.

    Attributes
    ----------
    exporter, importer, product : int arrays
        Positions on the axes.
    value : float array
        Non-negative.
    domestic : int
        Rows of the batch left out because exporter and importer are one.
    """

    exporter: Positions
    importer: Positions
    product: Positions
    value: Array
    domestic: int


class Axis:
    """Codes in the order in which they appear; numbers are written with leading zeros.

    Parameters
    ----------
    digits : int
        Length of codes that come as numbers.
    """

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.codes: list[str] = []
        self._at = np.full(1024, -1, dtype=np.int64)

    def locate(self, column: pl.Series) -> Positions:
        """Give the positions of the codes of a column, new ones entered."""
        if not len(column):
            return np.zeros(0, dtype=np.int64)
        physical = column.to_physical()
        numbers = physical.to_numpy()
        low, high = int(numbers.min()), int(numbers.max())
        if low < 0 or high >= LARGEST_NUMBER:
            raise InputError(
                f"{column.name} holds the number {low if low < 0 else high}",
                where=column.name,
                hint="hold codes as text; numbers are for codes of up to seven digits",
            )
        if high >= len(self._at):
            grown = np.full(max(high + 1, 2 * len(self._at)), -1, dtype=np.int64)
            grown[: len(self._at)] = self._at
            self._at = grown
        at = self._at[numbers]
        if at.min() < 0:
            self._enter(column.filter(pl.Series(at < 0)).unique(maintain_order=True))
            at = self._at[numbers]
        return np.asarray(at)

    def _enter(self, fresh: pl.Series) -> None:
        self._at[fresh.to_physical().to_numpy()] = np.arange(len(fresh)) + len(self.codes)
        text = fresh.cast(pl.String)
        self.codes += (text.str.zfill(self.digits) if fresh.dtype.is_integer() else text).to_list()


def scan(source: Path | pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
    """Open a Parquet file, a folder of them, or a frame, with columns named as in the dictionary.

    Raises
    ------
    MissingDataError
        No such file, or a column is not there.
    """
    if isinstance(source, Path):
        if not source.exists():
            raise MissingDataError("there is no such file", where=str(source), hint="name a Parquet file")
        where, frame = str(source), pl.scan_parquet(source / "**/*.parquet" if source.is_dir() else source)
    else:
        where, frame = "trade", source.lazy()
    schema = frame.collect_schema()
    found = {name: next((one for one in names if one in schema), "") for name, names in NAMES.items()}
    missing = [name for name, column in found.items() if not column and name != "year"]
    if missing:
        raise MissingDataError(
            f"no column {', '.join(missing)}",
            where=where,
            hint="columns are year, exporter, importer, product, value (or t, i, j, k, v as in BACI)",
        )
    return frame.select(_coded(schema, column).alias(name) for name, column in found.items() if column)


def years_of(frame: pl.LazyFrame) -> tuple[int | None, ...]:
    """Give the years of a table, or one None where it has no such column."""
    if "year" not in frame.collect_schema():
        return (None,)
    years = frame.select(pl.col("year").unique().sort()).collect(engine="streaming")["year"]
    return tuple(years.to_list())


def batches(
    frame: pl.LazyFrame, *, year: int | None, economies: Axis, products: Axis, where: str
) -> Iterator[Batch]:
    """Read the rows of a year.

    Raises
    ------
    InputErrors
        Missing codes, missing or negative values: all kinds that the first batch with any has.
    """
    if year is not None:
        frame = frame.filter(pl.col("year") == year)
    columns = frame.select("exporter", "importer", "product", pl.col("value").cast(pl.Float64))
    for rows in columns.collect_batches(chunk_size=BATCH, maintain_order=True):
        _check(rows, where)
        exporter, importer = economies.locate(rows["exporter"]), economies.locate(rows["importer"])
        product, value = products.locate(rows["product"]), rows["value"].to_numpy()
        abroad = exporter != importer
        domestic = len(abroad) - int(np.count_nonzero(abroad))
        if domestic:
            exporter, importer = exporter[abroad], importer[abroad]
            product, value = product[abroad], value[abroad]
        yield Batch(exporter, importer, product, value, domestic)


def _coded(schema: pl.Schema, column: str) -> pl.Expr:
    """Text as categories: a number a row instead of a string."""
    dtype = schema[column]
    return pl.col(column).cast(pl.Categorical) if dtype in (pl.String, pl.Enum) else pl.col(column)


def _check(rows: pl.DataFrame, where: str) -> None:
    found: list[OpenwardError] = []
    for name in rows.columns:
        empty = rows[name].null_count()
        if empty:
            found.append(InputError(f"{empty} rows have no {name}", where=where, hint="leave them out"))
    value = rows["value"].drop_nulls().to_numpy()
    if len(value) and not np.isfinite(value).all():
        found.append(InputError("values that are not numbers", where=where, hint="leave those rows out"))
    if len(value) and value.min() < 0:
        hint = "corrections belong in the flow they correct: openward data audit names the rows"
        found.append(
            InputError(f"{int((value < 0).sum())} rows have a negative value", where=where, hint=hint)
        )
    if found:
        raise InputErrors(found)
