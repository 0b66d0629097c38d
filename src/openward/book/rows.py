"""Read CSV and Parquet tables of the book: columns checked once, every wrong cell reported with its line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from openward.book.reading import nearest, read_text
from openward.errors import InputError, OpenwardError

REQUIRED: Final = object()


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is read; an empty cell (or an absent column) gives ``default``, or is an error."""

    read: Callable[[str], Any] = str
    default: Any = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Values of a row by column, and where it stands."""

    values: dict[str, Any]
    where: str


def read_table(
    path: Path, label: str, columns: Mapping[str, Column], errors: list[OpenwardError]
) -> Iterator[Row]:
    """Read a table row by row.

    Parameters
    ----------
    path : Path
        ``.csv`` (UTF-8, comma, a header; lines that start with ``#`` are remarks) or ``.parquet``.
    label : str
        How messages call the file.
    columns : mapping
        The columns it may have.
    errors : list
        Takes every error; a row with an error is not given.
    """
    lines = _parquet(path) if path.suffix == ".parquet" else _csv(read_text(path, label))
    header_at, header = next(lines, (1, []))
    if not _good_header(header, columns, f"{label}:{header_at}", errors):
        return
    plan = [(name.strip(), columns[name.strip()]) for name in header]
    absent = {name: column.default for name, column in columns.items() if name not in {n for n, _ in plan}}
    for number, cells in lines:
        where = f"{label}:{number}"
        if len(cells) != len(plan):
            errors.append(
                InputError(
                    f"{len(cells)} cells where the header has {len(plan)}",
                    where=where,
                    hint="quote cells with commas",
                )
            )
            continue
        values = dict(absent)
        good = True
        for (name, column), cell in zip(plan, cells, strict=True):
            text = cell.strip()
            if not text:
                if column.default is REQUIRED:
                    errors.append(InputError(f"the cell {name!r} is empty", where=where, hint="fill it"))
                    good = False
                values[name] = column.default
                continue
            try:
                values[name] = column.read(text)
            except OpenwardError as error:
                errors.append(type(error)(f"{name}: {error.message}", hint=error.hint, where=where))
                good = False
        if good:
            yield Row(values, where)


def _good_header(
    header: Sequence[str], columns: Mapping[str, Column], where: str, errors: list[OpenwardError]
) -> bool:
    names = [name.strip() for name in header]
    found: list[OpenwardError] = [
        InputError(f"unknown column {name!r}", where=where, hint=nearest(name, columns, listing="columns"))
        for name in names
        if name not in columns
    ]
    found += [
        InputError(f"the column {name!r} comes twice", where=where, hint="keep one of them")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    found += [
        InputError(f"the column {name!r} is missing", where=where, hint="add it")
        for name, column in columns.items()
        if column.default is REQUIRED and name not in names
    ]
    errors.extend(found)
    return not found


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True))
    while True:
        number = reader.line_num + 1
        cells = next(reader, None)
        if cells is None:
            return
        if cells and not cells[0].startswith("#") and any(cells):
            yield number, cells


def _parquet(path: Path) -> Iterator[tuple[int, list[str]]]:
    import polars as pl

    frame = pl.read_parquet(path)
    yield 0, list(frame.columns)
    for number, values in enumerate(frame.iter_rows(), start=1):
        yield number, ["" if value is None else str(value) for value in values]


def number_between(low: float, high: float) -> Callable[[str], float]:
    """Give a reader of numbers that refuses those outside ``[low, high]``."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise InputError(f"{text!r} is not a number", hint="write it with a decimal point") from None
        if not low <= value <= high:
            raise InputError(f"{text} lies outside [{low:g}, {high:g}]", hint="check the unit")
        return value

    return read


def count(text: str) -> int:
    """Read a whole number that is zero or more."""
    if not text.isdecimal():
        raise InputError(f"{text!r} is not a count", hint="write a whole number")
    return int(text)


def truth(text: str) -> bool:
    """Read ``true`` or ``false``."""
    if text not in {"true", "false"}:
        raise InputError(f"{text!r} is neither true nor false", hint="write true or false")
    return text == "true"


@lru_cache(maxsize=65536)
def listed(text: str) -> tuple[str, ...]:
    """Read a cell that lists several things with ``;`` between them."""
    return tuple(part.strip() for part in text.split(";") if part.strip())
