"""The plain measures of one importer as columns of numbers: one variant for each level of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book, Instrument, Measure
from openward.codes.terms import Status
from openward.determine.batch.kinds import plain_rate
from openward.determine.decision import Question
from openward.determine.needs import NeedKind, needs_of
from openward.determine.scope import doubt

Whole = NDArray[np.int64]
Small = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Variants:
    """Columns over variants, in the order of measure ids.

    Attributes
    ----------
    measure : int32 array
        Position in ``ids``.
    level : int32 array
        How narrowly it names the goods (see :class:`openward.determine.candidates.Candidate`).
    rate : int64 array
        Billionths of the customs value.
    narrow, cheap : int32 array
        Rank among exclusive duties (the most specific first), and among preferences (the lowest first).
    fact : int32 array
        Position in ``facts`` of the fact about origin it turns on; -1 where it turns on none.
    relief, unverified : bool array
        Is a preference; was not read in an official source.
    ids, facts : tuple of str
    """

    measure: Small
    level: Small
    rate: Whole
    narrow: Small
    cheap: Small
    fact: Small
    relief: NDArray[np.bool_]
    unverified: NDArray[np.bool_]
    ids: tuple[str, ...]
    facts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.measure)


def variants_of(book: Book, measures: Mapping[str, Measure], pairs: Sequence[tuple[str, int]]) -> Variants:
    """Lay variants out.

    Parameters
    ----------
    book : Book
    measures : mapping
    pairs : sequence of (measure id, level)
        Sorted, each once.
    """
    ids = tuple(dict.fromkeys(name for name, _ in pairs))
    position = {name: k for k, name in enumerate(ids)}
    measure = np.array([position[name] for name, _ in pairs], dtype=np.int32)
    level = np.array([level for _, level in pairs], dtype=np.int32)
    found = [measures[name] for name in ids]
    rate = np.array([plain_rate(m) for m in found], dtype=np.int64)[measure]
    unsure = np.array([doubt(m) for m in found], dtype=np.int32)[measure]
    start = np.array([m.valid.start.toordinal() for m in found], dtype=np.int32)[measure]
    name = _Facts(book)
    told = [name.of(m) for m in found]
    facts = {fact: k for k, fact in enumerate(dict.fromkeys(fact for fact in told if fact is not None))}
    return Variants(
        measure=measure,
        level=level,
        rate=rate,
        narrow=_ranks(measure, unsure, -level),
        cheap=_ranks(measure, start, unsure, rate),
        fact=np.array([-1 if fact is None else facts[fact] for fact in told], dtype=np.int32)[measure],
        relief=_flags([m.instrument is Instrument.PREFERENTIAL_DUTY for m in found])[measure],
        unverified=_flags([m.status is Status.UNVERIFIED for m in found])[measure],
        ids=ids,
        facts=tuple(facts),
    )


def origin_of(measure: Measure) -> str | None:
    """Give whose rules of origin a measure asks for; None where it asks for none."""
    return next((c.value for c in measure.conditions if c.kind == "origin"), None)


class _Facts:
    """Names the fact a preference turns on, as the interpreter names it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._known: dict[tuple[str, str], str | None] = {}

    def of(self, measure: Measure) -> str | None:
        """Give the fact; None where it turns on none."""
        origin = origin_of(measure)
        if origin is None:
            return None
        key = origin, measure.act
        if key not in self._known:
            asked = Question(flow=measure.flow.value, on=measure.valid.start)
            needs = needs_of(self.book, measure, asked, {}, line=True)
            self._known[key] = next(need.fact for need in needs if need.kind is NeedKind.ORIGIN)
        return self._known[key]


def _ranks(*columns: NDArray[np.generic]) -> Small:
    """Rank by the last column, ties by those before it."""
    order = np.lexsort(columns)
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


def _flags(values: Sequence[bool]) -> NDArray[np.bool_]:
    return np.array(values, dtype=np.bool_)
