"""The second time of the law: when a record became known, and until when it was believed.

Every record (measure, act, quota, membership, listing event) is known on the days ``[recorded, withdrawn)``;
a missing day leaves that side open. Records are never changed: a correction withdraws one and records another
under the same key, so that what was answered with ``known_at`` in the past can be answered again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from openward.book.model import Book, LegalAct, Measure, Quota, Record
from openward.codes.membership import Membership
from openward.errors import MissingDataError, RefusedError

Kind = TypeVar("Kind", bound=Record)


def is_known(record: Record, at: date) -> bool:
    """Tell whether a record is known on a day."""
    begun = record.recorded is None or record.recorded <= at
    return begun and (record.withdrawn is None or at < record.withdrawn)


def as_known(book: Book, known_at: date | None) -> Book:
    """Give the book as it was known on a day: every record of that day, and nothing learned later.

    Parameters
    ----------
    book : Book
    known_at : date or None
        None gives all that is recorded: the book itself.
    """
    if known_at is None:
        return book
    past = tuple(
        _as_seen(record, known_at)
        for record in _all_records(book)
        if record.withdrawn is not None and record.withdrawn <= known_at
    )
    return replace(
        book,
        measures=MappingProxyType({one.id: one for one in _seen(book, Measure, known_at)}),
        acts=MappingProxyType({one.id: one for one in _seen(book, LegalAct, known_at)}),
        quotas=MappingProxyType({one.order_number: one for one in _seen(book, Quota, known_at)}),
        memberships=tuple(sorted(_seen(book, Membership, known_at), key=key)),
        records=past,
    )


def correct(book: Book, record: Record, on: date) -> Book:
    """Record a correction: from ``on`` the record is known, and that with the same key is not any more.

    Raises
    ------
    RefusedError
        What it corrects was itself recorded on that day or later.
    """
    return _put(withdraw(book, record, on) if _standing(book, record) is not None else book, record, on)


def withdraw(book: Book, record: Record, on: date) -> Book:
    """Record that what stands under the key of a record is no longer believed from ``on``.

    Raises
    ------
    MissingDataError
        Nothing stands under that key.
    RefusedError
        It was recorded on that day or later.
    """
    standing = _standing(book, record)
    if standing is None:
        raise MissingDataError(
            f"nothing stands under {' '.join(map(str, key(record)[1:]))} in book {book.name}",
            hint="add it instead of correcting it",
        )
    if standing.recorded is not None and standing.recorded >= on:
        raise RefusedError(
            f"{' '.join(map(str, key(record)[1:]))} was recorded on {standing.recorded}, not before {on}",
            hint="a correction is recorded after what it corrects",
        )
    kept = replace(book, records=(*book.records, replace(standing, withdrawn=on)))
    return _replaced(kept, standing, None)


def _put(book: Book, record: Record, on: date) -> Book:
    return _replaced(book, None, replace(record, recorded=on, withdrawn=None))


def _replaced(book: Book, old: Record | None, new: Record | None) -> Book:
    sample = new if new is not None else old
    if isinstance(sample, Membership):
        kept = (one for one in book.memberships if old is None or key(one) != key(old))
        return replace(book, memberships=(*kept, *((new,) if isinstance(new, Membership) else ())))
    field = {Measure: "measures", LegalAct: "acts", Quota: "quotas"}[type(sample)]
    table = dict(getattr(book, field))
    if old is not None:
        del table[key(old)[1]]
    if new is not None:
        table[key(new)[1]] = new
    # The field is chosen by the kind of record, which the checker cannot follow through a keyword.
    changed: Book = replace(book, **{field: MappingProxyType(table)})  # type: ignore[arg-type]
    return changed


def key(record: Record) -> tuple[str, ...]:
    """Give what a record is filed under; a correction has the key of what it corrects."""
    if isinstance(record, Membership):
        return ("membership", record.group, record.economy, record.valid.start.isoformat())
    if isinstance(record, Quota):
        return ("quota", record.order_number)
    return ("measure" if isinstance(record, Measure) else "act", record.id)


def settle(records: Sequence[Kind]) -> tuple[Kind | None, list[Kind], list[tuple[Kind, Kind]]]:
    """Set the records of one key in order of their knowledge.

    An earlier record without a day of withdrawal is withdrawn when the next is recorded.

    Returns
    -------
    record or None, list, list of pairs
        What is known now, what was known before, and the pairs that claim the same day.
    """
    ordered = sorted(records, key=lambda r: r.recorded or date.min)
    clashes = [
        (one, other)
        for one, other in pairwise(ordered)
        if (one.recorded or date.min) == (other.recorded or date.min)
        or (one.withdrawn is not None and other.recorded is not None and one.withdrawn > other.recorded)
    ]
    dated: list[Kind] = [
        replace(one, withdrawn=other.recorded) if one.withdrawn is None else one
        for one, other in pairwise(ordered)
    ]
    last = ordered[-1]
    if last.withdrawn is not None:
        return None, [*dated, last], clashes
    return last, dated, clashes


def _standing(book: Book, record: Record) -> Record | None:
    if isinstance(record, Membership):
        wanted = key(record)
        return next((one for one in book.memberships if key(one) == wanted), None)
    if isinstance(record, Measure):
        return book.measures.get(record.id)
    return book.acts.get(record.id) if isinstance(record, LegalAct) else book.quotas.get(record.order_number)


def _all_records(book: Book) -> Iterator[Record]:
    yield from book.records
    yield from book.measures.values()
    yield from book.acts.values()
    yield from book.quotas.values()
    yield from book.memberships


def _seen(book: Book, kind: type[Kind], at: date) -> Iterator[Kind]:
    for record in _all_records(book):
        if isinstance(record, kind) and is_known(record, at):
            yield _as_seen(record, at)


def _as_seen(record: Kind, at: date) -> Kind:
    """Give a record without what was learned after a day: its withdrawal, and later events."""
    seen = record
    if record.withdrawn is not None and record.withdrawn > at:
        seen = replace(seen, withdrawn=None)
    if isinstance(seen, Measure) and any(e.recorded is not None and e.recorded > at for e in seen.events):
        events = tuple(e for e in seen.events if e.recorded is None or e.recorded <= at)
        seen = replace(seen, events=events)
    return seen
