"""Days as integers, and sets of days as lists of half-open intervals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

EPOCH = date(1970, 1, 1).toordinal()
BEGIN = date.min.toordinal() - EPOCH
END = date.max.toordinal() - EPOCH + 1
"""First day that a date can name, and the day after the last."""

Span = tuple[int, int]
Spans = tuple[Span, ...]
ALWAYS: Spans = ((BEGIN, END),)


def number(day: date | None, otherwise: int = END) -> int:
    """Give the number of a day (days since 1970-01-01, as tables store dates)."""
    return otherwise if day is None else day.toordinal() - EPOCH


def as_date(day: int) -> date:
    """Give the day of a number."""
    return date.fromordinal(day + EPOCH)


def both(one: Spans, other: Spans) -> Spans:
    """Give the days that lie in both."""
    found = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return tuple(sorted(span for span in found if span[0] < span[1]))


def either(spans: Iterable[Span]) -> Spans:
    """Give the days that lie in some of the intervals, as disjoint intervals in order."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return tuple(united)


def without(spans: Spans, taken: Spans) -> Spans:
    """Give the days of ``spans`` that do not lie in ``taken``."""
    left = list(spans)
    for start, end in taken:
        left = [
            piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]
        ]
    return tuple(left)
