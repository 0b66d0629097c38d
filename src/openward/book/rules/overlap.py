"""The rule against two measures that say the same thing at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from openward.book.model import Book, Measure
from openward.book.rules.base import Finding, Rule

_ALL: tuple[str | None, ...] = (None,)


class NoOverlap(Rule):
    """On any day, one imposer has one measure of an instrument for the same scope, zone and conditions.

    Scopes are the same where they share a partner and a sector as they are written (no limit counts as one)
    and name the same products, exclusions, parties and end uses. A measure that states a duty and one that
    only has words do not exclude each other.
    """

    number = "BR2"

    def findings(self, book: Book) -> Iterator[Finding]:
        """Give pairs of measures that overlap."""
        cells: dict[tuple[Any, ...], list[Measure]] = {}
        for measure in book.measures.values():
            if measure.valid.empty:
                continue
            for cell in _cells(measure):
                cells.setdefault(cell, []).append(measure)
        told: set[tuple[str, str]] = set()
        for measures in cells.values():
            for one, other in _overlapping(measures):
                if (one.id, other.id) not in told:
                    told.add((one.id, other.id))
                    yield self.found(
                        one,
                        other,
                        sentence=f"{one.id} and {other.id} say the same scope on {other.valid.start}",
                        hint="end the first where the second begins, or tell their scopes apart",
                    )


def _cells(measure: Measure) -> Iterator[tuple[Any, ...]]:
    scope = measure.scope
    common = (
        measure.instrument,
        measure.imposed_by,
        measure.flow,
        measure.zone,
        measure.conditions,
        scope.products,
        scope.exclude,
        scope.parties,
        scope.end_uses,
        "duty" if measure.effect.duty is not None else measure.effect.text,
    )
    for partner, sector in product(scope.partners or _ALL, scope.sectors or _ALL):
        yield (*common, partner, sector)


def _overlapping(measures: list[Measure]) -> Iterator[tuple[Measure, Measure]]:
    if len(measures) < 2:
        return
    ordered = sorted(measures, key=lambda m: (m.valid.start, m.id))
    reaching = ordered[0]
    for measure in ordered[1:]:
        if reaching.valid.overlaps(measure.valid):
            yield reaching, measure
        if _outlasts(measure, reaching):
            reaching = measure


def _outlasts(one: Measure, other: Measure) -> bool:
    if other.valid.end is None:
        return False
    return one.valid.end is None or one.valid.end > other.valid.end
