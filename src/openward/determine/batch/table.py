"""A table that answers "which of these holds for a key on a day" by one binary search.

Rows ``key, [start, end), value`` become elementary segments: sorted composite integers ``key, first day``
with the winner of each. A key's last segment is empty, so that a look-up needs no second comparison of days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.days import BEGIN

Whole = NDArray[np.int64]
Small = NDArray[np.int32]

DAY_BITS = 22
"""A day takes 22 bits: all dates that can be named are 3.65 million."""
NONE, CLASH = -1, -2
"""No winner; two winners that no rule ranks."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows to compile: int64 keys, days ``[start, end)``, and what each holds."""

    key: Whole
    start: Small
    end: Small
    value: Small

    def __len__(self) -> int:
        return len(self.key)

    def where(self, mask: NDArray[np.bool_]) -> Rows:
        """Give the rows of a mask."""
        return Rows(self.key[mask], self.start[mask], self.end[mask], self.value[mask])


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Composite keys in order, and the value that holds from each on."""

    at: Whole
    value: Small

    def __len__(self) -> int:
        return len(self.at)


EMPTY = Table(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32))


def composite(key: Whole | int, day: Small | Whole) -> Whole:
    """Join key and day into one integer that sorts by key, then by day."""
    joined: Whole = (np.asarray(key, dtype=np.int64) << DAY_BITS) | (np.asarray(day, dtype=np.int64) - BEGIN)
    return joined


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Which row covers which elementary segment: pairs sorted by segment, then by rank."""

    at: Whole
    segment: Whole
    row: Whole

    def firsts(self) -> NDArray[np.bool_]:
        """Mark the first pair of each segment."""
        mark = np.ones(len(self.segment), dtype=np.bool_)
        mark[1:] = self.segment[1:] != self.segment[:-1]
        return mark


def cover(rows: Rows, rank: Small) -> Cover:
    """Cut the days of each key where some row begins or ends, and say which rows cover each piece.

    Parameters
    ----------
    rows : Rows
    rank : int32 array
        Rank of each row; lower comes first within a segment.
    """
    first, last = composite(rows.key, rows.start), composite(rows.key, rows.end)
    at = _distinct(np.concatenate([first, last]))
    begin, beyond = np.searchsorted(at, first), np.searchsorted(at, last)
    count = beyond - begin
    row = np.repeat(np.arange(len(rows)), count)
    segment = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)
    order = np.argsort((segment << 32) | rank[row], kind="stable")
    return Cover(at, segment[order], row[order])


def lowest(rows: Rows, rank: Small) -> Table:
    """Compile rows of which the one of lowest rank wins."""
    if not len(rows):
        return EMPTY
    found = cover(rows, rank)
    first = found.firsts()
    value = np.full(len(found.at), NONE, dtype=np.int32)
    value[found.segment[first]] = rows.value[found.row[first]]
    return _merged(found.at, value)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The best value, and the best of those that do not turn on the same fact (:data:`NONE` where none)."""

    best: Small
    second: Small


def two_lowest(rows: Rows, rank: Small, fact: Small) -> tuple[Table, Pairs]:
    """Compile rows of which the lowest wins; the table gives the position of a pair.

    Parameters
    ----------
    rows : Rows
    rank, fact : int32 array
        Of each row.
    """
    if not len(rows):
        return EMPTY, Pairs(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32))
    found = cover(rows, rank)
    first = found.firsts()
    winner = found.row[first][np.cumsum(first) - 1]
    other = np.flatnonzero(fact[found.row] != fact[winner])
    rest = found.segment[other]
    begins = np.flatnonzero(np.r_[True, rest[1:] != rest[:-1]]) if len(rest) else other
    best = np.full(len(found.at), NONE, dtype=np.int32)
    second = best.copy()
    best[found.segment[first]] = rows.value[found.row[first]]
    second[rest[begins]] = rows.value[found.row[other[begins]]]
    joined = (best.astype(np.int64) << 32) | (second.astype(np.int64) + 1)
    # Sorting beats the hashing of numpy.unique on arrays of this size.
    pairs = _distinct(joined)
    place = np.searchsorted(pairs, joined)
    value: Small = np.where(best < 0, NONE, place).astype(np.int32)
    halves = Pairs((pairs >> 32).astype(np.int32), ((pairs & (2**32 - 1)) - 1).astype(np.int32))
    return _merged(found.at, value), halves


def single(rows: Rows, rank: Small, level: Small, duty: Whole) -> Table:
    """Compile rows of which only one may win; two of one level with different duties are a :data:`CLASH`."""
    if not len(rows):
        return EMPTY
    found = cover(rows, rank)
    first = found.firsts()
    value = np.full(len(found.at), NONE, dtype=np.int32)
    value[found.segment[first]] = rows.value[found.row[first]]
    winner = found.row[first][np.cumsum(first) - 1]
    rival = (level[found.row] == level[winner]) & (duty[found.row] != duty[winner])
    value[found.segment[rival]] = CLASH
    return _merged(found.at, value)


def present(rows: Rows) -> Table:
    """Compile rows of which it only matters whether there is one."""
    return lowest(Rows(rows.key, rows.start, rows.end, np.zeros_like(rows.value)), np.zeros_like(rows.value))


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Sets of values: those of list ``k`` are ``values[offsets[k] : offsets[k + 1]]``."""

    offsets: Whole
    values: Small

    def lengths(self) -> Whole:
        """Give the length of each list."""
        return np.diff(self.offsets)


def together(rows: Rows, rank: Small) -> tuple[Table, Lists]:
    """Compile rows that all win: the table gives the position of a list of values, in the order of ranks."""
    if not len(rows):
        return EMPTY, Lists(np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int32))
    found = cover(rows, rank)
    held = rows.value[found.row]
    again = np.zeros(len(held), dtype=np.bool_)
    again[1:] = (held[1:] == held[:-1]) & (found.segment[1:] == found.segment[:-1])
    segment, held = found.segment[~again], held[~again]
    first = np.flatnonzero(np.r_[True, segment[1:] != segment[:-1]])
    length = np.diff(np.r_[first, len(segment)])
    value = np.full(len(found.at), NONE, dtype=np.int32)
    names: dict[bytes, int] = {}
    kept: list[NDArray[np.int32]] = []
    alone = length == 1
    known, place = np.unique(held[first[alone]], return_inverse=True)
    value[segment[first[alone]]] = place
    kept += [known[k : k + 1] for k in range(len(known))]
    for at, size in zip(first[~alone], length[~alone], strict=True):
        several = held[at : at + size]
        name = several.tobytes()
        if name not in names:
            names[name] = len(kept)
            kept.append(several)
        value[segment[at]] = names[name]
    offsets = np.cumsum([0, *(len(one) for one in kept)])
    return _merged(found.at, value), Lists(offsets, np.concatenate(kept))


def _distinct(values: Whole) -> Whole:
    """Give the distinct values in order."""
    ordered = np.sort(values)
    keep = np.ones(len(ordered), dtype=np.bool_)
    keep[1:] = ordered[1:] != ordered[:-1]
    return ordered[keep]


def _merged(at: Whole, value: Small) -> Table:
    """Join neighbors of one key that hold the same."""
    key = at >> DAY_BITS
    keep = np.ones(len(at), dtype=np.bool_)
    keep[1:] = (key[1:] != key[:-1]) | (value[1:] != value[:-1])
    return Table(at[keep], value[keep])
