"""The law standing still: a book frozen on a day (CONTRACTS, "Reform")."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from openward.book.model import Book, LegalAct, Measure
from openward.codes.membership import Membership
from openward.codes.terms import Interval

Dated = TypeVar("Dated", Measure, Membership)


def freeze(book: Book, on: date) -> Book:
    """Give the book in which what is in force on a day stays in force, and nothing starts later.

    Measures and memberships that start after ``on`` are dropped; the end of what is in force on ``on`` is
    removed, and with it the repeal of acts and what events do later; what ended before stays ended.
    ``meta["frozen_on"]`` holds the day.
    """
    measures = {key: _told(_still(m, on), on) for key, m in book.measures.items() if m.valid.start <= on}
    acts = {key: _in_force(act, on) for key, act in book.acts.items()}
    memberships = tuple(_still(m, on) for m in book.memberships if m.valid.start <= on)
    return replace(
        book,
        measures=MappingProxyType(measures),
        acts=MappingProxyType(acts),
        memberships=memberships,
        meta=MappingProxyType({**book.meta, "frozen_on": on}),
    )


def _still(dated: Dated, on: date) -> Dated:
    valid = dated.valid
    if valid.end is None or valid.end <= on:
        return dated
    return replace(dated, valid=Interval(valid.start))


def _in_force(act: LegalAct, on: date) -> LegalAct:
    return replace(act, repealed=None) if act.repealed is not None and act.repealed > on else act


def _told(measure: Measure, on: date) -> Measure:
    if not measure.events:
        return measure
    past = (event for event in measure.events if event.on <= on)
    events = tuple(replace(e, until=None) if e.until is not None and e.until > on else e for e in past)
    return measure if events == measure.events else replace(measure, events=events)
