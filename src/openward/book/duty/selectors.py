"""What decides between duties of one sentence: season, programme, price, day, condition; and factors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openward.book.duty.numbers import plain, require

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PROGRAMME = re.compile(r"[A-Z]{1,3}[+*]?")


def check_name(name: str) -> None:
    """Refuse a name that cannot stand between quotes."""
    good = bool(name) and '"' not in name and name == " ".join(name.split())
    require(good, f"a name has no quotes and single spaces, not {name!r}")


@dataclass(frozen=True, slots=True)
class Season:
    """Days of every year, first and last included; a season that starts after it ends wraps the year end."""

    start_month: int
    start_day: int
    end_month: int
    end_day: int

    def __post_init__(self) -> None:
        for month, day in ((self.start_month, self.start_day), (self.end_month, self.end_day)):
            good = 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]
            require(good, f"no year has a day {day} of month {month}")

    def holds(self, on: date) -> bool:
        """True where a day lies in the season."""
        day = (on.month, on.day)
        start, end = (self.start_month, self.start_day), (self.end_month, self.end_day)
        return start <= day <= end if start <= end else day >= start or day <= end

    def __str__(self) -> str:
        start, end = MONTHS[self.start_month - 1], MONTHS[self.end_month - 1]
        return f"{self.start_day} {start} - {self.end_day} {end}"


@dataclass(frozen=True, slots=True)
class Programmes:
    """Preference programmes under which goods are entered, by their symbols (``A+``, ``AU``, ``S``)."""

    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        good = bool(self.codes) and all(_PROGRAMME.fullmatch(code) for code in self.codes)
        require(good, f"programmes have symbols such as A+ or AU, not {self.codes}")

    def __str__(self) -> str:
        return ", ".join(self.codes)


@dataclass(frozen=True, slots=True)
class PriceFrom:
    """An entry price of at least so much money per quantity."""

    least: Decimal
    currency: str
    per: Decimal
    unit: str

    def __post_init__(self) -> None:
        require(self.least.is_finite() and self.least >= 0, f"a price is zero or more, not {self.least}")
        require(self.per.is_finite() and self.per > 0, f"a price is per a positive quantity, not {self.per}")

    def __str__(self) -> str:
        per = "" if self.per == 1 else f"{plain(self.per)} "
        return f"price >= {plain(self.least)} {self.currency}/{per}{self.unit}"


@dataclass(frozen=True, slots=True)
class Until:
    """Days before a day (the day itself is outside)."""

    end: date

    def __str__(self) -> str:
        return f"until {self.end.isoformat()}"


@dataclass(frozen=True, slots=True)
class When:
    """A condition in words, true or false of the goods (``authorised use``)."""

    condition: str

    def __post_init__(self) -> None:
        check_name(self.condition)

    def __str__(self) -> str:
        return f'"{self.condition}"'


Selector = Season | Programmes | PriceFrom | Until | When


@dataclass(frozen=True, slots=True)
class Percent:
    """A factor: the percentage points of a content (``per % "sucrose"``)."""

    name: str

    def __post_init__(self) -> None:
        check_name(self.name)

    def __str__(self) -> str:
        return f'% "{self.name}"'


@dataclass(frozen=True, slots=True)
class Count:
    """A factor: a number that the goods have, or what it is over or under a bound.

    ``Count("degree", under=100)`` is 4 at 96 degrees; ``Count("jewel", over=7)`` is 10 for 17 jewels.
    """

    name: str
    under: Decimal | None = None
    over: Decimal | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        require(self.under is None or self.over is None, "a count is over a number or under one")
        for bound in (self.under, self.over):
            require(bound is None or (bound.is_finite() and bound >= 0), f"a count has no bound {bound}")

    def of(self, number: Decimal) -> Decimal:
        """Give the factor for a number."""
        if self.under is not None:
            return max(Decimal(0), self.under - number)
        return number if self.over is None else max(Decimal(0), number - self.over)

    def __str__(self) -> str:
        bound = "" if self.under is None else f" under {plain(self.under)}"
        bound = bound if self.over is None else f" over {plain(self.over)}"
        return f'"{self.name}"{bound}'


Factor = Percent | Count
