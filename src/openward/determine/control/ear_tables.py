"""The export control tables of the United States: control list, country chart, country groups."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openward.errors import UnknownCodeError

_DAY = re.compile(r"eCFR of (\d{4}-\d{2}-\d{2})")
_ECCN = re.compile(r"([0-9][A-E][0-9]{3})((?:\.[a-z0-9]+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the control list: reasons, (control, chart) texts, exceptions it names with their text."""

    eccn: str
    reasons: str
    heading: str
    controls: tuple[tuple[str, str], ...]
    exceptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EarTables:
    """All tables, with the day of their edition."""

    edition: date
    entries: Mapping[str, Entry]
    marks: Mapping[str, frozenset[str]]
    embargoes: Mapping[str, str]
    groups: Mapping[str, frozenset[str]]

    def entry(self, eccn: str) -> tuple[Entry, str]:
        """Give the entry of a number such as ``3A001`` or ``3A001.b.2``, and the paragraph asked.

        Raises
        ------
        UnknownCodeError
            It is no number of the list.
        """
        found = _ECCN.fullmatch(eccn.strip())
        entry = self.entries.get(found.group(1).upper()) if found else None
        if entry is None or found is None:
            near = [one for one in self.entries if one[:3] == eccn.strip().upper()[:3]][:5]
            hint = f"near: {', '.join(near)}" if near else "write it like 3A001, 3A001.b.2, or EAR99"
            raise UnknownCodeError(f"no entry {eccn!r} on the Commerce Control List", hint=hint, where="eccn")
        return entry, found.group(2).lstrip(".").lower()

    def within(self, group: str, economy: str) -> bool:
        """Tell whether an economy is in a country group (``B``, ``D:5`` ...)."""
        return economy in self.groups.get(group, frozenset())


@cache
def ear_tables() -> EarTables:
    """Read the tables that ship."""
    controls: dict[str, list[tuple[str, str]]] = {}
    for row in _rows("ear_controls"):
        controls.setdefault(row["eccn"], []).append((row["control"], row["chart"]))
    exceptions: dict[str, dict[str, str]] = {}
    for row in _rows("ear_exceptions"):
        exceptions.setdefault(row["eccn"], {})[row["symbol"]] = row["text"]
    groups: dict[str, set[str]] = {}
    for row in _rows("ear_groups"):
        groups.setdefault(row["group"], set()).add(row["economy"])
    chart = list(_rows("ear_chart"))
    return EarTables(
        edition=_edition(),
        entries={
            row["eccn"]: Entry(
                row["eccn"],
                row["reasons"],
                row["heading"],
                tuple(controls.get(row["eccn"], ())),
                exceptions.get(row["eccn"], {}),
            )
            for row in _rows("ear_entries")
        },
        marks={row["economy"]: frozenset(row["marks"].split(";")) - {""} for row in chart},
        embargoes={row["economy"]: row["embargo"] for row in chart if row["embargo"]},
        groups={group: frozenset(members) for group, members in groups.items()},
    )


def _text(name: str) -> str:
    return (files("openward") / f"books/usa/tables/{name}.csv").read_text(encoding="utf-8")


def _edition() -> date:
    found = _DAY.search(_text("ear_entries").splitlines()[0])
    assert found is not None
    return date.fromisoformat(found.group(1))


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(line for line in _text(name).splitlines() if not line.startswith("# "))
