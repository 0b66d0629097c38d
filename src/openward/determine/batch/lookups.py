"""Look-ups of many rows in the layers of a compiled book, each done once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Instrument
from openward.determine.batch.compiled import Compiled, Instruments
from openward.determine.batch.engines import Find
from openward.determine.batch.layers import Layer
from openward.determine.batch.table import CLASH, NONE, Lists

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of one importer.

    Attributes
    ----------
    cell, origin, day : int32 array
        Day numbers; cells and origins as compiled.
    claim : int16 array
        Position of what is claimed in ``claims``; -1 where nothing is said, so that everything could be.
    claims : tuple of str
    """

    cell: Small
    origin: Small
    day: Small
    claim: NDArray[np.int16]
    claims: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.cell)

    def where(self, at: NDArray[np.intp] | Mask) -> Rows:
        """Give some of the rows."""
        return Rows(self.cell[at], self.origin[at], self.day[at], self.claim[at], self.claims)


@dataclass(frozen=True, slots=True, eq=False)
class Additions:
    """Lists of duties that are added: the position of each row's list, and the lists of variants."""

    at: Small
    lists: Lists

    def placed(self, at: NDArray[np.intp], size: int) -> Additions:
        """Give the same on more rows, those named by ``at`` being these."""
        whole = np.full(size, NONE, dtype=np.int32)
        whole[at] = self.at
        return Additions(whole, self.lists)


class Lookups:
    """What holds on some rows, layer by layer.

    Parameters
    ----------
    compiled : Compiled
    rows : Rows
    find : callable
    """

    def __init__(self, compiled: Compiled, rows: Rows, find: Find) -> None:
        self.compiled, self.rows, self._find = compiled, rows, find
        cell, origin = rows.cell.astype(np.int64), rows.origin.astype(np.int64)
        zero = np.zeros_like(cell)
        # A row outside all cells has no key in the tables of cells.
        both = np.where(cell < 0, np.int64(NONE), cell * len(compiled.origins) + origin)
        self._keys = {"cell": cell, "cell_origin": both, "any": zero, "origin": origin}
        self._ones: dict[Instrument, Small] = {}
        self._clash = np.zeros(len(rows), dtype=np.bool_)

    def places(self, layer: Layer) -> Mapping[str, Small]:
        """Look the rows up in every table of a layer."""
        return {
            place: self._find(table, self._keys[place], self.rows.day)
            for place, table in layer.tables.items()
        }

    def hard(self) -> Mask:
        """Say on which rows only the interpreter can answer: such a measure is in force, or two clash."""
        found = self._clash.copy()
        for held in self.places(self.compiled.hard).values():
            found |= held >= 0
        return found

    def one(self, instrument: Instrument) -> Small:
        """Give the most specific duty of an instrument; rows on which two clash are noted."""
        known = self._ones.get(instrument)
        if known is None:
            known = self._ones[instrument] = self._one(self.compiled.one[instrument])
        return known

    def _one(self, layer: Layer) -> Small:
        variants = self.compiled.variants
        best = np.full(len(self.rows), NONE, dtype=np.int32)
        for held in self.places(layer).values():
            self._clash |= held == CLASH
            two = (best >= 0) & (held >= 0)
            if two.any():
                one, other = best[two], held[two]
                level, rate = variants.level, variants.rate
                self._clash[two] |= (level[one] == level[other]) & (rate[one] != rate[other])
                held = held.copy()
                held[two] = np.where(variants.narrow[other] < variants.narrow[one], other, one)
            best = np.where(held >= 0, held, best)
        return best

    def lowest(self, instruments: Instruments) -> tuple[Small, Small, Small]:
        """Give the lowest of several duties, the lowest without its fact, the lowest without any."""
        best, other = self._two(self.compiled.lowest[instruments])
        free = np.full(len(self.rows), NONE, dtype=np.int32)
        for held in self.places(self.compiled.free[instruments]).values():
            free = self._cheaper(free, held)
        named = np.flatnonzero(self.rows.claim >= 0)
        if len(named):
            best[named], other[named] = self._claimed(instruments, named)
        sure = (best >= 0) & (self._fact(best) < 0)
        return best, np.where(sure, best, other), free

    def _two(self, layer: Layer) -> tuple[Small, Small]:
        best = np.full(len(self.rows), NONE, dtype=np.int32)
        second = best.copy()
        for place, held in self.places(layer).items():
            pairs = layer.pairs[place]
            one = np.where(held >= 0, pairs.best[held], NONE)
            two = np.where(held >= 0, pairs.second[held], NONE)
            if (best == NONE).all():
                best, second = one, two
                continue
            winner = self._cheaper(best, one)
            fact = self._fact(winner)
            rest = np.full_like(best, NONE)
            for candidate in (best, second, one, two):
                differs = (candidate >= 0) & (self._fact(candidate) != fact)
                rest = self._cheaper(rest, np.where(differs, candidate, NONE))
            best, second = winner, rest
        return best, second

    def _claimed(self, instruments: Instruments, at: NDArray[np.intp]) -> tuple[Small, Small]:
        """Give the two lowest among those that a row's claim names, or that need none."""
        best = np.full(len(at), NONE, dtype=np.int32)
        second = best.copy()
        named = Lookups(self.compiled, self.rows.where(at), self._find)
        matching = self.compiled.matching(self.rows.claims)
        layer = self.compiled.listed(instruments)
        for place, held in named.places(layer).items():
            lists = layer.lists[place]
            size = np.where(held >= 0, lists.lengths()[held] if len(lists.offsets) > 1 else 0, 0)
            for turn in range(int(size.max(initial=0))):
                more = np.flatnonzero(size > turn)
                one = lists.values[lists.offsets[held[more]] + turn]
                one = np.where(matching[named.rows.claim[more], one], one, NONE)
                best[more], second[more] = self._inserted(best[more], second[more], one)
        return best, second

    def _inserted(self, best: Small, second: Small, one: Small) -> tuple[Small, Small]:
        winner = self._cheaper(best, one)
        fact = self._fact(winner)
        rest = np.full_like(best, NONE)
        for candidate in (best, second, one):
            differs = (candidate >= 0) & (self._fact(candidate) != fact)
            rest = self._cheaper(rest, np.where(differs, candidate, NONE))
        return winner, rest

    def _cheaper(self, one: Small, other: Small) -> Small:
        """Give the cheaper of two duties; one that is absent gives way."""
        rank = self.compiled.variants.cheap
        if not len(rank):
            return one
        better = (other >= 0) & ((one < 0) | (rank[other] < rank[one]))
        return np.where(better, other, one)

    def _fact(self, duty: Small) -> Small:
        fact = self.compiled.variants.fact
        return fact[duty] if len(fact) else np.full_like(duty, NONE)

    def additions(self, instruments: Instruments) -> list[Additions]:
        """Give the duties that are added."""
        layer = self.compiled.every[instruments]
        return [Additions(held, layer.lists[place]) for place, held in self.places(layer).items()]
