"""Lengths of time as laws write them: 45 working days, 12 months, 5 years."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openward.errors import InputError


class Unit(StrEnum):
    """What is counted."""

    WORKING_DAYS = "working-days"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """A number of units."""

    length: int
    unit: Unit

    def __str__(self) -> str:
        """Write it as a reader says it."""
        name = self.unit.value.replace("-", " ")
        return f"{self.length} {name if self.length != 1 else name.removesuffix('s')}"

    def added(self, start: date) -> date:
        """Give the day a number of calendar units after ``start``; the day of the start does not count.

        A month or year ends on the day of the same number, or on the last day of a month that has none
        (Civil Code of China, articles 201 and 202): one month after 31 January is 28 or 29 February.

        Raises
        ------
        InputError
            Working days need a calendar: see :class:`openward.codes.calendars.WorkingCalendar`.
        """
        if self.unit is Unit.WORKING_DAYS:
            raise InputError("working days need a calendar", hint="give the procedure a calendar")
        if self.unit is Unit.DAYS:
            return start + timedelta(days=self.length)
        return add_months(start, self.length * (12 if self.unit is Unit.YEARS else 1))


def add_months(start: date, months: int) -> date:
    """Give the same day of a later (or earlier) month, or the last day of a month that is shorter."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
