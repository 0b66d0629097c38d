"""The desk: what people do to cases, checked against the procedure and written to the record."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from openward.cases.clock import Deadline, State, deadlines
from openward.cases.event import CORRECTED, FILED, GENESIS, OPENED, Attachment, Event, effective
from openward.cases.machine import Attempt, check, facts_of, state_of
from openward.cases.period import add_months
from openward.cases.procedure import Kind, Procedure, Transition
from openward.cases.reading import procedure as shipped_procedure
from openward.cases.reading import read, text_of
from openward.cases.roles import Permission, Person
from openward.cases.sealing import Sealed, seal
from openward.cases.store import CaseRow, Store
from openward.errors import InputError, RefusedError, UnknownCodeError

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """A document to be attached."""

    kind: str
    name: str
    content: bytes
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case as one person may see it.

    Attributes
    ----------
    row : CaseRow
    procedure : Procedure
        As it was when the case was opened.
    events : tuple of Event
    state : str
    facts : mapping
        Public facts, and confidential ones for those who may read them.
    """

    row: CaseRow
    procedure: Procedure
    events: tuple[Event, ...]
    state: str
    facts: Mapping[str, Any]

    def deadlines(self, as_of: date) -> tuple[Deadline, ...]:
        """Give its clocks at the end of a day."""
        return deadlines(self.procedure, self.events, as_of=as_of)


