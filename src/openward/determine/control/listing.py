"""The state of a measure or a listing on a day, from its events: never a boolean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openward.book.model import ListingEvent, Measure


class State(StrEnum):
    """How a listed thing stands on a day."""

    NOT_YET = "not yet in force"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    RENEWAL_UNKNOWN = "renewal not known"
    STOPPED = "stopped"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, the day it began, the act that brought it, and the last day of a suspension."""

    state: State
    since: date
    act: str
    last_day: date | None = None

    def __str__(self) -> str:
        if self.state is State.SUSPENDED and self.last_day is not None:
            return f"suspended by {self.act} from {self.since} through {self.last_day}"
        if self.state is State.RENEWAL_UNKNOWN:
            return f"suspended by {self.act} through {self.last_day}: renewal not known"
        return f"{self.state.value} since {self.since} by {self.act}"


_AFTER = {
    "add": State.IN_FORCE,
    "resume": State.IN_FORCE,
    "suspend": State.SUSPENDED,
    "stop": State.STOPPED,
    "remove": State.REMOVED,
}


def standing(measure: Measure, on: date) -> Standing:
    """Give how a measure stands on a day.

    A suspension that says its end and is followed by nothing is *renewal not known* from the day after: the
    text alone does not tell whether the measure applies again or the suspension was prolonged. So is a
    temporary control (``effect: {number: 2, unit: ANN}``) past its years (Export Control Law article 9,
    Dual-use Regulations article 12: two years at most, prolonged twice at most).
    """
    begun = Standing(State.IN_FORCE, measure.valid.start, measure.act)
    past = sorted((event for event in measure.events if event.on <= on), key=lambda event: event.on)
    if on < measure.valid.start and not past:
        return Standing(State.NOT_YET, measure.valid.start, measure.act)
    if measure.valid.end is not None and on >= measure.valid.end:
        return Standing(State.STOPPED, measure.valid.end, measure.act)
    last = _last(past)
    if last is None:
        return _temporary(measure, on) or begun
    if last.kind == "suspend" and last.until is not None:
        ended = last.until - timedelta(days=1)
        if on >= last.until:
            return Standing(State.RENEWAL_UNKNOWN, last.until, last.act, ended)
        return Standing(State.SUSPENDED, last.on, last.act, ended)
    if on < measure.valid.start:
        return Standing(State.NOT_YET, measure.valid.start, measure.act)
    return Standing(_AFTER[last.kind], last.on, last.act)


def _temporary(measure: Measure, on: date) -> Standing | None:
    years = measure.effect.number
    if years is None or measure.effect.unit != "ANN":
        return None
    start = measure.valid.start
    day = min(start.day, 28) if start.month == 2 else start.day
    end = date(start.year + int(years), start.month, day)
    if on < end:
        return None
    return Standing(State.RENEWAL_UNKNOWN, end, measure.act, end - timedelta(days=1))


def _last(past: list[ListingEvent]) -> ListingEvent | None:
    """Give the event that holds: of several on one day the last written."""
    return past[-1] if past else None
