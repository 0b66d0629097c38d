"""Any table, by a small YAML that says what its columns mean (``openward.mapping/1``).

A field of the measure is a template over the columns: ``duty: "{Rate} %"``, ``id: "mine-{Code}"``; a template
without columns is the same in every row. ``values`` rewrites cells before that (country names to codes), and
``dates`` names the form of dates. What the templates give is read as cells of the book's own tables are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from openward.book.documents import act_from
from openward.book.fields import Day, Identifier, Strict, explain
from openward.book.file_schemas import ActDoc
from openward.book.importers.cells import measure_cells
from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.model import Book, LegalAct, Measure
from openward.book.reading import nearest, parse_yaml, read_text
from openward.book.rows import REQUIRED
from openward.book.tables import MEASURE, measure_of
from openward.errors import InputError, InputErrors, OpenwardError, UsageError

_HOLE: Final = re.compile(r"\{([^{}]+)\}")


class FaceLine(Strict):
    """The face of the new book."""

    name: Identifier
    economy: str
    covered_from: Day
    covered_to: Day
    title: str = ""
    note: str = ""
    precedence: str = ""


class MappingDoc(Strict):
    """What the columns of a table mean."""

    schema_: Literal["openward.mapping/1"] = Field(alias="schema")
    book: FaceLine
    acts: tuple[ActDoc, ...] = ()
    fields: dict[str, str]
    delimiter: str = ""
    dates: str = "%Y-%m-%d"
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    other_columns: tuple[str, ...] = ()
    skip_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("fields")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            if name not in MEASURE:
                raise _wrong(f"a measure has no field {name!r}", nearest(name, MEASURE, listing="fields"))
        for name, column in MEASURE.items():
            if column.default is REQUIRED and name not in value:
                raise _wrong(f"the field {name!r} is missing", f"say it: {name}: ...")
        return value

    def columns(self) -> tuple[str, ...]:
        """Give the columns that the templates and rules name, each once."""
        named = [name for template in self.fields.values() for name in _HOLE.findall(template)]
        return tuple(dict.fromkeys([*named, *self.skip_where]))


def _wrong(message: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("openward", "{message}", {"message": message, "hint": hint, "code": "input"})


def read_map(map: Path | str | None) -> MappingDoc:
    """Read a mapping.

    Raises
    ------
    UsageError
        None is named.
    InputErrors
        All that is wrong in it, with lines.
    """
    if map is None:
        raise UsageError("what the columns mean is not said", hint="--map FILE")
    document = parse_yaml(read_text(Path(map), str(map)), str(map))
    try:
        return MappingDoc.model_validate(document.data)
    except ValidationError as error:
        raise InputErrors(explain(error.errors(), document.where, MappingDoc)) from None


def draft(path: Path, *, map: Path | str | None = None, encoding: str = "utf-8-sig") -> Draft:
    """Read a table into a drafted book.

    Parameters
    ----------
    path : Path
        CSV, TSV or Parquet.
    map : Path
        The mapping.
    encoding : str
    """
    said = read_map(map)
    face = said.book
    source = Source(
        path,
        required=said.columns(),
        optional=said.other_columns,
        delimiter=said.delimiter,
        encoding=encoding,
    )
    made = Draft(
        face.name,
        face.economy,
        face.covered_from,
        face.covered_to,
        title=face.title,
        note=face.note,
        sources=(path.name,),
        precedence=face.precedence,
    )
    for act in said.acts:
        made.act(act_from(act))
    for row in source.rows():
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        skip = next((f"{n} is {row[n]!r}" for n, cells in said.skip_where.items() if row[n] in cells), "")
        if skip:
            made.ledger.nothing(row, skip)
            continue
        try:
            measure = _measure(row, said)
        except OpenwardError as error:
            made.reject(row, error)
            continue
        if measure.act and measure.act not in made.acts:
            made.act(LegalAct(measure.act, face.economy, "act", measure.act, in_force=None, source=path.name))
        made.add(row, (measure,))
    made.notes += source.notes
    return made


def _measure(row: Line, said: MappingDoc) -> Measure:
    values: dict[str, Any] = {name: column.default for name, column in MEASURE.items()}
    for name, template in said.fields.items():
        text = _filled(template, row, said)
        if name in {"from", "to", "recorded", "withdrawn"} and text and _HOLE.search(template):
            text = _iso(name, text, said.dates)
        if not text:
            if MEASURE[name].default is REQUIRED:
                raise InputError(f"{name} is empty", hint=f"it is made of {template!r}")
            continue
        try:
            values[name] = MEASURE[name].read(text)
        except OpenwardError as error:
            raise type(error)(f"{name}: {error.message}", hint=error.hint) from None
    return measure_of(values)


def _filled(template: str, row: Line, said: MappingDoc) -> str:
    """Fill a template; where all the columns it names are empty it says nothing."""
    names = _HOLE.findall(template)
    cells = {name: said.values.get(name, {}).get(row[name], row[name]) for name in names}
    if names and not any(cells.values()):
        return ""
    return _HOLE.sub(lambda hole: cells[hole[1]], template).strip()


def _iso(name: str, text: str, form: str) -> str:
    try:
        return datetime.strptime(text, form).date().isoformat()
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a date of the form {form}", hint="see 'dates'") from None


def export(book: Book, *, map: Path | str | None = None) -> list[dict[str, str]]:
    """Give the columns back from the measures of a book, where their templates can be read backwards."""
    said = read_map(map)
    back = {name: {new: old for old, new in cells.items()} for name, cells in said.values.items()}
    rows = []
    for measure in book.measures.values():
        cells = measure_cells(measure)
        row = dict.fromkeys(said.columns(), "")
        for name, template in said.fields.items():
            for column, text in _unfilled(template, cells.get(name, "")):
                dated = name in {"from", "to", "recorded", "withdrawn"}
                shown = datetime.fromisoformat(text).strftime(said.dates) if dated and text else text
                row[column] = row[column] or back.get(column, {}).get(shown, shown)
        rows.append(row)
    return rows


def _unfilled(template: str, text: str) -> Iterator[tuple[str, str]]:
    names = _HOLE.findall(template)
    pattern = "".join(
        "(.*?)" if part in names and k % 2 else re.escape(part)
        for k, part in enumerate(_HOLE.split(template))
    )
    found = re.fullmatch(pattern, text)
    if names and found is not None:
        yield from zip(names, found.groups(), strict=True)


def example() -> Mapping[str, Any]:
    """Give a small mapping as a document, for the documentation."""
    return {
        "schema": "openward.mapping/1",
        "book": {"name": "mine", "economy": "CHN", "covered_from": "2026-01-01", "covered_to": "2026-12-31"},
        "fields": {
            "id": "mine-{Code}",
            "instrument": "mfn-duty",
            "imposed_by": "CHN",
            "flow": "import",
            "products": "{Code}",
            "duty": "{Rate} %",
            "from": "2026-01-01",
            "act": "my-act",
        },
    }
