"""The append-only record of alerts: one line an event, each holding the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openward.errors import InputError, IntegrityError
from openward.observe.durable import locked, sync_folder

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes
    ----------
    number : int
        1 for the first.
    kind : str
        opened, acknowledged, cleared, reopened, delivered, failed or ran.
    alert : str
        Id of the alert; empty for ``ran``.
    at : str
        Time in UTC, ISO 8601, as the writer's clock had it.
    by : str
    body : mapping
    previous, hash : str
        SHA-256 in hex; `hash` covers everything else in the event.
    """

    number: int
    kind: str
    alert: str
    at: str
    by: str
    body: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be written."""

    kind: str
    alert: str
    at: str
    by: str
    body: Mapping[str, Any]


def read_log(path: Path) -> tuple[Event, ...]:
    """Read and verify the record.

    A last line without its end was being written when the process died; nobody was told that it is kept, so
    it does not count. Anything else that does not fit raises.

    Raises
    ------
    IntegrityError
        The chain is broken; names the line.
    """
    if not path.is_file():
        return ()
    events: list[Event] = []
    before = GENESIS
    for number, line in enumerate(_whole_lines(path), start=1):
        event = _parsed(line, number, path)
        told = _digest(number, Draft(event.kind, event.alert, event.at, event.by, event.body), before)
        if event.number != number or event.previous != before or event.hash != told:
            raise IntegrityError(
                f"event {number} is not what was written",
                where=f"{path}:{number}",
                hint="a line was changed, removed or put in; restore the file from a copy",
            )
        events.append(event)
        before = event.hash
    return tuple(events)


def append(path: Path, drafts: Sequence[Draft], *, seen: int) -> tuple[Event, ...]:
    """Write events after the `seen` ones, on the disk before this returns. Call inside `writing`.

    Raises
    ------
    IntegrityError
        Somebody wrote in between.
    """
    events = read_log(path)
    if len(events) != seen:
        raise IntegrityError("the record grew while it was being written", where=str(path), hint="run again")
    before = events[-1].hash if events else GENESIS
    new: list[Event] = []
    for number, draft in enumerate(drafts, start=seen + 1):
        digest = _digest(number, draft, before)
        new.append(Event(number, draft.kind, draft.alert, draft.at, draft.by, draft.body, before, digest))
        before = digest
    if new:
        _write(path, "".join(_line(event) for event in new).encode(), fresh=not events)
    return tuple(new)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the record for writing: one writer at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_name(f".{path.name}.lock")):
        yield


def _write(path: Path, content: bytes, *, fresh: bool) -> None:
    whole = sum(len(line) + 1 for line in _whole_lines(path)) if path.is_file() else 0
    try:
        with path.open("r+b" if path.is_file() else "xb") as file:
            file.truncate(whole)
            file.seek(whole)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(
            f"cannot write: {error.strerror}", where=str(path), hint="look at the disk"
        ) from error
    if fresh:
        sync_folder(path.parent)


def _whole_lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1]


def _parsed(line: bytes, number: int, path: Path) -> Event:
    try:
        return Event(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise IntegrityError(
            f"event {number} cannot be read", where=f"{path}:{number}", hint="restore the file from a copy"
        ) from error


def _digest(number: int, draft: Draft, previous: str) -> str:
    told = [number, draft.kind, draft.alert, draft.at, draft.by, draft.body, previous]
    return hashlib.sha256(_json(told, sort=True).encode()).hexdigest()


def _line(event: Event) -> str:
    return _json({name: getattr(event, name) for name in Event.__slots__}) + "\n"


def _json(value: object, *, sort: bool = False) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=sort, separators=(",", ":"), allow_nan=False)
