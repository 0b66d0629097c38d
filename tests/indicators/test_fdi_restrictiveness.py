"""Restrictiveness of foreign investment: the items of China's lists, and reforms of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from tests.small_books import book

from openward.book.edits import Amend, Reform, Repeal
from openward.book.loading import load
from openward.book.model import Book, Condition, Effect, Flow, Instrument, Measure, Scope
from openward.book.reform import apply
from openward.codes.terms import Interval
from openward.determine.investment.editions import RESTRICTIONS, item_of
from openward.errors import MissingDataError
from openward.indicators.restrictiveness.investment import (
    fdi_restrictiveness,
    fdi_restrictiveness_by_sector,
    sector_scores,
)
from openward.indicators.restrictiveness.scoring import (
    breadths,
    investment_groups,
    investment_scores,
    services_scores,
)

UNDER_2021, UNDER_2024 = date(2023, 1, 1), date(2024, 12, 1)


@pytest.fixture(scope="module")
def chn() -> Book:
    """Give China's law."""
    return load("chn")


def index(law: Book, on: date, **options: Any) -> float:
    """Give China's index."""
    return float(fdi_restrictiveness(book=law, on=on, **options).collect().to_native()["value"][0])


def test_the_index_falls_from_the_edition_of_2021_to_that_of_2024(chn: Book) -> None:
    """The edition of 2024 opened what was left in manufacturing: printing, and traditional medicine."""
    before = sector_scores(chn, on=UNDER_2021, economy="CHN", zone="none")
    after = sector_scores(chn, on=UNDER_2024, economy="CHN", zone="none")
    assert index(chn, UNDER_2024) < index(chn, UNDER_2021)
    assert {s for s in before if after[s] != before[s]} == {"C17_18", "C21"}
    assert (after["C17_18"], after["C21"]) == (0.0, 0.0)
    # Minority equity (0.5) and closed (1.0), each on a tenth of its industry.
    assert (before["C17_18"], before["C21"]) == pytest.approx((0.05, 0.10))
    assert all(after[s] <= before[s] for s in before)


def test_an_industry_by_hand(chn: Book) -> None:
    found = sector_scores(chn, on=UNDER_2024, economy="CHN", zone="none")
    # Seed of wheat (cap of 66 %: 0.25) and maize (control: 0.5), two closed activities, a tenth each.
    assert found["A01"] == pytest.approx(0.1 * (0.25 + 0.5 + 1.0 + 1.0))
    # Air carriers: minority stake and an officer; general aviation: partial, and minority, with officers.
    assert found["H51"] == pytest.approx(0.75 * 0.52 + 0.1 * 0.27 + 0.25 * 0.52)
    assert found["J58T60"] == 1.0
    assert found["C29"] == found["K"] == found["F"] == 0.0
    assert set(found) == set(investment_groups())
    assert all(0.0 <= value <= 1.0 for value in found.values())


def test_a_zone_is_at_least_as_open(chn: Book) -> None:
    for on in (UNDER_2021, UNDER_2024):
        outside = sector_scores(chn, on=on, economy="CHN", zone="none")
        inside = sector_scores(chn, on=on, economy="CHN", zone="shanghai")
        assert all(inside[s] <= outside[s] for s in outside)
        assert inside["M"] < outside["M"]
    # Stem cells (a tenth of health) and hospitals were opened in Shanghai in September 2024.
    assert sector_scores(chn, on=UNDER_2024, economy="CHN", zone="shanghai")["Q"] == 0.0


def test_editions_known_by_their_length_only_are_not_scored(chn: Book) -> None:
    with pytest.raises(MissingDataError, match=r"chn-fdi-list-2019 .*number of items \(40\)"):
        fdi_restrictiveness(book=chn, on=date(2019, 12, 1))
    with pytest.raises(MissingDataError, match="no rules on investment in USA"):
        fdi_restrictiveness(book=chn, on=UNDER_2024, economies=["USA"])


def test_a_reform_that_repeals_an_item_moves_the_index(chn: Book) -> None:
    reform = Reform("open-fishing", (Repeal("chn-fdi-2024-fishing", date(2025, 6, 1)),))
    after = apply(chn, reform)
    on = date(2025, 7, 1)
    assert index(after, on) < index(chn, on)
    assert index(after, date(2025, 5, 31)) == index(chn, date(2025, 5, 31))
    assert sector_scores(after, on=on, economy="CHN", zone="none")["A03"] == pytest.approx(0.7 - 0.5)


