"""What is in force on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.book.rules.small import ADD, LAW, M, book, day, days

from openward.book.model import ListingEvent
from openward.book.query import Listed, effective_validity, in_force, listing_state
from openward.book.reform import freeze
from openward.codes.terms import Interval


def test_a_measure_ends_with_its_act() -> None:
    law = book(replace(M, valid=days(2022)), replace(M, id="n"), replace(M, id="o", act="none"))
    days_of = {key: effective_validity(law, measure) for key, measure in law.measures.items()}
    assert days_of == {"m": days(2022, 2030), "n": days(2022, 2024), "o": days(2022, 2024)}
    assert [m.id for m in in_force(law, day(2029))] == ["m"]
    assert in_force(law, day(2030)) == ()


SUSPENDED = (ADD, ListingEvent("suspend", day(2023), "law", day(2024)))


@pytest.mark.parametrize(
    ("on", "state", "until"),
    [
        (day(2021), Listed.NOT_YET, None),
        (day(2022), Listed.IN_FORCE, None),
        (day(2023), Listed.SUSPENDED, day(2024)),
        (day(2023, 12, 31), Listed.SUSPENDED, day(2024)),
        (day(2024), Listed.UNRESOLVED, day(2024)),
        (day(2029), Listed.UNRESOLVED, day(2024)),
    ],
)
def test_a_suspension_that_ran_out_is_not_resolved(on: date, state: Listed, until: date | None) -> None:
    found = listing_state(replace(M, valid=days(2022), events=SUSPENDED), on)
    assert (found.state, found.until) == (state, until)
    assert found.why == ("renewal not known" if state is Listed.UNRESOLVED else "")


@pytest.mark.parametrize(
    ("kind", "state"),
    [("resume", Listed.IN_FORCE), ("stop", Listed.STOPPED), ("remove", Listed.REMOVED)],
)
def test_the_last_event_decides(kind: str, state: Listed) -> None:
    events = (*SUSPENDED, ListingEvent(kind, day(2023, 6), "law"))
    listed = replace(M, valid=days(2022), events=events[::-1])
    assert listing_state(listed, day(2025)).state is state
    assert bool(in_force(book(listed), day(2025))) is (state is Listed.IN_FORCE)


def test_a_renewed_suspension_goes_on() -> None:
    renewed = (*SUSPENDED, ListingEvent("suspend", day(2024), "law", day(2025)))
    measure = replace(M, valid=days(2022), events=renewed)
    assert listing_state(measure, day(2024)).state is Listed.SUSPENDED
    assert listing_state(measure, day(2025)).state is Listed.UNRESOLVED


def test_without_events_the_days_decide() -> None:
    assert [listing_state(M, day(year)).state for year in (2021, 2022, 2024)] == [
        Listed.NOT_YET,
        Listed.IN_FORCE,
        Listed.ENDED,
    ]


def test_what_is_suspended_before_its_first_day_is_suspended() -> None:
    early = (ListingEvent("suspend", day(2021, 12), "law", day(2023)),)
    listed = replace(M, valid=days(2022), events=early)
    assert listing_state(listed, day(2021)).state is Listed.NOT_YET
    assert listing_state(listed, day(2022)).state is Listed.SUSPENDED


def test_a_frozen_law_stands_still() -> None:
    law = freeze(book(replace(M, valid=days(2022), events=SUSPENDED)), day(2023, 6))
    assert law.acts["law"] == replace(LAW, repealed=None)
    assert listing_state(law.measures["m"], day(2040)).state is Listed.SUSPENDED
    assert effective_validity(law, law.measures["m"]) == Interval(day(2022))
