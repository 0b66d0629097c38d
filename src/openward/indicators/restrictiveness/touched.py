"""The subheadings that measures other than tariffs touch, for whom, and on how many days of a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from openward.book.force import Listed, effective_validity, listing_state
from openward.book.model import Book, Flow, Instrument, Measure, ProductScope
from openward.codes.conversion import STEPS, convert
from openward.codes.nomenclature import base_edition, range_set
from openward.codes.products import products
from openward.determine.groups import GroupsOn
from openward.determine.shelves import groups_on
from openward.errors import MissingDataError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

NONTARIFF = frozenset(
    {
        Instrument.PROHIBITION,
        Instrument.LICENCE,
        Instrument.LICENCE_POLICY,
        Instrument.TARIFF_QUOTA,
        Instrument.ANTI_DUMPING_DUTY,
        Instrument.COUNTERVAILING_DUTY,
        Instrument.SAFEGUARD_DUTY,
    }
)
"""Measures other than ordinary tariffs; remedies and quotas are among them (UNCTAD, chapters D and E)."""
STANDING = frozenset({Listed.IN_FORCE, Listed.UNRESOLVED})


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """Measures by product.

    Attributes
    ----------
    measures : tuple of Measure
        M measures in force on some day of the period that name products.
    products : tuple of str
        K six-digit subheadings of the edition.
    on : bool array [M, K]
        Whether a measure touches a subheading, or something in it.
    share : [M]
        Part of the days of the period on which it is in force.
    groups : GroupsOn
        On the last day of the period.
    """

    measures: tuple[Measure, ...]
    products: tuple[str, ...]
    on: Mask
    share: Array
    groups: GroupsOn

    def number(self) -> NDArray[np.int64]:
        """Give how many measures touch each product, for some partner, as one row [1, K]."""
        out: NDArray[np.int64] = self.on.sum(axis=0, keepdims=True)
        return out

    def on_partner(self, partner: str) -> NDArray[np.int64]:
        """Give how many measures touch each product of a partner, [K]."""
        rows = [k for k, m in enumerate(self.measures) if self._reaches(m, partner)]
        out: NDArray[np.int64] = self.on[rows].sum(axis=0)
        return out

    def _reaches(self, measure: Measure, partner: str) -> bool:
        scope = measure.scope
        if scope.partners and partner not in self.groups.expand(scope.partners):
            return False
        return not (scope.exclude and partner in self.groups.expand(scope.exclude))


def touched_products(
    book: Book, *, since: date, until: date, economy: str, flow: str, edition: str
) -> Touched:
    """Find the products measures touch on the days ``[since, until)``.

    Raises
    ------
    UnknownCodeError
        An edition nobody defined.
    MissingDataError
        A measure names codes of an edition that cannot be converted.
    """
    universe = tuple(sorted(code for code in products(edition) if len(code) == 6))
    at = {code: k for k, code in enumerate(universe)}
    last = date.fromordinal(until.toordinal() - 1)
    groups = groups_on(book, last)
    found, shares, rows = [], [], []
    for m in _candidates(book, economy, flow, groups):
        part = share_of_days(book, m, since=since, until=until)
        if part <= 0 or m.scope.products is None:
            continue
        row = np.zeros(len(universe), dtype=np.bool_)
        row[[at[code] for code in subheadings(m.scope.products, m.scope.exclude_products, edition)]] = True
        found.append(m)
        shares.append(part)
        rows.append(row)
    on = np.array(rows, dtype=np.bool_).reshape(len(rows), len(universe))
    return Touched(tuple(found), universe, on, np.array(shares, dtype=np.float64), groups)


def share_of_days(book: Book, measure: Measure, *, since: date, until: date) -> float:
    """Give the part of the days ``[since, until)`` on which a measure is in force."""
    valid = effective_validity(book, measure)
    start = max(since, valid.start)
    end = until if valid.end is None else min(until, valid.end)
    if start >= end:
        return 0.0
    if not measure.events:
        return (end - start).days / (until - since).days
    turns = {event.on for event in measure.events} | {e.until for e in measure.events if e.until is not None}
    cuts = sorted({start, end, *(day for day in turns if start < day < end)})
    days = sum((b - a).days for a, b in pairwise(cuts) if listing_state(measure, a).state in STANDING)
    return days / (until - since).days


@lru_cache(maxsize=4096)
def subheadings(scope: ProductScope, exclude: tuple[str, ...], edition: str) -> tuple[str, ...]:
    """Give the six-digit subheadings of an edition that a scope touches."""
    base = base_edition(scope.edition)
    ranges = range_set(scope.ranges, exclude)
    if base == edition or "*" in scope.ranges:
        own = products(edition)
        return tuple(code for code in own if len(code) == 6 and ranges.touches(code))
    if base not in STEPS or edition not in STEPS:
        raise MissingDataError(
            f"codes of {scope.edition} cannot be carried to {edition}",
            where=" ".join(scope.ranges[:3]),
            hint=f"editions that convert: {', '.join(STEPS)}",
        )
    touched = (code for code in products(base) if len(code) == 6 and ranges.touches(code))
    return tuple(sorted({new for code in touched for new in convert(code, base, edition).codes}))


def _candidates(book: Book, economy: str, flow: str, groups: GroupsOn) -> Iterator[Measure]:
    for m in book.measures.values():
        if m.instrument in NONTARIFF and m.flow is Flow(flow) and economy in groups.members(m.imposed_by):
            yield m
