"""An economy belongs to a group for a time: the one record all groups are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from openward.codes.terms import Interval, Status


@dataclass(frozen=True, slots=True)
class Membership:
    """An economy belongs to a group over an interval; ``source`` cites it.

    The record is known on the days ``[recorded, withdrawn)``; None leaves that side open.
    """

    group: str
    economy: str
    valid: Interval
    source: str = field(default="", compare=False)
    status: Status = field(default=Status.OFFICIAL, compare=False)
    recorded: date | None = field(default=None, compare=False)
    withdrawn: date | None = field(default=None, compare=False)
