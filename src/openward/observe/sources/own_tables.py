"""Files of the user's own in openward's generic forms: customs declarations and direct investment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import polars as pl

from openward.codes.economies import ECONOMIES
from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.observe.dictionary import Dataset, Field, dataset, faults
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.model import Licence, Loaded, Option, Options, Request, Source
from openward.observe.sources.strict_csv import Column, check_header, read_csv

_OWN = Licence(
    "the owner's",
    "the owner's own",
    "Your own file; it stays on this machine. Declarations are confidential in most laws.",
    "the owner",
)

DECLARATIONS = Source(
    name="declarations",
    title="Customs declarations (openward.declarations/1)",
    publisher="a customs office or a trader",
    page="docs/sources.md",
    licence=_OWN,
    gives=("declarations",),
    layout="csv with the columns of the dataset declarations",
    options=(Option("vintage", "name of the extract", "2025-06", required=True),),
)
FDI = Source(
    name="fdi",
    title="Direct investment (openward.fdi-flows/1)",
    publisher="any",
    page="docs/sources.md",
    licence=_OWN,
    gives=("fdi-flows",),
    layout="csv with the columns of the dataset fdi-flows",
    options=(Option("vintage", "name of the extract", "2025-06", required=True),),
)

_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "flow": frozenset({"import", "export"}),
        "direction": frozenset({"inward", "outward"}),
        "measure": frozenset({"flow", "stock"}),
    }
)
_PATTERNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "economy": ("[A-Z]{3}", "an alpha-3 code"),
        "product": (
            "[0-9]{2}([0-9]{2}){0,5}[A-Z]?",
            "a code of an even number of digits, leading zeros kept",
        ),
        "date": (r"\d{4}-\d{2}-\d{2}", "a date YYYY-MM-DD"),
        "year": (r"\d{4}", "a year"),
    }
)


def request(source: Source, options: Options) -> Request:
    """Such files are the user's own; there is nothing to fetch.

    Raises
    ------
    MissingDataError
        Always; the hint says how to give the file.
    """
    del options
    raise MissingDataError(f"{source.name} are your own files", hint="give the csv with --file")


def read(source: Source, files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read csv files whose header is exactly that of the dataset; optional columns may be absent.

    Raises
    ------
    InputErrors
        Unknown or missing columns, cells that are not what they should be, unknown economies, a key twice;
        each with file and line.
    """
    del work
    target = dataset(source.gives[0])
    frames = [_one(path, target) for path in files]
    frame = pl.concat(frames)
    if frame.is_empty():
        raise MissingDataError("the file has no rows", where=files[0].name)
    wrong = faults(frame, of=target, where=files[0].name)
    if wrong:
        raise InputErrors(wrong)
    return (
        Loaded(
            dataset=target.name,
            table=frame.lazy(),
            vintage=vintage_of(files[0], options),
            source=", ".join(path.name for path in files),
            licence=source.licence.name,
        ),
    )


def _one(path: Path, target: Dataset) -> pl.DataFrame:
    needed = [_column(field) for field in target.fields if not field.nullable]
    header = check_header(path, needed)
    unknown = [name for name in header if name not in target.columns]
    if unknown:
        known = ", ".join(target.columns)
        raise InputErrors(
            [
                InputError(f"unknown column {name!r}", where=f"{path.name}:1", hint=f"columns: {known}")
                for name in unknown
            ]
        )
    present = [field for field in target.fields if field.name in header]
    frame = read_csv(path, [_column(field) for field in present])
    wrong = [fault for field in present for fault in _word_faults(frame, field, path)]
    if wrong:
        raise InputErrors(wrong)
    return frame.select(_typed(field, frame).alias(field.name) for field in target.fields)


def _column(field: Field) -> Column:
    if field.type in ("number", "integer"):
        return Column(field.name, field.type, nullable=field.nullable)
    pattern, says = _PATTERNS.get(field.type, ("", ""))
    if field.name in _WORDS:
        words = sorted(_WORDS[field.name])
        pattern, says = "|".join(words), " or ".join(words)
    return Column(field.name, nullable=field.nullable, pattern=pattern, says=says)


def _typed(field: Field, frame: pl.DataFrame) -> pl.Expr:
    if field.name not in frame.columns:
        return pl.lit(None, dtype=field.dtype)
    if field.type == "date":
        return pl.col(field.name).str.to_date("%Y-%m-%d", strict=False)
    return pl.col(field.name).cast(field.dtype)


def _word_faults(frame: pl.DataFrame, field: Field, path: Path) -> list[OpenwardError]:
    """Economies nobody knows, and dates that no calendar has."""
    values = frame[field.name]
    if field.type == "economy":
        bad = ~values.is_in(list(ECONOMIES))
    elif field.type == "date":
        bad = values.str.to_date("%Y-%m-%d", strict=False).is_null()
    else:
        return []
    rows = bad.fill_null(False).arg_true().to_list()
    return [
        InputError(f"{field.name} is {values[row]!r}, which is none", where=f"{path.name}, row {row + 1}")
        for row in rows[:5]
    ]
