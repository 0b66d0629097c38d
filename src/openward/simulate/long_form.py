"""Tables in long form, Parquet or CSV: read with every fault found, turned into arrays and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError, UnknownCodeError

Array = NDArray[np.float64]

SHOWN = 3
"""Rows named in a message; the rest are counted."""


@dataclass(slots=True)
class Faults:
    """Collector of errors, raised together.

    Attributes
    ----------
    found : list of OpenwardError
    """

    found: list[OpenwardError] = field(default_factory=list)

    def add(self, error: OpenwardError) -> None:
        """Keep an error for later."""
        self.found.append(error)

    def rows(self, path: Path, bad: pl.Series, *, column: str, what: str, hint: str) -> None:
        """Keep one error for all rows of a file where ``bad`` is true."""
        at = bad.fill_null(True).arg_true()
        if len(at):
            first = ", ".join(str(row + 1) for row in at.head(SHOWN))
            more = f" and {len(at) - SHOWN} more" if len(at) > SHOWN else ""
            noun = "row" if len(at) == 1 else "rows"
            self.add(InputError(f"{what} ({noun} {first}{more})", where=f"{path}: {column}", hint=hint))

    def cells(
        self,
        bad: NDArray[np.bool_],
        *,
        labels: Sequence[Sequence[str]],
        what: str,
        where: str,
        hint: str,
    ) -> None:
        """Keep one error for all cells of an array where ``bad`` is true, naming the first ones."""
        if bad.any():
            cells = np.argwhere(bad)
            names = (
                " ".join(codes[at] for codes, at in zip(labels, cell, strict=True)) for cell in cells[:SHOWN]
            )
            more = f" and {len(cells) - SHOWN} more" if len(cells) > SHOWN else ""
            self.add(InputError(f"{what}: {', '.join(names)}{more}", where=where, hint=hint))

    def stop(self) -> None:
        """Raise what was found, if anything.

        Raises
        ------
        InputErrors
        """
        if self.found:
            raise InputErrors(self.found)


@dataclass(frozen=True, slots=True)
class Column:
    """The number column of a table and the values it may hold.

    Attributes
    ----------
    name : str
    low : float
        Least value.
    open_low : bool
        The least value itself is excluded.
    may_be_infinite : bool
    """

    name: str
    low: float = -np.inf
    open_low: bool = False
    may_be_infinite: bool = False


def read_table(path: Path, *, keys: Sequence[str], column: Column, faults: Faults) -> pl.DataFrame | None:
    """Read a long table, its keys as strings and its numbers as float64.

    Parameters
    ----------
    path : Path
    keys : sequence of str
        Code columns, string, categorical or enum.
    column : Column
    faults : Faults
        Gets a missing file, missing or unknown columns, wrong types, nulls, values out of range, duplicates.

    Returns
    -------
    DataFrame or None
        Null where a number is not usable; None where the columns themselves are not.
    """
    if not path.is_file():
        faults.add(MissingDataError("the table is not there", where=str(path), hint=_needs(keys, column)))
        return None
    try:
        frame = _read_csv(path, column) if path.suffix == ".csv" else pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        kind = "CSV" if path.suffix == ".csv" else "Parquet"
        faults.add(InputError(f"not a readable {kind} file", where=str(path), hint=str(error).split("\n")[0]))
        return None
    if not _columns_fit(path, frame, keys=keys, column=column, faults=faults):
        return None
    frame = frame.select(*(pl.col(key).cast(pl.String) for key in keys), pl.col(column.name).cast(pl.Float64))
    for key in keys:
        faults.rows(path, frame[key].is_null(), column=key, what="no code", hint="every row needs one")
    usable = _check_values(path, frame[column.name], column=column, faults=faults)
    faults.rows(
        path,
        frame.select(keys).is_duplicated(),
        column=", ".join(keys),
        what="more than one row for the same cell",
        hint="sum or remove them",
    )
    return frame.with_columns(pl.when(usable).then(pl.col(column.name)).alias(column.name))


def to_array(
    path: Path,
    frame: pl.DataFrame,
    *,
    codes: Mapping[str, Sequence[str]],
    start: Array,
    faults: Faults,
) -> Array:
    """Put the numbers of a table into an array.

    Parameters
    ----------
    path : Path
        Named in errors.
    frame : DataFrame
        From `read_table`; the last column holds the numbers, rows without one are passed over.
    codes : mapping of column to known codes
        In the order of the array's axes.
    start : array
        Values of cells without a row; not changed.
    faults : Faults
        Gets the unknown codes.

    Returns
    -------
    array of the shape of ``start``
    """
    known_rows = frame[frame.columns[-1]].is_not_null()
    places = []
    for key, known in codes.items():
        at = frame[key].cast(pl.Enum(list(known)), strict=False).to_physical()
        unknown = at.is_null() & frame[key].is_not_null()
        _report_unknown(path, frame[key], unknown, key=key, known=known, faults=faults)
        known_rows = known_rows & at.is_not_null()
        places.append(at)
    result = start.copy()
    index = tuple(at.filter(known_rows).to_numpy() for at in places)
    result[index] = frame[frame.columns[-1]].filter(known_rows).to_numpy()
    return result


def to_frame(
    values: Array, *, codes: Mapping[str, Sequence[str]], name: str, keep: NDArray[np.bool_] | None = None
) -> pl.DataFrame:
    """Write an array in long form, in array order.

    Parameters
    ----------
    values : array
    codes : mapping of column to codes
        In the order of the axes.
    name : str
        Name of the number column.
    keep : bool array, optional
        Cells to write; all by default.
    """
    cells = np.nonzero(np.ones(values.shape, dtype=bool) if keep is None else keep)
    columns = {
        key: pl.Series(key, list(known), dtype=pl.String).gather(at.astype(np.uint32))
        for (key, known), at in zip(codes.items(), cells, strict=True)
    }
    return pl.DataFrame({**columns, name: values[cells]})


def _read_csv(path: Path, column: Column) -> pl.DataFrame:
    """Read codes as they are written (``01`` stays ``01``); what is no number becomes null."""
    frame = pl.read_csv(path, infer_schema=False).rename(str.strip).with_columns(pl.all().str.strip_chars())
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    if column.name not in frame.columns:
        return frame
    return frame.with_columns(pl.col(column.name).cast(pl.Float64, strict=False))


def _columns_fit(
    path: Path, frame: pl.DataFrame, *, keys: Sequence[str], column: Column, faults: Faults
) -> bool:
    wanted = [*keys, column.name]
    fits = True
    for name in (name for name in frame.columns if name not in wanted):
        near = get_close_matches(name, wanted, n=1)
        hint = f"did you mean {near[0]}?" if near else _needs(keys, column)
        faults.add(InputError(f"unknown column {name!r}", where=str(path), hint=hint))
        fits = False
    for name in (name for name in wanted if name not in frame.columns):
        faults.add(InputError(f"no column {name!r}", where=str(path), hint=_needs(keys, column)))
        fits = False
    for name in (name for name in wanted if name in frame.columns):
        dtype = frame.schema[name]
        text = dtype in (pl.String, pl.Categorical, pl.Enum)
        if name == column.name and not dtype.is_numeric():
            faults.add(
                InputError(f"holds {dtype}, expected numbers", where=f"{path}: {name}", hint="cast it")
            )
            fits = False
        if name != column.name and not text:
            faults.add(
                InputError(f"holds {dtype}, expected codes", where=f"{path}: {name}", hint="cast to string")
            )
            fits = False
    return fits


def _check_values(path: Path, values: pl.Series, *, column: Column, faults: Faults) -> pl.Series:
    """Report values that no array may hold; true where a value is usable."""
    missing = values.is_null() | values.is_nan().fill_null(True)
    if not column.may_be_infinite:
        missing = missing | values.is_infinite().fill_null(True)
    faults.rows(
        path, missing, column=column.name, what="no finite number", hint="leave the row out or fill it in"
    )
    low = ((values <= column.low) if column.open_low else (values < column.low)).fill_null(False)
    sign = "above" if column.open_low else "at least"
    what = (
        f"negative {column.name}"
        if column.low == 0 and not column.open_low
        else f"{column.name} out of range"
    )
    faults.rows(path, low & ~missing, column=column.name, what=what, hint=f"it must be {sign} {column.low:g}")
    return ~(missing | low)


def _report_unknown(
    path: Path, codes: pl.Series, unknown: pl.Series, *, key: str, known: Sequence[str], faults: Faults
) -> None:
    for code in codes.filter(unknown).unique(maintain_order=True).head(10).to_list():
        rows = (unknown & (codes == code)).arg_true()
        near = get_close_matches(code, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(list(known)[:12])
        faults.add(
            UnknownCodeError(
                f"unknown code {code!r} ({len(rows)} rows, first {rows[0] + 1})",
                where=f"{path}: {key}",
                hint=hint,
            )
        )


def _needs(keys: Sequence[str], column: Column) -> str:
    return "the table needs the columns " + ", ".join([*keys, column.name])
