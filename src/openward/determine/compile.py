"""Compile a book for one day: groups, sectors and line classes become indices, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book, Instrument, LineClass, Measure
from openward.codes.economies import economy
from openward.codes.industries import industry
from openward.determine.groups import GroupsOn
from openward.determine.scope import WHOLE, coverage, doubt, is_import_duty, limitation, rate_of

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Space:
    """What a table is about: importers and partners, sectors, and the classes of lines in them.

    Attributes
    ----------
    economies, sectors : tuple of str
        In the order of the table's axes.
    goods : index array
        Positions of the sectors on which customs duties can fall.
    classes : mapping from (economy, sector)
        Line classes where an industry is split.
    depth : int
        Largest number of classes of any importer's industry.
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    goods: Indices
    classes: Mapping[tuple[str, str], tuple[LineClass, ...]]
    depth: int

    def of(self, importer: str, sector: str) -> tuple[LineClass, ...]:
        """Give the classes of an importer's industry: one, where it is not split."""
        return self.classes.get((importer, sector)) or (LineClass(importer, sector, WHOLE, 1.0, 0),)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One measure on the indices of a space; positions in ``sectors`` count goods only.

    ``partners`` and ``sectors`` are None where the measure does not limit them; ``line`` is the class it is
    limited to; ``only`` the single importer, or -1. ``rate`` is None where the duty has no ad valorem rate;
    ``stated`` is False where the book has no duty for the measure at all.
    """

    id: str
    instrument: Instrument
    rate: float | None
    stated: bool
    doubt: int
    specificity: int
    importers: Indices
    partners: Indices | None
    sectors: Indices | None
    line: int | None
    only: int

    def imposed_by(self, importer: int) -> bool:
        """True where an importer, by position, imposes it."""
        return self.only == importer if self.only >= 0 else importer in self.importers


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A book's import duties in force on a day, on the indices of a space.

    ``rows`` holds those that concern the space, ``mentions`` the codes that decide whom each duty in force
    concerns.
    """

    book: Book
    on: date
    space: Space
    groups: GroupsOn
    rows: Mapping[str, tuple[Row, ...]]
    mentions: Mapping[str, frozenset[str]]

    def by_instrument(self, importers: Indices | None = None) -> dict[Instrument, list[Row]]:
        """Give the rows (of some importers only, where named) by instrument, in the order of measure ids."""
        wanted_at = np.full(len(self.space.economies), importers is None)
        wanted_at[() if importers is None else importers] = True
        wanted: list[bool] = wanted_at.tolist()
        out: dict[Instrument, list[Row]] = defaultdict(list)
        for name in sorted(self.rows):
            for row in self.rows[name]:
                if wanted[row.only] if row.only >= 0 else wanted_at[row.importers].any():
                    out[row.instrument].append(row)
        return out


def make_space(book: Book, *, economies: Sequence[str], sectors: Sequence[str]) -> Space:
    """Lay out the axes of a table.

    Raises
    ------
    UnknownCodeError
        An economy or industry that nobody defined.
    """
    for code in economies:
        economy(code)
    goods = np.array([j for j, s in enumerate(sectors) if industry(s).goods], dtype=np.intp)
    named, wanted = set(economies), {sectors[j] for j in goods}
    classes: dict[tuple[str, str], list[LineClass]] = defaultdict(list)
    for line in book.lines:
        if line.economy in named and line.sector in wanted:
            classes[line.economy, line.sector].append(line)
    depth = max((len(found) for found in classes.values()), default=1)
    return Space(tuple(economies), tuple(sectors), goods, {k: tuple(v) for k, v in classes.items()}, depth)


def compile_book(book: Book, *, on: date, space: Space, previous: Compiled | None = None) -> Compiled:
    """Turn the import duties in force on a day into rows of indices.

    Parameters
    ----------
    book : Book
    on : date
    space : Space
    previous : Compiled, optional
        Another book compiled for the same day and space: rows of measures both share are taken from it.
    """
    shared = previous is not None and previous.book.memberships is book.memberships
    groups = previous.groups if previous is not None and shared else GroupsOn(book, on)
    known = previous.rows if previous is not None else {}
    before = previous.book.measures if previous is not None else {}
    stale = groups.changed(previous.groups) if previous is not None else frozenset()
    maker = _Maker(space, groups)
    said = previous.mentions if previous is not None else {}
    rows: dict[str, tuple[Row, ...]] = {}
    mentions: dict[str, frozenset[str]] = {}
    for name, measure in book.measures.items():
        same = before.get(name) is measure
        if same and name not in said:
            continue
        if not same and not is_import_duty(measure, on):
            continue
        mentions[name] = said[name] if same else mentioned(measure)
        reuse = same and not stale & mentions[name]
        made = known.get(name, ()) if reuse else tuple(maker.rows(measure))
        if made:
            rows[name] = made
    return Compiled(book, on, space, groups, rows, mentions)


