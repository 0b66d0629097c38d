"""Ranges of tariff codes, and whether a code that may be short falls in one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from openward.determine.origin.truth import Truth
from openward.errors import UnknownCodeError

DIGITS = 10


@lru_cache(maxsize=65536)
def digits(code: str) -> str:
    """Give a tariff code as digits alone: ``"2204.10"`` is ``"220410"``, chapter ``"1"`` is ``"01"``.

    Raises
    ------
    UnknownCodeError
        If it is not a code of 1 to 10 digits.
    """
    bare = code.replace(".", "").replace(" ", "").strip()
    if not bare.isascii() or not bare.isdigit() or len(bare) > DIGITS:
        raise UnknownCodeError(
            f"{code!r} is not a tariff code", hint="write 2 to 10 digits, for example 870323", where="code"
        )
    return bare.zfill(2)


@lru_cache(maxsize=65536)
def span(code: str) -> tuple[int, int]:
    """Give the first and last ten-digit code that a code stands for, as numbers."""
    bare = digits(code)
    return int(bare.ljust(DIGITS, "0")), int(bare.ljust(DIGITS, "9"))


def differs(one: str, other: str, level: int) -> Truth:
    """Say whether two codes are in different positions at a level (2, 4, 6 or 8 digits).

    A code that is shorter than the level decides only where what it has differs already.
    """
    if one[:level] == other[:level]:
        return False if len(one) >= level and len(other) >= level else None
    short = min(len(one), len(other), level)
    return True if one[:short] != other[:short] else None


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Codes from ``first`` to ``last``, both included, each with all that is below it."""

    first: str
    last: str
    low: int = field(init=False, repr=False, compare=False)
    high: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first, last = digits(self.first), digits(self.last)
        low, high = span(first)[0], span(last)[1]
        if high < low:
            raise UnknownCodeError(
                f"the range {self.first}-{self.last} ends before it begins",
                hint="write the lower code first",
                where="code range",
            )
        for name, value in (("first", first), ("last", last), ("low", low), ("high", high)):
            object.__setattr__(self, name, value)

    def covers(self, code: str) -> Truth:
        """Say whether a code is inside; None where it is too short to tell."""
        low, high = span(code)
        if self.low <= low and high <= self.high:
            return True
        return None if low <= self.high and high >= self.low else False

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}-{self.last}"


def covered(ranges: Iterable[CodeRange], code: str) -> Truth:
    """Say whether any range covers a code."""
    low, high = span(code)
    known: Truth = False
    for each in ranges:
        if each.low <= low and high <= each.high:
            return True
        if low <= each.high and high >= each.low:
            known = None
    return known


def code_range(text: str) -> CodeRange:
    """Read ``"0401-0410"`` or ``"2204.10"``."""
    first, _, last = text.partition("-")
    return CodeRange(first.strip(), last.strip() or first.strip())


class RangeIndex:
    """Finds which of many sets of ranges hold a code, without looking at each.

    Parameters
    ----------
    ranges : sequence of sequence of CodeRange
        One sequence for each thing that is to be found; things are known by their position.
    """

    def __init__(self, ranges: Sequence[Sequence[CodeRange]]) -> None:
        cuts = sorted({cut for some in ranges for each in some for cut in (each.low, each.high + 1)})
        place = {cut: at for at, cut in enumerate(cuts)}
        holds: list[list[int]] = [[] for _ in cuts]
        for number, some in enumerate(ranges):
            for each in some:
                for at in range(place[each.low], place[each.high + 1]):
                    if not holds[at] or holds[at][-1] != number:
                        holds[at].append(number)
        self._cuts = cuts
        self._holds = [tuple(each) for each in holds]

    def pieces(self, code: str) -> tuple[tuple[int, ...], ...]:
        """Give what holds each stretch of the codes that a code stands for, stretches alike once."""
        low, high = span(code)
        last = bisect_right(self._cuts, high) - 1
        if last < 0:
            return ((),)
        first = bisect_right(self._cuts, low) - 1
        before: tuple[tuple[int, ...], ...] = ((),) if first < 0 else ()
        return tuple(dict.fromkeys((*before, *self._holds[max(first, 0) : last + 1])))

    def covering(self, code: str) -> tuple[int, ...]:
        """Give what holds all of the codes that a code stands for."""
        first, *others = self.pieces(code)
        return tuple(number for number in first if all(number in other for other in others))
