"""Every procedure: every action taken, every state left, every path walked to its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from case_tools import actions, event, log, opened, passing, stand, state_of, take
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.cases.clock import deadlines
from openward.cases.event import CORRECTED, Event
from openward.cases.machine import Attempt, check
from openward.cases.procedure import Procedure
from openward.cases.reading import procedure, shipped
from openward.cases.roles import Person, Role
from openward.errors import InputErrors, OpenwardError, RefusedError, UsageError

NAMES = shipped()


def walks(whole: Procedure) -> dict[tuple[str, str], list[Event]]:
    """Walk breadth first through every action from every state that allows it, once."""
    walked: dict[tuple[str, str], list[Event]] = {}
    ahead = [opened(whole)]
    while ahead:
        events = ahead.pop(0)
        state = state_of(whole, events)
        for step in actions(whole, state):
            if (state, step.action) in walked:
                continue
            walked[state, step.action] = taken = take(whole, events, step)
            ahead.append(taken)
    return walked


@pytest.mark.parametrize("name", NAMES)
def test_every_action_can_be_taken_from_every_state_it_names(name: str) -> None:
    whole = procedure(name)
    walked = walks(whole)
    assert set(walked) == {(state, one.action) for one in whole.transitions for state in one.sources}


@pytest.mark.parametrize("name", NAMES)
def test_every_path_reaches_an_end_and_nothing_follows_it(name: str) -> None:
    whole = procedure(name)
    ends = {state_of(whole, events) for events in walks(whole).values()}
    assert set(whole.final) <= ends
    assert not any(actions(whole, state) for state in whole.final)
    # From every state some end can be reached.
    reach = set(whole.final)
    for _ in whole.states:
        reach |= {s for t in whole.transitions if t.target in reach for s in t.sources}
    assert reach >= set(whole.states)


@pytest.mark.parametrize("name", NAMES)
def test_no_clock_runs_on_in_a_closed_case(name: str) -> None:
    whole = procedure(name)
    for (_, action), events in walks(whole).items():
        if state_of(whole, events) in whole.final:
            running = [
                d.limit
                for d in deadlines(whole, events, as_of=events[-1].on)
                if d.kind == "due" and d.state in ("running", "stopped")
            ]
            assert set(running) <= OPEN_ENDED.get(name, set()), (action, running)


# Limits of the applicant or on the future that outlive the case.
OPEN_ENDED = {
    "chn-duty-refund": {
        "refund-application",
        "returned-goods-application",
        "confirmation",
        "recovery",
        "formalities",
    },
    "chn-safeguard": {"relaxation"},
    "eun-anti-dumping": {"questionnaire", "expiry-request"},
    "gbr-anti-dumping": {"questionnaire", "verification", "reconsideration", "expiry-closes"},
    "usa-anti-dumping": {"injury", "sunset"},
    "usa-countervailing": {"injury", "sunset"},
    "usa-export-licence": {"agencies", "appeal"},
    "usa-cfius": {"comments"},
}


def test_the_wrong_role_state_and_day_are_refused_together() -> None:
    whole = procedure("chn-anti-dumping")
    events = opened(whole)
    attempt = Attempt("impose", date(2024, 1, 1), Person("a", Role.OFFICER), {})
    with pytest.raises(InputErrors) as caught:
        check(whole, events, attempt)
    text = str(caught.value)
    for part in (
        "not possible while the case is received",
        "officer may not impose",
        "before the last event",
    ):
        assert part in text
    assert "documents missing: final-determination" in text
    assert "the fact dumping_margin is not given" in text
    assert caught.value.exit_code in (3, 6)


def test_an_unknown_action_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="initate") as caught:
        check(
            procedure("chn-anti-dumping"),
            opened(procedure("chn-anti-dumping")),
            Attempt("initate", date(2025, 1, 1), Person("a", Role.OFFICER), {}),
        )
    assert "initiate" in caught.value.hint


@pytest.mark.parametrize(
    ("margin", "allowed"), [("0.0199", False), (0.02, True), ("0.02", True), (0.0201, True)]
)
def test_a_margin_below_two_percent_makes_no_duty(margin: object, allowed: bool) -> None:
    whole = procedure("chn-anti-dumping")
    events = opened(whole)
    for name in ("initiate", "find-preliminary"):
        step = whole.transition(name)
        assert step is not None
        events = take(whole, events, step)
    step = whole.transition("impose")
    assert step is not None
    facts = passing(step, date(2024, 6, 1)) | {"dumping_margin": margin}
    attempt = Attempt("impose", date(2024, 6, 1), Person("z", Role.DECISION_MAKER), facts, step.documents)
    if allowed:
        check(whole, events, attempt)
    else:
        with pytest.raises(RefusedError, match=r"dumping_margin is 0\.0199; it must be >= 0\.02"):
            check(whole, events, attempt)


def test_who_found_may_not_also_decide() -> None:
    whole = procedure("chn-export-licence")
    events = [*opened(whole), event(2, "accept", date(2024, 3, 4))]
    step = whole.transition("refuse")
    assert step is not None
    attempt = Attempt("refuse", date(2024, 3, 5), Person("somebody", Role.DECISION_MAKER), {"reasons": "x"})
    with pytest.raises(RefusedError, match="may not also refuse"):
        check(whole, events, attempt)


@pytest.mark.parametrize(("day", "allowed"), [(date(2024, 5, 1), False), (date(2024, 5, 2), True)])
def test_no_provisional_measure_within_sixty_days(day: date, allowed: bool) -> None:
    whole = procedure("chn-anti-dumping")
    events = log(("open", "2024-01-02"), ("initiate", "2024-03-02"), ("find-preliminary", "2024-04-20"))
    step = whole.transition("impose-provisional")
    assert step is not None
    attempt = Attempt(step.action, day, Person("z", Role.DECISION_MAKER), passing(step, day))
    if allowed:
        check(whole, events, attempt)
    else:
        with pytest.raises(RefusedError, match="not until after 2024-05-01"):
            check(whole, events, attempt)


@pytest.mark.parametrize(("months", "problem"), [(6, ""), (7, "by 6 months at most")])
def test_an_investigation_is_prolonged_by_six_months_at_most(months: int, problem: str) -> None:
    whole = procedure("chn-anti-dumping")
    events = log(("open", "2024-01-02"), ("initiate", "2024-03-02"))
    attempt = Attempt("extend", date(2025, 2, 1), Person("z", Role.DECISION_MAKER), {"months": months})
    if not problem:
        check(whole, events, attempt)
    else:
        with pytest.raises(RefusedError, match=problem):
            check(whole, events, attempt)


def test_an_extension_comes_before_the_end_and_once() -> None:
    whole = procedure("chn-anti-dumping")
    events = log(("open", "2024-01-02"), ("initiate", "2024-03-02"))
    person = Person("z", Role.DECISION_MAKER)
    with pytest.raises(RefusedError, match="the last day was 2025-03-02"):
        check(whole, events, Attempt("extend", date(2025, 3, 3), person, {"months": 6}))
    again = [*events, event(3, "extend", date(2025, 2, 1), {"months": 3})]
    with pytest.raises(RefusedError, match="extended once at most"):
        check(whole, again, Attempt("extend", date(2025, 3, 3), person, {"months": 3}))


def test_a_safeguard_beyond_ten_years_is_refused() -> None:
    whole = procedure("chn-safeguard")
    step = whole.transition("extend")
    assert step is not None
    events = log(("impose", "2020-01-01", {"years": 4}), ("extend", "2023-06-01", {"more_years": 4}))
    day = date(2027, 6, 1)
    facts = passing(step, day) | {"more_years": 3}
    with pytest.raises(RefusedError, match="10 years in total"):
        check(whole, events, Attempt("extend", day, Person("z", Role.DECISION_MAKER), facts))
    check(whole, events, Attempt("extend", day, Person("z", Role.DECISION_MAKER), facts | {"more_years": 2}))


def test_every_refusal_has_a_hint() -> None:
    whole = procedure("chn-export-licence")
    with pytest.raises(OpenwardError) as caught:
        check(whole, opened(whole), Attempt("grant", date(2020, 1, 1), Person("a", Role.AUDITOR), {}))
    assert all(one.hint for one in getattr(caught.value, "errors", (caught.value,)))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Procedure, list[Event], list[tuple[datetime, date, object]]]:
    """Give a random walk with corrections, and what was shown after each event was recorded."""
    whole = procedure(draw(st.sampled_from(NAMES)))
    events = opened(whole, date(2024, 1, 2) + timedelta(draw(st.integers(0, 600))))
    shown: list[tuple[datetime, date, object]] = []
    for _ in range(draw(st.integers(1, 9))):
        asked = events[-1].on + timedelta(draw(st.integers(0, 40)))
        shown.append((events[-1].at, asked, deadlines(whole, events, as_of=asked)))
        steps = actions(whole, state_of(whole, events))
        if not steps:
            break
        try:
            events = take(whole, events, draw(st.sampled_from(steps)))
        except RefusedError:
            continue
        if draw(st.booleans()):
            last = events[-1]
            events = [*events, _correction(last, last.on + timedelta(draw(st.integers(0, 3))))]
    return whole, events, shown


def _correction(last: Event, day: date) -> Event:
    at = last.at + timedelta(seconds=1)
    return Event(
        "test", last.seq + 1, CORRECTED, day, at, "x", Role.OFFICER, corrects=last.seq, correct_on=day
    )


@given(histories())
@settings(max_examples=60, deadline=None)
def test_replay_at_a_past_moment_equals_what_was_shown_then(
    history: tuple[Procedure, list[Event], list[tuple[datetime, date, object]]],
) -> None:
    whole, events, shown = history
    for at, asked, answer in shown:
        known = [one for one in events if one.at <= at]
        assert deadlines(whole, known, as_of=asked) == answer


@given(histories(), st.integers(0, 900))
@settings(max_examples=40, deadline=None)
def test_events_of_later_days_never_alter_an_earlier_answer(
    history: tuple[Procedure, list[Event], object], days: int
) -> None:
    whole, events, _ = history
    events = [one for one in events if one.action != CORRECTED]
    asked = events[0].on + timedelta(days)
    until = [one for one in events if one.on <= asked]
    assert deadlines(whole, events, as_of=asked) == deadlines(whole, until, as_of=asked)


def test_a_correction_replaces_the_day_and_keeps_the_record() -> None:
    whole = procedure("chn-export-licence")
    wrong = event(2, "accept", date(2025, 1, 16))
    right = Event(
        "test", 3, CORRECTED, date(2025, 1, 20), datetime(2025, 1, 20, 12, tzinfo=UTC), "x", Role.OFFICER,
        corrects=2, correct_on=date(2025, 1, 15),
    )  # fmt: skip
    events = [*opened(whole, date(2025, 1, 10)), wrong, right]
    assert stand(whole, events[:2], "decision", "2025-01-21").due == date(2025, 3, 26)
    assert stand(whole, events, "decision", "2025-01-21").due == date(2025, 3, 25)
