"""Ranges of product codes as intervals on the nested set of all codes.

A code stands for itself and everything below it. Padded to ten digits a code is an interval of integers,
the interval of a code lies inside that of its parent, and "covers" is two comparisons.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from openward.errors import InputError

DIGITS = 10
EVERYTHING = (0, 10**DIGITS)
Bounds = tuple[int, int]


@lru_cache(maxsize=131072)
def bounds(text: str) -> Bounds:
    """Give the half-open interval of a code or a range on ten digits.

    ``"*"`` is everything, ``"8703"`` that heading with all below it, ``"0101-0106"`` all from the first to
    the last, inclusive.

    Raises
    ------
    InputError
        Not digits in pairs, more than ten digits, or a range that ends before it begins.
    """
    if text == "*":
        return EVERYTHING
    first, dash, last = text.partition("-")
    low, high = _interval(first, text)[0], _interval(last if dash else first, text)[1]
    if low >= high:
        raise InputError(f"the range {text!r} ends before it begins", hint="write the lower code first")
    return low, high


def _interval(code: str, whole: str) -> Bounds:
    # isdecimal alone would let digits of other scripts through.
    if not (code.isascii() and code.isdecimal() and len(code) % 2 == 0 and len(code) <= DIGITS):
        raise InputError(
            f"{whole!r} is not a product code or range",
            hint="write '*', '0101' or '0101-0206', 2 to 10 digits in pairs without dots",
        )
    step: int = 10 ** (DIGITS - len(code))
    low = int(code) * step
    return low, low + step


def covers(range_: str, code: str) -> bool:
    """Tell whether a range covers a code with everything below it."""
    low, high = bounds(range_)
    first, last = bounds(code)
    return low <= first and last <= high


def touches(range_: str, other: str) -> bool:
    """Tell whether two ranges share a code."""
    low, high = bounds(range_)
    first, last = bounds(other)
    return low < last and first < high


def significant(code: str) -> str:
    """Give a padded code (``0101210000``) without the pairs of zeros that only fill it up (``010121``)."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


@dataclass(frozen=True, slots=True)
class RangeSet:
    """Several ranges less several others, as disjoint intervals in order; look-up by bisection."""

    lows: tuple[int, ...]
    highs: tuple[int, ...]

    @classmethod
    def of(cls, ranges: Iterable[str], exclude: Iterable[str] = ()) -> RangeSet:
        """Compile ranges, and take away those excluded."""
        kept = _united(bounds(one) for one in ranges)
        for low, high in _united(bounds(one) for one in exclude):
            kept = [piece for one in kept for piece in _without(one, low, high)]
        return cls(tuple(low for low, _ in kept), tuple(high for _, high in kept))

    def covers(self, code: str) -> bool:
        """Tell whether a code with everything below it lies inside."""
        first, last = bounds(code)
        at = bisect_right(self.lows, first) - 1
        return at >= 0 and last <= self.highs[at]

    def touches(self, code: str) -> bool:
        """Tell whether a code, or something below it, lies inside."""
        first, last = bounds(code)
        at = bisect_right(self.highs, first)
        return at < len(self.lows) and self.lows[at] < last

    @property
    def empty(self) -> bool:
        """True where no code lies inside."""
        return not self.lows

    def __and__(self, other: RangeSet) -> RangeSet:
        """Give what lies in both."""
        shared = [
            (max(a, c), min(b, d))
            for a, b in zip(self.lows, self.highs, strict=True)
            for c, d in zip(other.lows, other.highs, strict=True)
            if max(a, c) < min(b, d)
        ]
        return RangeSet(tuple(low for low, _ in shared), tuple(high for _, high in shared))


def _united(pieces: Iterable[Bounds]) -> list[Bounds]:
    united: list[Bounds] = []
    for low, high in sorted(pieces):
        if united and low <= united[-1][1]:
            united[-1] = (united[-1][0], max(high, united[-1][1]))
        else:
            united.append((low, high))
    return united


def _without(piece: Bounds, low: int, high: int) -> list[Bounds]:
    first, last = piece
    parts = [(first, min(last, low)), (max(first, high), last)]
    return [(a, b) for a, b in parts if a < b]


@lru_cache(maxsize=65536)
def range_set(ranges: tuple[str, ...], exclude: tuple[str, ...] = ()) -> RangeSet:
    """Give the compiled set of a scope's ranges; the same scope is compiled once."""
    return RangeSet.of(ranges, exclude)
