"""The rows of an estimation: read, checked against the spec, filtered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.simulate.estimate.effects import Array, Index
from openward.simulate.estimate.spec import Data, Product, Where

ROLES = ("exporter", "importer", "year", "sector")


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Rows of a file, with the columns that say who and when.

    Attributes
    ----------
    frame : pl.DataFrame
        Rows that take part; ``__row`` is the row of the file.
    whole : pl.DataFrame
        All rows of the file: what lags and leads look at.
    data : Data
    where : str
        The file, for messages.
    """

    frame: pl.DataFrame
    whole: pl.DataFrame
    data: Data
    where: str

    def column_of(self, name: str) -> str:
        """Give the column of a role, or the name itself."""
        role = getattr(self.data, name, None) if name in ROLES else None
        return role or name

    def narrowed(self, conditions: Sequence[Where]) -> Panel:
        """Keep the rows that meet conditions."""
        return Panel(_filtered(self.frame, conditions, self), self.whole, self.data, self.where)

    def foreign(self) -> Panel:
        """Leave out trade of an economy with itself."""
        apart = pl.col(self.data.exporter) != pl.col(self.data.importer)
        return Panel(self.frame.filter(apart), self.whole, self.data, self.where)

    def domestic_rows(self) -> int:
        """Count rows of an economy's trade with itself."""
        return int((self.frame[self.data.exporter] == self.frame[self.data.importer]).sum())

    def key_columns(self) -> tuple[str, ...]:
        """Name the columns that tell rows apart."""
        data = self.data
        return tuple(one for one in (data.exporter, data.importer, data.sector, data.year) if one)

    def codes(self, product: Product) -> Index:
        """Number the levels of a set of dummies [n]."""
        names = [self.column_of(one) for one in product.product]
        columns = [pl.col(name).cast(pl.String) for name in names]
        if product.symmetric:
            sides = [pl.col(self.data.exporter).cast(pl.String), pl.col(self.data.importer).cast(pl.String)]
            rest = [c for c, name in zip(columns, product.product, strict=True) if name not in ROLES[:2]]
            columns = [
                pl.min_horizontal(sides).alias("__low"),
                pl.max_horizontal(sides).alias("__high"),
                *rest,
            ]
        ranked = self.frame.select(pl.struct(columns).rank("dense").cast(pl.Int64) - 1)
        return np.asarray(ranked.to_series().to_numpy(), dtype=np.int64)

    def strings(self, name: str) -> NDArray[np.generic]:
        """Give a column as strings [n]."""
        out: NDArray[np.generic] = self.frame[self.column_of(name)].cast(pl.String).to_numpy().astype(str)
        return out

    def numbers(self, name: str) -> Array:
        """Give a column as floats [n].

        Raises
        ------
        InputError
            Text, or missing values.
        """
        series = self.frame[self.column_of(name)]
        if not (series.dtype.is_numeric() or series.dtype == pl.Boolean):
            raise InputError(
                f"{name} holds {series.dtype}, not numbers", where=self.where, hint="cast it in the file"
            )
        values = series.cast(pl.Float64)
        missing = int((values.is_null() | values.is_nan()).sum())
        if missing:
            raise InputError(
                f"{name} is missing in {missing} of {len(values)} rows",
                where=self.where,
                hint="leave the rows out with where, or fill them in the file",
            )
        return values.to_numpy()


def read_panel(data: Data, folder: Path, *, wanted: Iterable[str]) -> Panel:
    """Read the file of a spec.

    Parameters
    ----------
    data : Data
    folder : Path
        The file's name is relative to it.
    wanted : iterable of str
        Columns the spec names besides those of ``data``.

    Raises
    ------
    MissingDataError
        The file is not there.
    InputErrors
        Every column that is absent; keys that are missing; no row left.
    """
    path = folder / data.file
    if not path.is_file():
        raise MissingDataError(
            f"the table {path.name} is not there",
            where=str(path),
            hint="name the folder that holds it: --data",
        )
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
    elif path.suffix == ".csv":
        frame = pl.read_csv(path, infer_schema_length=None)
    else:
        raise InputError(
            f"a {path.suffix or 'file without suffix'} is not read", where=str(path), hint=".parquet or .csv"
        )
    roles = [one for one in (data.exporter, data.importer, data.year, data.sector) if one]
    named = [*roles, *(one.column for one in data.where), *wanted]
    absent = sorted({name for name in named if name not in frame.columns})
    if absent:
        have = ", ".join(frame.columns[:30]) + (" ..." if len(frame.columns) > 30 else "")
        raise InputErrors(
            [
                MissingDataError(f"there is no column {name}", where=path.name, hint=f"the file has {have}")
                for name in absent
            ]
        )
    frame = frame.with_columns(pl.col(pl.Categorical).cast(pl.String)).with_row_index("__row")
    faults: list[OpenwardError] = [
        InputError(
            f"{name} is missing in {frame[name].null_count()} rows",
            where=path.name,
            hint="a row needs its keys",
        )
        for name in roles
        if frame[name].null_count()
    ]
    if data.year and not faults:
        frame, fault = _with_whole_years(frame, data.year, path.name)
        faults += fault
    if faults:
        raise InputErrors(faults)
    return Panel(frame, frame, data, path.name).narrowed(data.where)


def _with_whole_years(frame: pl.DataFrame, year: str, where: str) -> tuple[pl.DataFrame, list[OpenwardError]]:
    years = frame[year].cast(pl.Int64, strict=False)
    if years.null_count():
        hint = "years are whole numbers such as 1994"
        return frame, [InputError(f"{year} is no year in {years.null_count()} rows", where=where, hint=hint)]
    return frame.with_columns(years.alias(year)), []


def _filtered(frame: pl.DataFrame, conditions: Sequence[Where], panel: Panel) -> pl.DataFrame:
    for one in conditions:
        if one.column not in frame.columns:
            raise MissingDataError(
                f"there is no column {one.column}", where=panel.where, hint="mend the name in where"
            )
        column = pl.col(one.column)
        try:
            if one.one_of is not None:
                frame = frame.filter(column.is_in(one.one_of))
            if one.none_of is not None:
                frame = frame.filter(~column.is_in(one.none_of))
            if one.at_least is not None:
                frame = frame.filter(column >= one.at_least)
            if one.at_most is not None:
                frame = frame.filter(column <= one.at_most)
        except pl.exceptions.PolarsError as error:
            raise InputError(
                f"{one.column} holds {frame[one.column].dtype}, which the condition does not fit",
                where=panel.where,
                hint="write text in quotes, numbers without",
            ) from error
        if not len(frame):
            raise InputError(
                f"no row is left once {one.column} is looked at", where=panel.where, hint="mend where"
            )
    return frame