def test_raising_a_cap_moves_the_index_over_the_half(chn: Book) -> None:
    changed = {
        "effect": {"number": "40", "unit": "%"},
        "conditions": [{"fact": "activity == 'wheat-seed'"}, {"requirement": "stake <= 40 %"}],
    }
    tighter = apply(
        chn, Reform("seed", (Amend("chn-fdi-2024-wheat-maize-seed-wheat", changed, date(2025, 6, 1)),))
    )
    on = date(2025, 7, 1)
    a, b = (sector_scores(law, on=on, economy="CHN", zone="none")["A01"] for law in (chn, tighter))
    assert b - a == pytest.approx(0.1 * (0.5 - 0.25))


def test_repealing_any_item_never_closes(chn: Book) -> None:
    items = [m for m in chn.measures.values() if m.act == "fdi-list-2024" and m.instrument in RESTRICTIONS]
    whole = index(chn, UNDER_2024)
    assert len(items) > 30
    for one in items:
        rest = {k: m for k, m in chn.measures.items() if k != one.id}
        assert index(replace(chn, measures=MappingProxyType(rest)), UNDER_2024) <= whole + 1e-12


def test_irrelevant_measures_change_nothing(chn: Book) -> None:
    extra = {
        "all-investors": _item(parties=("all-investors",)),
        "elsewhere": _item(zone="beijing"),
        "outward": _item(flow=Flow.OUTWARD_INVESTMENT),
        "later": _item(start=date(2030, 1, 1)),
        "abroad": _item(by="USA"),
    }
    more = replace(chn, measures=MappingProxyType({**chn.measures, **extra}))
    assert index(more, UNDER_2024) == index(chn, UNDER_2024)


def test_restrictions_of_a_book_without_lists() -> None:
    law = book(_item(sectors=("F",)), _item("cap", Instrument.EQUITY_CAP, number="49", sectors=("L",)))
    found = fdi_restrictiveness_by_sector(book=law, on=date(2022, 1, 1)).collect().to_native()
    scores = dict(zip(found["sector"], found["value"], strict=True))
    assert (scores["F"], scores["L"], scores["A01"]) == (1.0, 0.5, 0.0)
    # Two of 28 groups; construction and real estate are groups of one industry.
    assert index(law, date(2022, 1, 1)) == pytest.approx(1.5 / 28)
    assert index(law, date(2022, 1, 1), covered="oecd") == pytest.approx(1.5 / 20)


def test_a_general_rule_reaches_every_industry_once() -> None:
    law = book(
        _item("cap", Instrument.EQUITY_CAP, number="49"), _item("cap2", Instrument.EQUITY_CAP, number="60")
    )
    assert index(law, date(2022, 1, 1)) == pytest.approx(0.5)


def test_scoring_tables_are_whole(chn: Book) -> None:
    table = investment_scores()
    assert {reading.score for reading in table.readings} <= set(table.scores)
    activities = {item_of(m).activity for m in chn.measures.values() if m.instrument in RESTRICTIONS}
    assert activities == set(breadths())
    assert sum(services_scores().weights.values()) == pytest.approx(1.0)
    hierarchy = services_scores().hierarchy
    assert {*hierarchy, *(n for names in hierarchy.values() for n in names)} <= set(services_scores().weights)


def _item(
    name: str = "closed",
    instrument: Instrument = Instrument.INVESTMENT_PROHIBITION,
    *,
    by: str = "CHN",
    flow: Flow = Flow.INWARD_INVESTMENT,
    sectors: tuple[str, ...] = (),
    parties: tuple[str, ...] = (),
    zone: str = "",
    number: str = "",
    start: date = date(2020, 1, 1),
    conditions: tuple[Condition, ...] = (),
) -> Measure:
    return Measure(
        id=name,
        instrument=instrument,
        imposed_by=by,
        flow=flow,
        scope=Scope(sectors=sectors, parties=parties),
        effect=Effect(text="an item", number=Decimal(number) if number else None, unit="%" if number else ""),
        valid=Interval(start),
        act="act",
        conditions=conditions,
        zone=zone,
    )