def mentioned(measure: Measure) -> frozenset[str]:
    """Give every code of an economy or group that decides whom a measure concerns."""
    scope = measure.scope
    members = (c.value for c in measure.conditions if c.kind == "membership")
    return frozenset((measure.imposed_by, *scope.partners, *scope.exclude, *members))


class _Maker:
    """Turns measures into rows; scopes that repeat are resolved once."""

    def __init__(self, space: Space, groups: GroupsOn) -> None:
        self.space, self.groups = space, groups
        self.economy_at = {code: n for n, code in enumerate(space.economies)}
        self.goods = tuple(space.sectors[j] for j in space.goods)
        self.sector_at = {code: j for j, code in enumerate(self.goods)}
        self._partners: dict[tuple[tuple[str, ...], tuple[str, ...]], Indices | None] = {}
        self._members: dict[tuple[str, ...], Indices] = {}
        self._sectors: dict[str, Indices] = {
            s: np.array([j], dtype=np.intp) for s, j in self.sector_at.items()
        }

    def rows(self, measure: Measure) -> Iterator[Row]:
        importers = self.importers(measure)
        if not len(importers) or limitation(measure):
            return
        partners = self.partners(measure)
        if partners is not None and not len(partners):
            return
        rate, sure = rate_of(measure), doubt(measure)
        stated = measure.effect.duty is not None
        for sectors, line, narrow, only in self.places(measure, importers):
            mine = importers if only is None else only
            yield Row(
                measure.id,
                measure.instrument,
                rate,
                stated,
                sure,
                narrow,
                mine,
                partners,
                sectors,
                line,
                int(mine[0]) if len(mine) == 1 else -1,
            )

    def importers(self, measure: Measure) -> Indices:
        needed = (measure.imposed_by, *(c.value for c in measure.conditions if c.kind == "membership"))
        found = self._members.get(needed)
        if found is None:
            members = frozenset.intersection(*(self.groups.members(code) for code in needed))
            found = self._members[needed] = self._indices(members)
        return found

    def partners(self, measure: Measure) -> Indices | None:
        key = (measure.scope.partners, measure.scope.exclude)
        if key == ((), ()):
            return None
        if key not in self._partners:
            named = self.groups.expand(key[0]) if key[0] else frozenset(self.space.economies)
            self._partners[key] = self._indices(named - self.groups.expand(key[1]))
        return self._partners[key]

    def places(
        self, measure: Measure, importers: Indices
    ) -> Iterator[tuple[Indices | None, int | None, int, Indices | None]]:
        """Give (sectors, class, specificity, importer of that class) for every place a measure names."""
        products = measure.scope.products
        whole = products is None or "*" in products.ranges
        if not measure.scope.sectors:
            covered = [j for s, j in self.sector_at.items() if whole or coverage(products, s) == "all"]
            if covered:
                yield None if whole else np.array(covered, dtype=np.intp), None, 0, None
            return
        named = [
            s for s in measure.scope.sectors if whole or coverage(products, s.partition("/")[0]) == "all"
        ]
        sectors = [self.sector_at[s] for s in dict.fromkeys(named) if s in self.sector_at]
        if sectors:
            one = self._sectors[named[0]] if len(sectors) == 1 and named[0] in self._sectors else None
            yield np.array(sectors, dtype=np.intp) if one is None else one, None, 1, None
        for place in dict.fromkeys(named):
            sector, _, code = place.partition("/")
            if not code or sector not in self.sector_at or sector in named:
                continue
            for n in importers:
                for k, line in enumerate(self.space.of(self.space.economies[n], sector)):
                    if line.code == code:
                        yield self._sectors[sector], k, 2, np.array([n], dtype=np.intp)

    def _indices(self, codes: frozenset[str]) -> Indices:
        return np.array(sorted(self.economy_at[c] for c in codes if c in self.economy_at), dtype=np.intp)
