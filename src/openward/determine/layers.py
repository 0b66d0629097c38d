"""Layers: the duties of one instrument laid over importers, partners, sectors and line classes.

Arrays are ``[importer, partner, sector, class]`` over the importers of a block and the goods sectors only;
the partner axis has length one where no measure of the instrument names partners.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.determine.compile import Indices, Row
from openward.determine.order import overlap

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Doubt = NDArray[np.uint8]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Rate (0 where unknown), whether one is in force, whether it is valued, and its doubt."""

    rate: Array
    present: Mask
    valued: Mask
    doubt: Doubt


class Extent:
    """A block of importers that share their rules: the axes its layers are laid on.

    Parameters
    ----------
    importers : index array
        Ascending positions of the block's importers among the economies.
    partners, sectors, depth : int
        Lengths of the other axes.
    """

    __slots__ = ("_at", "_lines", "_partners", "_sectors", "depth", "importers", "partners", "sectors")

    def __init__(self, importers: Indices, *, partners: int, sectors: int, depth: int) -> None:
        self.importers, self.partners, self.sectors, self.depth = importers, partners, sectors, depth
        self._at = np.full(partners, -1, dtype=np.intp)
        self._at[importers] = np.arange(len(importers))
        self._partners = np.arange(partners)[None, :, None, None]
        self._sectors = np.arange(sectors)[None, None, :, None]
        self._lines = np.arange(depth)[None, None, None, :]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Lengths of the axes."""
        return len(self.importers), self.partners, self.sectors, self.depth

    def position(self, importers: Indices) -> Indices:
        """Give the positions inside the block, -1 where an importer does not belong to it."""
        return self._at[importers]

    def local(self, importers: Indices) -> Indices:
        """Give the positions inside the block of those importers that belong to it."""
        found = self._at[importers]
        return found if found.min() >= 0 else found[found >= 0]

    def index(self, row: Row) -> tuple[Indices, Indices, Indices, Indices] | None:
        """Give the open mesh of a row's cells; None where it has none in the block."""
        importers = self.local(row.importers)
        if not len(importers):
            return None
        return (
            importers[:, None, None, None],
            self._partners if row.partners is None else row.partners[None, :, None, None],
            self._sectors if row.sectors is None else row.sectors[None, None, :, None],
            self._lines if row.line is None else np.array([[[[row.line]]]]),
        )


def exclusive(rows: Sequence[Row], extent: Extent) -> Layer | None:
    """Lay an instrument of which only one duty may be in force: the narrower sector scope prevails.

    Raises
    ------
    IntegrityError
        Where two equally narrow ones meet and none is narrower.
    """
    rows = sorted(rows, key=lambda row: (row.specificity, row.id))
    limited = any(row.partners is not None for row in rows)
    shape = (len(extent.importers), extent.partners if limited else 1, extent.sectors, extent.depth)
    owner, rival = np.full(shape, -1, dtype=np.int32), np.full(shape, -1, dtype=np.int32)
    narrow = np.array([row.specificity for row in rows] + [-1], dtype=np.int8)
    for level in range(3):
        numbers = [n for n, row in enumerate(rows) if row.specificity == level]
        single = [n for n in numbers if _single(rows[n])]
        _lay_singles(single, rows, extent, owner, rival)
        for number in (n for n in numbers if not _single(rows[n])):
            cells = extent.index(rows[number])
            if cells is None:
                continue
            if not limited:
                cells = (cells[0], np.zeros((1, 1, 1, 1), dtype=np.intp), *cells[2:])
            held = owner[cells]
            rival[cells] = np.where(narrow[held] == level, held, -1)
            owner[cells] = number
    present = owner >= 0
    if not present.any():
        return None
    if limited:
        rival[np.arange(len(extent.importers)), extent.importers] = -1
    if (rival >= 0).any():
        at = tuple(np.argwhere(rival >= 0)[0])
        raise overlap(*sorted((rows[rival[at]].id, rows[owner[at]].id)))
    rate = np.array([row.rate or 0.0 for row in rows] + [0.0])
    valued = np.array([row.rate is not None for row in rows] + [False])
    doubt = np.array([row.doubt for row in rows] + [0], dtype=np.uint8)
    return Layer(rate[owner], present, valued[owner], doubt[owner])


def _single(row: Row) -> bool:
    """True for the common case: one importer, one sector, whatever partner."""
    return (
        len(row.importers) == 1 and row.partners is None and row.sectors is not None and len(row.sectors) == 1
    )


