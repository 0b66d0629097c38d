"""The state of a listing on a day follows from its events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from openward.book.model import Effect, Flow, Instrument, ListingEvent, Measure, Scope
from openward.codes.terms import Interval
from openward.determine.control.listing import State, standing

LISTING = Measure(
    id="m",
    instrument=Instrument.ENTITY_LISTING,
    imposed_by="CHN",
    flow=Flow.EXPORT,
    scope=Scope(parties=("Alpha",)),
    effect=Effect(text="list"),
    valid=Interval(date(2025, 4, 4)),
    act="a",
    events=(
        ListingEvent("add", date(2025, 4, 4), "a"),
        ListingEvent("suspend", date(2025, 5, 14), "b", date(2025, 8, 12)),
        ListingEvent("suspend", date(2025, 11, 10), "c", date(2026, 11, 11)),
    ),
)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2025, 4, 3), State.NOT_YET),
        (date(2025, 4, 4), State.IN_FORCE),
        (date(2025, 5, 14), State.SUSPENDED),
        (date(2025, 8, 11), State.SUSPENDED),
        (date(2025, 8, 12), State.RENEWAL_UNKNOWN),
        (date(2025, 11, 10), State.SUSPENDED),
        (date(2026, 11, 10), State.SUSPENDED),
        (date(2026, 11, 11), State.RENEWAL_UNKNOWN),
    ],
)
def test_state(on: date, state: State) -> None:
    assert standing(LISTING, on).state is state


@pytest.mark.parametrize(
    ("kind", "state"), [("resume", State.IN_FORCE), ("stop", State.STOPPED), ("remove", State.REMOVED)]
)
def test_a_later_event_settles_what_was_not_known(kind: str, state: State) -> None:
    event = ListingEvent(kind, date(2026, 11, 20), "d")
    later = replace(LISTING, events=(*LISTING.events, event))
    assert standing(later, date(2026, 11, 19)).state is State.RENEWAL_UNKNOWN
    assert standing(later, date(2026, 11, 20)).state is state


def test_a_later_event_never_alters_an_earlier_day() -> None:
    later = replace(LISTING, events=(*LISTING.events, ListingEvent("remove", date(2026, 12, 1), "d")))
    for month in range(4, 12):
        on = date(2025, month, 15)
        assert standing(LISTING, on) == standing(later, on)


def test_a_suspension_that_says_no_end_stays() -> None:
    open_ended = replace(LISTING, events=(ListingEvent("suspend", date(2025, 5, 1), "b"),))
    assert standing(open_ended, date(2030, 1, 1)).state is State.SUSPENDED


def test_a_suspension_before_the_first_day_holds() -> None:
    early = replace(
        LISTING,
        valid=Interval(date(2025, 11, 8)),
        events=(ListingEvent("suspend", date(2025, 11, 7), "b", date(2026, 11, 11)),),
    )
    assert standing(early, date(2025, 11, 6)).state is State.NOT_YET
    assert standing(early, date(2025, 11, 8)).state is State.SUSPENDED


def test_a_temporary_control_past_its_years_is_not_known_to_be_prolonged() -> None:
    temporary = replace(
        LISTING, instrument=Instrument.LICENCE, events=(), effect=Effect(number=Decimal(2), unit="ANN")
    )
    assert standing(temporary, date(2027, 4, 3)).state is State.IN_FORCE
    assert standing(temporary, date(2027, 4, 4)).state is State.RENEWAL_UNKNOWN
    prolonged = replace(temporary, events=(ListingEvent("resume", date(2027, 4, 4), "b"),))
    assert standing(prolonged, date(2027, 4, 4)).state is State.IN_FORCE
