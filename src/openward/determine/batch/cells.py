"""Product codes cut where some measure begins or ends: a code lies in one cell, or is too short to tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Measure
from openward.codes.ranges import bounds, range_set
from openward.determine.candidates import LINE

Positions = NDArray[np.int32]
OUTSIDE, STRADDLES = -1, -2
"""Cells of a code that no measure names, and of one that is wider than a cell."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of a measure: first code inside, first beyond, and the level of its digits."""

    low: int
    high: int
    level: int


def pieces_of(measure: Measure) -> tuple[Piece, ...]:
    """Take the product scope of a measure apart, without what it excludes; deeper codes come last."""
    products = measure.scope.products
    assert products is not None
    return _pieces(products.ranges, measure.scope.exclude_products)


@lru_cache(maxsize=131072)
def _pieces(ranges: tuple[str, ...], excluded: tuple[str, ...]) -> tuple[Piece, ...]:
    found = []
    for text in ranges:
        level = LINE + len(text.partition("-")[0])
        kept = range_set((text,), excluded)
        found += [Piece(low, high, level) for low, high in zip(kept.lows, kept.highs, strict=True)]
    return tuple(sorted(found, key=lambda piece: piece.level))


class Cells:
    """The line of all codes cut into cells.

    Parameters
    ----------
    edges : iterable of int
        Ten-digit codes at which some measure begins or ends.
    """

    def __init__(self, edges: Iterable[int]) -> None:
        self.edges = np.unique(np.fromiter(edges, dtype=np.int64))

    def __len__(self) -> int:
        return max(0, len(self.edges) - 1)

    def spans(self, pieces: Sequence[Piece]) -> tuple[Positions, Positions]:
        """Give the first cell of each piece, and the first cell beyond it."""
        low = np.searchsorted(self.edges, [piece.low for piece in pieces])
        high = np.searchsorted(self.edges, [piece.high for piece in pieces])
        return low.astype(np.int32), high.astype(np.int32)

    def span(self, cell: int) -> tuple[int, int]:
        """Give the codes of a cell, on ten digits; none outside all cells."""
        return (int(self.edges[cell]), int(self.edges[cell + 1])) if cell >= 0 else (0, 0)

    def of(self, codes: Sequence[str]) -> Positions:
        """Give the cell of each code; :data:`OUTSIDE` or :data:`STRADDLES` where it has none."""
        if not len(codes) or not len(self):
            return np.full(len(codes), OUTSIDE, dtype=np.int32)
        low, high = np.array([bounds(code) for code in codes], dtype=np.int64).T
        first = np.searchsorted(self.edges, low, side="right") - 1
        last = np.searchsorted(self.edges, high, side="left") - 1
        cell = np.where(first == last, first, STRADDLES)
        outside = (high <= self.edges[0]) | (low >= self.edges[-1])
        return np.where(outside, OUTSIDE, cell).astype(np.int32)
