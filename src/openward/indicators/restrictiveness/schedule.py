"""The tariff as the book has it on a day: rates by partner and class of lines, ready to be averaged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book, Instrument
from openward.codes.correlation import EDITIONS, correlation
from openward.codes.industries import industries
from openward.determine.scope import is_import_duty, limitation, names_lines, rate_of
from openward.determine.shelves import groups_on
from openward.determine.table import RateTable, rate_table
from openward.errors import InputError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

Basis = Literal["mfn", "applied"]
"""Rates of most-favored-nation treatment, or those that partners pay after preferences and added duties."""
SECTORS = tuple(one.code for one in industries())
STANDARD = frozenset({Instrument.MFN_DUTY, Instrument.PROVISIONAL_DUTY})
Detail = Literal["classes", "lines"]
"""What counts as a line: classes of lines inside industries, or the lines that measures of the book name."""
LEAST_KNOWN = 0.9
"""Part of the weights on which a rate must be known for a statistic to be given."""


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """The tariff of one economy on a day, as cells of partner and class of tariff lines.

    Attributes
    ----------
    economy : str
    partners : tuple of str
        P codes; one for rates of most-favored-nation treatment, which do not differ by partner.
    sectors : tuple of str
        Industry of each of the L classes.
    rates : [P, L]
        Fractions; 0 where not known.
    known : bool array [P, L]
    lines : [L]
        Tariff lines in each class; an industry that was not counted stands as one.
    imports : [P, L]
        Value; zero where no trade was given.
    """

    economy: str
    partners: tuple[str, ...]
    sectors: tuple[str, ...]
    rates: Array
    known: Mask
    lines: Array
    imports: Array

    def weighed(self, weights: Literal["lines", "imports"]) -> tuple[Array, Array] | None:
        """Give rates and weights of the cells whose rate is known.

        Returns None where less than `LEAST_KNOWN` of the weights is on known rates, or there are none.
        """
        w = self.imports if weights == "imports" else np.broadcast_to(self.lines, self.rates.shape)
        total = float(w.sum())
        if total <= 0 or float(w[self.known].sum()) < LEAST_KNOWN * total:
            return None
        return self.rates[self.known], w[self.known].astype(np.float64)

    def by_sector(self) -> tuple[tuple[str, ...], Array, Array] | None:
        """Give industries, their simple average rate over partners and classes, and their number of lines."""
        if not self.known.size or not self.known.all():
            return None
        names = tuple(dict.fromkeys(self.sectors))
        at = np.array([names.index(s) for s in self.sectors])
        lines: Array = np.bincount(at, weights=self.lines).astype(np.float64)
        sums = np.bincount(at, weights=(self.rates.mean(axis=0) * self.lines))
        return names, sums / lines, lines


def economies_asked(book: Book, economies: Sequence[str] | None) -> tuple[str, ...]:
    """Give the economies asked for; by default the one whose law the book is."""
    if economies:
        return tuple(economies)
    if book.economy == "*":
        raise InputError(
            f"book {book.name} is not the law of one economy", hint="name economies", where="economies"
        )
    return (book.economy,)


def standard(book: Book) -> Book:
    """Give the book with duties of most-favored-nation treatment alone: MFN and what stands in for it."""
    return _without(book, lambda kind: kind not in STANDARD)


def unpreferred(book: Book) -> Book:
    """Give the book without preferences."""
    return _without(book, lambda kind: kind is Instrument.PREFERENTIAL_DUTY)


def tariff(
    book: Book,
    *,
    on: date,
    economy: str,
    basis: Basis,
    partners: Iterable[str] = (),
    imports: Array | None = None,
) -> Tariff:
    """Read one economy's tariff from the book.

    Parameters
    ----------
    book : Book
    on : date
    economy : str
    basis : {"mfn", "applied"}
        MFN rates are those the United States pays (Japan, for the United States' own tariff).
    partners : iterable of str
        For applied rates, in the order of ``imports``; the economy itself is left out.
    imports : [P, J], optional
        Imports by partner and industry, in the order of ``SECTORS``. With MFN rates they are summed over
        partners.

    Raises
    ------
    InputError
        A day before the book begins.
    """
    if basis == "mfn":
        asked: tuple[str, ...] = ("JPN" if economy == "USA" else "USA",)
        value = None if imports is None else imports.sum(axis=0, keepdims=True)
    else:
        asked, value = tuple(partners), imports
    table = _table(book, on, tuple(sorted({economy, *asked})), basis)
    return _cells(table, economy, asked, value)


def line_tariff(book: Book, *, on: date, economy: str) -> Tariff:
    """Read the tariff off measures that name single lines (eight digits or more), as imported schedules do.

    A provisional rate takes the place of the MFN rate of its line. A duty without ad valorem rate is not
    known. Lines whose subheading has no industry are placed under an empty code.
    """
    groups = groups_on(book, on)
    found: dict[str, tuple[int, float | None]] = {}
    for m in book.measures.values():
        if m.instrument not in STANDARD or not is_import_duty(m, on) or not names_lines(m):
            continue
        if economy not in groups.members(m.imposed_by) or limitation(m) or m.scope.partners:
            continue
        rank = 1 if m.instrument is Instrument.PROVISIONAL_DUTY else 0
        for code in m.scope.products.ranges if m.scope.products else ():
            if rank >= found.get(code, (-1, None))[0]:
                found[code] = rank, rate_of(m)
    codes = sorted(found)
    sector = {hs6: code for edition in reversed(EDITIONS) for hs6, code in correlation(edition).items()}
    rates = [found[code][1] for code in codes]
    return Tariff(
        economy=economy,
        partners=("",),
        sectors=tuple(sector.get(code[:6], "") for code in codes),
        rates=np.array([[0.0 if rate is None else rate for rate in rates]]),
        known=np.array([[rate is not None for rate in rates]], dtype=np.bool_),
        lines=np.ones(len(codes)),
        imports=np.zeros((1, len(codes))),
    )


def standard_tariff(book: Book, *, on: date, economy: str, detail: Detail) -> Tariff:
    """Read the most-favored-nation tariff without trade."""
    if detail == "lines":
        return line_tariff(book, on=on, economy=economy)
    return tariff(book, on=on, economy=economy, basis="mfn")


def _cells(table: RateTable, economy: str, asked: tuple[str, ...], imports: Array | None) -> Tariff:
    own = table.economies.index(economy)
    foreign = [p for p in asked if p != economy]
    at = np.array([table.economies.index(p) for p in foreign], dtype=np.intp)
    goods = np.flatnonzero(table.goods)
    cells = [
        (j, s)
        for j in goods
        for s in range(table.rates.shape[3])
        if s < len(table.classes.get((economy, table.sectors[j]), (None,)))
    ]
    j, s = np.array([c[0] for c in cells], dtype=np.intp), np.array([c[1] for c in cells], dtype=np.intp)
    counted = table.lines[own, j, s]
    split = np.array([(economy, table.sectors[k]) in table.classes for k in j])
    share = table.shares[own, j, s]
    value = np.zeros((len(foreign), len(cells)))
    if imports is not None:
        kept = np.array([k for k, p in enumerate(asked) if p != economy], dtype=np.intp)
        value = imports[np.ix_(kept, j)] * share
    return Tariff(
        economy=economy,
        partners=tuple(foreign),
        sectors=tuple(table.sectors[k] for k in j),
        rates=table.rates[own][at][:, j, s],
        known=table.known[own][at][:, j, s],
        lines=np.where(split, counted, np.maximum(counted, 1)).astype(np.float64),
        imports=value,
    )


def _without(book: Book, drop: Callable[[Instrument], bool]) -> Book:
    kept = {name: m for name, m in book.measures.items() if not drop(m.instrument)}
    return replace(book, measures=MappingProxyType(kept))


KEPT = 16
_tables: dict[tuple[int, date, tuple[str, ...], Basis], tuple[Book, RateTable]] = {}


def _table(book: Book, on: date, economies: tuple[str, ...], basis: Basis) -> RateTable:
    """Give the rates; tables asked last are kept, for indicators are read one after another."""
    key = id(book), on, economies, basis
    found = _tables.get(key)
    if found is not None and found[0] is book:
        return found[1]
    law = standard(book) if basis == "mfn" else book
    made = rate_table(law, on=on, economies=economies, sectors=SECTORS)
    if len(_tables) >= KEPT:
        _tables.clear()
    _tables[key] = book, made
    return made
