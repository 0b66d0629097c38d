"""Clocks, held to days counted by hand and to dates that authorities published."""

from __future__ import annotations

from datetime import date

import pytest
from case_tools import event, log, stand

from openward.cases.clock import State, deadlines
from openward.cases.period import Period, Unit, add_months
from openward.cases.reading import procedure, read
from openward.errors import InputError

LICENCE = procedure("chn-export-licence")
DUMPING = procedure("chn-anti-dumping")
SAFEGUARD = procedure("chn-safeguard")
REVIEW = procedure("chn-foreign-investment-review")
CFIUS = procedure("usa-cfius")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-12-15", 4, "2025-04-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-03-31", -3, "2024-12-31"),
        ("2025-05-31", -3, "2025-02-28"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(InputError, match="calendar"):
        Period(3, Unit.WORKING_DAYS).added(date(2025, 1, 1))


# Notices of the Ministry of Commerce that name the last day of a prolonged investigation.
PUBLISHED = [
    ("chn-anti-dumping", "2018-11-19", 6, "2020-05-19"),  # 2019-49, barley from Australia
    ("chn-anti-dumping", "2003-05-30", 6, "2004-11-30"),  # chloroform
    ("chn-anti-dumping", "2020-08-03", 6, "2022-02-03"),  # polyphenylene ether from the United States
    ("chn-anti-dumping", "2013-02-06", 2, "2014-04-06"),  # pulp; a Sunday
    ("chn-countervailing", "2020-09-14", 6, "2022-03-14"),  # 2021-20, glycol ethers
]


@pytest.mark.parametrize(("name", "initiated", "more", "last"), PUBLISHED)
def test_prolonged_investigations_end_when_the_ministry_said(
    name: str, initiated: str, more: int, last: str
) -> None:
    day = str(add_months(date.fromisoformat(initiated), 11))
    events = log(("open", initiated), ("initiate", initiated), ("extend", day, {"months": more}))
    assert stand(procedure(name), events, "investigation", last).due == date.fromisoformat(last)


# Limit, events, day asked about, last day, state.
TABLE = [
    ("chn-export-licence", "decision", [("open", "2025-01-10"), ("accept", "2025-01-15")], "2025-03-25"),
    ("chn-export-licence", "decision", [("open", "2025-09-01"), ("accept", "2025-09-22")], "2025-11-28"),
    (
        "chn-export-licence",
        "amendment",
        [("open", "2025-01-02"), ("ask-amendment", "2025-09-22")],
        "2025-10-24",
    ),
    ("chn-export-licence", "validity", [("grant", "2024-02-29")], "2025-02-27"),
    ("chn-export-licence", "general-validity", [("grant-general", "2024-02-29")], "2027-02-27"),
    ("chn-foreign-investment-review", "whether", [("open", "2024-09-10")], "2024-10-08"),
    ("chn-foreign-investment-review", "general-review", [("start-review", "2025-04-24")], "2025-06-10"),
    (
        "chn-foreign-investment-review",
        "special-review",
        [("start-special-review", "2026-02-02")],
        "2026-05-07",
    ),
    ("chn-anti-dumping", "initiation", [("open", "2023-12-31")], "2024-02-29"),
    ("chn-anti-dumping", "initiation", [("open", "2022-12-31")], "2023-03-01"),
    ("chn-anti-dumping", "investigation", [("initiate", "2024-02-29")], "2025-02-28"),
    ("chn-anti-dumping", "no-provisional", [("initiate", "2024-01-05")], "2024-03-05"),
    (
        "chn-anti-dumping",
        "provisional",
        [("impose-provisional", "2024-10-31", {"effective": "2024-10-31"})],
        "2025-02-27",
    ),
    ("chn-anti-dumping", "duty", [("impose", "2025-06-27", {"effective": "2025-07-05"})], "2030-07-04"),
    ("chn-anti-dumping", "review", [("start-review", "2024-08-31")], "2025-08-31"),
    (
        "chn-anti-dumping",
        "retroactive",
        [("impose-provisional", "2024-03-30", {"effective": "2024-04-01"})],
        "2024-01-01",
    ),
    ("chn-countervailing", "provisional", [("impose-provisional", "2024-12-31")], "2025-04-29"),
    ("chn-countervailing", "duty", [("impose", "2024-02-29")], "2029-02-27"),
    ("chn-safeguard", "provisional", [("impose-provisional", "2024-01-01")], "2024-07-18"),
    ("chn-safeguard", "measure", [("impose", "2026-01-01", {"years": 3})], "2028-12-31"),
    ("chn-safeguard", "measure", [("impose", "2024-03-01")], "2028-02-29"),
    ("chn-trade-barrier", "initiation", [("open", "2024-01-15")], "2024-03-15"),
    ("chn-trade-barrier", "investigation", [("initiate", "2024-08-31")], "2025-02-28"),
    ("chn-temporary-control", "control", [("announce", "2024-03-01")], "2026-02-28"),
    ("chn-unreliable-entity", "correction", [("list", "2024-05-01", {"correction_days": 30})], "2024-05-30"),
    ("chn-duty-refund", "refund-application", [("open", "2025-02-28")], "2028-02-28"),
    ("chn-duty-refund", "returned-goods-application", [("open", "2024-02-29")], "2025-02-28"),
    ("chn-duty-refund", "verification", [("accept", "2025-01-31")], "2025-03-02"),
    ("chn-duty-refund", "formalities", [("notify", "2024-11-30")], "2025-02-28"),
    ("usa-cfius", "assessment", [("accept-declaration", "2024-06-04")], "2024-07-05"),  # the 4th of July
    ("usa-cfius", "comments", [("file-notice", "2025-12-19")], "2026-01-06"),
    ("usa-cfius", "review", [("accept-notice", "2025-01-02")], "2025-02-18"),  # Sunday, then a holiday
    ("usa-cfius", "investigation", [("investigate", "2025-02-18")], "2025-04-04"),
    (
        "usa-cfius",
        "investigation",
        [("investigate", "2025-02-18"), ("extend", "2025-04-01")],
        "2025-04-21",
    ),
    ("usa-cfius", "president", [("refer", "2025-04-21")], "2025-05-06"),
    ("usa-export-licence", "whole", [("register", "2024-01-01")], "2024-03-31"),
    ("usa-export-licence", "initial", [("register", "2024-02-25")], "2024-03-05"),
    ("usa-export-licence", "agencies", [("refer", "2025-01-31")], "2025-03-02"),
    ("usa-anti-dumping", "initiation", [("open", "2024-02-10")], "2024-03-01"),
    ("usa-anti-dumping", "initiation", [("open", "2024-02-10"), ("poll", "2024-02-20")], "2024-03-21"),
    ("usa-anti-dumping", "preliminary", [("initiate", "2024-03-01")], "2024-07-19"),
    (
        "usa-anti-dumping",
        "preliminary",
        [("initiate", "2024-03-01"), ("postpone", "2024-06-20")],
        "2024-09-07",
    ),
    ("usa-anti-dumping", "final", [("find-preliminary", "2024-07-19")], "2024-10-02"),
    (
        "usa-anti-dumping",
        "final",
        [("find-preliminary", "2024-07-19"), ("postpone-final", "2024-08-01")],
        "2024-12-01",
    ),
    ("usa-anti-dumping", "order", [("notify-injury", "2024-12-27")], "2025-01-03"),
    ("usa-anti-dumping", "sunset", [("order", "2020-03-15", {"effective": "2020-03-15"})], "2025-02-13"),
    ("usa-countervailing", "preliminary", [("initiate", "2024-01-01")], "2024-03-06"),
    (
        "usa-countervailing",
        "preliminary",
        [("initiate", "2024-01-01"), ("postpone", "2024-02-01")],
        "2024-05-10",
    ),
    ("eun-anti-dumping", "initiation", [("open", "2024-01-15")], "2024-02-29"),
    ("eun-anti-dumping", "provisional-window", [("initiate", "2024-07-31")], "2025-02-28"),
    ("eun-anti-dumping", "investigation-most", [("initiate", "2024-12-31")], "2026-02-28"),
    (
        "eun-anti-dumping",
        "expiry-request",
        [("impose", "2020-05-31", {"effective": "2020-05-31"})],
        "2025-02-28",
    ),
    ("gbr-national-security", "screening", [("accept", "2025-12-01")], "2026-01-15"),
    ("gbr-national-security", "additional", [("extend", "2025-03-03")], "2025-05-08"),
    ("gbr-export-licence", "target", [("open", "2025-04-07")], "2025-05-08"),
    (
        "gbr-anti-dumping",
        "expiry-closes",
        [("impose", "2020-01-31", {"effective": "2020-01-31"})],
        "2024-10-31",
    ),
]


@pytest.mark.parametrize(("name", "limit", "steps", "last"), TABLE)
def test_last_days_counted_by_hand(name: str, limit: str, steps: list[tuple[str, str]], last: str) -> None:
    assert stand(procedure(name), log(*steps), limit, steps[-1][1]).due == date.fromisoformat(last)


def test_the_clock_of_a_licence_stops_for_experts() -> None:
    events = log(("open", "2025-01-10"), ("accept", "2025-01-15"), ("consult-experts", "2025-02-10"))
    still = stand(LICENCE, events, "decision", "2025-02-20")
    # 14 of 45 days ran up to and including 10 February.
    assert (still.state, still.due, still.left, still.stood) == (State.STOPPED, None, 31, 10)
    events += [event(4, "experts-answered", date(2025, 3, 3))]
    again = stand(LICENCE, events, "decision", "2025-03-03")
    assert (again.state, again.due, again.left, again.stood) == (State.RUNNING, date(2025, 4, 16), 31, 21)


def test_two_reasons_to_stop_are_not_counted_twice() -> None:
    usa = procedure("usa-export-licence")
    events = log(
        ("open", "2024-01-01"),
        ("register", "2024-01-01"),
        ("ask-applicant", "2024-01-11"),
        ("start-check", "2024-01-15"),
        ("applicant-answered", "2024-01-21"),
        ("check-done", "2024-01-31"),
    )
    one = stand(usa, events, "whole", "2024-02-01")
    assert (one.stood, one.due) == (20, date(2024, 4, 20))


def test_a_clock_that_has_run_out_cannot_be_stopped() -> None:
    events = log(
        ("accept", "2025-01-15"), ("consult-experts", "2025-03-26"), ("experts-answered", "2025-05-01")
    )
    one = stand(LICENCE, events, "decision", "2025-05-02")
    assert (one.due, one.state) == (date(2025, 3, 25), State.OVERDUE)


@pytest.mark.parametrize(("day", "state"), [("2025-03-25", State.MET), ("2025-03-26", State.LATE)])
def test_on_the_last_day_it_is_kept_and_on_the_next_not(day: str, state: State) -> None:
    events = log(("accept", "2025-01-15"), ("refuse", day))
    assert stand(LICENCE, events, "decision", day).state is state


def test_overdue_from_the_day_after() -> None:
    events = log(("accept", "2025-01-15"))
    assert stand(LICENCE, events, "decision", "2025-03-25").left == 0
    late = stand(LICENCE, events, "decision", "2025-03-26")
    assert (late.state, late.left) == (State.OVERDUE, -1)


@pytest.mark.parametrize("action", ["refer", "mark-watch-list"])
def test_no_limit_where_the_state_council_decides_or_a_party_is_watched(action: str) -> None:
    events = log(("accept", "2025-01-15"), (action, "2025-02-01"))
    assert stand(LICENCE, events, "decision", "2026-02-01").state is State.LIFTED


def test_a_provisional_measure_may_last_nine_months_not_ten() -> None:
    events = log(
        ("impose-provisional", "2024-01-31", {"effective": "2024-01-31"}),
        ("extend-provisional", "2024-05-01"),
    )
    assert stand(DUMPING, events, "provisional", "2024-06-01").due == date(2024, 10, 30)


def test_the_bar_on_provisional_measures_ends_after_sixty_days() -> None:
    events = log(("initiate", "2024-01-05"))
    assert stand(DUMPING, events, "no-provisional", "2024-03-05").state is State.BLOCKED
    assert stand(DUMPING, events, "no-provisional", "2024-03-06").state is State.FREE


def test_a_safeguard_is_ten_years_at_most_and_is_followed_by_as_long_a_gap() -> None:
    events = log(("impose", "2026-01-01", {"years": 3}), ("extend", "2028-06-01", {"more_years": 2}))
    assert stand(SAFEGUARD, events, "measure", "2028-06-02").due == date(2030, 12, 31)
    events += [event(3, "end", date(2031, 1, 1))]
    assert stand(SAFEGUARD, events, "again", "2031-01-02").due == date(2036, 1, 1)
    short = log(("impose", "2026-01-01", {"years": 1}), ("end", "2027-01-01"))
    assert stand(SAFEGUARD, short, "again", "2027-01-02").due == date(2029, 1, 1)


def test_limits_beyond_the_published_calendar_say_so() -> None:
    assert not stand(REVIEW, log(("open", "2026-11-24")), "whether", "2026-11-24").provisional
    assert stand(
        REVIEW, log(("start-special-review", "2026-11-24")), "special-review", "2026-11-24"
    ).provisional
    assert not stand(DUMPING, log(("initiate", "2030-01-01")), "investigation", "2030-01-01").provisional


def test_the_evidence_mark_is_kept() -> None:
    assert stand(REVIEW, log(("open", "2025-01-02")), "whether", "2025-01-02").evidence.value == "unverified"
    assert (
        stand(CFIUS, log(("refer", "2025-01-02")), "president", "2025-01-02").evidence.value == "unverified"
    )
    assert (
        stand(CFIUS, log(("accept-notice", "2025-01-02")), "review", "2025-01-02").evidence.value
        == "official"
    )


def test_later_events_are_not_known_earlier() -> None:
    events = log(("accept", "2025-01-15"), ("refuse", "2025-03-01"))
    assert deadlines(LICENCE, events, as_of=date(2025, 1, 14)) == ()
    assert stand(LICENCE, events, "decision", "2025-02-28").state is State.RUNNING


def test_a_procedure_file_with_mistakes_names_them() -> None:
    text = """
schema: openward.procedure/1
id: x
economy: CHN
title: {en: X}
authority: A
act: B
evidence: official
initial: a
final: [b]
opens: {action: open, title: opened, roles: [officer]}
transitions: [{action: go, title: goes, from: [a], to: b, roles: [officer]}]
limits: [{id: l, title: L, length: 5, unit: working-days, starts: [gone], article: Art 1}]
"""
    with pytest.raises(InputError, match="no action 'gone'") as caught:
        read(text, where="x.yaml")
    assert "needs a calendar" in str(caught.value)
    with pytest.raises(InputError, match="wrong"):
        read(text + "wrong: 1\n", where="x.yaml")
