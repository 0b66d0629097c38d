"""Whom a measure concerns, day by day: groups become economies once, with the days of their membership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book, Measure
from openward.determine.batch.days import ALWAYS, BEGIN, Spans, both, either, number, without

ANY = -1
"""Position of an origin: any."""


@dataclass(frozen=True, slots=True, eq=False)
class Parties:
    """Origins a measure of one importer concerns, on days ``[start, end)``; :data:`ANY` is every origin."""

    origin: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Key:
    """What decides whom a measure concerns; measures that share it are resolved once."""

    imposed_by: str
    members: tuple[str, ...]
    partners: tuple[str, ...]
    exclude: tuple[str, ...]

    @classmethod
    def of(cls, measure: Measure) -> Key:
        """Read it from a measure."""
        members = tuple([c.value for c in measure.conditions if c.kind == "membership"])
        return cls(measure.imposed_by, members, measure.scope.partners, measure.scope.exclude)

    def codes(self) -> tuple[str, ...]:
        """Give every economy and group it names."""
        return (self.imposed_by, *self.members, *self.partners, *self.exclude)


class Who:
    """Groups of a book over all days, resolved for one importer.

    Parameters
    ----------
    book : Book
    importer : str
    economies : sequence of str
        The order of positions of origins.
    """

    def __init__(self, book: Book, importer: str, economies: Sequence[str]) -> None:
        self.importer, self.economies = importer, tuple(economies)
        found: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for one in book.memberships:
            found[one.group][one.economy].append((number(one.valid.start, BEGIN), number(one.valid.end)))
        self._groups = {
            group: {economy: either(spans) for economy, spans in members.items()}
            for group, members in found.items()
        }
        self._parties: dict[Key, Parties] = {}

    def days_in(self, code: str, economy: str) -> Spans:
        """Give the days on which an economy belongs to a group, or is the economy named."""
        members = self._groups.get(code)
        if members is not None:
            return members.get(economy, ())
        return ALWAYS if code == economy else ()

    def parties(self, key: Key) -> Parties:
        """Give the origins a measure concerns, none where the importer does not impose it."""
        found = self._parties.get(key)
        if found is None:
            found = self._parties[key] = self._resolve(key)
        return found

    def _resolve(self, key: Key) -> Parties:
        own: Spans = ALWAYS
        for code in (key.imposed_by, *key.members):
            own = both(own, self.days_in(code, self.importer))
        if not own:
            return _parties(())
        if not key.partners and not key.exclude:
            return _parties((ANY, *span) for span in own)
        rows = []
        for n, economy in enumerate(self.economies):
            named = self._named(key.partners, economy) if key.partners else ALWAYS
            left = both(own, without(named, self._named(key.exclude, economy)))
            rows += [(n, *span) for span in left]
        return _parties(rows)

    def _named(self, codes: tuple[str, ...], economy: str) -> Spans:
        return either(span for code in codes for span in self.days_in(code, economy))


def _parties(rows: Iterable[tuple[int, int, int]]) -> Parties:
    table = np.array(list(rows), dtype=np.int32).reshape(-1, 3)
    return Parties(*(np.ascontiguousarray(table[:, k]) for k in range(3)))
