"""Graphite, gallium and the control of 2023-12-01: alerts at the right months, with reasons, none made up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openward.book.loading import load
from openward.observe.tables import read
from openward.watch.backtests import backtests
from openward.watch.case_list import case_notices, partner_codes
from openward.watch.panel import Panel, panel
from openward.watch.replay import Replay, replay
from openward.watch.rules import rule, rules

START = date(2022, 1, 1)
CONTROL = date(2023, 12, 1)


@pytest.fixture(scope="module")
def minerals(shared: Path) -> Panel:
    table = read("trade-monthly", shared / "data")
    assert any("811292" in note for note in table.notes)
    return panel(table.frame, products=["250410", "380110", "811292"], reporter="CHN", flow="export")


@pytest.fixture(scope="module")
def played(minerals: Panel) -> Replay:
    used = [one for one in rules().values() if one.flow in ("export", "any")]
    return replay(minerals, rules=used, book=load("chn"), first=START)


def of_all_partners(played: Replay, product: str) -> list[tuple[date, str]]:
    wanted = {"product": product, "partner": "WLD"}
    return [(a.on, a.rule) for a in played.alerts if wanted.items() <= dict(a.subject).items()]


def test_graphite_speaks_in_the_right_months(played: Replay) -> None:
    assert of_all_partners(played, "250410") == [(date(2023, 11, 1), "stock-up"), (CONTROL, "stop")]


def test_graphite_says_why(played: Replay) -> None:
    total = [a for a in played.alerts if a.subject["product"] == "250410" and a.subject["partner"] == "WLD"]
    jump, stop = total
    # As published: 40.5 kt in November 2023, then 2.7.
    assert jump.evidence[-1]["quantity_kg"] == pytest.approx(40.5e6, rel=0.002)
    assert stop.evidence[-1]["quantity_kg"] == pytest.approx(2.7e6, rel=0.02)
    assert [law.measure for law in jump.announced] == ["chn-ec-2023-39-01"]
    assert jump.announced[0].since == CONTROL
    assert jump.in_force == ()
    assert "unverified" in jump.announced[0].citation
    assert [(law.measure, law.since) for law in stop.in_force] == [("chn-ec-2023-39-01", CONTROL)]
    assert stop.announced == ()
    for alert in total:
        assert alert.statistic >= alert.threshold
        assert "about" in alert.clears


def test_no_stop_and_no_jump_is_made_up_for_gallium_and_germanium(played: Replay, minerals: Panel) -> None:
    assert [a for a in played.alerts if a.subject["product"] == "811292"] == []
    eager = [rule(name, threshold=6.0, materiality=0.0) for name in ("stop", "stock-up")]
    again = replay(minerals, rules=eager, book=load("chn"), first=START)
    assert [a for a in again.alerts if a.subject["product"] == "811292"] == []
    assert any("811292" in note and "too irregular" in note for note in played.notes)


def test_artificial_graphite_shows_no_stop_in_volume(played: Replay) -> None:
    # 38.0 kt in December 2023 after 48.5 in November: the control covers a part of the heading.
    assert of_all_partners(played, "380110") == []


def test_without_a_book_nothing_is_announced(minerals: Panel) -> None:
    assert replay(minerals, rules=[rule("stock-up")], book=None, first=START).alerts == ()


def test_a_replay_cut_in_two_is_one_replay(minerals: Panel, played: Replay) -> None:
    used = [one for one in rules().values() if one.flow in ("export", "any")]
    book, half = load("chn"), date(2023, 11, 1)
    early = replay(minerals, rules=used, book=book, first=START, last=half)
    late = replay(minerals, rules=used, book=book, first=CONTROL)
    assert {a.id for a in early.alerts} | {a.id for a in late.alerts} == {a.id for a in played.alerts}
    seen_then = replay(minerals.until(half), rules=used, book=book, first=START)
    assert [a.document() for a in seen_then.alerts] == [a.document() for a in early.alerts]


def test_the_list_of_american_cases_gives_notices(shared: Path) -> None:
    assert partner_codes("China, Korea, Republic of") == ("CHN", "KOR")
    assert partner_codes("Chinese Taipei, Korea, Republic of") == ("KOR", "TWN")
    assert partner_codes("Saudi Arabia, Kingdom of") == ("SAU",)
    notices, left_out = case_notices(shared / "data/economy/us_ad_measures_itip.parquet")
    assert left_out < 20
    glass = [one for one in notices if one.title == "Certain glass containers"]
    assert ("initiation", date(2019, 10, 21), "CHN") in [(one.kind, one.on, one.against) for one in glass]
    assert {one.kind for one in notices} == {"initiation", "definitive", "withdrawn"}
    assert all(len(one.against) == 3 for one in notices)


def test_the_back_tests_on_published_data(shared: Path) -> None:
    stop, jump = backtests("minerals", data=shared / "data", seed=1)
    assert stop.score is not None
    assert jump.score is not None
    assert (stop.score.recall, stop.score.lead_months) == (1.0, 0.0)
    assert (jump.score.precision, jump.score.recall, jump.score.lead_months) == (1.0, 1.0, 1.0)
    (short,) = backtests("canmex", data=shared / "data", seed=1)
    assert short.score is None
    assert "14 months is too short" in short.notes[0]
    (cases,) = backtests("us-cases", data=shared / "data", seed=1)
    assert cases.score is not None
    assert cases.score.alerts >= 20
