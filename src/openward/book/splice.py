"""Two laws in one book: one until a day, the other from that day on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from openward.book.model import Book, Measure
from openward.book.timeline import normal_member, normal_timeline, timelines
from openward.codes.membership import Membership
from openward.codes.terms import Interval

Dated = TypeVar("Dated", Measure, Membership)


def spliced(before: Book, after: Book, on: date) -> Book:
    """Give ``before`` with the measures and memberships of ``after`` from a day on.

    What both books say alike stays as it stands in ``before``.
    """
    old, new = timelines(before.measures), timelines(after.measures)
    measures: dict[str, Measure] = {}
    for name in sorted(old.keys() | new.keys()):
        ours, theirs = old.get(name, []), new.get(name, [])
        joined: Iterable[Measure] = ours
        if ours != theirs:
            joined = normal_timeline((*_until(ours, on), *_from(theirs, on)), name)
        measures |= {version.id: version for version in joined}
    members: list[Membership] = []
    one, other = _by_pair(before), _by_pair(after)
    for pair in sorted(one.keys() | other.keys()):
        here, there = one.get(pair, []), other.get(pair, [])
        members += here if here == there else normal_member([*_until(here, on), *_from(there, on)])
    return replace(before, measures=MappingProxyType(measures), memberships=tuple(members))


def _by_pair(book: Book) -> dict[tuple[str, str], list[Membership]]:
    gathered: dict[tuple[str, str], list[Membership]] = {}
    for one in book.memberships:
        gathered.setdefault((one.group, one.economy), []).append(one)
    return gathered


def _until(dated: Iterable[Dated], on: date) -> Iterator[Dated]:
    for one in dated:
        if one.valid.start < on:
            end = on if one.valid.end is None else min(one.valid.end, on)
            yield replace(one, valid=Interval(one.valid.start, end))


def _from(dated: Iterable[Dated], on: date) -> Iterator[Dated]:
    for one in dated:
        if one.valid.end is None or one.valid.end > on:
            yield replace(one, valid=Interval(max(one.valid.start, on), one.valid.end))
