"""Screening whole lists: what is found, in which script, and what is remembered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from openward.determine.screening import needs
from openward.determine.screening.lists import read_parties
from openward.determine.screening.memory import ClearedHits
from openward.determine.screening.party import Party, party_document, party_from, spellings
from openward.determine.screening.screener import Screener
from openward.errors import InputError, MissingDataError

LIST = (
    Party("a", ("Sierra Nevada Corporation", "内华达山脉公司"), "Company", "L", ("us",)),
    Party("b", ("洛克希德·马丁公司",), "Company", "L"),
    Party("c", ("洛克希德·马丁航空公司",), "Company", "L"),
    Party("d", ("李晓翠",), "Person", "L"),
    Party("e", ("Recorded Future公司",), "Company", "L"),
    Party("f", ("三菱重工海事技术株式会社",), "Company", "L"),
)


def found(name: str, schema: str = "") -> list[str]:
    return [hit.party.id for hit in Screener(LIST).screen_name(name, schema=schema)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sierra Nevada Corp.", ["a"]),
        ("Siera Nevada", ["a"]),
        ("內華達山脈公司", ["a"]),
        ("洛克希德馬丁", ["b"]),
        ("洛克希德·马丁航", ["c"]),
        ("Recorded Future", ["e"]),
        ("三菱重工海洋技术株式会社", []),
        ("三菱重工海事", ["f"]),
        ("Bäckerei Bremen GmbH", []),
        ("", []),
    ],
)
def test_found(name: str, expected: list[str]) -> None:
    assert found(name) == expected


def test_a_person_is_found_by_the_sound_of_the_name() -> None:
    assert found("Xiaocui LI", "Person") == ["d"]
    assert found("Li Xiaomei", "Person") == []


def test_two_names_in_one_string_are_two() -> None:
    assert spellings("Skydio Inc. (斯凯迪奥公司)") == ("Skydio Inc.", "斯凯迪奥公司")
    assert spellings("Bank of China (Hong Kong)") == ("Bank of China (Hong Kong)",)


def test_an_empty_list_finds_nothing() -> None:
    assert Screener(()).screen_name("Anyone") == ()


def test_a_cleared_hit_is_remembered_until_either_side_changes(tmp_path: Path) -> None:
    path = tmp_path / "cleared.jsonl"
    asked = Party("q", ("Sierra Nevada Brewing",), "Company")
    screener = Screener(LIST, memory=ClearedHits(path))
    hit = screener.screen(asked, least=0.2)[0]
    assert hit.standing.state == "open"
    screener.memory.clear(asked, hit.party, by="A. Clerk", on=date(2026, 1, 2), reason="a brewery")
    again = Screener(LIST, memory=ClearedHits(path))
    assert again.screen(asked, least=0.2)[0].standing.state == "cleared"
    changed = replace(asked, names=("Sierra Nevada Brewing", "SNB"))
    standing = again.screen(changed, least=0.2)[0].standing
    assert standing.state == "reopened"
    assert "the party asked about changed" in standing.why
    moved = (replace(LIST[0], countries=("us", "ca")), *LIST[1:])
    standing = Screener(moved, memory=ClearedHits(path)).screen(asked, least=0.2)[0].standing
    assert standing.state == "reopened"
    assert "the listed party changed" in standing.why


def test_a_clearing_names_a_person_and_a_reason() -> None:
    with pytest.raises(InputError, match="a person and a reason"):
        ClearedHits().clear(LIST[0], LIST[1], by="", on=date(2026, 1, 2), reason="x")


def test_a_broken_memory_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "cleared.jsonl"
    path.write_text("{}\n")
    with pytest.raises(InputError, match="not a clearing"):
        ClearedHits(path)


def test_follow_the_money_in_and_out(tmp_path: Path) -> None:
    entity = {
        "id": "x-1",
        "caption": "Acme",
        "schema": "Company",
        "properties": {"name": ["Acme"], "alias": ["Acme Ltd"], "country": ["gb"]},
        "datasets": ["demo"],
    }
    assert party_document(party_from(entity)) == entity
    path = tmp_path / "list.jsonl"
    path.write_text(json.dumps(entity) + "\n", encoding="utf-8")
    party = read_parties(path)[0]
    assert party.names == ("Acme", "Acme Ltd")
    hit = Screener([party]).screen_name("ACME")[0].as_dict()
    assert (hit["id"], hit["match"], hit["schema"]) == ("x-1", True, "Company")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("list.csv", "id,title\n1,x\n", "no column 'name'"),
        ("list.csv", "name,id\n ,1\n", "the name is empty"),
        ("list.json", '{"id": "1"}', "has no schema"),
        ("list.jsonl", "{", "not JSON"),
        ("list.json", "[3]", "not an entity"),
        ("list.pdf", "x", "no reader"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(name: str, text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_parties(path)
    assert name.split(".")[0] in caught.value.where


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str) -> object:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module.split(".")[0])

    monkeypatch.setattr(needs, "import_module", missing)
    with pytest.raises(MissingDataError, match="sklearn") as caught:
        needs.needed.__wrapped__("sklearn.feature_extraction.text")
    assert "openward[screening]" in caught.value.hint
