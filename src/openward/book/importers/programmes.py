"""Preference programmes of the United States tariff, by the symbols of its special column."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openward.codes.economies import economies
from openward.codes.membership import Membership
from openward.codes.terms import Interval, Status


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme.

    Attributes
    ----------
    symbol : str
        As printed: ``AU``, ``A+``.
    partners : tuple of str
        Economies or groups; ``USA-NTR`` where beneficiaries are not at hand, or any origin may use it.
    fact : str
        What must hold beyond origin (``programme_a``: the goods qualify); empty where nothing.
    name, note : str
    """

    symbol: str
    partners: tuple[str, ...]
    fact: str
    name: str
    note: str


@cache
def programmes() -> Mapping[str, Programme]:
    """Give the programmes by symbol."""
    return {
        row["symbol"]: Programme(
            row["symbol"], _listed(row["partners"]), row["fact"], row["name"], row["note"]
        )
        for row in _rows("us_programmes.csv")
    }


def symbols_of(*, partners: Iterable[str], facts: Iterable[str]) -> tuple[str, ...]:
    """Give the symbols behind partners and facts of a measure: what an import made of them, backwards."""
    wanted = [({p}, "") for p in partners] + [(None, f) for f in facts]
    found = []
    for places, fact in wanted:
        found += [
            one.symbol
            for one in programmes().values()
            if (one.fact == fact if places is None else not one.fact and set(one.partners) == places)
        ]
    # CA and S both stand for Canada, but only CA by itself.
    return tuple(sorted(found))


def us_memberships() -> tuple[Membership, ...]:
    """Give who belongs to the groups of the programmes, to column 2 (``USA-COLUMN-2``) and outside it."""
    listed = tuple(
        Membership(
            row["group"],
            economy,
            Interval(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]) if row["to"] else None),
            row["source"],
            Status(row["status"]),
        )
        for row in _rows("us_groups.csv")
        for economy in _listed(row["economies"])
    )
    # A programme whose beneficiaries are not at hand is open to all outside column 2, if the goods qualify.
    outside = set(economies()) - {m.economy for m in listed if m.group == "USA-COLUMN-2"} - {"USA"}
    valid = Interval(date(1990, 1, 1))
    normal = (
        Membership("USA-NTR", one, valid, "general note 3(a): all outside column 2")
        for one in sorted(outside)
    )
    return (*listed, *normal)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("openward.book.importers") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
