"""Events in the life of listings, one row an event: who is on which list since when, and what came of it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

from openward.book.fields import iso_date
from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.model import Book, Effect, Flow, Instrument, LegalAct, ListingEvent, Measure, Scope
from openward.codes.terms import Interval, Status
from openward.errors import InputError

COLUMNS: Final = (
    "name",
    "chinese_name",
    "list",
    "listed",
    "event",
    "event_date",
    "until",
    "basis",
    "official_url",
    "evidence",
)
_KINDS: Final = ("add", "suspend", "resume", "stop", "remove")
_LISTS: Final = {
    "UEL": ("uel", "Unreliable entities: dealings are restricted"),
    "List of Export Controls": ("ecl", "Export control list: no dual-use items may be exported to it"),
}


def draft(path: Path, *, encoding: str = "utf-8-sig") -> Draft:
    """Read events into a drafted book: one entity listing for each name and list, with its events in order.

    Parameters
    ----------
    path : Path
    encoding : str
    """
    source = Source(path, required=COLUMNS, encoding=encoding)
    made = Draft(
        "cn-listing-events",
        "CHN",
        date(2020, 9, 19),
        date(2020, 9, 19),
        title="China's lists of entities: events",
        note="From extracts of notices made by machine: unverified.",
        sources=(path.name,),
    )
    held: dict[str, tuple[Line, list[Line]]] = {}
    for row in source.rows():
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        try:
            key = _key(row)
            first, events = held.setdefault(key, (row, []))
            _agrees(first, events, row)
        except InputError as error:
            made.reject(row, error)
            continue
        events.append(row)
        made.covered_to = max(made.covered_to, iso_date(row["event_date"]))
    for key, (first, events) in held.items():
        if not events:
            continue
        measure = _measure(made, key, first, events)
        made.add(first, (measure,))
        if measure.id in made.measures:
            for row in events[1:]:
                made.ledger.imported(row)
    made.notes += source.notes
    return made


def _key(row: Line) -> str:
    if row["list"] not in _LISTS:
        raise InputError(f"unknown list {row['list']!r}", hint=f"one of {', '.join(_LISTS)}")
    if row["event"] not in _KINDS:
        raise InputError(f"unknown event {row['event']!r}", hint=f"one of {', '.join(_KINDS)}")
    name = re.sub(r"[^a-z0-9]+", "-", row["name"].casefold()).strip("-")
    if not name:
        raise InputError("the name is empty", hint="give it in Latin letters")
    if ";" in row["name"] + row["chinese_name"]:
        raise InputError("a name holds ';'", hint="one row for each name")
    for column in ("listed", "event_date", *(("until",) if row["until"] else ())):
        iso_date(row[column])
    if row["until"] and row["event"] != "suspend":
        raise InputError(f"{row['event']} with an end", hint="only a suspension states its end")
    return f"{_LISTS[row['list']][0]}-{name}"


def _agrees(first: Line, events: list[Line], row: Line) -> None:
    for column in ("chinese_name", "listed"):
        if row[column] != first[column]:
            raise InputError(
                f"{column}: {row[column]!r}, but line {first.number} says {first[column]!r}",
                hint="two extracts conflict; read the notice",
            )
    for other in events:
        if other["event_date"] == row["event_date"]:
            raise InputError(
                f"a second event on {row['event_date']}: {row['event']}, "
                f"line {other.number} says {other['event']}",
                hint="two extracts conflict; read the notice",
            )


def _measure(made: Draft, key: str, first: Line, rows: list[Line]) -> Measure:
    listed = iso_date(first["listed"])
    short, words = _LISTS[first["list"]]
    act = _act(made, f"chn-{short}-{listed}", f"{first['list']}, additions of {listed}", listed, "")
    events = [ListingEvent("add", listed, act)]
    for row in sorted(rows, key=lambda one: one["event_date"]):
        on = iso_date(row["event_date"])
        number = re.sub(r"\D", "", row["official_url"].rpartition("/")[2])
        name = f"chn-{short}-{on}" + (f"-{number}" if number else "")
        cited = _act(made, name, f"{first['list']}, notice of {on}", on, row["official_url"])
        events.append(ListingEvent(row["event"], on, cited, iso_date(row["until"]) if row["until"] else None))
    told = [f"{row['event']} {row['event_date']}: {row['basis']} [{row['evidence']}]" for row in rows]
    parties = tuple(name for name in (first["name"], first["chinese_name"]) if name)
    return Measure(
        id=f"list-{key}",
        instrument=Instrument.ENTITY_LISTING,
        imposed_by="CHN",
        flow=Flow.EXPORT,
        scope=Scope(parties=parties),
        effect=Effect(text=words),
        valid=Interval(listed),
        act=act,
        article=first["list"],
        status=Status.UNVERIFIED,
        note=" || ".join(told),
        events=tuple(events),
    )


def _act(made: Draft, name: str, title: str, on: date, url: str) -> str:
    if name not in made.acts:
        made.act(LegalAct(name, "CHN", "notice", title, in_force=on, url=url, status=Status.UNVERIFIED))
    return name


_TOLD = re.compile(r"(\w+) (\S+?): (.*) \[(.*)\]", re.DOTALL)


def export(book: Book) -> list[dict[str, str]]:
    """Give one row for each event after the listing: the import backwards."""
    rows = []
    for measure in sorted(book.measures.values(), key=lambda m: m.id):
        if measure.instrument is not Instrument.ENTITY_LISTING or not measure.id.startswith("list-"):
            continue
        told = {}
        for part in measure.note.split(" || "):
            said = _TOLD.fullmatch(part)
            if said is not None:
                told[said[2]] = (said[3], said[4])
        names = (*measure.scope.parties, "")
        for event in measure.events[1:]:
            basis, evidence = told.get(event.on.isoformat(), ("", ""))
            act = book.acts[event.act]
            until = event.until.isoformat() if event.until else ""
            start = measure.valid.start.isoformat()
            cells = (
                names[0],
                names[1],
                measure.article,
                start,
                event.kind,
                event.on.isoformat(),
                until,
                basis,
            )
            rows.append(dict(zip(COLUMNS, (*cells, act.url, evidence), strict=True)))
    return rows
