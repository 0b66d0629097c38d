"""Parties on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openward.book import load
from openward.determine.control import parties, party
from openward.determine.control.ownership import Holding, ownership_rule
from openward.determine.control.party import decide_party
from openward.determine.decision import Verdict

BOOK = load("chn")


def verdict(name: str, on: str) -> Verdict:
    return decide_party(BOOK, name, date.fromisoformat(on)).verdict


def test_the_same_party_day_by_day() -> None:
    assert verdict("Skydio, Inc.", "2025-03-03") is Verdict.FREE
    assert verdict("Skydio, Inc.", "2025-03-04") is Verdict.PROHIBITED
    assert verdict("Skydio, Inc.", "2025-11-10") is Verdict.FREE
    assert verdict("Skydio, Inc.", "2026-11-11") is Verdict.UNRESOLVED


def test_lists_have_different_effects() -> None:
    watched = decide_party(BOOK, "斯巴鲁株式会社", date(2026, 3, 1))
    assert watched.verdict is Verdict.LICENCE
    assert "risk assessment" in watched.sentence
    assert verdict("General Dynamics", "2025-02-01") is Verdict.PROHIBITED


def test_another_spelling_is_found_and_said_to_be_alike() -> None:
    decision = decide_party(BOOK, "Sierra Nevada Corpration", date(2025, 5, 1))
    assert decision.verdict is Verdict.UNRESOLVED
    assert "may be Sierra Nevada Corporation" in decision.sentence


def test_a_stranger_is_on_no_list() -> None:
    assert verdict("Bäckerei Bremen GmbH", "2026-03-01") is Verdict.FREE


def test_ownership_reaches_a_party_that_is_on_no_list() -> None:
    holdings = [Holding("X", "Bakery", Decimal("0.3")), Holding("Y", "Bakery", Decimal("0.25"))]
    ofac = ownership_rule("usa-ofac-50")
    decision = decide_party(BOOK, "Bakery", date(2026, 3, 1), holdings=holdings, listed=["X", "Y"], rule=ofac)
    assert decision.verdict is Verdict.PROHIBITED
    affiliates = ownership_rule("usa-bis-affiliates")
    for on, expected in (("2026-03-01", Verdict.FREE), ("2026-11-10", Verdict.UNRESOLVED)):
        day = date.fromisoformat(on)
        found = decide_party(BOOK, "Bakery", day, holdings=holdings, listed=["X", "Y"], rule=affiliates)
        assert found.verdict is expected


def test_without_the_screening_extra_names_written_the_same_are_still_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(party, "can_screen", lambda: False)
    monkeypatch.setattr(parties, "can_screen", lambda: False)
    assert verdict("SKYDIO INC", "2025-06-01") is Verdict.PROHIBITED
    misspelt = decide_party(BOOK, "Sierra Nevada Corpration", date(2025, 5, 1))
    assert misspelt.verdict is Verdict.FREE
    assert "openward[screening]" in misspelt.notes[0]
