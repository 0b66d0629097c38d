"""Whom an edit of the law is about: who imposes, on whose goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openward.book.edits import Add, Edit, Join, Leave
from openward.book.model import Book, Measure
from openward.book.timeline import base_id
from openward.determine.groups import GroupsOn
from openward.determine.scope import IMPORT_DUTIES


@dataclass(frozen=True, slots=True)
class Named:
    """The economies an edit names on a day.

    Attributes
    ----------
    importers, partners : frozenset of str
        Who imposes; on whose goods. For joining and leaving a group: the economy, and the other members.
    everybody : bool
        The edit names no partner: it is about all of them.
    measures : tuple of Measure
        The measures edited, before and after; empty for joining and leaving.
    """

    importers: frozenset[str]
    partners: frozenset[str]
    everybody: bool
    measures: tuple[Measure, ...]


def named_by(edit: Edit, *, laws: Sequence[tuple[Book, GroupsOn]], on: date) -> Named:
    """Say whom an edit names, in any of the laws it was tried in."""
    groups = [found for _, found in laws]
    if isinstance(edit, Join | Leave):
        members = frozenset().union(*(g.members(edit.group) for g in groups))
        return Named(frozenset((edit.economy,)), members - {edit.economy, edit.group}, False, ())
    measures = tuple({m.id: m for book, _ in laws for m in edited(edit, book, on)}.values())
    importers = frozenset().union(*(g.members(m.imposed_by) for g in groups for m in measures))
    partners = frozenset().union(
        *(g.expand(m.scope.partners) - g.expand(m.scope.exclude) for g in groups for m in measures)
    )
    return Named(importers, partners, any(not m.scope.partners for m in measures), measures)


def edited(edit: Edit, book: Book, on: date) -> tuple[Measure, ...]:
    """Give the versions of the measure an edit is about that are in force on a day (else all of them)."""
    if isinstance(edit, Join | Leave):
        return ()
    name = base_id(edit.measure.id if isinstance(edit, Add) else edit.measure_id)
    versions = tuple(m for key, m in book.measures.items() if base_id(key) == name)
    return tuple(m for m in versions if on in m.valid) or versions


def is_duty(measure: Measure) -> bool:
    """True for a measure whose instrument is a duty on imports."""
    return measure.instrument in IMPORT_DUTIES
