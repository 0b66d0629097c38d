"""Three-valued logic: True, False, or None where a fact is missing (Kleene 1952)."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def all_of(truths: Iterable[Truth]) -> Truth:
    """Give False if one is False, else None if one is not known, else True."""
    known: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            known = None
    return known


def any_of(truths: Iterable[Truth]) -> Truth:
    """Give True if one is True, else None if one is not known, else False."""
    known: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            known = None
    return known


def opposite(truth: Truth) -> Truth:
    """Give the negation; what is not known stays not known."""
    return None if truth is None else not truth


def agreed(truths: Iterable[Truth]) -> Truth:
    """Give the value that all share; None where they differ, or where there is none."""
    values = set(truths)
    return values.pop() if len(values) == 1 else None
