"""Errors of duty sentences: a stable kind, the column, and what was expected there."""

from __future__ import annotations

from enum import StrEnum

from openward.errors import InputError, UnknownCodeError


class Mistake(StrEnum):
    """What is wrong with a sentence or a set of components; the names are stable."""

    EMPTY = "empty"
    AMOUNT_REQUIRED = "amount-required"
    UNKNOWN_EXPRESSION = "unknown-expression"
    UNKNOWN_CURRENCY = "unknown-currency"
    UNKNOWN_UNIT = "unknown-unit"
    UNKNOWN_QUALIFIER = "unknown-qualifier"
    QUALIFIER_NOT_PERMITTED = "qualifier-not-permitted"
    UNIT_NOT_PERMITTED = "unit-not-permitted"
    EXPRESSION_TWICE = "expression-used-twice"
    EXPRESSION_ORDER = "expressions-not-ascending"
    UNIT_REQUIRED = "unit-required"
    BAD_NUMBER = "bad-number"
    BAD_DATE = "bad-date"
    UNFINISHED = "unfinished"
    TRAILING = "trailing"


class DutySentenceError(InputError):
    """A duty sentence that is not understood.

    Attributes
    ----------
    kind : Mistake
        Stable kind.
    at : int
        Column in the sentence, from 1.
    expected : str
        What would have been understood there.
    text : str
        The sentence.
    """

    kind: Mistake
    at: int
    expected: str
    text: str


class DutyCodeError(DutySentenceError, UnknownCodeError):
    """A currency or a unit in a duty sentence that nobody defined."""

    code = "unknown-code"


_CODES = {Mistake.UNKNOWN_CURRENCY, Mistake.UNKNOWN_UNIT, Mistake.UNKNOWN_QUALIFIER}


def mistake(
    kind: Mistake, *, text: str, at: int, expected: str, hint: str, found: str | None = None
) -> DutySentenceError:
    """Build the error of a place in a sentence; ``at`` counts from 0 here and from 1 in the message."""
    if found is None:
        rest = text[at:].split()
        found = f"found {rest[0]!r}" if rest else "the sentence ends"
    message = f"duty {text!r}, character {at + 1}: expected {expected}, {found}"
    error = (DutyCodeError if kind in _CODES else DutySentenceError)(message, hint=hint)
    error.kind, error.at, error.expected, error.text = kind, at + 1, expected, text
    return error
