"""Working days: which days an office counts, and how far its calendar has been published.

China's State Council moves weekends: days off are bought with weekends worked, so five days a week is wrong.
Its calendar is published a year at a time; days beyond are computed from the statutory holidays alone, and
whoever asks is told that they are provisional.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from openward.codes.tables import nearest, unknown
from openward.errors import InputError, MissingDataError

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days on which an office works.

    Attributes
    ----------
    name : str
        Code used in procedures: ``CHN``, ``USA``, ``GBR``.
    title : str
    first : date
        First day it can be asked about.
    published_to : date or None
        Last day of the published calendar; None where the law fixes holidays for all years.
    """

    name: str
    title: str
    first: date
    published_to: date | None

    def is_working(self, day: date) -> bool:
        """Whether the office works on a day.

        Raises
        ------
        MissingDataError
            The day is before the calendar begins.
        """
        if day < self.first:
            raise MissingDataError(
                f"the calendar {self.name} begins on {self.first}", hint="count later days", where=str(day)
            )
        return day in _working_days(self.name, day.year)

    def after(self, start: date, count: int) -> date:
        """Give the last of ``count`` working days after ``start``; the day itself does not count.

        Raises
        ------
        InputError
            ``count`` is negative.
        """
        if count < 0:
            raise InputError(f"cannot count {count} working days", hint="give a count of zero or more")
        day = start
        while count:
            day += DAY
            count -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and including ``end``."""
        return sum(self.is_working(day) for day in days(start + DAY, end + DAY))

    def roll(self, day: date) -> date:
        """Give the day itself where it is a working day, else the next one."""
        while not self.is_working(day):
            day += DAY
        return day

    def provisional(self, day: date) -> bool:
        """Whether the day lies beyond the published calendar."""
        return self.published_to is not None and day > self.published_to


def days(start: date, end: date) -> Iterator[date]:
    """Give each day of ``[start, end)``."""
    for offset in range((end - start).days):
        yield start + timedelta(days=offset)


TITLES = {
    "CHN": "China: statutory holidays with the State Council's moved weekends",
    "USA": "United States: federal holidays",
    "GBR": "United Kingdom: bank holidays of England and Wales",
}


@lru_cache(maxsize=8)
def calendar(name: str) -> WorkingCalendar:
    """Give a calendar by its code.

    Raises
    ------
    UnknownCodeError
    """
    if name not in TITLES:
        raise unknown("calendar", name, nearest(name, TITLES), f"one of {', '.join(TITLES)}")
    if name != "CHN":
        return WorkingCalendar(name, TITLES[name], date(1990, 1, 1), None)
    first, last = _published_years()
    return WorkingCalendar(name, TITLES[name], date(first, 1, 1), date(last, 12, 31))


def _published_years() -> tuple[int, int]:
    """Give the first and last year for which moved weekends are tabulated."""
    from holidays.countries.china import ChinaStaticHolidays

    years = ChinaStaticHolidays.special_public_holidays
    return min(years), max(years)


@lru_cache(maxsize=256)
def _working_days(name: str, year: int) -> frozenset[date]:
    import holidays

    codes = {"CHN": ("CN", None), "USA": ("US", None), "GBR": ("GB", "ENG")}
    country, part = codes[name]
    # The year after matters: a New Year's holiday may move a weekend of December.
    table = holidays.country_holidays(country, subdiv=part, years=(year, year + 1))
    return frozenset(day for day in days(date(year, 1, 1), date(year + 1, 1, 1)) if table.is_working_day(day))
