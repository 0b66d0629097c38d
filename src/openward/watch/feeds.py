"""Feeds the user supplies: foreign notices and country events, dated rows with a source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openward.codes.economies import economies
from openward.errors import InputError, InputErrors, OpenwardError

NOTICE_KINDS = ("initiation", "provisional", "definitive", "withdrawn")
NOTICE_COLUMNS = ("on", "imposed_by", "against", "kind", "instrument", "products", "title", "source")
EVENT_COLUMNS = ("on", "economy", "kind", "severity", "title", "source")


@dataclass(frozen=True, slots=True)
class Notice:
    """A foreign trade measure as a dated event (``openward.notices/1``, CSV).

    ``products`` are codes of any even length; empty where the notice names none.
    """

    on: date
    imposed_by: str
    against: str
    kind: str
    instrument: str
    products: tuple[str, ...]
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class CountryEvent:
    """Something that happened in an economy (``openward.events/1``, CSV); severity from 1 to 5."""

    on: date
    economy: str
    kind: str
    severity: int
    title: str
    source: str


def read_notices(path: Path) -> tuple[Notice, ...]:
    """Read notices; every fault is collected and raised once."""
    faults: list[OpenwardError] = []
    found = []
    for number, row in read_rows(path, NOTICE_COLUMNS):
        at = f"{path}:{number}"
        on = _day(row["on"], at, faults)
        _economy(row["imposed_by"], at, faults)
        _economy(row["against"], at, faults)
        _sourced(row["source"], at, faults)
        codes = tuple(code.strip() for code in row["products"].split(";") if code.strip())
        bad = [code for code in codes if not (code.isascii() and code.isdigit())]
        if bad:
            faults.append(
                InputError(f"{bad[0]!r} is no product code", where=at, hint="digits, ';' between codes")
            )
        if row["kind"] not in NOTICE_KINDS:
            faults.append(InputError(f"kind {row['kind']!r}", where=at, hint=", ".join(NOTICE_KINDS)))
        if on is not None:
            found.append(
                Notice(
                    on,
                    row["imposed_by"],
                    row["against"],
                    row["kind"],
                    row["instrument"],
                    codes,
                    row["title"],
                    row["source"],
                )
            )
    if faults:
        raise InputErrors(faults)
    return tuple(sorted(found, key=lambda one: (one.on, one.imposed_by, one.title)))


def read_events(path: Path) -> tuple[CountryEvent, ...]:
    """Read country events; every fault is collected and raised once."""
    faults: list[OpenwardError] = []
    found = []
    for number, row in read_rows(path, EVENT_COLUMNS):
        at = f"{path}:{number}"
        on = _day(row["on"], at, faults)
        _economy(row["economy"], at, faults)
        _sourced(row["source"], at, faults)
        if row["severity"] not in {"1", "2", "3", "4", "5"}:
            faults.append(
                InputError(f"severity {row['severity']!r}", where=at, hint="1 (slight) to 5 (grave)")
            )
        elif on is not None:
            found.append(
                CountryEvent(
                    on, row["economy"], row["kind"], int(row["severity"]), row["title"], row["source"]
                )
            )
    if faults:
        raise InputErrors(faults)
    return tuple(sorted(found, key=lambda one: (one.on, one.economy, one.title)))


def read_rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV file with exactly these columns, with the number of each line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            rows = [(number, row) for number, row in enumerate(reader, start=2)]
            head = tuple(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("not a readable CSV file", where=str(path), hint=str(error)) from error
    if set(head) != set(columns):
        raise InputError(
            f"columns are {', '.join(head)}", where=str(path), hint=f"write {', '.join(columns)}"
        )
    ragged = [number for number, row in rows if None in row or None in row.values()]
    if ragged:
        raise InputError(
            "too many or too few cells", where=f"{path}:{ragged[0]}", hint="quote cells with commas"
        )
    return rows


def _day(text: str, at: str, faults: list[OpenwardError]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(InputError(f"{text!r} is not a date", where=at, hint="YYYY-MM-DD"))
        return None


def _economy(code: str, at: str, faults: list[OpenwardError]) -> None:
    if code not in economies():
        faults.append(InputError(f"{code!r} is no economy", where=at, hint="ISO alpha-3, such as USA"))


def _sourced(text: str, at: str, faults: list[OpenwardError]) -> None:
    if not text.strip():
        faults.append(InputError("no source", where=at, hint="say where it was published"))
