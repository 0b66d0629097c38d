"""Currencies: the codes of ISO 4217 that economies use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from openward.codes import tables


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency.

    Attributes
    ----------
    code : str
        ISO 4217 alphabetic code.
    name : str
        English name.
    minor : int
        Decimal digits of the minor unit.
    economies : tuple of str
        Alpha-3 codes of the economies that use it.
    """

    code: str
    name: str
    minor: int
    economies: tuple[str, ...]


@cache
def currencies() -> Mapping[str, Currency]:
    """Give every currency by its code."""
    return {
        row["code"]: Currency(row["code"], row["name"], int(row["minor"]), tuple(row["economies"].split()))
        for row in tables.rows("currencies.csv")
    }


def currency(code: str) -> Currency:
    """Find a currency by its code.

    Raises
    ------
    UnknownCodeError
        No economy uses such a currency.
    """
    found = currencies().get(code)
    if found is None:
        word = str(code).strip()
        near = [c.code for c in currencies().values() if word.casefold() == c.name.casefold()]
        near = near or [c for c in currencies() if word and word.upper() == c]
        near = near or tables.nearest(word.upper(), currencies())
        raise tables.unknown("currency", code, near, "currencies are ISO 4217 codes such as CNY")
    return found
