"""All tables of a compiled book in a few flat arrays, and the rules as numbers: what compiled loops read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.compiled import Compiled
from openward.determine.batch.kinds import BASES
from openward.determine.batch.layers import PLACES, Layer
from openward.determine.batch.table import Lists
from openward.determine.precedence import Regime, RuleKind

Whole = NDArray[np.int64]
Small = NDArray[np.int32]

BASE, REPLACE, OTHERWISE, LOWEST, CAP = range(5)
_OPERATIONS = {
    RuleKind.BASE: BASE,
    RuleKind.REPLACE: REPLACE,
    RuleKind.OTHERWISE: OTHERWISE,
    RuleKind.LOWEST: LOWEST,
    RuleKind.CAP: CAP,
}


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Tables one after the other.

    Attributes
    ----------
    at, value : arrays
        Of all tables.
    first : int64 array
        Where each table begins; one more at the end.
    place : int64 array
        What the keys of each table are: position in ``PLACES``.
    layer : int64 array
        First table of each layer; one more at the end.
    """

    at: Whole
    value: Small
    first: Whole
    place: Whole
    layer: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A regime of a compiled book as arrays.

    Attributes
    ----------
    tables : Tables
        Layers in order: duties of which one applies, preferences, free preferences, additions, hard measures.
    ones, lows, adds : int
        How many layers of the first, the second (and third), the fourth kind.
    rules : int64 array
        ``[rule, (operation, layer)]``.
    unless, unless_first : int64 arrays
        Layers that switch a rule off, rule after rule.
    stated : int64 array
        Layers of base duties.
    best, second : int32 arrays
        Pairs of the preference tables; ``pairs`` says where those of each table begin.
    lists : tuple of Lists
        Of the tables of additions, in order.
    """

    tables: Tables
    ones: int
    lows: int
    adds: int
    rules: Whole
    unless: Whole
    unless_first: Whole
    stated: Whole
    best: Small
    second: Small
    pairs: Whole
    lists: tuple[Lists, ...]


def pack(compiled: Compiled, regime: Regime) -> Packed:
    """Lay a regime out as arrays; its rules are :func:`~openward.determine.batch.machine.regular`."""
    one = {instrument: k for k, instrument in enumerate(compiled.one)}
    low = [rule.instruments for rule in regime.rules if rule.kind is RuleKind.LOWEST]
    add = [rule.instruments for rule in regime.rules if rule.kind is RuleKind.ADD]
    layers = [
        *compiled.one.values(),
        *(compiled.lowest[k] for k in low),
        *(compiled.free[k] for k in low),
        *(compiled.every[k] for k in add),
        compiled.hard,
    ]
    read = [rule for rule in regime.rules if rule.kind in _OPERATIONS]
    places = [one[r.instruments[0]] if r.kind is not RuleKind.LOWEST else len(one) for r in read]
    unless = [[one[i] for i in rule.unless] for rule in read]
    pairs = [compiled.lowest[k].pairs[place] for k in low for place in compiled.lowest[k].tables]
    return Packed(
        tables=_tables(layers),
        ones=len(one),
        lows=len(low),
        adds=len(add),
        rules=np.array(
            [(_OPERATIONS[r.kind], k) for r, k in zip(read, places, strict=True)], dtype=np.int64
        ).reshape(-1, 2),
        unless=np.array([k for some in unless for k in some], dtype=np.int64),
        unless_first=np.cumsum([0, *(len(some) for some in unless)]),
        stated=np.array(sorted(one[i] for i in BASES), dtype=np.int64),
        best=_joined([p.best for p in pairs]),
        second=_joined([p.second for p in pairs]),
        pairs=np.cumsum([0, *(len(p.best) for p in pairs)]),
        lists=tuple(compiled.every[k].lists[place] for k in add for place in compiled.every[k].tables),
    )


def _tables(layers: Sequence[Layer]) -> Tables:
    tables = [(place, table) for layer in layers for place, table in layer.tables.items()]
    return Tables(
        at=np.concatenate([np.empty(0, dtype=np.int64), *(t.at for _, t in tables)]),
        value=_joined([t.value for _, t in tables]),
        first=np.cumsum([0, *(len(t) for _, t in tables)]),
        place=np.array([PLACES.index(place) for place, _ in tables], dtype=np.int64),
        layer=np.cumsum([0, *(len(layer.tables) for layer in layers)]),
    )


def _joined(parts: Sequence[Small]) -> Small:
    return np.concatenate([np.empty(0, dtype=np.int32), *parts])
