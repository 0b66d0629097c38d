"""The clocks of a case: a pure function of its procedure, its events and a day.

Counting. The day of an event does not count; the first day is the next. A clock that stops on one day and
goes on on another stands still for the days after the first, up to and including the second. A limit is kept
if what ends it happens on its last day at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openward.cases.event import Event, effective
from openward.cases.period import Period, Unit
from openward.cases.procedure import Kind, Limit, Procedure
from openward.codes.calendars import DAY, WorkingCalendar, calendar, days
from openward.codes.terms import Status
from openward.errors import InputError


class State(StrEnum):
    """How a limit stands on a day."""

    RUNNING = "running"
    STOPPED = "stopped"
    MET = "met"
    LATE = "late"
    OVERDUE = "overdue"
    LIFTED = "lifted"
    BLOCKED = "blocked"
    FREE = "free"
    IN_FORCE = "in-force"
    EXPIRED = "expired"
    ENDED = "ended"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class Deadline:
    """How one limit stands.

    Attributes
    ----------
    limit, title : str
    kind : Kind
    state : State
    start : date
        Day of the event that started it; the day after is the first one counted.
    due : date or None
        Last day to act; last day on which acting is barred; last day in force. None while the clock stands.
    ended : date or None
    period : Period
        Its length with extensions.
    stood : int
        Calendar days for which the clock stood still.
    left : int or None
        Working days (or calendar days) left after the day asked about.
    provisional : bool
        Whether it counts days beyond the published calendar.
    act, article : str
    evidence : Status
    lapse, note : str
    """

    limit: str
    title: str
    kind: Kind
    state: State
    start: date
    due: date | None
    ended: date | None
    period: Period
    stood: int
    left: int | None
    provisional: bool
    act: str
    article: str
    evidence: Status
    lapse: str = ""
    note: str = ""


def deadlines(procedure: Procedure, events: Sequence[Event], *, as_of: date) -> tuple[Deadline, ...]:
    """Give how every limit that has started stands at the end of a day.

    Parameters
    ----------
    procedure : Procedure
    events : sequence of Event
        The record as it was known; to replay a past moment leave out what was recorded later.
    as_of : date
        Events of later days are left out.

    Returns
    -------
    tuple of Deadline
        In the order of the procedure.
    """
    told = tuple(event for event in effective(events) if event.on <= as_of)
    found: dict[str, Deadline] = {}
    for limit in procedure.limits:
        one = _stand(limit, told, as_of, found)
        if one is not None:
            found[limit.id] = one
    return tuple(found.values())


def _stand(limit: Limit, told: tuple[Event, ...], as_of: date, found: dict[str, Deadline]) -> Deadline | None:
    if limit.before:
        return _before(limit, told, as_of, found.get(limit.before))
    index = next((k for k in reversed(range(len(told))) if told[k].action in limit.starts), None)
    if index is None:
        return None
    start = _first_day(limit, told[index])
    rest = told[index + 1 :]
    end = next((event for event in rest if event.action in limit.ends), None)
    during = rest if end is None else rest[: rest.index(end)]
    lifted = any(event.action in limit.unless for event in rest)
    period = _at_least(limit, _length(limit, told[index], during), found)
    counter = _Counter(limit, start, period)
    for event in during:
        counter.pass_by(event)
    stopped = counter.open and end is None
    due = None if stopped else counter.due()
    return _deadline(limit, as_of, counter, due, end.on if end else None, lifted=lifted)


def _deadline(
    limit: Limit, as_of: date, counter: _Counter, due: date | None, ended: date | None, *, lifted: bool
) -> Deadline:
    upto = as_of if due is None else due
    stand = _state(limit.kind, counter.start, due, ended, as_of)
    return Deadline(
        limit=limit.id,
        title=limit.title,
        kind=limit.kind,
        state=State.LIFTED if lifted and ended is None else stand,
        start=counter.start,
        due=due,
        ended=ended,
        period=counter.period,
        stood=counter.stood(upto),
        left=counter.left(due, as_of) if ended is None else None,
        provisional=counter.provisional(upto),
        act=limit.act,
        article=limit.article,
        evidence=limit.evidence,
        lapse=limit.lapse,
        note=limit.note,
    )


def _state(kind: Kind, start: date, due: date | None, ended: date | None, as_of: date) -> State:
    if due is None:
        return State.STOPPED
    if kind is Kind.EARLIEST:
        return State.BLOCKED if as_of <= due else State.FREE
    if kind is Kind.TERM:
        if ended is not None and ended <= due:
            return State.ENDED
        return State.NOT_YET if as_of < start else State.IN_FORCE if as_of <= due else State.EXPIRED
    if ended is not None:
        return State.MET if ended <= due else State.LATE
    return State.RUNNING if as_of <= due else State.OVERDUE


def _first_day(limit: Limit, event: Event) -> date:
    text = event.facts.get(limit.start_fact) if limit.start_fact else None
    if text is None:
        return event.on
    try:
        return date.fromisoformat(str(text))
    except ValueError as bad:
        raise InputError(
            f"{limit.start_fact}: {text!r} is not a date", hint="write it as YYYY-MM-DD", where=event.case
        ) from bad


def whole(event: Event, fact: str) -> int | None:
    """Read a fact that counts units; None where it is not given.

    Raises
    ------
    InputError
        It is not a whole number above zero.
    """
    value = event.facts.get(fact)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"{fact}: {value!r} is not a whole number above zero", where=event.case)
    return value


def _length(limit: Limit, begun: Event, during: Sequence[Event]) -> Period:
    given = whole(begun, limit.length_fact) if limit.length_fact else None
    length = limit.period.length if given is None else min(given, limit.period.length)
    for extension in limit.extensions:
        used = [event for event in during if event.action == extension.on][: extension.most]
        for event in used:
            asked = whole(event, extension.fact) if extension.fact else None
            more = extension.period.length if asked is None else min(asked, extension.period.length)
            length += more
        if used and extension.total is not None:
            length = min(length, extension.total)
    return Period(length, limit.period.unit)


def _at_least(limit: Limit, period: Period, found: dict[str, Deadline]) -> Period:
    """Lengthen a gap to what the measure before it lasted."""
    term = found.get(limit.at_least_term) if limit.at_least_term else None
    if term is None or term.due is None:
        return period
    last = term.due + DAY if term.ended is None else min(term.ended, term.due + DAY)
    lasted = (last - term.start).days
    start = last
    return period if period.added(start) >= start + timedelta(days=lasted) else Period(lasted, Unit.DAYS)


def _before(limit: Limit, told: tuple[Event, ...], as_of: date, term: Deadline | None) -> Deadline | None:
    """Give a limit that is counted back from the day a term ends."""
    if term is None or term.due is None:
        return None
    counter = _Counter(limit, term.start, limit.period)
    anchor = term.start if limit.before_start else term.due + DAY
    due = Period(-limit.period.length, limit.period.unit).added(anchor)
    if limit.kind is Kind.EARLIEST:
        due -= DAY
    if limit.rolls:
        due = counter.working.roll(due)
    end = next((e for e in told if e.action in limit.ends and e.on >= term.start), None)
    lifted = term.state is State.ENDED
    return _deadline(limit, as_of, counter, due, end.on if end else None, lifted=lifted)


class _Counter:
    """Counts one limit forward over the days on which its clock runs."""

    def __init__(self, limit: Limit, start: date, period: Period) -> None:
        self.limit, self.start, self.period = limit, start, period
        self.open: set[int] = set()
        self.since = start
        self.pauses: list[tuple[date, date]] = []

    @property
    def working(self) -> WorkingCalendar:
        return calendar(self.limit.calendar)

    def pass_by(self, event: Event) -> None:
        """Take in an event that may stop the clock or let it go on."""
        for k, stop in enumerate(self.limit.stops):
            if event.action == stop.on and k not in self.open:
                # A clock that has run out cannot be stopped.
                if not self.open and event.on > self.due():
                    continue
                if not self.open:
                    self.since = event.on
                self.open.add(k)
            elif event.action in stop.until and k in self.open:
                self.open.discard(k)
                if not self.open:
                    self.pauses.append((self.since, event.on))

    def paused(self, day: date) -> bool:
        """Whether the clock stands still on a day."""
        return any(a < day <= b for a, b in self.pauses)

    def due(self) -> date:
        """Give the last day, with the pauses known so far."""
        if self.period.unit is Unit.WORKING_DAYS:
            day, left = self.start, self.period.length
            while left:
                day += DAY
                left -= self.working.is_working(day) and not self.paused(day)
        else:
            # A term of n months is [start, start + n months): its last day is the day before.
            day = self.period.added(self.start) - (DAY if self.limit.kind is Kind.TERM else timedelta())
            day += timedelta(days=sum((b - a).days for a, b in self.pauses))
        return self.working.roll(day) if self.limit.rolls else day

    def stood(self, upto: date) -> int:
        """Count the days on which it stood still."""
        closed = sum((b - a).days for a, b in self.pauses)
        return closed + ((upto - self.since).days if self.open else 0)

    def left(self, due: date | None, as_of: date) -> int:
        """Count what is left after a day: working days where it counts those, else calendar days."""
        if self.period.unit is not Unit.WORKING_DAYS:
            last = self.due() if due is None else due
            return (last - (self.since if due is None else as_of)).days
        if due is None:
            ran = days(self.start + DAY, self.since + DAY)
            return self.period.length - sum(self.working.is_working(d) and not self.paused(d) for d in ran)
        if as_of > due:
            return -self.working.between(due, as_of)
        ahead = days(max(as_of, self.start) + DAY, due + DAY)
        return sum(self.working.is_working(d) and not self.paused(d) for d in ahead)

    def provisional(self, upto: date) -> bool:
        """Whether days beyond the published calendar were counted."""
        counts = self.period.unit is Unit.WORKING_DAYS or self.limit.rolls
        return counts and self.working.provisional(upto)
