"""Spread measures over cells, origins and days: what the tables are compiled from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Measure
from openward.determine.batch.cells import Cells, Piece, pieces_of
from openward.determine.batch.days import BEGIN, number
from openward.determine.batch.layers import Spread
from openward.determine.batch.who import Key, Parties, Who
from openward.determine.shelves import is_line_level

Small = NDArray[np.int32]
EVERYTHING = Piece(-1, 0, 0)
"""The piece of a measure on all goods."""


@dataclass(frozen=True, slots=True)
class Held:
    """A measure with what it names: its pieces, and the key of its parties."""

    measure: Measure
    pieces: tuple[Piece, ...]
    key: Key


def held(measure: Measure, key: Key) -> Held:
    """Take a measure apart."""
    return Held(measure, pieces_of(measure) if is_line_level(measure) else (EVERYTHING,), key)


def pairs_of(found: Sequence[Held]) -> list[tuple[str, int]]:
    """Give every (measure id, level), sorted."""
    return sorted({(one.measure.id, piece.level) for one in found for piece in one.pieces})


def spread(found: Sequence[Held], cells: Cells, who: Who, places: Mapping[tuple[str, int], int]) -> Spread:
    """Spread measures.

    Parameters
    ----------
    found : sequence of Held
    cells : Cells
    who : Who
    places : mapping from (measure id, level)
        Position of the variant.
    """
    keys: dict[Key, int] = {}
    numbered = [keys.setdefault(one.key, len(keys)) for one in found]
    parties = [who.parties(key) for key in keys]
    flat = [piece for one in found for piece in one.pieces]
    owner = np.repeat(np.arange(len(found)), [len(one.pieces) for one in found])
    shared = np.array(numbered, dtype=np.int64)[owner]
    names = [(one.measure.id, piece.level) for one in found for piece in one.pieces]
    variant = np.array([places[name] for name in names], dtype=np.int32)
    start = np.array([number(one.measure.valid.start, BEGIN) for one in found], dtype=np.int32)[owner]
    end = np.array([number(one.measure.valid.end) for one in found], dtype=np.int32)[owner]
    first, beyond = _cells(flat, cells)
    rows, turn = _repeated(beyond - first)
    cell = first[rows] + turn
    many, offset = _lengths(parties), _offsets(parties)
    none = np.empty(0, dtype=np.int64)
    whose, pick = _repeated(many[shared[rows]] if len(rows) else none)
    at = offset[shared[rows[whose]]] + pick if len(whose) else none
    origin, from_, to = (_joined(parties, name) for name in ("origin", "start", "end"))
    piece = rows[whose]
    begun, ended = np.maximum(start[piece], from_[at]), np.minimum(end[piece], to[at])
    made = Spread(cell[whose].astype(np.int32), origin[at], begun, ended, variant[piece])
    return made.where(begun < ended)


def _cells(pieces: Sequence[Piece], cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    broad = np.array([piece.low < 0 for piece in pieces], dtype=np.bool_)
    if not len(pieces):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    low, high = cells.spans(pieces)
    first = np.where(broad, -1, low).astype(np.int64)
    return first, np.where(broad, 0, high).astype(np.int64)


def _repeated(count: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give for each of ``count[k]`` copies of row ``k`` the row, and the turn of the copy."""
    rows = np.repeat(np.arange(len(count)), count)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)


def _lengths(parties: Sequence[Parties]) -> NDArray[np.int64]:
    return np.array([len(one.origin) for one in parties], dtype=np.int64)


def _offsets(parties: Sequence[Parties]) -> NDArray[np.int64]:
    lengths = _lengths(parties)
    return np.cumsum(lengths) - lengths


def _joined(parties: Sequence[Parties], name: str) -> Small:
    parts = [getattr(one, name) for one in parties]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
