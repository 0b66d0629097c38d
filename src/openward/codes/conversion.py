"""What a code of one edition of the Harmonized System became in another, and whether it split or merged.

The table holds every subheading that changed between HS2012 and HS2017 and between HS2017 and HS2022; all
others kept their number and their content. It unites the tables of the United Nations (one old code for each
new one) with the European Union's correlation of 2021 to 2022 cut to six digits (several old ones); between
HS2012 and HS2017 merges are therefore seen only where the United Nations' table shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from openward.codes import tables
from openward.codes.nomenclature import hs
from openward.errors import MissingDataError, UnknownCodeError

STEPS = ("HS2012", "HS2017", "HS2022")


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a code became.

    Attributes
    ----------
    code, source, target : str
    codes : tuple of str
        Six-digit codes of the target edition that hold goods of the code.
    split : bool
        It is spread over several codes: which one needs a closer look at the goods.
    merged : bool
        Some of these codes hold goods of other codes as well: what was said of them is not all about it.
    """

    code: str
    source: str
    target: str
    codes: tuple[str, ...]
    split: bool
    merged: bool

    @property
    def exact(self) -> bool:
        """True where the content is the same under one code."""
        return not self.split and not self.merged


@cache
def convert(code: str, source: str, target: str) -> Conversion:
    """Convert a chapter, heading or subheading (2, 4 or 6 digits) between HS2012, HS2017 and HS2022.

    Raises
    ------
    UnknownCodeError
        The edition is not at hand, or has no such code.
    MissingDataError
        The code ended and the tables do not say where its goods went.
    """
    hs(target)
    hs(source).require(code)
    start = frozenset(node.code for node in hs(source).leaves(code) if node.code.startswith(code))
    reached = _carried(start, source, target)
    if not reached:
        raise MissingDataError(
            f"what became of {code} of {source} in {target} is not in the tables at hand",
            hint="look the goods up in the newer edition; the older code ended without a successor",
        )
    merged = source != target and not _carried(reached, target, source) <= start
    split = len(code) == 6 and len(reached) > 1
    return Conversion(code, source, target, tuple(sorted(reached)), split, merged)


def _carried(codes: frozenset[str], source: str, target: str) -> frozenset[str]:
    first, last = _step(source), _step(target)
    way = 1 if last > first else -1
    for at in range(first, last, way):
        here, there = STEPS[at], STEPS[at + way]
        changes = _changes(here, there)
        # A code that is not in the table kept its number, unless it ended without a successor.
        codes = frozenset(
            new for code in codes for new in changes.get(code, (code,) if hs(there).exists(code) else ())
        )
    return codes


def _step(edition: str) -> int:
    if edition not in STEPS:
        near = tables.nearest(edition.upper(), STEPS, 1)
        raise tables.unknown("HS edition", edition, near, f"editions at hand: {', '.join(STEPS)}")
    return STEPS.index(edition)


@cache
def _changes(source: str, target: str) -> Mapping[str, tuple[str, ...]]:
    forward = _step(source) < _step(target)
    found: dict[str, list[str]] = {}
    for row in tables.rows("hs_changes.csv"):
        ends = (row["older"], row["newer"])
        if ends != ((source, target) if forward else (target, source)):
            continue
        old, new = row["old"], row["new"]
        found.setdefault(old if forward else new, []).append(new if forward else old)
    return {code: tuple(into) for code, into in found.items()}


def unresolved(source: str, target: str) -> tuple[str, ...]:
    """Give the subheadings of an edition whose successors the tables do not name."""
    gone = []
    for node in hs(source).leaves("*"):
        try:
            convert(node.code, source, target)
        except (MissingDataError, UnknownCodeError):
            gone.append(node.code)
    return tuple(gone)
