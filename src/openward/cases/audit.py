"""Verify a case in its database: the chain, what is kept apart, and what the queue says of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from openward.cases import tables
from openward.cases.chain import Verdict, verify
from openward.cases.desk import Desk
from openward.cases.event import PURGED
from openward.cases.machine import state_of
from openward.cases.roles import Permission, Person


def verify_case(desk: Desk, case: str, person: Person, *, head: str | None = None) -> Verdict:
    """Verify one case.

    Parameters
    ----------
    head : str, optional
        Hash of the last event as it was noted elsewhere; without it a record that was rewritten from some
        event to its end cannot be told from a true one.

    Raises
    ------
    RefusedError, UnknownCodeError
    """
    person.need(Permission.VERIFY)
    store = desk.store
    with store.reading() as connection:
        row = store.case(connection, case)
        found = verify(case, store.stored(connection, case), head=head, length=row.seq)
        if not found.whole:
            return found
        events = store.events(connection, case)
        if row.head != found.head or row.seq != found.events:
            return replace(found, why="the queue was changed: it does not show the last event")
        if row.state != state_of(desk.rules_of(connection, row), events):
            return replace(found, why="the queue was changed: it shows another state than the events")
        purged = any(event.action == PURGED for event in events)
        removed: list[str] = []
        hidden = store.sealed(connection, case)
        for event in events:
            kept = {one.name: one for one in hidden.get(event.seq, ())}
            for name, commitment in event.sealed.items():
                if name not in kept:
                    removed.append(f"fact {name} of event {event.seq}")
                elif kept[name].commitment != commitment:
                    why = f"event {event.seq}: the confidential fact {name} was changed"
                    return replace(found, tampered=event.seq, why=why)
            for one in event.documents:
                content = connection.execute(
                    sa.select(tables.documents.c.content).where(tables.documents.c.sha256 == one.sha256)
                ).scalar_one_or_none()
                if content is None:
                    removed.append(f"document {one.name} of event {event.seq}")
                elif hashlib.sha256(content).hexdigest() != one.sha256:
                    why = f"event {event.seq}: the document {one.name} was changed"
                    return replace(found, tampered=event.seq, why=why)
        if removed and not purged:
            return replace(found, why=f"missing without a record of removal: {', '.join(removed)}")
    return replace(found, removed=tuple(removed))


def purge(desk: Desk, person: Person, *, today: date) -> tuple[str, ...]:
    """Remove confidential facts and documents of closed cases whose time of keeping is over; give their ids.

    Events and hashes stay, so that the chain can still be verified, and the removal is itself an event.

    Raises
    ------
    RefusedError
    """
    person.need(Permission.RETENTION)
    store, done = desk.store, []
    with store.reading() as connection:
        t = tables.cases
        over = sa.select(t.c.id).where(t.c.keep_until <= today.isoformat()).order_by(t.c.id)
        names = connection.scalars(over).all()
    for name in names:
        with store.writing() as connection:
            row = store.case(connection, name)
            events = store.events(connection, name)
            if events[-1].action == PURGED:
                continue
            event = desk.next_event(row, events, PURGED, today, person, note="time of keeping is over")
            store.add(connection, event, replace(row, seq=event.seq, head=event.hash))
            connection.execute(tables.sealed.delete().where(tables.sealed.c.case_id == name))
            mine = {one.sha256 for one_event in events for one in one_event.documents}
            for digest in sorted(mine - _held_elsewhere(connection, name, mine)):
                connection.execute(tables.documents.delete().where(tables.documents.c.sha256 == digest))
            done.append(name)
    return tuple(done)


def _held_elsewhere(connection: sa.Connection, case: str, digests: set[str]) -> set[str]:
    t = tables.events
    return {
        digest
        for digest in digests
        if connection.execute(
            sa.select(t.c.seq).where(t.c.case_id != case, t.c.body.contains(digest)).limit(1)
        ).first()
    }
