"""The law standing still: a book frozen on a day (CONTRACTS, "Reform")."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from openward.book.model import Book, Measure
from openward.codes.membership import Membership
from openward.codes.terms import Interval

Dated = TypeVar("Dated", Measure, Membership)


def freeze(book: Book, on: date) -> Book:
    """Give the book in which what is in force on a day stays in force, and nothing starts later.

    Measures and memberships that start after ``on`` are dropped; the end of what is in force on ``on`` is
    removed; what ended before stays ended. ``meta["frozen_on"]`` holds the day.
    """
    measures = {key: _still(m, on) for key, m in book.measures.items() if m.valid.start <= on}
    memberships = tuple(_still(m, on) for m in book.memberships if m.valid.start <= on)
    return replace(
        book,
        measures=MappingProxyType(measures),
        memberships=memberships,
        meta=MappingProxyType({**book.meta, "frozen_on": on}),
    )


def _still(dated: Dated, on: date) -> Dated:
    valid = dated.valid
    if valid.end is None or valid.end <= on:
        return dated
    return replace(dated, valid=Interval(valid.start))
