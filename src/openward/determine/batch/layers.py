"""Layers: the plain duties of a rule, each in up to four tables by what its measures name.

================  ====================================
``cell``          a product, whatever its origin
``cell_origin``   a product of an origin
``any``           all goods of all origins
``origin``        all goods of an origin
================  ====================================

Keys are integers: ``cell * origins + origin``, ``cell``, ``origin`` or zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.table import (
    Lists,
    Pairs,
    Rows,
    Table,
    lowest,
    present,
    single,
    together,
    two_lowest,
)
from openward.determine.batch.variants import Variants
from openward.determine.batch.who import ANY

Small = NDArray[np.int32]
PLACES = ("cell", "cell_origin", "any", "origin")


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Rows before they are keyed: cell (-1: all goods), origin (-1: any), days, variant."""

    cell: Small
    origin: Small
    start: Small
    end: Small
    variant: Small

    def where(self, mask: NDArray[np.bool_]) -> Spread:
        """Give the rows of a mask."""
        return Spread(*(getattr(self, name)[mask] for name in ("cell", "origin", "start", "end", "variant")))

    def keyed(self, origins: int) -> dict[str, Rows]:
        """Give the rows by place, those places that have some."""
        cell, origin = self.cell.astype(np.int64), self.origin.astype(np.int64)
        keys = {
            "cell": cell,
            "cell_origin": cell * origins + origin,
            "any": np.zeros_like(cell),
            "origin": origin,
        }
        masks = {
            "cell": (cell >= 0) & (origin == ANY),
            "cell_origin": (cell >= 0) & (origin != ANY),
            "any": (cell < 0) & (origin == ANY),
            "origin": (cell < 0) & (origin != ANY),
        }
        return {
            place: Rows(keys[place][mask], self.start[mask], self.end[mask], self.variant[mask])
            for place, mask in masks.items()
            if mask.any()
        }


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Tables by place, with what their values stand for (pairs or lists, where they are not variants)."""

    tables: dict[str, Table]
    pairs: dict[str, Pairs]
    lists: dict[str, Lists]

    def __bool__(self) -> bool:
        return bool(self.tables)


def one_of(spread: Spread, variants: Variants, origins: int) -> Layer:
    """Lay duties of which only the most specific may apply."""
    tables = {
        place: single(
            rows, variants.narrow[rows.value], variants.level[rows.value], variants.rate[rows.value]
        )
        for place, rows in spread.keyed(origins).items()
    }
    return Layer(tables, {}, {})


def lowest_of(spread: Spread, variants: Variants, origins: int) -> Layer:
    """Lay duties of which the lowest applies."""
    made = {
        place: two_lowest(rows, variants.cheap[rows.value], variants.fact[rows.value])
        for place, rows in spread.keyed(origins).items()
    }
    return Layer({k: t for k, (t, _) in made.items()}, {k: p for k, (_, p) in made.items()}, {})


def free_of(spread: Spread, variants: Variants, origins: int) -> Layer:
    """Lay those duties of which the lowest applies that turn on no claim."""
    free = spread.where(variants.fact[spread.variant] < 0)
    tables = {place: lowest(rows, variants.cheap[rows.value]) for place, rows in free.keyed(origins).items()}
    return Layer(tables, {}, {})


def all_of(spread: Spread, variants: Variants, origins: int) -> Layer:
    """Lay duties that all apply."""
    made = {
        place: together(rows, rows.value)
        for place, rows in _by_measure(spread, variants).keyed(origins).items()
    }
    return Layer({k: t for k, (t, _) in made.items()}, {}, {k: x for k, (_, x) in made.items()})


def any_of(spread: Spread, origins: int) -> Layer:
    """Lay measures of which it only matters whether there is one."""
    return Layer({place: present(rows) for place, rows in spread.keyed(origins).items()}, {}, {})


def _by_measure(spread: Spread, variants: Variants) -> Spread:
    """Name each measure by its first variant: levels do not matter where all apply."""
    first = np.full(len(variants.ids), -1, dtype=np.int32)
    every = np.arange(len(variants), dtype=np.int32)
    first[variants.measure[::-1]] = every[::-1]
    return Spread(
        spread.cell, spread.origin, spread.start, spread.end, first[variants.measure[spread.variant]]
    )


Find = Callable[[Table, NDArray[np.int64], Small], Small]
"""Looks keys and days up in a table: the value that holds, or NONE. Engines differ in this."""
