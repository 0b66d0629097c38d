"""Read a source file row by row: encoding, header and completeness checked before any cell is understood."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openward.book.reading import nearest
from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError

_MARKS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "a spreadsheet or zip file",
    b"\x1f\x8b": "gzip",
}
_PADDING = re.compile(r'(?<!")"[ \t]+(?=,|\r?$)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its number in the file, its cells by column, and the cells as they stand."""

    number: int
    cells: dict[str, str]
    raw: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be split into the columns of the header."""

    number: int
    raw: tuple[str, ...]
    error: InputError


@dataclass(slots=True)
class Source:
    """A file of rows with a header.

    Attributes
    ----------
    path : Path
    required, optional : sequence of str
        Columns; any other column is an error, unless ``other_columns`` accepts its name.
    delimiter : str
        Empty: tab for ``.tsv``, comma for the rest.
    header : sequence of str
        Names of the columns where the file has no header of its own.
    encoding : str
    rename : callable
        Turns the name in the file into the name used here.
    padded : bool
        Cells are filled up with blanks, also behind their closing quote.
    """

    path: Path
    required: Sequence[str]
    optional: Sequence[str] = ()
    delimiter: str = ""
    header: Sequence[str] = ()
    encoding: str = "utf-8-sig"
    other_columns: Callable[[str], bool] = lambda name: False
    rename: Callable[[str], str] = str.strip
    padded: bool = False
    notes: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name by which messages call the file."""
        return self.path.name

    def sha256(self) -> str:
        """Fingerprint of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def rows(self) -> Iterator[Line | Broken]:
        """Give the rows in order.

        Raises
        ------
        MissingDataError
            The file is not there.
        InputError, InputErrors
            It is empty, in another encoding, cut off, or has columns that are missing or unknown.
        """
        if self.path.suffix == ".parquet":
            yield from self._parquet()
            return
        text = self._text()
        if self.padded:
            text = _PADDING.sub('"', text)
        cut = bool(text) and not text.endswith(("\n", "\r"))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter(), strict=True)
        names = list(self.header) or self._next(reader)
        if not names:
            raise InputError("the file is empty", where=self.label, hint="give a file with a header and rows")
        self._take_header(names)
        number = reader.line_num + 1
        last = text.count("\n") + 1
        while (cells := self._next(reader)) is not None:
            place, number = number, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            ends_here = cut and reader.line_num >= last
            yield self._line(place, cells, is_last=ends_here)
        if cut:
            self.notes.append(
                "the file does not end with a line break: compare its last row with the original"
            )

    def _next(self, reader: Iterator[list[str]]) -> list[str] | None:
        try:
            return next(reader, None)
        except csv.Error as error:
            number = getattr(reader, "line_num", 0)
            if "unexpected end" in str(error):
                raise self._truncated(number) from None
            raise InputError(
                f"not a table: {error}",
                where=f"{self.label}:{number}",
                hint="check the quotes on this line and the one before",
            ) from None

    def _line(self, number: int, cells: list[str], *, is_last: bool) -> Line | Broken:
        if len(cells) == len(self.columns):
            return Line(
                number, {n: c.strip() for n, c in zip(self.columns, cells, strict=True)}, tuple(cells)
            )
        if is_last and len(cells) < len(self.columns):
            raise self._truncated(number)
        where = f"{self.label}:{number}"
        told = f"{len(cells)} cells where the header has {len(self.columns)}"
        return Broken(
            number, tuple(cells), InputError(told, where=where, hint="quote cells that hold the delimiter")
        )

    def _truncated(self, number: int) -> InputError:
        return InputError(
            f"the file is cut off in the middle of row {number}",
            where=f"{self.label}:{number}",
            hint="fetch it again; nothing was imported",
        )

    def _delimiter(self) -> str:
        return self.delimiter or ("\t" if self.path.suffix == ".tsv" else ",")

    def _text(self) -> str:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            raise MissingDataError("no such file", where=str(self.path), hint="check the path") from None
        except IsADirectoryError:
            raise InputError("this is a folder, not a file", where=str(self.path)) from None
        for mark, name in _MARKS.items():
            if content.startswith(mark) and "16" not in self.encoding:
                hint = "say --encoding utf-16" if name == "UTF-16" else "unpack it to text first"
                raise InputError(
                    f"this is {name}, not plain text in {self._encoding}", where=self.label, hint=hint
                )
        try:
            text = content.decode(self.encoding)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise InputError(
                f"byte {error.start} is not {self._encoding} text",
                where=f"{self.label}:{line}",
                hint="save it as UTF-8, or name its encoding: --encoding gb18030",
            ) from None
        except LookupError:
            raise InputError(
                f"unknown encoding {self.encoding!r}", hint="utf-8, gb18030, cp1252 ...", where=self.label
            ) from None
        if "\x00" in text:
            raise InputError(
                "the file holds zero bytes", where=self.label, hint="it is not a text file; fetch it again"
            )
        return text

    @property
    def _encoding(self) -> str:
        return "UTF-8" if self.encoding == "utf-8-sig" else self.encoding

    def _take_header(self, names: Sequence[str]) -> None:
        columns = [self.rename(name) for name in names]
        while columns and not columns[-1]:
            columns[-1] = f"(empty {len(columns)})"
            columns = [c if c else f"(empty {k})" for k, c in enumerate(columns, start=1)]
        known = (*self.required, *self.optional)
        wrong: list[OpenwardError] = [
            InputError(
                f"unknown column {name!r}",
                where=f"{self.label}:1",
                hint=nearest(name, known, listing="columns"),
            )
            for name in columns
            if name not in known and not name.startswith("(empty ") and not self.other_columns(name)
        ]
        wrong += [
            InputError(f"the column {name!r} comes twice", where=f"{self.label}:1", hint="keep one of them")
            for name in sorted({name for name in columns if columns.count(name) > 1})
        ]
        wrong += [
            InputError(
                f"the column {name!r} is missing",
                where=f"{self.label}:1",
                hint=f"the file has {', '.join(columns[:12])}",
            )
            for name in self.required
            if name not in columns
        ]
        if wrong:
            raise InputErrors(wrong)
        self.columns = tuple(columns)

    def _parquet(self) -> Iterator[Line]:
        import polars as pl

        if not self.path.is_file():
            raise MissingDataError("no such file", where=str(self.path), hint="check the path")
        try:
            frame = pl.read_parquet(self.path)
        except (pl.exceptions.PolarsError, OSError) as error:
            first = str(error).splitlines()[0]
            raise InputError(
                f"not a whole Parquet file: {first}", where=self.label, hint="fetch it again"
            ) from None
        self._take_header(frame.columns)
        for number, values in enumerate(frame.iter_rows(), start=1):
            raw = tuple("" if value is None else str(value) for value in values)
            yield Line(number, dict(zip(self.columns, raw, strict=True)), raw)
