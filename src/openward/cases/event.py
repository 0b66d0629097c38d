"""One event of a case: what was done, when, by whom, chained to the event before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import rfc8785

from openward.cases.roles import Role
from openward.errors import InputError

OPENED = "open"
CORRECTED = "correct"
FILED = "file"
PURGED = "purge"
GENESIS = "0" * 64
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document by its content: kind, name, SHA-256 in hex, size in bytes."""

    kind: str
    name: str
    sha256: str
    size: int
    confidential: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Give it as the record holds it."""
        return {
            "kind": self.kind,
            "name": self.name,
            "sha256": self.sha256,
            "size": self.size,
            "confidential": self.confidential,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a case.

    Attributes
    ----------
    case : str
    seq : int
        1, 2, 3 ... without a gap.
    action : str
    on : date
        Day on which it happened; clocks run by it.
    at : datetime
        When it was recorded (UTC); never earlier than the event before it.
    actor : str
    role : Role
    facts : mapping
        Public facts.
    sealed : mapping of str to str
        Confidential facts by name: only their commitment, so that the public record can be verified.
    documents : tuple of Attachment
    corrects : int or None
        The event that this one corrects; ``facts`` and ``correct_on`` then replace its own.
    correct_on : date or None
    note : str
    prev, hash : str
        Hash of the event before, and of this one (SHA-256 in hex).
    """

    case: str
    seq: int
    action: str
    on: date
    at: datetime
    actor: str
    role: Role
    facts: Facts = field(default_factory=lambda: MappingProxyType({}))
    sealed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    documents: tuple[Attachment, ...] = ()
    corrects: int | None = None
    correct_on: date | None = None
    note: str = ""
    prev: str = GENESIS
    hash: str = ""

    def body(self) -> dict[str, Any]:
        """Give everything that the hash covers, the hash of the event before included."""
        return {
            "schema": "openward.event/1",
            "case": self.case,
            "seq": self.seq,
            "action": self.action,
            "on": self.on.isoformat(),
            "at": stamp(self.at),
            "actor": self.actor,
            "role": self.role.value,
            "facts": dict(self.facts),
            "sealed": dict(self.sealed),
            "documents": [one.as_dict() for one in self.documents],
            "corrects": self.corrects,
            "correct_on": None if self.correct_on is None else self.correct_on.isoformat(),
            "note": self.note,
            "prev": self.prev,
        }

    def canonical(self) -> bytes:
        """Give the RFC 8785 JSON of :meth:`body`.

        Raises
        ------
        InputError
            A fact is not JSON (a number that is not finite, an integer beyond 2**53).
        """
        try:
            return rfc8785.dumps(self.body())
        except rfc8785.CanonicalizationError as bad:
            raise InputError(
                f"a fact cannot be recorded: {bad}", hint="write very large or special numbers as text"
            ) from bad

    def sealed_by_hash(self) -> Event:
        """Give the event with its own hash."""
        return replace(self, hash=hashlib.sha256(self.canonical()).hexdigest())


def stamp(at: datetime) -> str:
    """Write a moment as the record does: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def from_body(body: Mapping[str, Any], hash: str) -> Event:
    """Read an event back from its body.

    Raises
    ------
    InputError
        It is not an event of this schema.
    """
    try:
        if body["schema"] != "openward.event/1":
            raise InputError(f"not an event: {body['schema']!r}", hint="this version reads openward.event/1")
        return Event(
            case=body["case"],
            seq=body["seq"],
            action=body["action"],
            on=date.fromisoformat(body["on"]),
            at=datetime.fromisoformat(body["at"]),
            actor=body["actor"],
            role=Role(body["role"]),
            facts=MappingProxyType(body["facts"]),
            sealed=MappingProxyType(body["sealed"]),
            documents=tuple(Attachment(**one) for one in body["documents"]),
            corrects=body["corrects"],
            correct_on=None if body["correct_on"] is None else date.fromisoformat(body["correct_on"]),
            note=body["note"],
            prev=body["prev"],
            hash=hash,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as bad:
        raise InputError(
            f"an event of the record cannot be read: {bad}", hint="openward case verify names it"
        ) from bad


def effective(events: Iterable[Event]) -> tuple[Event, ...]:
    """Give the events as corrected: later corrections replace day and facts, nothing is taken away."""
    found: dict[int, Event] = {}
    for event in events:
        if event.action == CORRECTED and event.corrects in found:
            old = found[event.corrects]
            found[event.corrects] = replace(
                old, on=event.correct_on or old.on, facts=MappingProxyType({**old.facts, **event.facts})
            )
        found[event.seq] = event
    return tuple(found.values())
