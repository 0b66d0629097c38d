"""Read a csv as its layout says it is, fast; when it is not, say which line and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError

Kind = Literal["text", "integer", "number"]

NULLS = frozenset({"", "NA", "N/A", "NaN", "..", ":", "null"})
"""What publishers write for nothing."""

_SHOWN = 8
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout.

    Attributes
    ----------
    name : str
        As in the header.
    kind : {"text", "integer", "number"}
    nullable : bool
    pattern : str
        What the whole text must match.
    says : str
        The pattern in words.
    """

    name: str
    kind: Kind = "text"
    nullable: bool = False
    pattern: str = ""
    says: str = ""

    def wrong(self, cell: str) -> str:
        """Say what is wrong with a cell; empty if nothing."""
        text = cell.strip()
        if text in NULLS:
            return "" if self.nullable else f"{self.name} is empty"
        if self.kind != "text":
            fits = (_INTEGER if self.kind == "integer" else _NUMBER).fullmatch(text)
            return "" if fits else f"{self.name} is {text[:40]!r}, not {self._kind_said}"
        if self.pattern and not re.fullmatch(self.pattern, text):
            return f"{self.name} is {text[:40]!r}, not {self.says or 'of the form ' + self.pattern}"
        return ""

    @property
    def _kind_said(self) -> str:
        return "a whole number" if self.kind == "integer" else "a number"

    @property
    def expression(self) -> pl.Expr:
        """The column out of its text."""
        text = pl.col(self.name).str.strip_chars()
        text = pl.when(text.is_in(sorted(NULLS))).then(None).otherwise(text)
        if self.kind == "text":
            return text.alias(self.name)
        return text.cast(pl.Int64 if self.kind == "integer" else pl.Float64).alias(self.name)


def read_csv(
    path: Path,
    columns: Sequence[Column],
    *,
    name: str = "",
    separator: str = ",",
    skip: int = 0,
    encoding: str = "utf-8",
) -> pl.DataFrame:
    """Read the columns of a layout; others are ignored.

    Parameters
    ----------
    path : Path
    columns : sequence of Column
    name : str
        For messages; the file's by default.
    separator : str
    skip : int
        Lines before the header.
    encoding : {"utf-8", "utf8-lossy"}
        The second takes what is not UTF-8 as a question mark: for files where only the codes matter.

    Returns
    -------
    DataFrame
        Int64, Float64 and String columns in the order of the layout.

    Raises
    ------
    MissingDataError
        No such file.
    InputErrors
        A column that is missing or comes twice; cells that are not what the layout says, each with its line.
    """
    where = name or path.name
    check_header(path, columns, name=where, separator=separator, skip=skip)
    check_end(path, name=where, separator=separator, skip=skip)
    with explained(path, columns, name=where, separator=separator, skip=skip):
        frame = pl.read_csv(
            path,
            separator=separator,
            skip_lines=skip,
            infer_schema=False,
            columns=[column.name for column in columns],
            encoding="utf8-lossy" if encoding == "utf8-lossy" else "utf8",
        ).select(column.expression for column in columns)
        _refuse_gaps(frame, columns)
    return frame


def check_header(
    path: Path, columns: Sequence[Column], *, name: str = "", separator: str = ",", skip: int = 0
) -> tuple[str, ...]:
    """Check that the header has the columns of a layout, and give it.

    Raises
    ------
    MissingDataError
        No such file.
    InputErrors
        A column is missing or comes twice, or the file is empty.
    """
    where = name or path.name
    header = next(_rows(path, separator=separator, skip=skip), None)
    if header is None:
        raise InputError("the file has no header", where=f"{where}:{skip + 1}", hint="fetch it again")
    number, names = header
    faults: list[OpenwardError] = []
    for column in columns:
        count = names.count(column.name)
        if count != 1:
            what = "is missing" if count == 0 else f"comes {count} times"
            hint = f"the header has {', '.join(names[:15])}{', ...' if len(names) > 15 else ''}"
            faults.append(InputError(f"column {column.name!r} {what}", where=f"{where}:{number}", hint=hint))
    if faults:
        raise InputErrors(faults)
    return tuple(names)


def check_end(path: Path, *, name: str = "", separator: str = ",", skip: int = 0) -> None:
    """Check that the last line has as many cells as the header: a file cut off in a line has fewer.

    Raises
    ------
    InputError
        It has fewer.
    """
    rows = _rows(path, separator=separator, skip=skip)
    header = next(rows, None)
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(0, size - (1 << 16)))
        tail = file.read()
    if header is None or tail.endswith((b"\n", b"\r")):
        return
    last = tail.rpartition(b"\n")[2].decode("utf-8", "replace")
    cells = next(csv.reader([last], delimiter=separator), [])
    if 0 < len(cells) < len(header[1]):
        raise InputError(
            f"the file is cut off in its last line: {last[:60]!r}",
            where=name or path.name,
            hint="half a download; fetch it again",
        )


@contextmanager
def explained(
    path: Path, columns: Sequence[Column], *, name: str = "", separator: str = ",", skip: int = 0
) -> Iterator[None]:
    """Turn any fault of fast reading into errors that name line and column, by reading slowly.

    Raises
    ------
    InputErrors
        The first faults of the file.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, _Gap) as fault:
        where = name or path.name
        found = list(_faults(path, columns, where=where, separator=separator, skip=skip))
        if not found:
            told = str(fault).splitlines()[0]
            found = [InputError(f"cannot be read: {told}", where=where, hint="fetch it again")]
        raise InputErrors(found) from None


class _Gap(Exception):  # noqa: N818
    """A cell that must not be empty is."""


def _refuse_gaps(frame: pl.DataFrame, columns: Sequence[Column]) -> None:
    for column in columns:
        values = frame[column.name]
        if not column.nullable and values.null_count():
            raise _Gap(column.name)
        if column.pattern and not values.drop_nulls().str.contains(f"^(?:{column.pattern})$").all():
            raise _Gap(column.name)


def refuse_gap(found: bool, what: str) -> None:
    """Within `explained`: have the file explained where a check of the result failed."""
    if found:
        raise _Gap(what)


def _faults(
    path: Path, columns: Sequence[Column], *, where: str, separator: str, skip: int
) -> Iterator[OpenwardError]:
    rows = _rows(path, separator=separator, skip=skip)
    _, header = next(rows, (0, []))
    places: list[tuple[int, Callable[[str], str]]] = [
        (header.index(column.name), column.wrong) for column in columns if column.name in header
    ]
    count = 0
    for number, cells in rows:
        if not cells:
            continue
        if len(cells) != len(header):
            faults = [f"{len(cells)} cells where the header has {len(header)}"]
        else:
            faults = [told for at, wrong in places if (told := wrong(cells[at]))]
        for told in faults:
            yield InputError(told, where=f"{where}:{number}")
            count += 1
            if count == _SHOWN:
                yield InputError("there may be more; reading stopped here", where=f"{where}:{number}")
                return


def _rows(path: Path, *, separator: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """Give every row with the number of its first line."""
    try:
        file = path.open(encoding="utf-8-sig", errors="replace", newline="")
    except FileNotFoundError:
        raise MissingDataError("no such file", where=str(path), hint="check the path") from None
    with file:
        for _ in range(skip):
            next(file, None)
        reader = csv.reader(file, delimiter=separator)
        number = skip + 1
        for cells in reader:
            yield number, [cell.strip() for cell in cells] if number == skip + 1 else cells
            number = skip + reader.line_num + 1
