"""Control list and country chart of the United States."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from openward.determine.control.ear import decide_ear
from openward.determine.control.ear_parties import us_listed
from openward.determine.control.ear_tables import ear_tables
from openward.determine.control.ownership import Holding
from openward.determine.decision import Decision, Question, Verdict
from openward.determine.screening.lists import read_parties
from openward.determine.screening.party import Party
from openward.determine.screening.screener import Screener
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


LISTS = Screener(
    [
        Party("EL/1", ("Huawei Technologies Co., Ltd.",), "LegalEntity", "EL"),
        Party("DPL/2", ("Jane Roe",), "Person", "DPL"),
        Party("SDN/3", ("Blocked Holding",), "LegalEntity", "SDN"),
        Party("CAP/4", ("Bank of Nowhere",), "LegalEntity", "CAP"),
    ]
)


def with_parties(
    eccn: str, to: str, *parties: str, on: date = EDITION, owns: tuple[Holding, ...] = ()
) -> Decision:
    question = Question(flow="export", on=on, importer=to, parties=parties)
    return decide_ear(question, eccn=eccn, listed=us_listed(parties, LISTS, on=on, holdings=owns))


@pytest.mark.parametrize(
    ("party", "verdict"),
    [
        ("Huawei Technologies Co Ltd", Verdict.LICENCE),
        ("Huawei Tecnologies", Verdict.UNRESOLVED),
        ("Jane Roe", Verdict.PROHIBITED),
        ("Blocked Holding", Verdict.PROHIBITED),
        ("Bank of Nowhere", Verdict.FREE),
        ("Bakery of Bremen", Verdict.FREE),
    ],
)
def test_parties_on_lists_of_the_user(party: str, verdict: Verdict) -> None:
    assert with_parties("EAR99", "DEU", party).verdict is verdict


def test_no_exception_is_offered_to_a_listed_party() -> None:
    assert ask("3A001.b.2", "DEU").options
    assert not with_parties("3A001.b.2", "DEU", "Huawei Technologies Co Ltd").options


def test_owners_count_as_the_rules_say_on_the_day() -> None:
    blocked = (Holding("Blocked Holding", "Bakery", Decimal("0.5")),)
    assert with_parties("EAR99", "DEU", "Bakery", owns=blocked).verdict is Verdict.PROHIBITED
    affiliate = (Holding("Huawei Technologies Co Ltd", "Bakery", Decimal("0.5")),)
    for on, verdict in (
        (date(2025, 10, 1), Verdict.LICENCE),
        (date(2026, 7, 23), Verdict.FREE),
        (date(2026, 11, 10), Verdict.UNRESOLVED),
    ):
        assert with_parties("EAR99", "DEU", "Bakery", on=on, owns=affiliate).verdict is verdict


def test_the_consolidated_list_is_read(shared: Path) -> None:
    parties = read_parties(shared / "data/controls/us_ear/screening-list.json")
    assert len(parties) == 25_921
    assert {"EL", "DPL", "UVL", "MEU", "SDN"} <= {party.source for party in parties}
