"""Names in Chinese characters, disturbed as they are in practice, are found again and no other party is."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from opencc import OpenCC

from openward.determine.screening.chinese import chinese_core
from openward.determine.screening.fold import has_han
from openward.determine.screening.legal import strip_chinese_legal
from openward.determine.screening.lists import read_parties
from openward.determine.screening.screener import Screener

TO_TRADITIONAL = OpenCC("s2t")


def traditional(name: str) -> str:
    return str(TO_TRADITIONAL.convert(name))


def without_legal_form(name: str) -> str:
    return strip_chinese_legal(name)


def truncated(name: str) -> str:
    core = strip_chinese_legal(name)
    return core[: max(4, math.ceil(len(core) * 2 / 3))]


@pytest.mark.slow
@pytest.mark.parametrize("disturb", [traditional, without_legal_form, truncated])
def test_found_again(disturb: Callable[[str], str], shared: Path) -> None:
    parties = [
        party
        for party in read_parties(shared / "data/controls/screening_list.csv")
        if any(map(has_han, party.names))
    ]
    screener = Screener(parties)
    bearers: dict[str, set[str]] = {}
    for party in parties:
        for name in filter(has_han, party.names):
            bearers.setdefault(chinese_core(name), set()).add(party.id)
    asked = hits = wrong = 0
    for party in parties:
        for name in filter(has_han, party.names):
            query = disturb(name)
            if query == name or (disturb is truncated and party.schema == "Person"):
                continue
            asked += 1
            found = screener.screen_name(query, schema=party.schema)
            own = bearers[chinese_core(name)]
            hits += any(hit.party.id in own for hit in found)
            wrong += bool(found) and found[0].party.id not in own
    assert asked > 300
    assert hits / asked >= 0.95
    assert wrong / asked <= 0.03
