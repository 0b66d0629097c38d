"""Read lists of parties: tables, entities of FollowTheMoney, and the listings of a book."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openward.book.model import Book, Instrument
from openward.determine.screening.party import Party, party_from
from openward.errors import InputError, MissingDataError


def read_parties(path: Path) -> tuple[Party, ...]:
    """Read parties from a file.

    ``.csv`` has a column ``name`` and any of list, id, schema, country, program; ``.json`` is an entity, a
    list of them, or the Consolidated Screening List; ``.jsonl`` and ``.ftm`` have an entity a line, ``.txt``
    a name.

    Raises
    ------
    MissingDataError
        The file is not there.
    InputError
        A row cannot be read; it says which.
    """
    if not path.is_file():
        raise MissingDataError("no such file", where=str(path), hint="check the path")
    readers = {".csv": _table, ".json": _document, ".jsonl": _lines, ".ftm": _lines, ".txt": _text}
    reader = readers.get(path.suffix)
    if reader is None:
        raise InputError(
            f"no reader for {path.suffix or 'a file without a suffix'}",
            where=str(path),
            hint="use .csv, .json, .jsonl, .ftm or .txt",
        )
    return tuple(reader(path))


def _text(path: Path) -> Iterator[Party]:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if line.strip():
            yield Party(id=f"{path.name}:{number}", names=(line.strip(),))


def _table(path: Path) -> Iterator[Party]:
    gathered: dict[tuple[str, str], dict[str, list[str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        if "name" not in (rows.fieldnames or ()):
            raise InputError("the table has no column 'name'", where=str(path), hint="add one")
        for row in rows:
            where = f"{path.name}:{rows.line_num}"
            if not (row["name"] or "").strip():
                raise InputError("the name is empty", where=where, hint="fill it or take the row away")
            key = row.get("list") or path.stem, row.get("id") or where
            one = gathered.setdefault(key, {"name": [], "schema": [], "country": [], "topics": []})
            one["name"].append(row["name"].strip())
            for field, column in (("schema", "schema"), ("country", "country"), ("topics", "program")):
                if row.get(column):
                    one[field].append(row[column])
    for (source, identity), one in gathered.items():
        yield Party(
            id=f"{source}/{identity}",
            names=tuple(dict.fromkeys(one["name"])),
            schema=one["schema"][0] if one["schema"] else "",
            source=source,
            countries=tuple(dict.fromkeys(one["country"])),
            properties={
                "name": tuple(dict.fromkeys(one["name"])),
                "program": tuple(dict.fromkeys(one["topics"])),
            },
        )


def _document(path: Path) -> Iterator[Party]:
    document = _json(path.read_text(encoding="utf-8-sig"), path.name)
    if isinstance(document, dict) and "entries" in document and "tables" in document:
        yield from _consolidated(document)
        return
    several = document if isinstance(document, list) else [document]
    for number, one in enumerate(several, start=1):
        yield party_from(_entity(one, f"{path.name}#{number}"), where=f"{path.name}#{number}")


def _consolidated(document: Any) -> Iterator[Party]:
    """Read the Consolidated Screening List of the United States; the source of a party is its list's code."""
    codes = {title: authority["code"] for title, authority in document["listAuthority"].items()}
    titles = document["tables"]["sources"]
    requirements = document["tables"].get("licenceRequirements", [])
    schemas = {"Individual": "Person", "Entity": "LegalEntity", "Vessel": "Vessel", "Aircraft": "Airplane"}
    for number, row in enumerate(document["entries"], start=1):
        asks = (requirements[row["lr"]],) if isinstance(row.get("lr"), int) else ()
        code = codes.get(titles[row["s"]], titles[row["s"]])
        yield Party(
            id=f"{code}/{row.get('e') or number}",
            names=tuple(dict.fromkeys((row["n"], *row.get("a", ())))),
            schema=schemas.get(row.get("t", ""), ""),
            source=code,
            countries=tuple(row.get("c", ())),
            properties={"name": (row["n"],), "alias": tuple(row.get("a", ())), "notes": asks},
        )


def _lines(path: Path) -> Iterator[Party]:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if line.strip():
            where = f"{path.name}:{number}"
            yield party_from(_entity(_json(line, where), where), where=where)


def _json(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as bad:
        raise InputError(f"not JSON: {bad.msg}", where=where, hint=f"see column {bad.colno}") from bad


def _entity(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InputError(
            "not an entity", where=where, hint="an entity is an object with id, schema, properties"
        )
    return value


def listed_parties(book: Book) -> tuple[Party, ...]:
    """Give the parties that a book lists; the id of each is that of its measure."""
    return tuple(
        Party(
            id=measure.id,
            names=measure.scope.parties,
            source=measure.imposed_by,
            countries=measure.scope.partners,
            properties={"name": measure.scope.parties, "notes": (measure.effect.text,)},
        )
        for measure in book.measures.values()
        if measure.instrument is Instrument.ENTITY_LISTING and measure.scope.parties
    )
