"""The loop closes: a decision proposes a reform, and the book then answers with the new law from its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from case_tools import event, opened, take

from openward.book import load
from openward.book.edits import Add, Amend, Repeal
from openward.book.model import Flow
from openward.book.reform import apply
from openward.cases.event import Event
from openward.cases.procedure import Procedure
from openward.cases.proposal import proposal, rates
from openward.cases.reading import procedure
from openward.errors import InputError

DUMPING = procedure("chn-anti-dumping")


def steps(whole: Procedure, events: list[Event], *names: str) -> list[Event]:
    for name in names:
        step = whole.transition(name)
        assert step is not None
        events = take(whole, events, step)
    return events


def decided(facts: dict[str, Any], *, on: date = date(2025, 12, 1)) -> list[Event]:
    events = steps(DUMPING, opened(DUMPING, date(2025, 1, 6)), "initiate", "find-preliminary")
    events[0] = event(1, "open", date(2025, 1, 6), {"title": "Iodine"})
    given = {"dumping_margin": 0.254, "injury": True, "causation": True, "products": ["280120"]}
    return [*events, event(4, "impose", on, given | facts)]


def margin() -> float:
    """Weighted average to weighted average, by hand.

    Two product control numbers. Normal values 130 and 100, export prices ex works 110 and 90, CIF values
    120 and 95, quantities 300 and 200: (20 x 300 + 10 x 200) / (120 x 300 + 95 x 200) = 8000 / 55000.
    """
    dumped = (130 - 110) * 300 + (100 - 90) * 200
    return round(dumped / (120 * 300 + 95 * 200), 4)


def test_a_margin_becomes_a_duty_that_determination_returns_from_its_day() -> None:
    from openward.determine.decision import Question
    from openward.determine.goods import decide

    assert margin() == 0.1455
    events = decided({"rates": [{"origin": "JPN", "rate": margin()}], "effective": "2025-12-15"})
    reform = proposal(DUMPING, events, act="chn-customs-tariff")
    assert reform is not None
    law = load("chn")
    after = apply(law, reform)
    (added,) = (after.measures[edit.subject] for edit in reform.edits)
    assert (added.valid.start, added.valid.end) == (date(2025, 12, 15), date(2030, 12, 15))

    def dumping(book: Any, on: date, origin: str) -> list[str]:
        answer = decide(Question("import", on, "CHN", origin, hs="28012000"), book)
        return [line.duty for line in answer.duty if line.measure == added.id]

    first = date(2025, 12, 15)
    assert dumping(after, first, "JPN") == ["14.55 %"]
    assert dumping(after, first - timedelta(days=1), "JPN") == []
    assert dumping(after, first, "KOR") == []
    assert dumping(law, first, "JPN") == []


def test_firms_have_their_own_rates() -> None:
    given = [
        {"origin": "JPN", "party": "A Corp", "rate": "10.5 %"},
        {"origin": "JPN", "rate": 0.254},
    ]
    reform = proposal(DUMPING, decided({"rates": given, "effective": "2025-12-15"}), act="x")
    assert reform is not None
    assert [
        (e.measure.scope.parties, str(e.measure.effect.duty)) for e in reform.edits if isinstance(e, Add)
    ] == [
        (("A Corp",), "10.5 %"),
        ((), "25.4 %"),
    ]


@pytest.mark.parametrize(
    "given", [None, [], [{"origin": "JPN"}], [{"rate": "dear"}], [{"rate": 0.1, "firm": "x"}]]
)
def test_rates_that_cannot_be_read_are_refused(given: object) -> None:
    with pytest.raises(InputError, match="rates"):
        rates({"rates": given})


def test_a_measure_is_changed_and_repealed_by_later_decisions() -> None:
    events = decided({"rates": [{"origin": "JPN", "rate": 0.254}], "effective": "2025-12-15"})
    first = proposal(DUMPING, events, act="x")
    assert first is not None
    events = [
        *events,
        event(5, "start-review", date(2027, 1, 4)),
        event(
            6,
            "change",
            date(2027, 9, 1),
            {"rates": [{"origin": "JPN", "rate": 0.1}], "effective": "2027-09-10"},
        ),
    ]
    second = proposal(DUMPING, events, act="x")
    assert second is not None
    kinds = [edit.kind for edit in second.edits]
    assert kinds == ["repeal", "add"]
    assert second.edits[0].subject == first.edits[0].subject
    events = [*events, event(7, "start-review", date(2028, 1, 4)),
              event(8, "repeal", date(2028, 6, 1), {"effective": "2028-06-02"})]  # fmt: skip
    third = proposal(DUMPING, events, act="x")
    assert third is not None
    assert [(type(e), e.subject, e.start) for e in third.edits] == [
        (Repeal, second.edits[1].subject, date(2028, 6, 2))
    ]


def test_a_listing_is_added_suspended_and_removed() -> None:
    whole = procedure("chn-unreliable-entity")
    events = opened(whole, date(2025, 3, 3))
    listed = event(
        2, "list", date(2025, 3, 4),
        {"parties": ["A", "B"], "measures": "no imports, exports or investment", "effective": "2025-03-04"},
    )  # fmt: skip
    added = proposal(whole, [*events, listed], act="x")
    assert added is not None
    assert [e.measure.scope.parties for e in added.edits if isinstance(e, Add)] == [("A",), ("B",)]
    suspended = event(3, "suspend", date(2025, 11, 10), {"effective": "2025-11-10"})
    stopped = proposal(whole, [*events, listed, suspended], act="x")
    assert stopped is not None
    assert all(isinstance(e, Amend) for e in stopped.edits)
    assert [one["kind"] for one in stopped.edits[0].set["events"]] == ["add", "suspend"]  # type: ignore[union-attr]
    gone = proposal(
        whole,
        [*events, listed, suspended, event(4, "delist", date(2026, 1, 5), {"effective": "2026-01-05"})],
        act="x",
    )
    assert gone is not None
    assert [e.kind for e in gone.edits] == ["repeal", "repeal"]


def test_listings_apply_to_the_shipped_book() -> None:
    whole = procedure("chn-unreliable-entity")
    events = opened(whole, date(2025, 3, 3))
    facts = {"parties": ["Example Aerospace Corporation"], "measures": "no trade", "effective": "2025-03-04"}
    events = [*events, event(2, "list", date(2025, 3, 4), facts)]
    added = proposal(whole, events, act="chn-list-unreliable")
    assert added is not None
    law = apply(load("chn"), added)
    events = [*events, event(3, "suspend", date(2025, 11, 10), {"effective": "2025-11-10"})]
    stopped = proposal(whole, events, act="chn-list-unreliable")
    assert stopped is not None
    law = apply(law, stopped)
    assert [one.kind for m in law.measures.values() if m.id.startswith("test-2-1") for one in m.events][
        -1
    ] == "suspend"


def test_a_temporary_control_asks_for_a_licence_for_two_years() -> None:
    whole = procedure("chn-temporary-control")
    events = steps(whole, opened(whole, date(2025, 3, 3)), "announce")
    reform = proposal(whole, events, act="x")
    assert reform is not None
    (edit,) = reform.edits
    assert isinstance(edit, Add)
    assert (edit.measure.instrument.value, edit.measure.flow) == ("licence", Flow.EXPORT)
    assert (edit.measure.valid.start, edit.measure.valid.end) == (date(2025, 3, 5), date(2027, 3, 5))
    later = [*events, event(3, "extend", date(2027, 2, 1))]
    longer = proposal(whole, later, act="x")
    assert longer is not None
    (change,) = longer.edits
    assert isinstance(change, Amend)
    assert change.set["valid"]["to"] == "2029-03-05"


def test_a_decision_about_one_applicant_makes_no_law() -> None:
    whole = procedure("chn-export-licence")
    events = steps(whole, opened(whole), "accept", "grant")
    assert proposal(whole, events, act="x") is None
