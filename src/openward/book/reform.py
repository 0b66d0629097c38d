"""Apply an edit script to a book, and undo it.

A date is law: an edit changes nothing before its own day. Adds come first, then the rest in canonical order
(date, kind, id), so the order in the file is irrelevant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from openward.book.canonical import canonical_order
from openward.book.change import amended, extended, repealed, without
from openward.book.conflicts import conflicts
from openward.book.difference import edits_between
from openward.book.edits import Add, Amend, Citation, Edit, Join, Leave, Reform, Repeal
from openward.book.frozen import freeze
from openward.book.model import Book, Measure
from openward.book.reading import nearest
from openward.book.splice import spliced
from openward.book.timeline import Timeline, base_id, content, normal_form, normal_member, normal_timeline
from openward.book.vocabulary import Vocabulary
from openward.codes.membership import Membership
from openward.codes.terms import Status
from openward.errors import (
    InputError,
    InputErrors,
    MissingDataError,
    OpenwardError,
    RefusedError,
    UnknownCodeError,
)

__all__ = [
    "Add",
    "Amend",
    "Application",
    "Citation",
    "Edit",
    "EditEffect",
    "Join",
    "Leave",
    "Reform",
    "Repeal",
    "application",
    "apply",
    "edits_between",
    "freeze",
    "invert",
    "normal_form",
]


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What one edit did to the book: ``changed``, or why not."""

    edit: Edit
    changed: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """A book after a reform, and what each edit did (in the order of the reform)."""

    book: Book
    effects: tuple[EditEffect, ...]


def apply(book: Book, reform: Reform) -> Book:
    """Give the book after the reform; see :func:`application` for the errors."""
    return application(book, reform).book


def application(book: Book, reform: Reform) -> Application:
    """Apply a reform and say which edits changed the book.

    Raises
    ------
    UnknownCodeError
        An edit names a measure, economy, group or code that nobody defined.
    MissingDataError
        An edit is dated before the first day the book covers.
    RefusedError
        A measure is added that is there with other content, or two edits contradict each other.
    InputErrors
        Several of these; all are reported.
    """
    if not reform.edits:
        return Application(book, ())
    work = _Work(book)
    errors: list[OpenwardError] = list(conflicts(reform.edits))
    effects: dict[int, EditEffect] = {}
    places: dict[int, list[int]] = {}
    for k, edit in enumerate(reform.edits):
        places.setdefault(id(edit), []).append(k)
    for edit in _in_order(reform.edits):
        index = places[id(edit)].pop(0)
        try:
            remark = work.do(edit)
            effects[index] = EditEffect(edit, not remark, remark)
        except OpenwardError as error:
            error.where = error.where or _place(edit, index)
            errors.append(error)
            effects[index] = EditEffect(edit, False, "refused")
    if errors:
        raise errors[0] if len(errors) == 1 else InputErrors(errors)
    return Application(work.result(), tuple(effects[k] for k in range(len(reform.edits))))


def invert(reform: Reform, book: Book, *, start: date | None = None) -> Reform:
    """Give the reform that undoes ``reform`` after it was applied to ``book``; it holds the replaced values.

    On the normal form of the book, ``apply(apply(book, reform), invert(reform, book))`` is ``book``. With
    ``start`` it is undone from that day on: until then the law stays as reformed.
    """
    after = apply(book, reform)
    return Reform(
        name=f"{reform.name}-inverse",
        edits=edits_between(after, book if start is None else spliced(after, book, start)),
        title=MappingProxyType({"en": f"Undo: {reform.title.get('en', reform.name)}"}),
        source=reform.source,
    )


