"""Applied rates of every importer, partner, sector and line class on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from openward.book.model import Book, LineClass
from openward.determine.compile import Compiled, Indices, compile_book, make_space
from openward.determine.fill import Block, fill
from openward.determine.layers import Array, Mask
from openward.determine.precedence import Regime, precedence_of
from openward.determine.rate import check_day


@dataclass(frozen=True, slots=True)
class MissingRate:
    """A rate the book cannot give.

    Attributes
    ----------
    importer, sector : str
    lines : tuple of str
        The classes of tariff lines concerned.
    partners : tuple of str
    counted : int
        Tariff lines in those classes; 0 where they were not counted.
    fact : str
        What would have to be known.
    """

    importer: str
    sector: str
    lines: tuple[str, ...]
    partners: tuple[str, ...]
    counted: int
    fact: str


@dataclass(frozen=True, slots=True, eq=False)
class RateTable:
    """Applied rates on one day; equal to :func:`~openward.determine.rate.applied_rate` cell by cell.

    Notation: N economies, J sectors, S the largest number of line classes of an importer's industry.

    Attributes
    ----------
    book : str
        Name of the book.
    on : date
    economies, sectors : tuple of str
    rates : [N, N, J, S]
        Fractions of the customs value by importer, partner, sector, class. 0 where the rate is not known,
        where the importer has no such class, on services and on the diagonal: ask ``known`` which it is.
    known : bool array [N, N, J, S]
        False where a fact is missing; true for what no duty can fall on.
    shares : [N, J, S]
        Part of each class in the importer's imports of the industry, net of tariff; sums to one over S.
    lines : int array [N, J, S]
        Tariff lines in each class; 0 where they were not counted.
    unverified, assumed : bool arrays [N, N, J]
        Some class with a positive share rests on a measure not read in an official source; on a coverage
        that is assumed.
    preferred : bool array [N, N, J]
        A preferential duty is in force, whatever its rate.
    goods : bool array [J]
        Sectors on which customs duties can fall.
    missing : tuple of MissingRate
    classes : mapping from (economy, sector)
        Line classes of industries that are split, in the order of the last axis.
    """

    book: str
    on: date
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    rates: Array
    known: Mask
    shares: Array
    lines: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    unverified: Mask
    assumed: Mask
    preferred: Mask
    goods: Mask
    missing: tuple[MissingRate, ...]
    classes: Mapping[tuple[str, str], tuple[LineClass, ...]]

    def average(self) -> Array:
        """Give rates averaged over line classes by their shares, [N, N, J]; unknown classes count as zero."""
        out: Array = (self.rates * self.shares[:, None]).sum(axis=3)
        return out

    def whole(self) -> Mask:
        """Say which averages rest on known rates alone, [N, N, J]."""
        out: Mask = (self.known | (self.shares[:, None] == 0)).all(axis=3)
        return out


def rate_table(book: Book, *, on: date, economies: Sequence[str], sectors: Sequence[str]) -> RateTable:
    """Give the applied rates of every importer on every partner's sectors on a day.

    Parameters
    ----------
    book : Book
    on : date
    economies, sectors : sequence of str
        Axes of the table; every economy is importer and partner.

    Raises
    ------
    UnknownCodeError
        An economy or industry that nobody defined.
    InputError
        A day before the book begins.
    IntegrityError
        Two duties in force of which only one can be.
    """
    check_day(book, on)
    space = make_space(book, economies=economies, sectors=sectors)
    return table_of(compile_book(book, on=on, space=space))


def table_of(compiled: Compiled) -> RateTable:
    """Fill the table of a compiled book."""
    space = compiled.space
    n, j, s = len(space.economies), len(space.sectors), space.depth
    rates, known = np.zeros((n, n, j, s)), np.ones((n, n, j, s), dtype=bool)
    unverified, assumed, preferred = (np.zeros((n, n, j), dtype=bool) for _ in range(3))
    shares, lines = shares_of(compiled)
    missing: list[MissingRate] = []
    rows = compiled.by_instrument()
    for regime, importers in blocks(compiled):
        block = fill(compiled, rows, regime, importers)
        finish(compiled, block, importers)
        depth = block.rate.shape[3]
        cells = np.ix_(importers, np.arange(n), space.goods)
        rates[..., :depth][cells] = block.rate
        known[..., :depth][cells] = block.valued
        counted = block.doubt * (shares[np.ix_(importers, space.goods)][:, None, :, :depth] > 0)
        unverified[cells] = (counted & 2).any(axis=3)
        assumed[cells] = (counted & 1).any(axis=3)
        preferred[cells] = block.preferred
        missing += _missing(compiled, block, importers)
    return RateTable(
        book=compiled.book.name,
        on=compiled.on,
        economies=space.economies,
        sectors=space.sectors,
        rates=rates,
        known=known,
        shares=shares,
        lines=lines,
        unverified=unverified,
        assumed=assumed,
        preferred=preferred,
        goods=np.isin(np.arange(j), space.goods),
        missing=tuple(missing),
        classes=space.classes,
    )


def blocks(compiled: Compiled, importers: Indices | None = None) -> list[tuple[Regime, Indices]]:
    """Group importers (default: all) by the rules they follow on the day."""
    precedence = precedence_of(compiled.book)
    positions: dict[Regime, list[int]] = defaultdict(list)
    for n in range(len(compiled.space.economies)) if importers is None else importers:
        positions[precedence.at(compiled.space.economies[n], compiled.on)].append(int(n))
    return [(regime, np.array(found, dtype=np.intp)) for regime, found in positions.items()]


def finish(compiled: Compiled, block: Block, importers: Indices) -> None:
    """Clear what is no answer: unknown rates, domestic goods, classes an importer does not have."""
    space, depth = compiled.space, block.rate.shape[3]
    split = np.ones((len(importers), 1, len(space.goods)), dtype=np.intp)
    goods = {space.sectors[j]: g for g, j in enumerate(space.goods)}
    local = {space.economies[n]: i for i, n in enumerate(importers)}
    for (economy, sector), found in space.classes.items():
        if economy in local:
            split[local[economy], 0, goods[sector]] = len(found)
    absent = np.broadcast_to(np.arange(depth) >= split[..., None], block.rate.shape).copy()
    absent[np.arange(len(importers)), importers] = True
    block.valued |= absent
    empty = absent | ~block.valued
    np.copyto(block.rate, 0.0, where=empty)
    np.copyto(block.doubt, 0, where=empty)
    block.preferred[np.arange(len(importers)), importers] = False


def shares_of(compiled: Compiled) -> tuple[Array, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Give shares and line counts of the classes, both [N, J, S]."""
    space = compiled.space
    shape = (len(space.economies), len(space.sectors), space.depth)
    shares, lines = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    shares[:, :, 0] = 1.0
    economy_at = {code: n for n, code in enumerate(space.economies)}
    sector_at = {code: j for j, code in enumerate(space.sectors)}
    for (economy, sector), found in space.classes.items():
        at = economy_at[economy], sector_at[sector]
        shares[at], lines[at] = 0.0, 0
        for k, line in enumerate(found):
            shares[(*at, k)], lines[(*at, k)] = line.share, line.lines
    return shares, lines


def _missing(compiled: Compiled, block: Block, importers: Indices) -> list[MissingRate]:
    if block.valued.all():
        return []
    space, out = compiled.space, []
    for i, n in enumerate(importers):
        for g, j in enumerate(space.goods):
            gap = ~block.valued[i, :, g]
            if not gap.any():
                continue
            importer, sector = space.economies[n], space.sectors[j]
            found = [line for k, line in enumerate(space.of(importer, sector)) if gap[:, k].any()]
            base = not (block.taken[i, :, g] & gap).any()
            out.append(
                MissingRate(
                    importer,
                    sector,
                    tuple(line.code for line in found),
                    tuple(space.economies[p] for p in np.flatnonzero(gap.any(axis=1))),
                    sum(line.lines for line in found),
                    "no base duty in the book" if base else "a duty in force has no ad valorem rate",
                )
            )
    return out
