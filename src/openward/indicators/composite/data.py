"""The values an index is built from: units by indicators, with groups and denominators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.indicators.composite.spec import IndexSpec

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class IndexData:
    """Raw values.

    Attributes
    ----------
    units : tuple of str
        U codes.
    codes : tuple of str
        I indicators.
    values : [U, I]
        NaN where missing (inside only: results say None).
    denominators : mapping of str to [U]
    groups : mapping of str to tuple of str
    names : mapping
        Unit code to name.
    earlier : tuple of IndexData
        Previous years of the same units, the latest first.
    notes : tuple of str
        Where the values come from, and what was left out.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Array
    denominators: Mapping[str, Array] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[IndexData, ...] = ()
    notes: tuple[str, ...] = ()

    def rows(self, kept: NDArray[np.bool_]) -> IndexData:
        """Keep some units."""
        index = np.flatnonzero(kept)
        return IndexData(
            units=tuple(self.units[k] for k in index),
            codes=self.codes,
            values=self.values[index],
            denominators={name: column[index] for name, column in self.denominators.items()},
            groups={name: tuple(labels[k] for k in index) for name, labels in self.groups.items()},
            names=self.names,
            earlier=tuple(year.rows(kept) for year in self.earlier),
            notes=self.notes,
        )


def read_table(spec: IndexSpec, folder: Path, *, year: int | None = None) -> IndexData:
    """Read the table a spec names.

    Parameters
    ----------
    spec : IndexSpec
        With `table`.
    folder : path
        Data folder that `table.file` is relative to.
    year : int, optional
        Where the table has several; the latest by default. Earlier years serve ``previous-year``.

    Raises
    ------
    MissingDataError
        The file is not there.
    InputErrors
        Columns it lacks, text where numbers belong, a unit twice.
    """
    table = spec.table
    assert table is not None
    path = folder / table.file
    if not path.is_file():
        raise MissingDataError("the table is not there", where=str(path), hint="name its folder with --data")
    frame = pl.read_csv(path, infer_schema_length=None, null_values=["NA", ""])
    codes = [member.code for member in spec.available]
    denominators = sorted({m.denominator for m in spec.available if m.denominator is not None})
    keys = [table.unit, *([table.name] if table.name else []), *([table.year] if table.year else [])]
    _refuse(_faults(frame, [*keys, *table.groups], [*codes, *denominators], path))
    years = sorted(set(frame[table.year].to_list()), reverse=True) if table.year else [None]
    if table.year and year is not None:
        if year not in years:
            hint = f"years are {', '.join(map(str, years))}"
            raise MissingDataError(f"the table has no year {year}", where=str(path), hint=hint)
        years = [one for one in years if one is not None and one <= year]
    slices = [frame if one is None else frame.filter(pl.col(str(table.year)) == one) for one in years]
    first = _slice(spec, slices[0], codes, denominators, path)
    earlier = tuple(
        _slice(spec, _same_units(one, table.unit, first.units), codes, denominators, path)
        for one in slices[1:]
    )
    return IndexData(
        units=first.units,
        codes=first.codes,
        values=first.values,
        denominators=first.denominators,
        groups=first.groups,
        names=first.names,
        earlier=earlier,
        notes=(f"values from {table.file}" + (f", year {years[0]}" if table.year else ""),),
    )


def _slice(
    spec: IndexSpec, frame: pl.DataFrame, codes: list[str], denominators: list[str], path: Path
) -> IndexData:
    table = spec.table
    assert table is not None
    units = tuple(frame[table.unit].to_list())
    if len(set(units)) < len(units):
        twice = sorted({unit for unit in units if units.count(unit) > 1})
        raise InputError(
            f"units are there twice: {', '.join(twice[:5])}", where=str(path), hint="name its year column"
        )
    return IndexData(
        units=units,
        codes=tuple(codes),
        values=np.ascontiguousarray(_numbers(frame, codes)),
        denominators={name: _numbers(frame, [name])[:, 0] for name in denominators},
        groups={name: tuple(map(str, frame[name].to_list())) for name in table.groups},
        names=dict(zip(units, frame[table.name].to_list(), strict=True)) if table.name else {},
    )


def _numbers(frame: pl.DataFrame, columns: list[str]) -> Array:
    return frame.select(pl.col(columns).cast(pl.Float64).fill_null(float("nan"))).to_numpy()


def _same_units(frame: pl.DataFrame, column: str, units: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame({column: units}).join(frame, on=column, how="left", maintain_order="left")


def _faults(frame: pl.DataFrame, keys: list[str], numbers: list[str], path: Path) -> list[OpenwardError]:
    found: list[OpenwardError] = []
    for name in (*keys, *numbers):
        if name not in frame.columns:
            found.append(InputError(f"no column {name!r}", where=str(path), hint="name it as the table does"))
    for name in (name for name in numbers if name in frame.columns):
        if not (frame.schema[name].is_numeric() or frame.schema[name] == pl.Null):
            hint = "missing cells are empty or NA"
            found.append(InputError("text where numbers belong", where=f"{path}: {name}", hint=hint))
        elif frame[name].cast(pl.Float64).is_infinite().any():
            found.append(InputError("infinite values", where=f"{path}: {name}", hint="leave them empty"))
    return found


def _refuse(found: list[OpenwardError]) -> None:
    if found:
        raise InputErrors(found)
