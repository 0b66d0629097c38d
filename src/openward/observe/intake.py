"""Open a file that a user has: whole or not, in which shape, and as which canonical table."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from openward.errors import InputError, InputErrors, OpenwardError
from openward.observe.audit import Finding, Severity
from openward.observe.dictionary import Dataset, Field, dataset, datasets, shape_faults
from openward.observe.durable import sha256
from openward.observe.readers import conform, read_public, scan


@dataclass(frozen=True, slots=True, eq=False)
class Intake:
    """A file, opened as a canonical table.

    Attributes
    ----------
    frame : LazyFrame
        Columns and types of the dataset.
    of : Dataset
        Canonical.
    source, licence : str
        Of the public dataset that the file is; empty where it is none.
    classification : str or None
    findings : tuple of Finding
        Faults of the file itself.
    """

    frame: pl.LazyFrame
    of: Dataset
    source: str
    licence: str
    classification: str | None
    findings: tuple[Finding, ...]


def open_file(path: Path, *, name: str, checksum: str | None = None) -> Intake:
    """Open a Parquet or CSV file as a dataset.

    Parameters
    ----------
    path : Path
    name : str
        Canonical dataset whose columns the file has, or a public dataset of the dictionary.
    checksum : str, optional
        SHA-256 that the publisher names.

    Raises
    ------
    InputError, InputErrors
        The file is not there, is cut off, has another checksum or other columns, or mixes vintages.
    """
    if not path.is_file():
        raise InputError(
            "there is no such file", where=str(path), hint="give the path of a Parquet or CSV file"
        )
    if checksum is not None and sha256(path) != checksum.lower():
        raise InputError(
            "half-file: the file's SHA-256 is not the one given", where=str(path), hint="fetch the file again"
        )
    entry = _known(dataset(name), path)
    _whole(path)
    try:
        if entry.recipe is not None:
            frame, target = read_public(path, of=entry), dataset(entry.recipe.gives)
            return Intake(frame, target, entry.source, entry.licence, entry.recipe.classification, ())
        raw = scan(path)
        raw = _one_vintage(raw, path)
        typed, found = _typed(raw, entry, path)
        wrong = shape_faults(_optional(typed.head(0).collect(), entry), of=entry, where=str(path))
    except pl.exceptions.PolarsError as error:
        raise _cut(path, str(error).splitlines()[0]) from error
    if wrong:
        raise InputErrors(wrong)
    refused = [finding.as_error() for finding in found if finding.refuses]
    if refused:
        raise InputErrors(refused)
    return Intake(conform(typed, to=entry), entry, "", "", None, found)


def _known(entry: Dataset, path: Path) -> Dataset:
    """Take a file of a public dataset's name for that dataset, where it gives the one asked for."""
    for public in datasets().values():
        gives = public.recipe.gives if public.recipe else ""
        if Path(public.file).name == path.name and gives == entry.name:
            return public
    if entry.role == "pack":
        hint = "canonical tables are " + ", ".join(
            d.name for d in datasets().values() if d.role == "canonical"
        )
        raise InputError(f"{entry.name} ships with openward and is not loaded", where=str(path), hint=hint)
    return entry


def _whole(path: Path) -> None:
    """Refuse a file that ends before it should, as far as its format tells."""
    size = path.stat().st_size
    if size == 0:
        raise _cut(path, "it is empty")
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(-min(size, 4), 2)
        tail = file.read()
    if path.suffix == ".parquet" and (head != b"PAR1" or tail != b"PAR1"):
        raise _cut(path, "its end mark is absent")
    if head[:2] == b"\x1f\x8b":
        tail = _last_of_gzip(path)
    if path.suffix != ".parquet" and not tail.endswith((b"\n", b"\r")):
        raise _cut(path, "its last line has no end")


def _last_of_gzip(path: Path) -> bytes:
    last = b""
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                last = chunk[-4:]
    except (EOFError, zlib.error, OSError) as error:
        raise _cut(path, str(error)) from error
    return last


def _cut(path: Path, why: str) -> OpenwardError:
    return InputError(
        f"half-file: the file looks cut off: {why}",
        where=str(path),
        hint="fetch it again and compare its SHA-256 with the publisher's (--sha256); nothing was stored",
    )


def _one_vintage(raw: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    if "vintage" not in raw.collect_schema().names():
        return raw
    names = raw.select(pl.col("vintage").cast(pl.String).unique().sort()).collect()["vintage"].to_list()
    if len(names) > 1:
        raise InputError(
            f"vintages: {len(names)} vintages are mixed in one file: {', '.join(map(str, names))}",
            where=f"{path}: vintage",
            hint="cut the file by vintage and load each under its name; they stay side by side",
        )
    return raw.drop("vintage")


def _optional(frame: pl.DataFrame, entry: Dataset) -> pl.DataFrame:
    """Add the columns that may be absent."""
    lacking = [f for f in entry.fields if f.nullable and f.name not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=f.dtype).alias(f.name) for f in lacking)


def _typed(raw: pl.LazyFrame, entry: Dataset, path: Path) -> tuple[pl.LazyFrame, tuple[Finding, ...]]:
    """Cast text to the types of the dictionary and name every cell that is none."""
    kinds = raw.collect_schema()
    text = [
        f for f in entry.fields if f.name in kinds and kinds[f.name] == pl.String and f.dtype != pl.String
    ]
    codes = [f for f in entry.fields if f.name in kinds and f.is_code and kinds[f.name].is_integer()]
    found = (*_integers(codes, path), *_no_numbers(raw, text, path))
    casts = [_read(f) for f in text]
    casts += [pl.col(f.name).cast(pl.String) for f in entry.fields if f.name in kinds and f.is_code]
    return raw.with_columns(casts), found


def _read(field: Field) -> pl.Expr:
    value = pl.col(field.name).str.strip_chars()
    value = pl.when(value != "").then(value)
    if field.type == "date":
        return value.str.to_date("%Y-%m-%d", strict=False).alias(field.name)
    return value.cast(field.dtype, strict=False).alias(field.name)


def _no_numbers(raw: pl.LazyFrame, text: list[Field], path: Path) -> Iterator[Finding]:
    for field in text:
        cell = pl.col(field.name)
        bad = raw.with_row_index("line", offset=2).filter(
            _read(field).is_null() & cell.is_not_null() & (cell.str.strip_chars() != "")
        )
        rows = bad.select("line", field.name).collect()
        if rows.height:
            first = rows.row(0)
            yield Finding(
                kind="not-a-number",
                severity=Severity.REFUSE,
                where=f"{path}: {field.name}",
                rows=rows.height,
                message=f"{rows.height} cells are no {field.type}, first {first[1]!r} in line {first[0]}",
                hint="numbers have a decimal point and no thousands separator; dates are YYYY-MM-DD",
            )


def _integers(codes: list[Field], path: Path) -> Iterator[Finding]:
    for field in codes:
        yield Finding(
            kind="leading-zeros",
            severity=Severity.REFUSE,
            where=f"{path}: {field.name}",
            rows=0,
            message="codes are stored as integers, which have lost the zeros in front",
            hint="write the column as text with all its digits",
        )
