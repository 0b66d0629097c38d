"""An economy belongs to a group for a time: the one record all groups are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from openward.codes.terms import Interval, Status


@dataclass(frozen=True, slots=True)
class Membership:
    """An economy belongs to a group over an interval; ``source`` cites it."""

    group: str
    economy: str
    valid: Interval
    source: str = field(default="", compare=False)
    status: Status = field(default=Status.OFFICIAL, compare=False)
