"""A procedure as data: states, what leads from one to the next, who may do it, and the limits of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from openward.cases.period import Period
from openward.cases.roles import Role
from openward.codes.terms import Status


class Kind(StrEnum):
    """What a limit limits.

    ``due``: the last day to act. ``earliest``: nothing may be done up to and including that day.
    ``term``: how long what was decided stays in force, ``[start, start + length)``.
    """

    DUE = "due"
    EARLIEST = "earliest"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Stop:
    """The clock stands still from the day of ``on`` to the day of the first of ``until``."""

    on: str
    until: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """An action that lengthens a limit: by ``period``, or by fewer units where fact ``fact`` says so.

    ``most`` is how often it may be used; ``total`` the longest the limit may become, in its own unit.
    """

    on: str
    period: Period
    fact: str = ""
    most: int = 1
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of time, with the article that sets it.

    Attributes
    ----------
    id, title : str
    kind : Kind
    period : Period
    starts, ends, unless : tuple of str
        Actions that start it, that end it, and after which it does not apply.
    start_fact : str
        Fact of the starting event that holds the first day, where that is not the day of the event.
    length_fact : str
        Fact that shortens a term.
    before : str
        Id of a term; the limit is then ``period`` before the day that term ends.
    before_start : bool
        It is counted back from the day the term begins instead.
    at_least_term : str
        Id of a term: an ``earliest`` limit is at least as long as that term was.
    calendar : str
        Working days counted, and to which the last day moves where ``rolls`` is set.
    lapse : str
        What the law says when it passes unused.
    """

    id: str
    title: str
    kind: Kind
    period: Period
    starts: tuple[str, ...]
    article: str
    act: str
    evidence: Status
    ends: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Extension, ...] = ()
    start_fact: str = ""
    length_fact: str = ""
    before: str = ""
    before_start: bool = False
    at_least_term: str = ""
    calendar: str = ""
    rolls: bool = False
    lapse: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """One action: from which states it leads where, and what it needs.

    ``four_eyes`` names earlier actions whose actors may not take this one. ``facts`` maps a fact to the test
    it must pass (empty: it must be given). ``proposes`` says which law the decision would make.
    """

    action: str
    title: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...]
    article: str = ""
    decision: bool = False
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    documents: tuple[str, ...] = ()
    four_eyes: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    proposes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure of one economy's law."""

    id: str
    economy: str
    title: Mapping[str, str]
    authority: str
    initial: str
    final: tuple[str, ...]
    transitions: tuple[Transition, ...]
    limits: tuple[Limit, ...]
    opens: Transition
    confidential: tuple[str, ...] = ()
    retention_years: int | None = None
    retention_basis: str = ""
    source: str = ""
    note: str = ""
    digest: str = ""

    def transition(self, action: str) -> Transition | None:
        """Give the transition of an action; None where there is none."""
        return next((one for one in self.transitions if one.action == action), None)

    def limit(self, name: str) -> Limit | None:
        """Give a limit by its id."""
        return next((one for one in self.limits if one.id == name), None)

    @property
    def states(self) -> tuple[str, ...]:
        """All states, the first one first."""
        found = [self.initial]
        for one in self.transitions:
            found += [*one.sources, one.target]
        return tuple(dict.fromkeys(name for name in found if name))
