"""Figures by year, with arithmetic year by year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from openward.errors import InputError

Number = float | bool


@dataclass(frozen=True, slots=True)
class Series:
    """A figure for each of some years.

    Attributes
    ----------
    values : mapping from year
        In the order of the years.
    """

    values: Mapping[int, Number]


@dataclass(frozen=True, slots=True)
class Years:
    """Years of a formula, ``years(2016, 2024)``: both ends are in."""

    first: int
    last: int

    def __iter__(self) -> Iterator[int]:
        """Go through the years."""
        return iter(range(self.first, self.last + 1))


Value = float | bool | str | Series | Years | tuple[object, ...] | frozenset[str]


def combine(left: Value, right: Value, compute: Callable[[Number, Number], Number]) -> Value:
    """Compute with numbers, or year by year; a number goes with every year.

    Raises
    ------
    InputError
        Text or lists; or two series over different years.
    """
    if isinstance(left, Series) and isinstance(right, Series):
        if left.values.keys() != right.values.keys():
            only = sorted(left.values.keys() ^ right.values.keys())
            raise InputError(
                f"two series over different years: {', '.join(map(str, only))} in one only",
                hint="ask both for the same years",
            )
        return Series({year: compute(left.values[year], right.values[year]) for year in left.values})
    if isinstance(left, Series):
        other = scalar(right)
        return Series({year: compute(value, other) for year, value in left.values.items()})
    if isinstance(right, Series):
        other = scalar(left)
        return Series({year: compute(other, value) for year, value in right.values.items()})
    return compute(scalar(left), scalar(right))


def scalar(value: Value) -> Number:
    """Take one number.

    Raises
    ------
    InputError
        It is something else.
    """
    if isinstance(value, bool | int | float):
        return value
    raise InputError(f"{kind(value)} stands where a number is needed", hint="sum() or count() makes one")


def each(value: Value) -> tuple[Number, ...]:
    """Take the numbers of a series, or the one number."""
    return tuple(value.values.values()) if isinstance(value, Series) else (scalar(value),)


def kind(value: object) -> str:
    """Say in words what a value is."""
    match value:
        case Series():
            return "a series of years"
        case Years():
            return "years"
        case str():
            return f"the text {value!r}"
        case frozenset():
            return "a set of economies"
        case tuple():
            return "a list"
        case _:
            return "a number"
