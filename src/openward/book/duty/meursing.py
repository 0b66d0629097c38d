"""The Meursing table: additional code of composite foods by milk fat, milk protein, starch and sucrose.

The code picks the agricultural component (AC, EA) and the additional duties on sugar (SD, ADSZ) and flour
(FD, ADFM) of a tariff; their amounts change and are given in :class:`~openward.book.duty.Basis`.

Source: Combined Nomenclature (Council Regulation (EEC) 2658/87), part three, annex 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from openward.errors import InputError

CONTENTS = ("milk fat", "milk protein", "starch", "sucrose")


def meursing_codes(contents: Mapping[str, Decimal]) -> tuple[str, ...]:
    """Give the additional codes that goods may have: one where all that matters is known.

    Parameters
    ----------
    contents : mapping
        Shares by weight as fractions: ``milk fat``, ``milk protein``, ``starch`` (with glucose), ``sucrose``
        (with invert sugar and isoglucose). One that is absent is not known.

    Returns
    -------
    tuple of str
        Four-digit codes in order (``7000``); several where contents that are not known decide.

    Raises
    ------
    InputError
        A share is not between 0 and 1, or no goods can have these contents together.
    """
    known = {name: contents[name] * 100 for name in CONTENTS if name in contents}
    for name, share in known.items():
        if not (share.is_finite() and 0 <= share <= 100):
            raise InputError(f"the content of {name} is {share} %", hint="give a fraction from 0 to 1")
    found = tuple(sorted(code for code, classes in _classes().items() if _fits(classes, known)))
    if not found:
        said = ", ".join(f"{name} {share.normalize():f} %" for name, share in known.items())
        raise InputError(f"no goods have {said}", hint="check the shares; together they are at most 100 %")
    return found


_Classes = tuple[tuple[Decimal, Decimal | None], ...]


def _fits(classes: _Classes, known: Mapping[str, Decimal]) -> bool:
    for name, (low, high) in zip(CONTENTS, classes, strict=True):
        share = known.get(name)
        if share is not None and not (low <= share and (high is None or share < high)):
            return False
    return True


@cache
def _classes() -> Mapping[str, _Classes]:
    """Give the bounds of each content by code, percent, half-open; no upper bound is None."""
    text = files("openward.book.duty").joinpath("meursing.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(text.partition("\n")[2]))
    columns = _bounds([(Decimal(words[1]), Decimal(words[3])) for words in map(str.split, header[2:])])
    lines = _bounds([(Decimal(row[0]), Decimal(row[1] or 0)) for row in rows])
    return {
        code: (*line, *column)
        for row, line in zip(rows, lines, strict=True)
        for code, column in zip(row[2:], columns, strict=True)
        if code
    }


def _bounds(lows: list[tuple[Decimal, Decimal]]) -> list[_Classes]:
    """Close each class with the next greater lower bound: the outer of all, the inner of its outer class."""
    outer = sorted({low for low, _ in lows})
    found: list[_Classes] = []
    for low, inner in lows:
        inners = sorted({second for first, second in lows if first == low})
        found.append(((low, _next(outer, low)), (inner, _next(inners, inner))))
    return found


def _next(lows: list[Decimal], low: Decimal) -> Decimal | None:
    return next((other for other in lows if other > low), None)
