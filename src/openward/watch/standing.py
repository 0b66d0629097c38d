"""Which measures bear on a flow on a day, and which were announced by then: no look-ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from openward.book.force import Listed, effective_validity, listing_state
from openward.book.model import Book, Flow, Measure
from openward.book.sentences import citation, show
from openward.codes.ranges import touches
from openward.watch.alert import Standing
from openward.watch.panel import WORLD, Series

MOST = 8
"""Measures named in one alert; those that name the product come first."""


def measures_touching(book: Book, series: Series, on: date) -> Iterator[Measure]:
    """Give the measures, in force or not, that bear on the border crossing of a series.

    The reporter's own measures on the flow, and what the partner imposes on the mirror flow. Measures on all
    products and those inside a zone are left out: they say nothing about this product.
    """
    mirror = Flow.IMPORT if series.flow == "export" else Flow.EXPORT
    for measure in book.measures.values():
        products = measure.scope.products
        if products is None or products.ranges == ("*",) or measure.zone:
            continue
        if not any(touches(range_, _even(series.product)) for range_ in products.ranges):
            continue
        own = measure.flow == Flow(series.flow) and _imposes(book, measure, series.reporter, on)
        if own and (series.partner == WORLD or covers_partner(book, measure, series.partner, on)):
            yield measure
            continue
        theirs = measure.flow == mirror and series.partner != WORLD
        theirs = theirs and _imposes(book, measure, series.partner, on)
        if theirs and covers_partner(book, measure, series.reporter, on):
            yield measure


def in_force_on(book: Book, measures: Iterable[Measure], on: date) -> tuple[Standing, ...]:
    """Give those in force on a day, since when, the narrowest first."""
    found = []
    for measure in measures:
        if on not in effective_validity(book, measure):
            continue
        state = listing_state(measure, on) if measure.events else None
        if state is not None and state.state not in {Listed.IN_FORCE, Listed.UNRESOLVED}:
            continue
        found.append(_standing(book, measure, state.since if state is not None else measure.valid.start))
    return tuple(sorted(found, key=lambda one: (one.since, one.measure), reverse=True)[:MOST])


def announced_by(
    book: Book, measures: Iterable[Measure], *, known: date, until: date
) -> tuple[Standing, ...]:
    """Give those that start after `known` and by `until`, published on `known` or before.

    An act without a day of publication counts as published when it enters into force: what could not be
    known is not used.
    """
    found = []
    for measure in measures:
        act = book.acts.get(measure.act)
        published = (act.published or act.signed) if act is not None else None
        if published is not None and published <= known < measure.valid.start <= until:
            found.append(_standing(book, measure, measure.valid.start))
    return tuple(sorted(found, key=lambda one: (one.since, one.measure))[:MOST])


def covers_partner(book: Book, measure: Measure, partner: str, on: date) -> bool:
    """Whether a measure names a partner, by itself or through a group, or names nobody."""
    scope = measure.scope
    named = not scope.partners or any(_is_or_holds(book, code, partner, on) for code in scope.partners)
    return named and not any(_is_or_holds(book, code, partner, on) for code in scope.exclude)


def _imposes(book: Book, measure: Measure, economy: str, on: date) -> bool:
    return _is_or_holds(book, measure.imposed_by, economy, on)


def _is_or_holds(book: Book, code: str, economy: str, on: date) -> bool:
    return code == economy or economy in book.members(code, on)


def _standing(book: Book, measure: Measure, since: date) -> Standing:
    return Standing(measure.id, show(measure), since, citation(measure, book))


def _even(code: str) -> str:
    """Cut a code of odd length to the pair above it: ranges are written in pairs."""
    return code[: len(code) - len(code) % 2][:10]
