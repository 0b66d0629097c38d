"""Measures as cells of the tables of a book, and tables as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openward.book.model import ListingEvent, Measure
from openward.codes.terms import Status
from openward.errors import InputError

LIST_MARK = ";"

_COLUMNS: Mapping[str, Callable[[Measure], Any]] = {
    "id": lambda m: m.id,
    "instrument": lambda m: m.instrument.value,
    "imposed_by": lambda m: m.imposed_by,
    "flow": lambda m: m.flow.value,
    "partners": lambda m: m.scope.partners,
    "exclude": lambda m: m.scope.exclude,
    "products": lambda m: m.scope.products.ranges if m.scope.products else (),
    "edition": lambda m: m.scope.products.edition if m.scope.products else "",
    "exclude_products": lambda m: m.scope.exclude_products,
    "additional_codes": lambda m: m.scope.additional_codes,
    "sectors": lambda m: m.scope.sectors,
    "parties": lambda m: m.scope.parties,
    "end_uses": lambda m: m.scope.end_uses,
    "hint_only": lambda m: "true" if m.scope.hint_only else "",
    "duty": lambda m: "" if m.effect.duty is None else str(m.effect.duty),
    "items": lambda m: m.effect.items,
    "text": lambda m: m.effect.text,
    "quota": lambda m: m.effect.quota,
    "number": lambda m: m.effect.number,
    "unit": lambda m: m.effect.unit,
    "conditions": lambda m: tuple(f"{c.kind}={c.value}" for c in m.conditions),
    "events": lambda m: tuple(_event(e) for e in m.events),
    "from": lambda m: m.valid.start,
    "to": lambda m: m.valid.end,
    "act": lambda m: m.act,
    "article": lambda m: m.article,
    "zone": lambda m: m.zone,
    "recorded": lambda m: m.recorded,
    "withdrawn": lambda m: m.withdrawn,
    "status": lambda m: "" if m.status is Status.OFFICIAL else m.status.value,
    "note": lambda m: m.note,
}


def _event(event: ListingEvent) -> str:
    return f"{event.kind} {event.on} {event.act}" + (f" until {event.until}" if event.until else "")


def write_measures(path: Path, measures: Iterable[Measure]) -> None:
    """Write measures as a table of the book, with the columns that say something.

    Raises
    ------
    InputError
        A list would not read back: one of its members holds the mark between members.
    """
    rows = [measure_cells(measure) for measure in measures]
    said = [name for name in _COLUMNS if any(row[name] for row in rows)]
    write_table(path, [{name: row[name] for name in said} for row in rows])


def measure_cells(measure: Measure) -> dict[str, str]:
    """Give a measure as cells of the table of measures, by column; empty where it says nothing.

    Raises
    ------
    InputError
        A list would not read back.
    """
    return {name: _cell(give(measure), name, measure.id) for name, give in _COLUMNS.items()}


def _cell(value: Any, column: str, measure: str) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        if any(LIST_MARK in one for one in value):
            raise InputError(
                f"{measure}: {column} holds {LIST_MARK!r} inside a value", hint="write it without"
            )
        return LIST_MARK.join(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return _text(value)


def write_table(path: Path, rows: Sequence[Mapping[str, Any]], *, header: Sequence[str] = ()) -> None:
    """Write rows that share their keys as CSV; nothing is written for no rows without a header."""
    names = list(header) or (list(rows[0]) if rows else [])
    if not names:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["" if row[n] is None else _text(row[n]) for n in names] for row in rows])


def _text(value: Any) -> str:
    # A line break or outer blank would not come back from the table.
    return value.isoformat() if isinstance(value, date) else " ".join(str(value).split())
