"""Account for every row of a source: imported, in part, rejected with a reason, or nothing to import."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from openward.book.importers.source import Broken, Line
from openward.errors import OpenwardError


@dataclass(frozen=True, slots=True)
class Reject:
    """A cell (or a whole row) that was not imported, and why."""

    line: int
    column: str
    reason: str
    hint: str
    row: tuple[str, ...]


@dataclass(slots=True)
class Ledger:
    """Every row has one fate; a row with some good and some bad cells is imported in part."""

    rows: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    _lines: dict[int, str] = field(default_factory=dict)

    def imported(self, line: Line) -> None:
        """A row gave at least one record."""
        before = self._lines.get(line.number)
        self._set(line.number, "in part" if before in {"rejected", "in part"} else "imported")

    def rejected(self, line: Line | Broken, error: OpenwardError, *, column: str = "") -> None:
        """A row, or one cell of it, could not be imported."""
        before = self._lines.get(line.number)
        self._set(line.number, "in part" if before in {"imported", "in part"} else "rejected")
        self.rejects.append(Reject(line.number, column, error.message, error.hint, line.raw))

    def nothing(self, line: Line, reason: str) -> None:
        """A row says nothing that would be law (a heading, a line that inherits its rate)."""
        self._set(line.number, "nothing")
        self.empty[reason] += 1

    def _set(self, number: int, fate: str) -> None:
        before = self._lines.get(number)
        if before is not None:
            self.fates[before] -= 1
        else:
            self.rows += 1
        self._lines[number] = fate
        self.fates[fate] += 1

    def account(self) -> dict[str, int]:
        """Give the number of rows by fate; they sum to ``rows``."""
        found = {name: self.fates[name] for name in ("imported", "in part", "rejected", "nothing")}
        assert sum(found.values()) == self.rows
        return found
