"""Versions of a measure in time, and the normal form of a book.

An amendment splits a measure: the earlier part keeps the id ``M``, the later one is ``M@2027-01-01``.
All parts of one measure form its timeline, and an edit that names ``M`` means all of them.

Normal form: parts with empty validity leave the book, adjacent parts that say the same become one, the
earliest part carries the bare id; memberships likewise, in the order group, economy, start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from openward.book.model import Book, Measure
from openward.codes.membership import Membership
from openward.codes.terms import Interval

Timeline = tuple[Measure, ...]
_SOME_DAYS = Interval(date(1, 1, 1))


def base_id(measure_id: str) -> str:
    """Give the id that all versions of a measure share: ``M`` for ``M@2027-01-01``."""
    return measure_id.partition("@")[0]


def timelines(measures: Mapping[str, Measure]) -> dict[str, list[Measure]]:
    """Gather the versions of each measure by base id, as they stand."""
    gathered: dict[str, list[Measure]] = {}
    for key, measure in measures.items():
        gathered.setdefault(base_id(key), []).append(measure)
    return gathered


def content(measure: Measure) -> Measure:
    """Give what a measure says without its id and its days; equal contents are the same rule."""
    return replace(measure, id="", valid=_SOME_DAYS)


def normal_timeline(versions: Iterable[Measure], measure_id: str) -> Timeline:
    """Sort, drop empty validity, merge adjacent equal versions and name them."""
    merged: list[Measure] = []
    for version in sorted((v for v in versions if not v.valid.empty), key=lambda v: v.valid.start):
        last = merged[-1] if merged else None
        if last is not None and last.valid.end == version.valid.start and content(last) == content(version):
            merged[-1] = replace(last, valid=Interval(last.valid.start, version.valid.end))
        else:
            merged.append(version)
    return tuple(_named(version, measure_id, first=k == 0) for k, version in enumerate(merged))


def _named(version: Measure, measure_id: str, *, first: bool) -> Measure:
    name = measure_id if first else f"{measure_id}@{version.valid.start.isoformat()}"
    return version if version.id == name else replace(version, id=name)


def normal_days(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Give the same days as disjoint intervals that do not touch, in order."""
    merged: list[Interval] = []
    for days in sorted((i for i in intervals if not i.empty), key=lambda i: i.start):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < days.start):
            merged.append(days)
        elif last.end is not None:
            merged[-1] = Interval(last.start, None if days.end is None else max(last.end, days.end))
    return tuple(merged)


def normal_memberships(memberships: Iterable[Membership]) -> tuple[Membership, ...]:
    """Merge touching memberships of one economy in one group; the earliest keeps its source."""
    gathered: dict[tuple[str, str], list[Membership]] = {}
    for membership in memberships:
        gathered.setdefault((membership.group, membership.economy), []).append(membership)
    return tuple(one for key in sorted(gathered) for one in normal_member(gathered[key]))


def normal_member(memberships: list[Membership]) -> tuple[Membership, ...]:
    """Normal form of the memberships of one economy in one group."""
    if len(memberships) == 1:
        return () if memberships[0].valid.empty else (memberships[0],)
    ordered = sorted(memberships, key=lambda m: m.valid.start)
    return tuple(
        replace(next(m for m in ordered if m.valid.start == days.start and not m.valid.empty), valid=days)
        for days in normal_days(m.valid for m in ordered)
    )


def normal_form(book: Book) -> Book:
    """Give the normal form of a book: what it says is the same on every day.

    "Apply, then apply the inverse, is the identity" holds on this form.
    """
    measures = {
        version.id: version
        for name, versions in sorted(timelines(book.measures).items())
        for version in normal_timeline(versions, name)
    }
    return replace(
        book, measures=MappingProxyType(measures), memberships=normal_memberships(book.memberships)
    )
