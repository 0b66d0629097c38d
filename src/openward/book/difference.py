"""The edits that turn one book into another: the inverse of a reform, and the difference of two books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from openward.book.change import amended, base_version, patch_between
from openward.book.documents import interval_document, measure_document
from openward.book.edits import Add, Amend, Edit, Join, Leave, Repeal
from openward.book.model import Book
from openward.book.timeline import Timeline, normal_memberships, normal_timeline, timelines
from openward.codes.terms import Interval

_NEVER = date.max


def edits_between(a: Book, b: Book) -> tuple[Edit, ...]:
    """Give the edits that turn ``a`` into ``b`` (measures and memberships), sorted by date, kind, id."""
    from openward.book.canonical import canonical_order

    return canonical_order([*_measure_edits(a, b), *_membership_edits(a, b)])


def _measure_edits(a: Book, b: Book) -> Iterator[Edit]:
    before, after = timelines(a.measures), timelines(b.measures)
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, []), after.get(name, [])
        if old != new:
            yield from _turned(name, normal_timeline(old, name), normal_timeline(new, name))


def _turned(name: str, old: Timeline, new: Timeline) -> Iterator[Edit]:
    if old == new:
        return
    if not old:
        yield Add(new[0])
        old, new = new[:1], new
        if len(new) == 1:
            return
    day = _first_difference(old, new)
    wanted = [version for version in new if version.valid.end is None or version.valid.end > day]
    if not wanted:
        yield Repeal(name, day)
    current = old
    for k, version in enumerate(wanted):
        start = day if k == 0 else version.valid.start
        target = replace(version, id=name)
        base = replace(base_version(current, start), id=name)
        patch = patch_between(measure_document(base), measure_document(target))
        patch["valid"] = interval_document(version.valid) | (
            {"to": None} if version.valid.end is None else {}
        )
        edit = Amend(name, MappingProxyType(patch), start)
        current = normal_timeline(amended(current, patch, start), name)
        yield edit


def _first_difference(old: Timeline, new: Timeline) -> date:
    """First day on which two timelines in normal form say different things."""
    for one, other in zip(old, new, strict=False):
        if one == other:
            continue
        if one.valid.start != other.valid.start or replace(one, valid=other.valid) != other:
            return min(one.valid.start, other.valid.start)
        return min(one.valid.end or _NEVER, other.valid.end or _NEVER)
    longer = old if len(old) > len(new) else new
    return longer[min(len(old), len(new))].valid.start


def _membership_edits(a: Book, b: Book) -> Iterator[Edit]:
    before, after = _days(a), _days(b)
    for group, economy in sorted(before.keys() | after.keys()):
        old, new = before.get((group, economy), []), after.get((group, economy), [])
        if old != new:
            yield from _turned_members(economy, group, old, new)


def _days(book: Book) -> dict[tuple[str, str], list[Interval]]:
    days: dict[tuple[str, str], list[Interval]] = {}
    for one in normal_memberships(book.memberships):
        days.setdefault((one.group, one.economy), []).append(one.valid)
    return days


def _turned_members(economy: str, group: str, old: list[Interval], new: list[Interval]) -> Iterator[Edit]:
    day = _first_day_apart(old, new)
    wanted = [valid for valid in new if valid.end is None or valid.end > day]
    if not wanted or wanted[0].start > day:
        yield Leave(economy, group, day)
    for valid in wanted:
        yield Join(economy, group, max(valid.start, day))
        if valid.end is not None:
            yield Leave(economy, group, valid.end)


def _first_day_apart(old: list[Interval], new: list[Interval]) -> date:
    for one, other in zip(old, new, strict=False):
        if one.start != other.start:
            return min(one.start, other.start)
        if one.end != other.end:
            return min(one.end or _NEVER, other.end or _NEVER)
    longer = old if len(old) > len(new) else new
    return longer[min(len(old), len(new))].start