def _lay_singles(
    numbers: Sequence[int], rows: Sequence[Row], extent: Extent, owner: Numbers, rival: Numbers
) -> None:
    """Lay all single rows of one specificity at once."""
    every = tuple(range(extent.depth))
    places = [
        (number, int(rows[number].importers[0]), int(rows[number].sectors[0]), line)  # type: ignore[index]
        for number in numbers
        for line in (every if rows[number].line is None else (rows[number].line,))
    ]
    if not places:
        return
    number, importer, sector, line = np.array(places, dtype=np.intp).T
    importer = extent.position(importer)
    inside = importer >= 0
    number, importer, sector, line = number[inside], importer[inside], sector[inside], line[inside]
    order = np.lexsort((number, line, sector, importer))
    number, importer, sector, line = number[order], importer[order], sector[order], line[order]
    owner[importer, :, sector, line] = number[:, None]
    rival[importer, :, sector, line] = -1
    twice = (np.diff(importer) == 0) & (np.diff(sector) == 0) & (np.diff(line) == 0)
    rival[importer[1:][twice], :, sector[1:][twice], line[1:][twice]] = number[:-1][twice, None]


def lowest(rows: Sequence[Row], extent: Extent) -> Layer | None:
    """Lay an instrument of which the lowest duty counts; of equal ones the surer.

    ``present`` is where one with a stated duty is in force; ``valued`` where the lowest is certain: none of
    those in force needs a unit value, or the lowest is zero.
    """
    zero = np.zeros((1, 1, 1, 1), dtype=np.intp)
    best, pairs = np.full(extent.shape, np.inf), np.full((*extent.shape[:2], 1, 1), np.inf)
    doubt, pair_doubt = np.zeros(best.shape, dtype=np.uint8), np.zeros(pairs.shape, dtype=np.uint8)
    open_, pair_open = np.zeros(best.shape, dtype=bool), np.zeros(pairs.shape, dtype=bool)
    for row in rows:
        cells = extent.index(row) if row.stated else None
        if cells is None:
            continue
        rates, sure, unsure = best, doubt, open_
        if row.sectors is None and row.line is None:
            cells = (*cells[:2], zero, zero)
            rates, sure, unsure = pairs, pair_doubt, pair_open
        if row.rate is None:
            unsure[cells] = True
            continue
        held, held_doubt = rates[cells], sure[cells]
        better = (row.rate < held) | ((row.rate == held) & (row.doubt < held_doubt))
        rates[cells] = np.where(better, row.rate, held)
        sure[cells] = np.where(better, row.doubt, held_doubt)
    better = (pairs < best) | ((pairs == best) & (pair_doubt < doubt))
    best, doubt, open_ = np.where(better, pairs, best), np.where(better, pair_doubt, doubt), open_ | pair_open
    found = np.isfinite(best)
    present = found | open_
    if not present.any():
        return None
    rate = np.where(found, best, 0.0)
    return Layer(rate, present, found & (~open_ | (rate == 0.0)), doubt.astype(np.uint8))


def total(rows: Sequence[Row], extent: Extent, onto: Array, valued: Mask, doubt: Doubt) -> None:
    """Add every duty of the rows onto running rates, in the order of their ids."""
    for row in sorted(rows, key=lambda row: row.id):
        cells = extent.index(row)
        if cells is None:
            continue
        if row.rate is None:
            valued[cells] = False
        else:
            onto[cells] += row.rate
        doubt[cells] |= row.doubt


def raised(rows: Sequence[Row], extent: Extent, onto: Array, valued: Mask, doubt: Doubt) -> None:
    """Raise running rates to the duty of each row where they are below it, in the order of their ids."""
    for row in sorted(rows, key=lambda row: row.id):
        cells = extent.index(row)
        if cells is None:
            continue
        if row.rate is None:
            valued[cells] = False
            doubt[cells] |= row.doubt
            continue
        below = valued[cells] & (onto[cells] < row.rate)
        onto[cells] = np.where(below, row.rate, onto[cells])
        doubt[cells] |= np.where(below, row.doubt, 0).astype(np.uint8)


def anywhere(rows: Sequence[Row], extent: Extent) -> Mask:
    """Say where some row applies, whatever its rate: ``[importer, partner, sector]``."""
    out = np.zeros((len(extent.importers), extent.partners, extent.sectors), dtype=bool)
    pairs = np.zeros((len(extent.importers), extent.partners, 1), dtype=bool)
    for row in rows:
        cells = extent.index(row)
        if cells is None:
            continue
        own, partner, sector = (axis[..., 0] for axis in cells[:3])
        if row.sectors is None:
            pairs[own[..., 0], partner[..., 0], 0] = True
        else:
            out[own, partner, sector] = True
    return out | pairs
