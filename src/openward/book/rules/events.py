"""Rules about the events in the life of a listing (LE)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from openward.book.force import in_order
from openward.book.model import Measure
from openward.book.rules.base import MeasureRule, Severity
from openward.book.rules.index import Index

_FOLLOWS = {
    "": frozenset({"add", "suspend", "stop", "remove"}),
    "add": frozenset({"suspend", "stop", "remove"}),
    "suspend": frozenset({"suspend", "resume", "stop", "remove"}),
    "resume": frozenset({"suspend", "stop", "remove"}),
    "stop": frozenset({"add", "resume", "remove"}),
    "remove": frozenset({"add"}),
}


class EventsInOrder(MeasureRule):
    """Events follow each other as they can: nothing is resumed that was not suspended or stopped."""

    number = "LE201"
    hint = "add the event that is missing, or correct a day"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say events that cannot follow the one before."""
        before = ""
        for event in in_order(measure.events):
            if event.kind not in _FOLLOWS[before]:
                yield f"has the event {event.kind} on {event.on} after {before or 'nothing'}"
            before = event.kind


class EventCitesAct(MeasureRule):
    """An event cites an act that the book holds."""

    number = "LE202"
    hint = "add the act to acts.yaml, or correct its id"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say events without an act of the book."""
        for event in measure.events:
            if event.act not in index.book.acts:
                yield f"has the event {event.kind} on {event.on} by {event.act!r}, no act of the book"


class EventWithinMeasure(MeasureRule):
    """No event falls after the end of the measure; before its first day it may be suspended."""

    number = "LE203"
    hint = "correct the day, or the validity"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say events that come too late."""
        for event in measure.events:
            if measure.valid.end is not None and event.on > measure.valid.end:
                yield f"has the event {event.kind} on {event.on}, after its end on {measure.valid.end}"


class SuspensionEnds(MeasureRule):
    """A suspension states when it ends."""

    number = "LE204"
    severity = Severity.WARNING
    hint = "state until; without it the measure counts as suspended for good"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say suspensions that state no end and are followed by nothing."""
        ordered = in_order(measure.events)
        if ordered and ordered[-1].kind == "suspend" and ordered[-1].until is None:
            yield f"is suspended from {ordered[-1].on} without end"


class UntilOfSuspension(MeasureRule):
    """Only a suspension states an end, and it ends after it begins."""

    number = "LE205"
    hint = "until is the first day after the suspension"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say ends of other events, and ends that are not after the beginning."""
        for event in measure.events:
            if event.until is not None and event.kind != "suspend":
                yield f"has the event {event.kind} on {event.on} with an end"
            elif event.until is not None and event.until <= event.on:
                yield f"is suspended from {event.on} until {event.until}"


class EventOnce(MeasureRule):
    """A measure has one event a day."""

    number = "LE206"
    hint = "keep the event that holds at the end of the day"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say days with two events."""
        for one, other in pairwise(in_order(measure.events)):
            if one.on == other.on:
                yield f"has the events {one.kind} and {other.kind} on {one.on}"