def _in_order(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    adds = [edit for edit in edits if isinstance(edit, Add)]
    return canonical_order(adds) + canonical_order(edit for edit in edits if not isinstance(edit, Add))


def _place(edit: Edit, index: int) -> str:
    return f"{edit.where} (edit {index + 1})" if edit.where else f"edit {index + 1}"


def _law(measure: Measure) -> Measure:
    """Give what the measure says, without what we say about it."""
    return replace(content(measure), note="", recorded=None, status=Status.OFFICIAL)


class _Work:
    """The book while its edits are being made."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.measures = dict(book.measures)
        self.versions: dict[str, list[str]] = {}
        for key in self.measures:
            self.versions.setdefault(base_id(key), []).append(key)
        self.members: dict[tuple[str, str], list[Membership]] | None = None
        self._vocabulary: Vocabulary | None = None

    def do(self, edit: Edit) -> str:
        """Make one edit; give why nothing changed, or nothing."""
        if isinstance(edit, Add):
            return self._add(edit)
        self._covered(edit.start)
        if isinstance(edit, Repeal):
            return self._replace(
                edit.measure_id, repealed(self._timeline(edit.measure_id), edit.start), edit.start
            )
        if isinstance(edit, Amend):
            return self._amend(edit)
        return self._member(edit)

    def _add(self, edit: Add) -> str:
        measure = edit.measure
        if "@" in measure.id:
            raise RefusedError(
                f"{measure.id!r} names a version of a measure", hint="an added measure has an id without '@'"
            )
        if measure.valid.empty:
            raise InputError(
                f"the measure {measure.id!r} is valid on no day",
                hint="valid.to is the first day on which it no longer applies",
            )
        standing = normal_timeline(
            (self.measures[key] for key in self.versions.get(measure.id, ())), measure.id
        )
        if standing:
            if self._already(standing, measure):
                return "already in the book"
            raise RefusedError(
                f"the measure {measure.id!r} is already in the book with other content",
                hint="amend it, or give the new measure another id",
            )
        self._covered(measure.valid.start)
        self._known(measure)
        return self._replace(measure.id, (measure,), measure.valid.start)

    def _already(self, standing: Timeline, measure: Measure) -> bool:
        one = standing[0]
        if len(standing) > 1 or _law(one) != _law(measure) or one.valid.start != measure.valid.start:
            return False
        # A frozen book lets what is in force stand still: there the end was removed, the measure is the same.
        return one.valid == measure.valid or (one.valid.end is None and "frozen_on" in self.book.meta)

    def _amend(self, edit: Amend) -> str:
        before = self._timeline(edit.measure_id)
        after = amended(before, edit.set, edit.start) if before else before
        for version in after:
            self._known(version)
        return self._replace(edit.measure_id, after, edit.start)

    def _member(self, edit: Join | Leave) -> str:
        self._party(edit.economy, edit.group)
        if self.members is None:
            self.members = {}
            for one in self.book.memberships:
                self.members.setdefault((one.group, one.economy), []).append(one)
        key = (edit.group, edit.economy)
        before = normal_member(self.members[key]) if key in self.members else ()
        after = extended(before, *key, edit.start) if isinstance(edit, Join) else without(before, edit.start)
        if [one.valid for one in after] == [one.valid for one in before]:
            state = "already a member" if isinstance(edit, Join) else "not a member"
            return f"{edit.economy} is {state} of {edit.group} from {edit.start} on"
        self.members[key] = list(after)
        return ""

    def _replace(self, measure_id: str, after: Timeline, start: date) -> str:
        name = base_id(measure_id)
        keys = self.versions.get(name, [])
        before = normal_timeline((self.measures[key] for key in keys), name)
        after = normal_timeline(after, name)
        if after == before:
            ended = not any(version.valid.end is None or version.valid.end > start for version in before)
            return f"the measure has ended before {start}" if ended else "the measure already says so"
        for key in keys:
            del self.measures[key]
        for version in after:
            self.measures[version.id] = version
        self.versions[name] = [version.id for version in after]
        return ""

    def _timeline(self, measure_id: str) -> Timeline:
        name = base_id(measure_id)
        if name not in self.versions:
            raise UnknownCodeError(
                f"no measure {measure_id!r} in book {self.book.name}",
                hint=nearest(name, self.versions, otherwise="openward book list prints the ids"),
            )
        return normal_timeline((self.measures[key] for key in self.versions[name]), name)

    def _covered(self, start: date) -> None:
        if start < self.book.covered_from:
            raise MissingDataError(
                f"date before data: {start} is before the first day of book {self.book.name}",
                hint=f"the book covers {self.book.covered_from} to {self.book.covered_to}",
            )

    @property
    def vocabulary(self) -> Vocabulary:
        if self._vocabulary is None:
            self._vocabulary = Vocabulary.of(self.book)
        return self._vocabulary

    def _known(self, measure: Measure) -> None:
        for unknown in self.vocabulary.unknown(measure):
            raise UnknownCodeError(f"{unknown.field}: unknown code {unknown.code!r}", hint=unknown.hint)

    def _party(self, economy: str, group: str) -> None:
        if economy not in self.vocabulary.economies:
            raise UnknownCodeError(
                f"unknown economy {economy!r}",
                hint=nearest(economy, self.vocabulary.economies, otherwise="ISO alpha-3"),
            )
        if group not in self.vocabulary.groups:
            raise UnknownCodeError(
                f"unknown group {group!r}", hint=nearest(group, self.vocabulary.groups, listing="groups")
            )

    def result(self) -> Book:
        memberships = self.book.memberships
        if self.members is not None:
            memberships = tuple(self._all_members())
        return replace(self.book, measures=MappingProxyType(self.measures), memberships=memberships)

    def _all_members(self) -> Iterator[Membership]:
        assert self.members is not None
        for members in self.members.values():
            yield from members