class Desk:
    """Open cases, act on them, look at them.

    Parameters
    ----------
    store : Store
    now : callable
        Gives the moment; tests give another one.
    """

    def __init__(self, store: Store, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.store = store
        self.now = now
        self._read: dict[str, Procedure] = {}

    def open(
        self,
        name: str,
        person: Person,
        *,
        title: str,
        on: date,
        facts: Mapping[str, Any] | None = None,
        documents: Sequence[Upload] = (),
        case: str | None = None,
    ) -> Event:
        """Open a case under a shipped procedure.

        Raises
        ------
        UnknownCodeError, RefusedError, InputError
        """
        person.need(Permission.OPEN)
        whole = shipped_procedure(name)
        self._known_day(on)
        if person.role not in whole.opens.roles:
            who = ", ".join(one.value for one in whole.opens.roles)
            raise RefusedError(f"{person.role.value} may not open {name}", hint=f"roles that may: {who}")
        if not title.strip():
            raise InputError("a case needs a title", hint="give --title", where="title")
        law = text_of(name).encode()
        name_of = case or f"{name}-{on.year}-{secrets.token_hex(4)}"
        with self.store.writing() as connection:
            digest = self.store.keep(connection, law)
            given = {"title": title, "procedure": name, "procedure_sha256": digest, **(facts or {})}
            public, hidden = seal(given, whole.confidential)
            event = Event(
                name_of, 1, OPENED, on, self.now(), person.name, person.role,
                facts=MappingProxyType(public), sealed=_commitments(hidden),
                documents=_attachments(documents), prev=GENESIS,
            ).sealed_by_hash()  # fmt: skip
            row = CaseRow(
                name_of, name, digest, title, person.name, on.isoformat(), whole.initial, 1, event.hash
            )
            row = _projected(row, whole, (event,))
            self.store.add(connection, event, row, sealed=hidden, documents=_contents(documents))
        return event

    def advance(
        self,
        case: str,
        attempt: Attempt,
        *,
        documents: Sequence[Upload] = (),
        confidential: Sequence[str] = (),
        expected: int | None = None,
        note: str = "",
    ) -> Event:
        """Take an action.

        Parameters
        ----------
        expected : int, optional
            Number of the last event that the person saw: if there are later ones, nothing is recorded.

        Raises
        ------
        UnknownCodeError, RefusedError, InputError, UsageError
        """
        attempt.person.need(Permission.ACT)
        self._known_day(attempt.on)
        with self.store.writing() as connection:
            row, whole, events = self._load(connection, case, attempt.person, expected)
            hidden_before = self.store.sealed(connection, case)
            kinds = tuple(one.kind for one in documents) + attempt.documents
            known = {s.name: s.value for one in hidden_before.values() for s in one}
            check(whole, events, replace(attempt, facts={**known, **attempt.facts}, documents=kinds))
            public, hidden = seal(attempt.facts, {*whole.confidential, *confidential})
            event = self.next_event(
                row, events, attempt.action, attempt.on, attempt.person,
                facts=MappingProxyType(public), sealed=_commitments(hidden),
                documents=_attachments(documents), note=note,
            )  # fmt: skip
            after = _projected(replace(row, seq=event.seq, head=event.hash), whole, (*events, event))
            self.store.add(connection, event, after, sealed=hidden, documents=_contents(documents))
        return event

    def file(
        self, case: str, person: Person, documents: Sequence[Upload], *, on: date, note: str = ""
    ) -> Event:
        """Attach documents, whatever the state."""
        person.need(Permission.ACT)
        self._known_day(on)
        if not documents:
            raise InputError("nothing to file", hint="attach a document with --document KIND=FILE")
        with self.store.writing() as connection:
            row, _, events = self._load(connection, case, person, None)
            event = self.next_event(
                row, events, FILED, on, person, documents=_attachments(documents), note=note
            )
            after = replace(row, seq=event.seq, head=event.hash)
            self.store.add(connection, event, after, documents=_contents(documents))
        return event

    def correct(
        self,
        case: str,
        person: Person,
        *,
        seq: int,
        note: str,
        on: date | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Event:
        """Correct day or public facts of an event, by adding another one.

        Raises
        ------
        RefusedError
            The day would leave the order of events, or the event is itself a correction.
        """
        person.need(Permission.CORRECT)
        if not note.strip():
            raise InputError("a correction says why", hint="give --note", where="note")
        today = self.now().date()
        with self.store.writing() as connection:
            row, whole, events = self._load(connection, case, person, None)
            kept = [one for one in effective(events) if one.action not in (CORRECTED, FILED)]
            index = next((k for k, one in enumerate(kept) if one.seq == seq), None)
            if index is None:
                raise RefusedError(
                    f"event {seq} cannot be corrected", hint="name an action, not a correction"
                )
            if on is not None:
                self._known_day(on)
                low = kept[index - 1].on if index else date.min
                high = kept[index + 1].on if index + 1 < len(kept) else date.max
                if not low <= on <= high:
                    raise RefusedError(
                        f"event {seq} lies between {low} and {high}", hint="correct the others first"
                    )
            event = self.next_event(
                row, events, CORRECTED, today, person, facts=MappingProxyType(dict(facts or {})),
                corrects=seq, correct_on=on, note=note,
            )  # fmt: skip
            after = _projected(replace(row, seq=event.seq, head=event.hash), whole, (*events, event))
            self.store.add(connection, event, after)
        return event

    def look(self, case: str, person: Person, *, known_at: datetime | None = None) -> Case:
        """Give a case as the person may see it, now or as it was known at a moment.

        Raises
        ------
        UnknownCodeError
            There is none, or the person may not know of it.
        """
        with self.store.reading() as connection:
            row, whole, events = self._load(connection, case, person, None)
            hidden = self.store.sealed(connection, case)
        if known_at is not None:
            events = tuple(one for one in events if one.at <= known_at)
        facts = facts_of(events)
        if self._reads_confidential(row, person):
            seqs = {one.seq for one in events}
            facts |= {s.name: s.value for seq, many in hidden.items() if seq in seqs for s in many}
        return Case(row, whole, events, state_of(whole, events), MappingProxyType(facts))

    def document(self, case: str, person: Person, sha256: str) -> tuple[Attachment, bytes]:
        """Give a document of a case.

        Raises
        ------
        UnknownCodeError
            The case has none of that hash.
        RefusedError
            It is confidential and the role may not read it.
        """
        with self.store.reading() as connection:
            row, _, events = self._load(connection, case, person, None)
            found = next((d for e in events for d in e.documents if d.sha256 == sha256), None)
            if found is None:
                raise UnknownCodeError(
                    f"no document {sha256[:12]} in {case}", hint="openward case show lists them"
                )
            if found.confidential and not self._reads_confidential(row, person):
                raise RefusedError("the document is confidential", hint="ask for its public version")
            return found, self.store.document(connection, sha256)

    def rules_of(self, connection: sa.Connection, row: CaseRow) -> Procedure:
        """Give the procedure as it was when the case was opened: law that changes later is not in it."""
        if row.procedure_sha256 not in self._read:
            text = self.store.document(connection, row.procedure_sha256).decode()
            self._read[row.procedure_sha256] = read(text, where=row.procedure)
        return self._read[row.procedure_sha256]

    def _load(
        self, connection: sa.Connection, case: str, person: Person, expected: int | None
    ) -> tuple[CaseRow, Procedure, tuple[Event, ...]]:
        row = self.store.case(connection, case)
        if not person.may(Permission.READ):
            own = person.may(Permission.READ_OWN) and row.opened_by == person.name
            if not own:
                # Not "refused": whoever may not see a case is not told that it exists.
                raise UnknownCodeError(f"no case {case!r}", hint="openward case list prints them")
        if expected is not None and row.seq != expected:
            raise RefusedError(
                f"case {case} has moved on: event {row.seq} was recorded after event {expected}",
                hint="look at the case again, then decide",
                where=case,
            )
        return row, self.rules_of(connection, row), self.store.events(connection, case)

    def next_event(
        self, row: CaseRow, events: Sequence[Event], action: str, on: date, person: Person, **more: Any
    ) -> Event:
        """Make the event that would follow; nothing is written."""
        # A clock that was moved back must not reorder the record: time never runs backwards in it.
        at = max(self.now(), events[-1].at + TICK)
        event = Event(row.id, row.seq + 1, action, on, at, person.name, person.role, prev=row.head, **more)
        return event.sealed_by_hash()

    def _known_day(self, on: date) -> None:
        if on > self.now().date() + timedelta(days=1):
            raise RefusedError(f"{on} has not come yet", hint="record an event when it has happened")

    def _reads_confidential(self, row: CaseRow, person: Person) -> bool:
        return person.may(Permission.READ_CONFIDENTIAL) or row.opened_by == person.name


def _commitments(hidden: Sequence[Sealed]) -> Mapping[str, str]:
    return MappingProxyType({one.name: one.commitment for one in hidden})


def _attachments(documents: Sequence[Upload]) -> tuple[Attachment, ...]:
    import hashlib

    found = []
    for one in documents:
        # A name is shown, never used as a path.
        name = one.name.replace("\\", "/").rsplit("/", 1)[-1] or "unnamed"
        digest = hashlib.sha256(one.content).hexdigest()
        found.append(Attachment(one.kind, name, digest, len(one.content), one.confidential))
    return tuple(found)


def _contents(documents: Sequence[Upload]) -> dict[str, bytes]:
    return {f"{k}": one.content for k, one in enumerate(documents)}


def _projected(row: CaseRow, whole: Procedure, events: Sequence[Event]) -> CaseRow:
    """Work out what the queue shows: state, next limit, end, and how long it is kept."""
    state = state_of(whole, events)
    last = max(one.on for one in events)
    running = [
        one
        for one in deadlines(whole, events, as_of=last)
        if one.kind is Kind.DUE and one.due is not None and one.state in (State.RUNNING, State.OVERDUE)
    ]
    first = min(running, key=lambda one: (one.due, one.limit), default=None)
    closed = last if state in whole.final else None
    keep = None
    if closed is not None and whole.retention_years is not None:
        keep = add_months(closed, 12 * whole.retention_years)
    return replace(
        row,
        state=state,
        next_due=first.due.isoformat() if first and first.due and closed is None else None,
        next_limit=first.limit if first and closed is None else None,
        closed_on=closed.isoformat() if closed else None,
        keep_until=keep.isoformat() if keep else None,
    )


def decisions(whole: Procedure, state: str) -> tuple[Transition, ...]:
    """Give the decisions that may be taken in a state."""
    return tuple(one for one in whole.transitions if state in one.sources and one.decision)
