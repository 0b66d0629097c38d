"""Control list and country chart of the United States."""

from __future__ import annotations

from datetime import date

import pytest

from openward.determine.control.ear import decide_ear
from openward.determine.control.ear_tables import ear_tables
from openward.determine.decision import Decision, Question, Verdict
from openward.errors import UnknownCodeError, UsageError

EDITION = date(2026, 7, 23)


def ask(eccn: str, to: str, on: date = EDITION) -> Decision:
    return decide_ear(Question(flow="export", on=on, importer=to), eccn=eccn)


@pytest.mark.parametrize(
    ("eccn", "to", "verdict"),
    [
        ("3A001.b.2", "CHN", Verdict.LICENCE),
        ("3A001.b.2", "HKG", Verdict.LICENCE),
        ("3A090.a", "DEU", Verdict.LICENCE),
        ("3A090.b", "DEU", Verdict.FREE),
        ("3A090.b", "VNM", Verdict.LICENCE),
        ("3A090.c", "MAC", Verdict.LICENCE),
        ("3A090", "DEU", Verdict.UNRESOLVED),
        ("1C350", "CHN", Verdict.LICENCE),
        ("EAR99", "CHN", Verdict.FREE),
        ("EAR99", "IRN", Verdict.LICENCE),
        ("0A002", "CAN", Verdict.UNRESOLVED),
    ],
)
def test_verdict(eccn: str, to: str, verdict: Verdict) -> None:
    assert ask(eccn, to).verdict is verdict


def test_reasons_and_exceptions_are_named() -> None:
    decision = ask("3A001.b.2", "DEU")
    assert decision.verdict is Verdict.LICENCE
    assert "(NS" in decision.sentence
    names = {option.name for option in decision.options}
    assert {"licence exception LVS", "licence exception STA"} <= names
    assert "licence exception STA" not in {option.name for option in ask("3A001.b.2", "CHN").options}


def test_a_paragraph_that_is_not_given_is_asked_for() -> None:
    decision = ask("3A090", "DEU")
    assert decision.unresolved[0].fact == "paragraph of the entry"


def test_no_mark_is_never_permission() -> None:
    assert any("prohibitions" in note for note in ask("EAR99", "DEU").notes)


def test_another_day_than_the_edition_is_said() -> None:
    assert not ask("EAR99", "DEU").unverified
    assert ask("EAR99", "DEU", date(2024, 1, 1)).unverified


def test_a_wrong_number_is_named_with_its_neighbours() -> None:
    with pytest.raises(UnknownCodeError, match="no entry '3A0011'"):
        ask("3A0011", "DEU")
    with pytest.raises(UsageError, match="asks for an ECCN"):
        ask("", "DEU")


def test_every_entry_answers_for_every_destination() -> None:
    tables = ear_tables()
    assert len(tables.entries) == 633
    for eccn in tables.entries:
        for to in ("CHN", "CAN", "IRN", "FRA"):
            assert ask(eccn, to).sentence
