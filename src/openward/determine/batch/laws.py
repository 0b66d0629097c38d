"""The part of a book that can matter to one kind of goods on one day: what the interpreter is given.

Measures that are not in force, of other economies, other flows or other goods cannot change an answer, and
groups that no measure names cannot either. Days with the same law are one law, and origins to which the same
measures apply are one origin. The customs value is the value that a shipment states: valuation law stays out.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from openward.book.duty import rates
from openward.book.model import Book, Condition, Effect, Flow, Instrument, Measure, Scope
from openward.codes.terms import Interval
from openward.determine.batch.days import BEGIN, as_date, number
from openward.determine.batch.spread import Held
from openward.determine.batch.who import Key
from openward.determine.needs import NO_CLAIM
from openward.determine.quota import draws_on
from openward.determine.scope import coverage

CONDITIONS_ON_FACTS = frozenset({"fact", "threshold"})
Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """What is in force for some goods on some days.

    Attributes
    ----------
    key : hashable
        Laws that share it are the same.
    book : Book
    alike : int64 array
        For each origin, the position of one to which the same applies.
    by_rate : bool
        Value and quantity change nothing but amounts.
    claims : frozenset of str
        What can be claimed under it.
    by_place : bool
        Where goods come from may matter by itself: some measure asks for it as a fact.
    """

    key: Hashable
    book: Book
    alike: Indices
    by_rate: bool
    claims: frozenset[str]
    by_place: bool

    def book_for(self, claim: str) -> Book:
        """Give the book with a preference of the name claimed: one that is never in force, where it has none.

        A claim is known if the whole book knows it, which is checked before.
        """
        if not claim or claim in self.claims or claim.casefold() in NO_CLAIM:
            return self.book
        never = Interval(date.min, date.min)
        scope, conditions = Scope(), (Condition("origin", claim),)
        kind, flow = Instrument.PREFERENTIAL_DUTY, Flow.IMPORT
        named = Measure(f"claim:{claim}", kind, "", flow, scope, Effect(), never, "", conditions=conditions)
        return replace(self.book, measures=MappingProxyType({**self.book.measures, named.id: named}))


class Laws:
    """A book for the imports of one economy.

    Parameters
    ----------
    book : Book
    importer : str
    held : sequence of Held
        The measures that concern its imports.
    cuts : int array
        Days on which something changes; the first is the first day there is.
    origins : sequence of str
        Economies, in the order of their positions.
    """

    def __init__(
        self,
        book: Book,
        importer: str,
        held: Sequence[Held],
        cuts: NDArray[np.int32],
        origins: Sequence[str],
    ) -> None:
        meta = {name: held for name, held in book.meta.items() if name != "valuation"}
        self.whole = replace(book, meta=MappingProxyType(meta))
        self.importer, self.cuts, self.origins = importer, cuts, tuple(origins)
        held = sorted(held, key=lambda one: one.measure.id)
        self.measures = tuple(one.measure for one in held)
        self.start = np.array([number(m.valid.start, BEGIN) for m in self.measures], dtype=np.int64)
        self.end = np.array([number(m.valid.end) for m in self.measures], dtype=np.int64)
        pieces = [(piece.low, piece.high, k) for k, one in enumerate(held) for piece in one.pieces]
        bounds = np.array(pieces, dtype=np.int64).reshape(-1, 3)
        self.broad = np.zeros(len(held), dtype=np.bool_)
        self.broad[bounds[bounds[:, 0] < 0, 2]] = True
        self.low, self.high, self.owner = bounds[bounds[:, 0] >= 0].T
        duties = {id(m.effect.duty): m.effect.duty for m in self.measures if m.effect.duty is not None}
        self.by_day = any(rates(duty).rest for duty in dict.fromkeys(duties.values()))
        keys = {one.key for one in held}
        self._codes = sorted({code for key in keys for code in key.codes()} | {importer})
        self._groups = self.whole.groups()
        named = [one.valid for one in book.memberships if one.group in set(self._codes)]
        days = {day for valid in named for day in (number(valid.start, BEGIN), number(valid.end))}
        self._changes = np.array(sorted(days | {BEGIN}), dtype=np.int64)
        self._on_sector: dict[str, Mask] = {}
        self._members: dict[int, tuple[dict[str, int], Mask]] = {}
        self._laws: dict[tuple[int, Hashable], Law] = {}
        self._same: dict[Hashable, Law] = {}

    def of(self, segment: int, spans: Spans, sector: str) -> Law:
        """Give the law on some codes (``spans`` on ten digits) of an industry in a segment of time."""
        wanted = segment, (spans, sector)
        if wanted not in self._laws:
            self._laws[wanted] = self._made(segment, spans, sector)
        return self._laws[wanted]

    def _made(self, segment: int, spans: Spans, sector: str) -> Law:
        day = int(self.cuts[segment])
        mine = self._sector(sector).copy()
        for first, beyond in spans:
            mine[self.owner[(self.low < beyond) & (self.high > first)]] = True
        chosen = np.flatnonzero(mine & (self.start <= day) & (day < self.end))
        measures = [self.measures[k] for k in chosen]
        alike = self._alike(segment, measures)
        moving = any(m.events or any(d.order_number for d in draws_on(m)) for m in measures)
        key = (chosen.tobytes(), alike.tobytes(), self._era(day), segment if moving else -1)
        if key not in self._same:
            self._same[key] = Law(
                key=len(self._same),
                book=self._book(measures),
                alike=alike,
                by_rate=all(_by_rate(m) for m in measures),
                claims=frozenset(name for m in measures for name in claimed(m)),
                by_place=any(c.kind in CONDITIONS_ON_FACTS for m in measures for c in m.conditions),
            )
        return self._same[key]

    def _book(self, measures: Sequence[Measure]) -> Book:
        named = {code for measure in measures for code in Key.of(measure).codes()}
        members = tuple(one for one in self.whole.memberships if one.group in named)
        held = MappingProxyType({m.id: m for m in measures})
        return replace(self.whole, measures=held, memberships=members)

    def _sector(self, sector: str) -> Mask:
        """Say which measures speak of all goods, of an industry, or of all codes of one."""
        if sector not in self._on_sector:
            found = np.array(
                [b and _of_sector(m, sector) for m, b in zip(self.measures, self.broad, strict=True)]
            )
            found = found.astype(np.bool_)
            for k in self._wide(sector):
                found[k] = coverage(self.measures[k].scope.products, sector) == "all"
            self._on_sector[sector] = found
        return self._on_sector[sector]

    def _wide(self, sector: str) -> Sequence[int]:
        """Give the measures on codes that could cover a whole industry."""
        from openward.codes.correlation import hs6_of
        from openward.codes.ranges import bounds

        codes = hs6_of(sector) if sector else ()
        if not codes:
            return ()
        low, high = bounds(codes[0])
        inside = (self.low <= low) & (self.high >= high)
        return [int(k) for k in dict.fromkeys(self.owner[inside].tolist())]

    def _alike(self, segment: int, measures: Sequence[Measure]) -> Indices:
        """Give for each origin another to which the same measures apply."""
        place, members = self._membership(segment)
        named = sorted({place[code] for m in measures for code in Key.of(m).codes()})
        columns = members[:, [*named, place[self.importer]]]
        packed = np.packbits(columns, axis=1)
        _, first, back = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        return first[back.reshape(-1)].astype(np.int64)

    def _membership(self, segment: int) -> tuple[dict[str, int], Mask]:
        """Say which origins each code names in a segment: ``[origin, code]``."""
        segment = int(np.searchsorted(self._changes, self.cuts[segment], side="right"))
        if segment not in self._members:
            day = as_date(int(self._changes[segment - 1]))
            codes = self._codes
            named = [self.whole.members(c, day) if c in self._groups else frozenset((c,)) for c in codes]
            table = np.array([[origin in who for who in named] for origin in self.origins], dtype=np.bool_)
            self._members[segment] = {c: k for k, c in enumerate(codes)}, table
        return self._members[segment]

    def _era(self, day: int) -> int:
        """Number the rules of precedence in force on a day."""
        from openward.determine.precedence import precedence_on
        from openward.errors import MissingDataError

        try:
            return id(precedence_on(self.whole, self.importer, as_date(day)))
        except MissingDataError:
            return 0


def claimed(measure: Measure) -> tuple[str, ...]:
    """Give the names under which a preference is claimed; none where it asks for no origin."""
    origin = next((c.value for c in measure.conditions if c.kind == "origin"), None)
    return () if origin is None else (origin, measure.id, measure.act, *measure.scope.partners)


def _of_sector(measure: Measure, sector: str) -> bool:
    sectors = measure.scope.sectors
    return not sectors or any(one.partition("/")[0] == sector for one in sectors)


def _by_rate(measure: Measure) -> bool:
    """True where neither value nor quantity changes whether a measure applies, or its rate."""
    if any(c.kind in CONDITIONS_ON_FACTS for c in measure.conditions):
        return False
    if any(draw.order_number for draw in draws_on(measure)):
        return False
    duty = measure.effect.duty
    return duty is None or not (rates(duty).specific or rates(duty).rest)
