"""Working days, held to the State Council's notices (typed from them) and to days counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openward.codes.calendars import calendar
from openward.errors import InputError, MissingDataError, UnknownCodeError

CHN = calendar("CHN")
# Notices of the General Office of the State Council: weekends worked, and weekdays off.
WORKED = [
    "2023-01-28",
    "2023-01-29",
    "2023-04-23",
    "2023-05-06",
    "2023-06-25",
    "2023-10-07",
    "2023-10-08",
    "2024-02-04",
    "2024-02-18",
    "2024-04-07",
    "2024-04-28",
    "2024-05-11",
    "2024-09-14",
    "2024-09-29",
    "2024-10-12",
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]
OFF = [
    "2024-02-12",
    "2024-02-15",
    "2024-02-16",
    "2024-05-03",
    "2024-09-16",
    "2024-10-07",
    "2025-01-28",
    "2025-02-04",
    "2025-05-05",
    "2025-06-02",
    "2025-10-08",
    "2026-01-02",
    "2026-02-16",
    "2026-02-23",
    "2026-04-06",
    "2026-06-19",
    "2026-10-07",
]
# Start, working days, last day: by hand over Spring Festival, Labour Day, Mid-Autumn, National Day.
COUNTED = [
    ("2025-01-15", 15, "2025-02-11"),
    ("2025-01-15", 45, "2025-03-25"),
    ("2025-01-24", 45, "2025-04-03"),
    ("2024-02-07", 15, "2024-03-05"),
    ("2024-02-07", 45, "2024-04-17"),
    ("2024-09-10", 15, "2024-10-08"),
    ("2024-09-10", 45, "2024-11-18"),
    ("2025-09-22", 20, "2025-10-24"),
    ("2025-09-22", 45, "2025-11-28"),
    ("2025-04-24", 30, "2025-06-10"),
    ("2026-02-02", 15, "2026-02-28"),
    ("2026-02-02", 60, "2026-05-07"),
    ("2026-04-20", 20, "2026-05-20"),
    ("2023-12-28", 30, "2024-02-08"),
]


@pytest.mark.parametrize("day", WORKED)
def test_a_weekend_bought_by_a_holiday_is_worked(day: str) -> None:
    found = date.fromisoformat(day)
    assert found.weekday() >= 5
    assert CHN.is_working(found)


@pytest.mark.parametrize("day", OFF)
def test_a_weekday_of_a_holiday_is_off(day: str) -> None:
    found = date.fromisoformat(day)
    assert found.weekday() < 5
    assert not CHN.is_working(found)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_no_other_weekend_is_worked(year: int) -> None:
    first = date(year, 1, 1)
    weekends = (first + timedelta(k) for k in range(365) if (first + timedelta(k)).weekday() >= 5)
    assert {str(day) for day in weekends if CHN.is_working(day)} == {d for d in WORKED if d[:4] == str(year)}


@pytest.mark.parametrize(("start", "count", "last"), COUNTED)
def test_working_days_after_a_day(start: str, count: int, last: str) -> None:
    assert CHN.after(date.fromisoformat(start), count) == date.fromisoformat(last)
    assert CHN.between(date.fromisoformat(start), date.fromisoformat(last)) == count


def test_five_days_a_week_is_wrong_on_four_start_dates_of_five() -> None:
    def naive(start: date, count: int) -> date:
        while count:
            start += timedelta(1)
            count -= start.weekday() < 5
        return start

    starts = [d for k in range(731) if CHN.is_working(d := date(2024, 1, 1) + timedelta(k))]
    wrong = sum(CHN.after(day, 45) != naive(day, 45) for day in starts)
    assert (wrong, len(starts)) == (394, 499)


def test_days_beyond_the_published_calendar_are_provisional() -> None:
    assert CHN.published_to is not None
    assert not CHN.provisional(CHN.published_to)
    assert CHN.provisional(CHN.published_to + timedelta(1))
    assert not calendar("USA").provisional(date(2040, 1, 1))


@pytest.mark.parametrize(
    ("name", "day", "works"),
    [
        ("USA", "2024-07-04", False),
        ("USA", "2026-07-03", False),  # the fourth is a Saturday
        ("USA", "2025-06-19", False),
        ("USA", "2025-10-13", False),
        ("USA", "2025-10-14", True),
        ("GBR", "2025-08-25", False),  # not in Scotland
        ("GBR", "2026-12-28", False),
        ("GBR", "2025-10-13", True),
    ],
)
def test_other_calendars(name: str, day: str, works: bool) -> None:
    assert calendar(name).is_working(date.fromisoformat(day)) is works


def test_a_day_off_moves_to_the_next_working_day() -> None:
    assert CHN.roll(date(2025, 10, 1)) == date(2025, 10, 9)
    assert CHN.roll(date(2025, 9, 28)) == date(2025, 9, 28)
    assert calendar("USA").roll(date(2026, 7, 3)) == date(2026, 7, 6)


def test_what_it_cannot_answer_it_refuses() -> None:
    with pytest.raises(UnknownCodeError, match="XYZ"):
        calendar("XYZ")
    with pytest.raises(MissingDataError, match="begins on"):
        CHN.is_working(date(1999, 12, 31))
    with pytest.raises(InputError, match="cannot count"):
        CHN.after(date(2025, 1, 1), -1)
