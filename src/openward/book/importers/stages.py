"""Stages of a schedule: rates by year, or a base rate and a category, as intervals with one duty each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from openward.book.duty import AdValorem, Duty
from openward.codes.terms import Interval
from openward.errors import InputError


def intervals(stages: Sequence[tuple[date, Duty]]) -> Iterator[tuple[Interval, Duty]]:
    """Merge stages in a row with the same duty; the last is open.

    Parameters
    ----------
    stages : sequence of (date, Duty)
        First day and duty, by day.
    """
    kept: list[tuple[date, Duty]] = []
    for start, duty in stages:
        if not kept or kept[-1][1] != duty:
            kept.append((start, duty))
    for k, (start, duty) in enumerate(kept):
        yield Interval(start, kept[k + 1][0] if k + 1 < len(kept) else None), duty


def by_category(base: Decimal, cuts: int, first: date, *, decimals: int = 6) -> list[tuple[date, Duty]]:
    """Take a base rate to zero in equal annual cuts: the first on ``first``, the others on each 1 January.

    Parameters
    ----------
    base : Decimal
        Fraction.
    cuts : int
        How many; one means free at once.
    first : date
    decimals : int
        Decimals of the percentage that are kept; the rest is cut off, as schedules do.

    Raises
    ------
    InputError
        Not one cut or more.
    """
    if cuts < 1:
        raise InputError(f"{cuts} cuts", hint="one cut means free at once")
    step = Decimal(1).scaleb(-2 - decimals)
    stages: list[tuple[date, Duty]] = []
    for k in range(1, cuts + 1):
        rate = (base * (cuts - k) / cuts).quantize(step, rounding=ROUND_DOWN)
        stages.append((anniversary(first, k - 1), AdValorem(rate.normalize() + 0)))
    return stages


def anniversary(first: date, years: int) -> date:
    """Give the first day of a later stage: 1 January, some years after the first."""
    return first if years == 0 else date(first.year + years, 1, 1)


def rate_at(found: Sequence[tuple[Interval, Duty]], on: date) -> Duty | None:
    """Give the duty on a day; None where none is stated."""
    return next((duty for valid, duty in found if on in valid), None)
