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


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Rate (0 where unknown), whether one is in force, whether it is valued, and its doubt."""

    rate: Array
    present: Mask
    valued: Mask
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Extent:
    """A block of importers that share their rules.

    Attributes
    ----------
    importers : index array
        Positions of the block's importers among the economies.
    partners, sectors, depth : int
        Lengths of the other axes.
    """

    importers: Indices
    partners: int
    sectors: int
    depth: int

    def local(self, importers: Indices) -> Indices:
        """Give the positions inside the block of those importers that belong to it."""
        if len(importers) == 1 and len(self.importers) > 1:
            at = np.searchsorted(self.importers, importers)
            inside = at < len(self.importers)
            return at if inside[0] and self.importers[at[0]] == importers[0] else at[:0]
        return np.flatnonzero(np.isin(self.importers, importers, assume_unique=True))

    def index(self, row: Row, *, partner_axis: bool = True) -> tuple[NDArray[np.intp], ...] | None:
        """Give the open mesh of a row's cells; None where it has none in the block."""
        importers = self.local(row.importers)
        if not len(importers):
            return None
        whole = np.arange(self.partners) if row.partners is None else row.partners
        partners = whole if partner_axis else np.zeros(1, dtype=np.intp)
        sectors = np.arange(self.sectors) if row.sectors is None else row.sectors
        lines = np.arange(self.depth) if row.line is None else np.array([row.line])
        return np.ix_(importers, partners, sectors, lines)


def exclusive(rows: Sequence[Row], extent: Extent) -> Layer | None:
    """Lay an instrument of which only one duty may be in force: the narrower sector scope prevails.

    Raises
    ------
    IntegrityError
        Where two equally narrow ones meet and none is narrower.
    """
    rows = sorted(rows, key=lambda row: (row.specificity, row.id))
    axis = any(row.partners is not None for row in rows)
    shape = (len(extent.importers), extent.partners if axis else 1, extent.sectors, extent.depth)
    owner = np.full(shape, -1, dtype=np.int32)
    rival = np.full(shape, -1, dtype=np.int32)
    narrow = np.array([row.specificity for row in rows] + [-1], dtype=np.int8)
    for number, row in enumerate(rows):
        cells = extent.index(row, partner_axis=axis)
        if cells is None:
            continue
        held = owner[cells]
        rival[cells] = np.where(narrow[held] == row.specificity, held, -1)
        owner[cells] = number
    present = owner >= 0
    if not present.any():
        return None
    if axis:
        own = np.arange(len(extent.importers))
        rival[own, extent.importers] = -1
    if (rival >= 0).any():
        at = np.argwhere(rival >= 0)[0]
        raise overlap(*sorted((rows[rival[tuple(at)]].id, rows[owner[tuple(at)]].id)))
    rate = np.array([row.rate or 0.0 for row in rows] + [0.0])
    valued = np.array([row.rate is not None for row in rows] + [False])
    doubt = np.array([row.doubt for row in rows] + [0], dtype=np.uint8)
    return Layer(rate[owner], present, valued[owner], doubt[owner])


def lowest(rows: Sequence[Row], extent: Extent) -> Layer | None:
    """Lay an instrument of which the lowest duty counts; of equal ones the surer.

    ``present`` is where one with a stated duty is in force; ``valued`` where the lowest is certain: none of
    those in force needs a unit value, or the lowest is zero.
    """
    best = np.full((len(extent.importers), extent.partners, extent.sectors, extent.depth), np.inf)
    pairs = np.full((len(extent.importers), extent.partners, 1, 1), np.inf)
    doubt, pair_doubt = np.zeros(best.shape, dtype=np.uint8), np.zeros(pairs.shape, dtype=np.uint8)
    open_, pair_open = np.zeros(best.shape, dtype=bool), np.zeros(pairs.shape, dtype=bool)
    for row in rows:
        cells = extent.index(row) if row.stated else None
        if cells is None:
            continue
        rates, sure, unsure = best, doubt, open_
        if row.sectors is None and row.line is None:
            cells = (
                cells[0],
                cells[1],
                np.zeros((1, 1, 1, 1), dtype=np.intp),
                np.zeros((1, 1, 1, 1), dtype=np.intp),
            )
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
