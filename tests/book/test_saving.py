"""A book written as one folder loads as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from openward.book import load
from openward.book.known import withdraw
from openward.book.saving import save
from openward.errors import RefusedError


@pytest.mark.parametrize("name", ["usa", "gbr", "world"])
def test_it_comes_back(name: str, tmp_path: Path) -> None:
    book = load(name)
    save(book, tmp_path / "one")
    again = load(tmp_path / "one")
    assert dict(again.measures) == dict(book.measures)
    assert dict(again.acts) == dict(book.acts)
    assert again.memberships == book.memberships
    assert (again.lines, dict(again.quotas)) == (book.lines, dict(book.quotas))
    for rules in ("precedence", "valuation"):
        assert dict(again.meta[rules]) == dict(book.meta[rules])
    assert replace(again, measures=book.measures).covered_to == book.covered_to


def test_what_was_known_once_comes_back(tmp_path: Path) -> None:
    book = load("gbr")
    gone = next(iter(book.measures.values()))
    book = withdraw(book, gone, date(2025, 1, 1))
    save(book, tmp_path / "one")
    again = load(tmp_path / "one")
    assert gone.id not in again.measures
    assert set(again.records) == set(book.records)


def test_a_membership_taken_away_stays_away(tmp_path: Path) -> None:
    book = load("gbr")
    kept = tuple(one for one in book.memberships if one.group != "RCEP")
    save(replace(book, memberships=kept), tmp_path / "one")
    assert "RCEP" not in load(tmp_path / "one").groups()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(RefusedError):
        save(load("gbr"), tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["note.txt"]
