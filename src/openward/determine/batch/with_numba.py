"""Look-ups and rules in compiled loops, on all cores; NumPy's answers."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.compiled import Compiled
from openward.determine.batch.days import BEGIN
from openward.determine.batch.lookups import Additions, Rows
from openward.determine.batch.machine import Found
from openward.determine.batch.packed import CAP, LOWEST, REPLACE, Packed, pack
from openward.determine.batch.table import CLASH, DAY_BITS, NONE, Table
from openward.determine.precedence import Regime

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
BLOCK = 4096
"""Rows that one core takes at a time."""


class NumbaFinder:
    """Looks keys up, and applies whole regimes, row after row."""

    def __init__(self) -> None:
        self._packed: dict[tuple[int, int], tuple[Compiled, Regime, Packed]] = {}

    def __call__(self, table: Table, key: Whole, day: Small) -> Small:
        """Look keys up by binary search."""
        out = np.empty(len(key), dtype=np.int32)
        _look(table.at, table.value, np.ascontiguousarray(key), np.ascontiguousarray(day), out)
        return out

    def under(self, compiled: Compiled, regime: Regime, rows: Rows) -> Found:
        """Apply a regular regime to rows without claims."""
        wanted = id(compiled), id(regime)
        if wanted not in self._packed:
            self._packed[wanted] = compiled, regime, pack(compiled, regime)
        packed = self._packed[wanted][2]
        size, tables, variants = len(rows), packed.tables, compiled.variants
        duties = np.empty((4, size), dtype=np.int32)
        added = np.empty((len(packed.lists), size), dtype=np.int32)
        hard = np.empty(size, dtype=np.bool_)
        pad = 1 if len(variants) == 0 else 0
        _rules(
            rows.cell,
            rows.origin,
            rows.day,
            len(compiled.origins),
            tables.at,
            tables.value,
            tables.first,
            tables.place,
            tables.layer,
            packed.ones,
            packed.lows,
            packed.adds,
            packed.rules,
            packed.unless,
            packed.unless_first,
            packed.stated,
            packed.best,
            packed.second,
            packed.pairs,
            np.pad(variants.rate, (0, pad)),
            np.pad(variants.level, (0, pad)),
            np.pad(variants.narrow, (0, pad)),
            np.pad(variants.cheap, (0, pad)),
            np.pad(variants.fact, (0, pad)),
            duties,
            added,
            hard,
        )
        plain, claimed, second, best = duties
        additions = tuple(Additions(at, lists) for at, lists in zip(added, packed.lists, strict=True))
        return Found(plain, claimed, second, best, additions, hard)


# The compiler infers the types of what follows from each call; annotations would be unchecked.


@numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _search(at, value, low, high, key, day):  # type: ignore[no-untyped-def]
    """Give the value that holds for a key on a day."""
    begin = low
    wanted = (np.int64(key) << DAY_BITS) | (np.int64(day) - BEGIN)
    while low < high:
        middle = (low + high) >> 1
        if at[middle] <= wanted:
            low = middle + 1
        else:
            high = middle
    if low == begin or (at[low - 1] >> DAY_BITS) != key:
        return np.int32(NONE)
    return value[low - 1]


@numba.njit(cache=True, nogil=True, error_model="numpy", parallel=True)
def _look(at, value, key, day, out):  # type: ignore[no-untyped-def]
    for k in numba.prange(len(key)):
        out[k] = _search(at, value, 0, len(at), key[k], day[k])


@numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _key(place, cell, origin, origins):  # type: ignore[no-untyped-def]
    """Give the key of a row in a table; -1 where it has none."""
    if place == 0:
        return np.int64(cell)
    if place == 1:
        return np.int64(-1) if cell < 0 else np.int64(cell) * origins + origin
    return np.int64(0) if place == 2 else np.int64(origin)


@numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _cheaper(one, other, cheap):  # type: ignore[no-untyped-def]
    return other if other >= 0 and (one < 0 or cheap[other] < cheap[one]) else one


@numba.njit(cache=True, nogil=True, error_model="numpy", parallel=True)
def _rules(  # type: ignore[no-untyped-def]
    cells,
    origins_of,
    days,
    origins,
    at,
    value,
    first,
    place,
    layer,
    ones,
    lows,
    adds,
    rules,
    unless,
    unless_first,
    stated,
    best_of,
    second_of,
    pairs,
    rate,
    level,
    narrow,
    cheap,
    fact,
    duties,
    added,
    hard,
):
    """Apply the rules of one regime to each row; the steps are those of ``machine``."""
    size = len(cells)
    add_from = layer[ones + 2 * lows]
    hard_from = layer[ones + 2 * lows + adds]
    for block in numba.prange((size + BLOCK - 1) // BLOCK):
        one = np.empty(ones, dtype=np.int32)
        for k in range(block * BLOCK, min(size, (block + 1) * BLOCK)):
            cell, origin, day = cells[k], origins_of[k], days[k]
            only = False
            for t in range(hard_from, len(place)):
                key = _key(place[t], cell, origin, origins)
                only |= _search(at, value, first[t], first[t + 1], key, day) >= 0
            for n in range(ones):
                found = np.int32(NONE)
                for t in range(layer[n], layer[n + 1]):
                    key = _key(place[t], cell, origin, origins)
                    held = _search(at, value, first[t], first[t + 1], key, day)
                    only |= held == CLASH
                    if held >= 0:
                        if found >= 0:
                            only |= level[found] == level[held] and rate[found] != rate[held]
                        if found < 0 or narrow[held] < narrow[found]:
                            found = held
                one[n] = found
            base = best = second = free = np.int32(NONE)
            for r in range(len(rules)):
                if rules[r, 0] < LOWEST:
                    found = one[rules[r, 1]]
                    open_ = base >= 0 if rules[r, 0] == REPLACE else base < 0
                    if open_ and found >= 0:
                        base = found
            if lows:
                for t in range(layer[ones], layer[ones + 1]):
                    key = _key(place[t], cell, origin, origins)
                    held = _search(at, value, first[t], first[t + 1], key, day)
                    if held < 0:
                        continue
                    pair = pairs[t - layer[ones]] + held
                    one_, two = best_of[pair], second_of[pair]
                    winner, rest = _cheaper(best, one_, cheap), np.int32(NONE)
                    for other in (best, second, one_, two):
                        if other >= 0 and fact[other] != fact[winner]:
                            rest = _cheaper(rest, other, cheap)
                    best, second = winner, rest
                for t in range(layer[ones + 1], layer[ones + 2]):
                    key = _key(place[t], cell, origin, origins)
                    held = _search(at, value, first[t], first[t + 1], key, day)
                    free = _cheaper(free, held, cheap)
                if best >= 0 and fact[best] < 0:
                    second = best
            plain = free if free >= 0 else base
            claimed = best if best >= 0 else base
            other = second if second >= 0 else base
            for r in range(len(rules)):
                if rules[r, 0] != CAP:
                    continue
                limit = one[rules[r, 1]]
                able = limit >= 0
                for u in range(unless_first[r], unless_first[r + 1]):
                    able &= one[unless[u]] == NONE
                if able:
                    if free >= 0 and rate[limit] < rate[plain]:
                        plain = limit
                    if best >= 0 and rate[limit] < rate[claimed]:
                        claimed = limit
                    if second >= 0 and rate[limit] < rate[other]:
                        other = limit
            known = False
            for n in stated:
                known |= one[n] >= 0
            for t in range(add_from, hard_from):
                key = _key(place[t], cell, origin, origins)
                added[t - add_from, k] = _search(at, value, first[t], first[t + 1], key, day)
            duties[0, k], duties[1, k], duties[2, k], duties[3, k] = plain, claimed, other, best
            hard[k] = only or base < 0 or not known
