"""What is in force on a day: a measure ends with its act, and a listing is the sum of its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openward.book.model import Book, ListingEvent, Measure
from openward.codes.terms import Interval


def effective_validity(book: Book, measure: Measure) -> Interval:
    """Give the days of a measure: its own, and none after its act is repealed.

    An act the book does not hold, or without a day of repeal, takes nothing away.
    """
    act = book.acts.get(measure.act)
    if act is None or act.repealed is None:
        return measure.valid
    end = measure.valid.end
    return Interval(measure.valid.start, act.repealed if end is None else min(end, act.repealed))


def in_force(book: Book, on: date) -> tuple[Measure, ...]:
    """Give the measures in force on a day, by id.

    A measure ends with its act. Conditions are not looked at; a measure with events is in force, or its
    state is not resolved (see :func:`listing_state`).
    """
    found = (book.measures[key] for key in sorted(book.measures))
    return tuple(m for m in found if on in effective_validity(book, m) and _stands(m, on))


def _stands(measure: Measure, on: date) -> bool:
    return not measure.events or listing_state(measure, on).state in {Listed.IN_FORCE, Listed.UNRESOLVED}


class Listed(StrEnum):
    """State of a listing on a day."""

    NOT_YET = "not listed yet"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    REMOVED = "removed"
    ENDED = "ended"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class ListingState:
    """State of a listing, since when, by which act; ``until`` ends a suspension; ``why``: what is open."""

    state: Listed
    since: date
    act: str
    until: date | None = None
    why: str = ""


_AFTER = {
    "add": Listed.IN_FORCE,
    "resume": Listed.IN_FORCE,
    "suspend": Listed.SUSPENDED,
    "stop": Listed.STOPPED,
    "remove": Listed.REMOVED,
}


def listing_state(measure: Measure, on: date) -> ListingState:
    """Give the state of a measure on a day from its events.

    A suspension that has reached the end it states, with no event since, is not resolved: whether it was
    renewed is not known. A measure without events is in force on the days of its validity.
    """
    valid = measure.valid
    past = [event for event in in_order(measure.events) if event.on <= on]
    if on < valid.start and not (past and past[-1].kind == "suspend"):
        return ListingState(Listed.NOT_YET, valid.start, measure.act)
    if valid.end is not None and valid.end <= on:
        return ListingState(Listed.ENDED, valid.end, measure.act)
    if not past:
        if any(event.kind == "add" for event in measure.events):
            return ListingState(Listed.NOT_YET, measure.events[0].on, measure.act)
        return ListingState(Listed.IN_FORCE, valid.start, measure.act)
    last = past[-1]
    if last.kind == "suspend" and last.until is not None and last.until <= on:
        return ListingState(Listed.UNRESOLVED, last.until, last.act, last.until, "renewal not known")
    return ListingState(_AFTER[last.kind], last.on, last.act, last.until)


def in_order(events: tuple[ListingEvent, ...]) -> tuple[ListingEvent, ...]:
    """Give events by day; those of one day stay in the order in which they are written."""
    return tuple(sorted(events, key=lambda event: event.on))
