"""Where two compiled laws differ: only importers whose rows differ are filled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.determine.compile import Compiled, Indices
from openward.determine.fill import fill
from openward.determine.layers import Array
from openward.determine.table import blocks, finish


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Cells whose rate differs between two laws; all arrays are of one length.

    Attributes
    ----------
    importer, partner, sector, line : index arrays
        Positions among the economies, the sectors and the line classes of the importer's industry.
    before, after : arrays
        Fractions; 0 where the rate is not known.
    """

    importer: Indices
    partner: Indices
    sector: Indices
    line: Indices
    before: Array
    after: Array

    def __len__(self) -> int:
        return len(self.importer)


def compare(before: Compiled, after: Compiled) -> Moves:
    """Give the cells in which two laws on one day and space differ, known against unknown included.

    Raises
    ------
    IntegrityError
        Where one of the laws has two duties in force of which only one can be.
    """
    found: list[tuple[Indices, Indices, Indices, Indices, Array, Array]] = []
    importers = differing(before, after)
    if len(importers):
        one, other = before.by_instrument(importers), after.by_instrument(importers)
        for regime, members in blocks(before, importers):
            old, new = fill(before, one, regime, members), fill(after, other, regime, members)
            finish(before, old, members)
            finish(after, new, members)
            at = np.nonzero((old.rate != new.rate) | (old.valued != new.valued))
            found.append(
                (members[at[0]], at[1], before.space.goods[at[2]], at[3], old.rate[at], new.rate[at])
            )
    return union(*(Moves(*parts) for parts in found))


def union(*moves: Moves) -> Moves:
    """Give the cells of several comparisons, each once, in order of position."""
    if not moves:
        none = np.zeros(0, dtype=np.intp)
        return Moves(none, none, none, none, np.zeros(0), np.zeros(0))
    fields = ("importer", "partner", "sector", "line", "before", "after")
    joined = [np.concatenate([getattr(m, name) for m in moves]) for name in fields]
    _, first = np.unique(np.stack(joined[:4]), axis=1, return_index=True)
    return Moves(*(column[first] for column in joined))


def differing(before: Compiled, after: Compiled) -> Indices:
    """Give the positions of importers of which some row differs."""
    inside = np.zeros(len(before.space.economies), dtype=bool)
    for name in before.rows.keys() | after.rows.keys():
        one, other = before.rows.get(name, ()), after.rows.get(name, ())
        if one is not other:
            for row in (*one, *other):
                inside[row.importers] = True
    return np.flatnonzero(inside)
