"""Two words every room uses: an interval of days, and how sure we are of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """Was the fact read in an official source?"""

    OFFICIAL = "official"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open validity ``[start, end)``; ``end=None`` is open."""

    start: date
    end: date | None = None

    def __contains__(self, on: object) -> bool:
        return isinstance(on, date) and self.start <= on and (self.end is None or on < self.end)

    @property
    def empty(self) -> bool:
        """True where no day lies inside."""
        return self.end is not None and self.end <= self.start

    def overlaps(self, other: Interval) -> bool:
        """True where some day lies in both."""
        return not self.clip(other).empty

    def clip(self, other: Interval) -> Interval:
        """Give the days that lie in both (may be empty)."""
        ends = [e for e in (self.end, other.end) if e is not None]
        return Interval(max(self.start, other.start), min(ends) if ends else None)
