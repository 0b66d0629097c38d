"""Monitors of the book and of feeds: what changed, what ends, what lapses, whom it touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from watch_fixture import FIRST, month_after, monthly

from openward.book.loading import load
from openward.book.model import Instrument, ListingEvent
from openward.codes.terms import Interval
from openward.errors import InputError
from openward.watch.feeds import CountryEvent, Notice, read_events, read_notices
from openward.watch.of_abroad import exposure, foreign_alerts, overseas_alerts
from openward.watch.of_law import law_alerts
from openward.watch.panel import panel
from openward.watch.spec import LAW_RULES, WatchSpec, read_spec
from openward.watch.triage import IndustryMonth, read_industry, triage

CHN = load("chn")
GRAPHITE = CHN.measures["chn-ec-2023-39-01"]
ACT = CHN.acts["chn-mofcom-2023-39"]


def watch(**given: Any) -> WatchSpec:
    base = {
        "schema": "openward.watch/1",
        "name": "test",
        "economy": "CHN",
        "start": "2020-01",
        "rules": [{"rule": name} for name in LAW_RULES],
    }
    return WatchSpec.model_validate(base | given)


def book_of(**changes: Any) -> Any:
    measure = replace(GRAPHITE, **changes)
    return replace(CHN, measures=MappingProxyType({measure.id: measure}))


def rules_of(alerts: Any) -> list[tuple[str, date]]:
    return [(one.rule, one.on) for one in alerts]


def test_a_beginning_is_told_on_its_day_and_not_before() -> None:
    spec = watch(products=["250410"])
    book = book_of()
    day = date(2023, 12, 1)
    assert rules_of(law_alerts(book, spec, after=date(2023, 1, 1), to=date(2023, 11, 30))) == []
    found = law_alerts(book, spec, after=date(2023, 11, 30), to=day)
    assert rules_of(found) == [("law-change", day)]
    assert found[0].in_force[0].since == day
    assert law_alerts(book, spec, after=day, to=date(2024, 6, 1)) == ()


def test_only_what_is_watched() -> None:
    span = {"after": date(2023, 11, 30), "to": date(2023, 12, 1)}
    assert law_alerts(book_of(), watch(products=["811292"]), **span) == ()
    assert law_alerts(book_of(), watch(products=["250410"], flow="import"), **span) == ()
    assert law_alerts(book_of(), watch(), **span) == ()
    wide = book_of(scope=replace(GRAPHITE.scope, partners=("USA",)))
    assert law_alerts(wide, watch(products=["25"], partners=["JPN"]), **span) == ()
    assert len(law_alerts(wide, watch(products=["25"], partners=["USA"]), **span)) == 1
    party = book_of(scope=replace(GRAPHITE.scope, products=None, parties=("Acme Corp",)))
    assert len(law_alerts(party, watch(parties=["ACME CORP"]), **span)) == 1


@pytest.mark.parametrize(
    ("end", "speaks"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_expiry_within_the_horizon(end: date, speaks: bool) -> None:
    on = date(2026, 1, 1)
    book = book_of(valid=Interval(date(2021, 1, 1), end))
    found = law_alerts(book, watch(products=["250410"], law_horizon_days=180), after=on, to=on)
    assert rules_of(found) == ([("law-expiry", end)] if speaks else [])


def test_an_expiring_remedy_says_what_keeps_it() -> None:
    book = book_of(
        instrument=Instrument.ANTI_DUMPING_DUTY, valid=Interval(date(2021, 1, 1), date(2026, 3, 1))
    )
    (found,) = law_alerts(book, watch(products=["250410"]), after=date(2026, 1, 1), to=date(2026, 1, 1))
    assert "expiry review" in found.notes[0]


def test_a_suspension_is_about_to_lapse_then_unknown_then_settled() -> None:
    suspend = ListingEvent("suspend", date(2025, 11, 10), "a", until=date(2026, 11, 10))
    book = book_of(events=(ListingEvent("add", date(2023, 12, 1), "a"), suspend))
    spec = watch(products=["250410"])

    def on(book: Any, day: date) -> list[str]:
        found = law_alerts(book, spec, after=day, to=day)
        return [one.sentence.split(": ")[0] for one in found if one.rule == "suspension-lapse"]

    assert on(book, date(2026, 1, 1)) == []
    assert on(book, date(2026, 11, 9)) == [
        f"The suspension of {GRAPHITE.id} until 2026-11-10 is about to lapse"
    ]
    assert "renewed is not known" in on(book, date(2026, 11, 10))[0]
    settled = book_of(events=(suspend, ListingEvent("resume", date(2026, 11, 10), "b")))
    assert on(settled, date(2026, 11, 11)) == []
    changes = law_alerts(settled, spec, after=date(2025, 1, 1), to=date(2026, 12, 1))
    assert rules_of(changes) == [("law-change", date(2025, 11, 10)), ("law-change", date(2026, 11, 10))]


NOTICE = Notice(
    date(2019, 6, 15), "USA", "CHN", "definitive", "anti-dumping duty", ("720810",), "Hot-rolled", "a gazette"
)


def test_foreign_measures_come_with_their_exposure() -> None:
    frame = monthly({("720810", "USA"): [3.0] * 24, ("720810", "JPN"): [1.0] * 24}, flow="export")
    seen = panel(frame)
    # Twelve months up to June 2019 at 3,000 t and 2 USD: 72 of 96 million.
    assert exposure(seen, NOTICE) == (pytest.approx(72e6), pytest.approx(0.75))
    spec = watch()
    (found,) = foreign_alerts([NOTICE], spec, panel=seen, after=date(2019, 6, 14), to=date(2019, 7, 1))
    assert "72,000,000 USD exported there in twelve months, 75% of all" in found.sentence
    assert foreign_alerts([NOTICE], spec, panel=seen, after=date(2019, 6, 15), to=date(2019, 7, 1)) == ()
    other = replace(NOTICE, against="VNM")
    assert foreign_alerts([other], spec, panel=seen, after=FIRST, to=date(2019, 7, 1)) == ()
    (bare,) = foreign_alerts([NOTICE], spec, panel=None, after=FIRST, to=date(2019, 7, 1))
    assert "exposure not known" in bare.notes[0]
    coded = watch(products=["7208"])
    (vague,) = foreign_alerts(
        [replace(NOTICE, products=())], coded, panel=seen, after=FIRST, to=date(2019, 7, 1)
    )
    assert "names no code" in vague.notes[-1]
    assert (
        foreign_alerts([NOTICE], watch(products=["25"]), panel=seen, after=FIRST, to=date(2019, 7, 1)) == ()
    )


def test_five_years_run_out_unless_withdrawn() -> None:
    spec, on = watch(), date(2024, 5, 1)
    (found,) = foreign_alerts([NOTICE], spec, panel=None, after=on, to=on)
    assert (found.rule, found.on) == ("foreign-expiry", date(2024, 6, 15))
    gone = replace(NOTICE, kind="withdrawn", on=date(2022, 1, 1))
    assert foreign_alerts([NOTICE, gone], spec, panel=None, after=on, to=on) == ()
    leap = replace(NOTICE, on=date(2020, 2, 29))
    (found,) = foreign_alerts([leap], spec, panel=None, after=date(2025, 2, 1), to=date(2025, 2, 1))
    assert found.on == date(2025, 3, 1)


def test_country_risk_and_listed_parties_touch_holdings() -> None:
    holding = {"name": "Mine", "economy": "PER", "parties": ["Acme Corp"], "value": 5e6}
    spec = watch(holdings=[holding], least_severity=3)
    listing = replace(
        GRAPHITE,
        instrument=Instrument.ENTITY_LISTING,
        scope=replace(GRAPHITE.scope, products=None, parties=("ACME corp",)),
    )
    book = replace(CHN, measures=MappingProxyType({listing.id: listing}))
    events = [
        CountryEvent(date(2024, 1, k), economy, "unrest", severity, "Strike", "a paper")
        for k, economy, severity in ((5, "PER", 3), (6, "PER", 2), (7, "CHL", 5))
    ]
    found = overseas_alerts(events, book, spec, after=date(2024, 1, 1), to=date(2024, 2, 1))
    assert [(one.rule, one.family) for one in found] == [
        ("country-risk", "overseas"),
        ("holding-listed", "overseas"),
    ]
    assert "Mine (5,000,000 USD)" in found[0].sentence
    assert found[1].in_force[0].measure == GRAPHITE.id
    before = overseas_alerts(events, book, spec, after=date(2023, 1, 1), to=date(2023, 11, 30))
    assert before == ()


def test_a_control_on_what_a_holding_trades_is_told() -> None:
    book = book_of(scope=replace(GRAPHITE.scope, partners=("KOR",)))
    mine = {"name": "Anode plant", "economy": "KOR", "products": ["2504"], "value": 1e6}
    span = {"after": date(2023, 11, 30), "to": date(2023, 12, 1)}
    found = [
        one
        for one in overseas_alerts((), book, watch(holdings=[mine]), **span)
        if one.rule == "holding-control"
    ]
    assert [one.on for one in found] == [date(2023, 12, 1)]
    assert found[0].sentence.startswith("Anode plant in KOR: On 2023-12-01")
    for other in ({**mine, "economy": "JPN"}, {**mine, "products": ["8112"]}, {**mine, "products": []}):
        assert overseas_alerts((), book, watch(holdings=[other]), **span) == ()


def test_feeds_name_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    head = "on,imposed_by,against,kind,instrument,products,title,source\n"
    path.write_text(head + "2024-13-01,USA,CHN,initiation,AD,72x,T,s\n2024-01-01,XXX,CHN,rumour,AD,7208,T,\n")
    with pytest.raises(InputError) as raised:
        read_notices(path)
    for part in (
        "'2024-13-01' is not a date",
        "'72x' is no product",
        "'XXX' is no economy",
        "'rumour'",
        "no source",
    ):
        assert part in str(raised.value)
    assert f"{path}:3" in str(raised.value)
    path.write_text(head + "2024-01-01,USA,CHN,initiation,AD,7208;7209,T,s\n")
    assert read_notices(path)[0].products == ("7208", "7209")
    events = tmp_path / "e.csv"
    events.write_text("on,economy,kind,severity,title,source\n2024-01-01,PER,unrest,6,T,s\n")
    with pytest.raises(InputError, match="severity"):
        read_events(events)
    events.write_text("on,economy\n2024-01-01,PER\n")
    with pytest.raises(InputError, match="columns are"):
        read_events(events)


def test_a_watch_names_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    head = "schema: openward.watch/1\nname: x\neconomy: CHN\nstart: 2020-01\n"
    path.write_text(
        head
        + "rules: [{rule: stpo}, {rule: stop, treshold: 3}, {rule: law-change, window: 2}]\n"
        + "subscribers: [{name: a, kind: smtp}, {name: a, kind: file, path: b}]\n"
    )
    with pytest.raises(InputError) as raised:
        read_spec(path)
    for part in ("'stpo'", "'treshold'", "takes no window", "no host, sender, to", "two subscribers"):
        assert part in str(raised.value)
    path.write_text(head + "rules: [{rule: stop}]\nproduct: [1]\n")
    with pytest.raises(InputError, match="Extra inputs"):
        read_spec(path)
    path.write_text(head + "rules: [{rule: stop}]\nsubscribers: [{name: a, kind: file, path: b.jsonl}]\n")
    assert read_spec(path).subscribers[0].path == tmp_path / "b.jsonl"


def industry(output: float, *, since: int = 12, employment: float | None = None) -> list[IndustryMonth]:
    rows = []
    for k in range(24):
        figures = {"output": output if k >= since else 100.0, "capacity": 200.0, "price": 10.0}
        rows.append(
            IndustryMonth(month_after(FIRST, k), "7208", {**figures, "employment": employment}, "a survey")
        )
    return rows


def test_triage_by_hand() -> None:
    found = triage(industry(90.0), product="720810", month=date(2019, 12, 1))
    assert found.moves == pytest.approx({"output": -0.1, "price": 0.0, "capacity_use": -0.05})
    # Falls of 10, 0 and 5 points, a fifth counting as one: (0.5 + 0 + 0.25) / 3.
    assert found.score == pytest.approx(0.25)
    assert found.missing == ("employment",)
    assert "triage only" in found.caution
    with pytest.raises(InputError, match="no figure of the industry"):
        triage(industry(90.0), product="720810", month=date(2018, 12, 1))


def test_industry_files_name_their_faults(tmp_path: Path) -> None:
    path = tmp_path / "i.csv"
    head = "month,product,output,capacity,price,employment,source\n"
    path.write_text(
        head + "2024-01-01,7208,1,2,,4,s\n2024-01-01,7208,1,2,3,4,s\n2024-02-01,7208,-1,2,3,4,s\n"
    )
    with pytest.raises(InputError) as raised:
        read_industry(path)
    assert "twice" in str(raised.value)
    assert "negative" in str(raised.value)
