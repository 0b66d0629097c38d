"""The dictionary of datasets: what every table holds, in which unit, from where (``datasets/*.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import polars as pl
import yaml

from openward.errors import InputError, OpenwardError, UnknownCodeError

FieldType = Literal["economy", "sector", "product", "flow", "text", "year", "date", "integer", "number"]

Role = Literal["pack", "canonical", "public"]
"""Part of the world pack; a table of openward's own shape; a file as others publish it."""

Combine = Literal["years", "series", "reporters"]
"""What is taken whole where several files give the same table: a year, a series, or a reporter's flow."""

_FOLDER = Path(__file__).parent / "datasets"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a dataset.

    Attributes
    ----------
    name : str
    type : {"economy", "sector", "product", "flow", "text", "year", "date", "integer", "number"}
        The first four are codes: strings, leading zeros kept.
    description : str
    unit : str
        Empty for codes, text, years and dates.
    minimum : float, optional
        Least value.
    nullable : bool
    product_of : tuple of str
        Two columns whose product fills the field where an economy has no series of its own.
    """

    name: str
    type: FieldType
    description: str
    unit: str = ""
    minimum: float | None = None
    nullable: bool = False
    product_of: tuple[str, ...] = ()

    @property
    def is_code(self) -> bool:
        """Whether the column holds codes."""
        return self.type in ("economy", "sector", "product", "flow")

    @property
    def dtype(self) -> pl.DataType:
        """The column type a canonical table holds the field in."""
        return _DTYPES.get(self.type, pl.String())

    def fits(self, dtype: pl.DataType) -> bool:
        """Tell whether a column type can hold the field."""
        if self.is_code or self.type == "text":
            return dtype in (pl.String, pl.Categorical, pl.Enum)
        if self.type == "date":
            return dtype == pl.Date
        return dtype.is_integer() if self.type in ("integer", "year") else dtype.is_numeric()


_DTYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {"year": pl.Int32(), "integer": pl.Int64(), "number": pl.Float64(), "date": pl.Date()}
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a public file becomes a canonical table.

    Attributes
    ----------
    gives : str
        Name of the canonical dataset.
    reader : str
        Name in `openward.observe.readers.READERS`.
    classification : str, optional
        Of the products, where the file has them.
    options : mapping
        What the reader needs to know: names, scales, constants.
    notes : tuple of str
        What a reader of the table must know.
    """

    gives: str
    reader: str
    classification: str | None = None
    options: Mapping[str, Any] = member(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table: its columns, its key and where it is from.

    Attributes
    ----------
    name, title, file : str
    vintage, source, licence : str
    key : tuple of str
        Columns that name a row.
    fields : tuple of Field
        In the order of the file.
    role : {"pack", "canonical", "public"}
    found_as : tuple of str
        Canonical: the public datasets that can give it, the preferred first.
    combine : {"years", "series", "reporters"}
        Canonical: what is taken whole from one of them.
    get : str
        Canonical: the command that fetches it.
    recipe : Recipe, optional
        Public: how it becomes a canonical table.
    """

    name: str
    title: str
    file: str
    vintage: str
    source: str
    licence: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    role: Role = "pack"
    found_as: tuple[str, ...] = ()
    combine: Combine = "years"
    get: str = ""
    recipe: Recipe | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """Give the field of that name."""
        for field in self.fields:
            if field.name == name:
                return field
        raise UnknownCodeError(
            f"{self.name} has no field {name!r}", hint=_near(name, [f.name for f in self.fields])
        )


@cache
def datasets() -> Mapping[str, Dataset]:
    """Give all datasets by name."""
    found = (_read(path) for path in sorted(_FOLDER.glob("*.yaml")))
    return MappingProxyType({dataset.name: dataset for dataset in found})


def dataset(name: str) -> Dataset:
    """Give the dataset of that name.

    Raises
    ------
    UnknownCodeError
        There is none; the hint names the nearest.
    """
    known = datasets()
    if name not in known:
        raise UnknownCodeError(f"no dataset is called {name!r}", hint=_near(name, list(known)))
    return known[name]


def faults(frame: pl.DataFrame, *, of: Dataset, where: str = "") -> tuple[OpenwardError, ...]:
    """Find everything in a table that its dictionary entry does not allow.

    Parameters
    ----------
    frame : DataFrame
    of : Dataset
    where : str
        File name for messages; the dataset's by default.

    Returns
    -------
    tuple of OpenwardError
        Missing or unknown columns, wrong types, empty cells, values below the minimum, duplicate keys.
    """
    place = where or of.file
    found = list(shape_faults(frame, of=of, where=place))
    for field in of.fields:
        if field.name in frame.columns and field.fits(frame.schema[field.name]):
            found += _value_faults(frame[field.name], field=field, where=f"{place}: {field.name}")
    if set(of.key) <= set(frame.columns):
        twice = int(frame.select(of.key).is_duplicated().sum())
        if twice:
            hint = f"the key is {', '.join(of.key)}"
            found.append(InputError(f"{twice} rows share their key", where=place, hint=hint))
    return tuple(found)


def shape_faults(frame: pl.DataFrame, *, of: Dataset, where: str = "") -> tuple[OpenwardError, ...]:
    """Find missing and unknown columns and wrong types; `faults` without a look at the rows."""
    place = where or of.file
    wanted = [field.name for field in of.fields]
    found: list[OpenwardError] = []
    for name in (name for name in frame.columns if name not in wanted):
        found.append(InputError(f"unknown column {name!r}", where=place, hint=_near(name, wanted)))
    for field in of.fields:
        if field.name not in frame.columns:
            hint = f"columns are {', '.join(wanted)}"
            found.append(InputError(f"no column {field.name!r}", where=place, hint=hint))
        elif not field.fits(frame.schema[field.name]):
            what = f"holds {frame.schema[field.name]}, expected {field.type}"
            found.append(InputError(what, where=f"{place}: {field.name}", hint="cast the column"))
    return tuple(found)


def markdown(of: Dataset) -> str:
    """Write a dataset as a table for the docs."""
    rows = [
        f"| `{field.name}` | {field.type} | {field.unit or '-'} | {field.description} |"
        for field in of.fields
    ]
    head = f"**`{of.file}`**: {of.title}. Key: {', '.join(of.key)}. {of.vintage[0].upper()}{of.vintage[1:]}."
    return "\n".join(
        [
            head,
            "",
            "| column | type | unit | what |",
            "|---|---|---|---|",
            *rows,
            "",
            f"Source: {of.source}. {of.licence}.",
        ]
    )


def _value_faults(values: pl.Series, *, field: Field, where: str) -> list[OpenwardError]:
    found: list[OpenwardError] = []
    empty = values.is_null()
    if values.dtype.is_float():
        empty = empty | ~values.is_finite().fill_null(False)
    if not field.nullable and empty.any():
        what = f"{int(empty.sum())} empty cells, first in row {int(empty.arg_true()[0]) + 1}"
        found.append(InputError(what, where=where, hint="fill them in or leave the rows out"))
    low = (values < field.minimum).fill_null(False) if field.minimum is not None else None
    if low is not None and low.any():
        what = f"value below {field.minimum:g}, first in row {int(low.arg_true()[0]) + 1}"
        found.append(InputError(what, where=where, hint=field.description))
    return found


def _read(path: Path) -> Dataset:
    raw: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    try:
        fields = tuple(
            Field(product_of=tuple(entry.pop("product_of", ())), **entry) for entry in raw.pop("fields")
        )
        recipe = raw.pop("recipe", None)
        entry = Dataset(
            fields=fields,
            key=tuple(raw.pop("key")),
            found_as=tuple(raw.pop("found_as", ())),
            recipe=None if recipe is None else Recipe(notes=tuple(recipe.pop("notes", ())), **recipe),
            **raw,
        )
    except (TypeError, KeyError) as error:
        raise InputError("not a dataset entry", where=str(path), hint=str(error)) from error
    unknown = [field.type for field in fields if field.type not in get_args(FieldType)]
    if unknown or entry.name != path.stem:
        raise InputError(
            "unknown field type, or a name unlike the file's", where=str(path), hint=", ".join(unknown)
        )
    return entry


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else "known are " + ", ".join(known)
