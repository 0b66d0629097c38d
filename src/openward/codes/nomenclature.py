"""Nomenclatures: the tree of product codes of one edition, with the days each node is valid.

Editions of the Harmonized System are at hand with names; a national edition (``CN2019``, ``US-HTS2025``,
``EU-TARIC2019``) is a list of nodes that a book brings. Which code became which is in
:mod:`openward.codes.conversion`, intervals of codes in :mod:`openward.codes.ranges`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import pairwise

from openward.codes import tables
from openward.codes.ranges import RangeSet, bounds, covers, range_set, significant, touches
from openward.codes.terms import Interval
from openward.errors import InputError, UnknownCodeError

__all__ = [
    "HS_EDITIONS",
    "Node",
    "Nomenclature",
    "RangeSet",
    "base_edition",
    "bounds",
    "covers",
    "hs",
    "is_edition",
    "range_set",
    "significant",
    "touches",
]

_YEARS = (1988, 1996, 2002, 2007, 2012, 2017, 2022, 2028)
HS_EDITIONS = {
    f"HS{1992 if first == 1988 else first}": Interval(date(first, 1, 1), date(following, 1, 1))
    for first, following in pairwise(_YEARS)
}
DECLARABLE = "80"
_NATIONAL = re.compile(r"[A-Z]{2,3}(?:-[A-Z]+)?-?((?:19|20)\d\d)[A-Z0-9-]*")


def is_edition(text: str) -> bool:
    """Tell whether a name is that of an edition: one of the Harmonized System, or national with its year."""
    return text in HS_EDITIONS or (not text.startswith("HS") and _NATIONAL.fullmatch(text) is not None)


def base_edition(edition: str) -> str:
    """Give the edition of the Harmonized System behind an edition; national ones by the year in their name.

    Raises
    ------
    UnknownCodeError
        The name is not that of an edition.
    """
    if edition in HS_EDITIONS:
        return edition
    found = _NATIONAL.fullmatch(edition) if not edition.startswith("HS") else None
    if found is not None:
        day = date(int(found.group(1)), 12, 31)
        base = next((name for name, valid in HS_EDITIONS.items() if day in valid), None)
        if base is not None:
            return base
    near = tables.nearest(edition.upper(), HS_EDITIONS, 2)
    raise tables.unknown("edition", edition, near, "an HS edition, or a national one with its year: CN2019")


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree of codes.

    Attributes
    ----------
    code : str
        Digits without filling zeros (``010121``).
    valid : Interval
    name : str
    indent : int
        Depth in the printed tree; chapters and headings have 0.
    leaf : bool
        True where goods are declared under it.
    suffix : str
        ``80`` where the line can be declared or classified; others are headings inside the print.
    sid : str
        Number in the source.
    """

    code: str
    valid: Interval
    name: str = ""
    indent: int = 0
    leaf: bool = True
    suffix: str = DECLARABLE
    sid: str = ""


@dataclass(frozen=True)
class Nomenclature:
    """One edition: its nodes in tree order (code, suffix, first day)."""

    edition: str
    nodes: tuple[Node, ...]
    base: str = "HS2022"
    source: str = ""

    @classmethod
    def of(cls, edition: str, nodes: Iterable[Node], *, source: str = "") -> Nomenclature:
        """Build an edition from nodes in any order.

        Raises
        ------
        InputError
            A code twice on one day under one suffix.
        UnknownCodeError
            The name is not that of an edition.
        """
        base = base_edition(edition)
        ordered = sorted(nodes, key=lambda n: (bounds(n.code)[0], len(n.code), n.suffix, n.valid.start))
        for one, other in pairwise(ordered):
            if (one.code, one.suffix) == (other.code, other.suffix) and one.valid.overlaps(other.valid):
                raise InputError(
                    f"{edition}: {one.code} (suffix {one.suffix}) stands twice on {other.valid.start}",
                    hint="end the earlier node where the later begins",
                )
        return cls(edition, tuple(ordered), base, source)

    def node(self, code: str, on: date | None = None) -> Node | None:
        """Give the node of a code on a day (or the latest); filling zeros do not matter."""
        found = [n for n in self._by_code.get(significant(code), ()) if on is None or on in n.valid]
        return found[-1] if found else None

    def exists(self, code: str, on: date | None = None) -> bool:
        """Tell whether the edition has the code on a day (or ever)."""
        return self.node(code, on) is not None

    def validity(self, code: str) -> tuple[Interval, ...]:
        """Give the days on which the code exists, in order."""
        return tuple(node.valid for node in self._by_code.get(significant(code), ()))

    def declarable(self, code: str, on: date | None = None) -> bool:
        """Tell whether goods are declared under this very code on a day."""
        node = self.node(code, on)
        return node is not None and node.leaf

    def leaves(self, heading: str, on: date | None = None) -> tuple[Node, ...]:
        """Resolve a heading, or a range, to the leaves in it on a day, in tree order."""
        low, high = bounds("*" if heading == "*" else _whole(heading))
        first, last = bisect_left(self._lows, low), bisect_left(self._lows, high)
        return tuple(n for n in self._leaves[first:last] if on is None or on in n.valid)

    def ancestors(self, code: str, on: date | None = None) -> tuple[Node, ...]:
        """Give the nodes above a code, the highest first."""
        code = significant(code)
        above = (self.node(code[:digits], on) for digits in range(2, len(code), 2))
        return tuple(n for n in above if n is not None and n.code != code)

    def require(self, code: str, on: date | None = None) -> Node:
        """Give the node of a code.

        Raises
        ------
        UnknownCodeError
            The edition has no such code on that day; the hint names the nearest level and when it was valid.
        """
        node = self.node(code, on)
        if node is not None:
            return node
        days = self.validity(code)
        if days:
            hint = "it is valid " + ", ".join(f"from {d.start} to {d.end or 'open'}" for d in days)
        else:
            parent = next((code[:k] for k in range(len(code) - 2, 0, -2) if self.exists(code[:k])), None)
            hint = f"the nearest level is {parent or 'the chapter'}"
        when = "" if on is None else f" on {on}"
        raise UnknownCodeError(f"no product {code!r} in {self.edition}{when}", hint=hint)

    @cached_property
    def _by_code(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.suffix == DECLARABLE:
                found.setdefault(significant(node.code), []).append(node)
        return found

    @cached_property
    def _leaves(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.leaf and node.suffix == DECLARABLE)

    @cached_property
    def _lows(self) -> list[int]:
        return [bounds(node.code)[0] for node in self._leaves]


def _whole(heading: str) -> str:
    return heading if "-" in heading else significant(heading)


@cache
def hs(edition: str = "HS2022") -> Nomenclature:
    """Give an edition of the Harmonized System at six digits: HS2022, HS2017 or HS2012.

    Raises
    ------
    UnknownCodeError
        The edition is not at hand.
    """
    from openward.codes.products import products

    return Nomenclature.of(edition, _hs_nodes(edition, products(edition).items()))


def _hs_nodes(edition: str, named: Iterable[tuple[str, str]]) -> Iterator[Node]:
    valid = HS_EDITIONS[edition]
    for code, name in named:
        yield Node(code, valid, name, indent=max(0, len(code) // 2 - 2), leaf=len(code) == 6)
