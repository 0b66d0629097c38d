"""A book prepared for its rules: look-ups that several rules share are made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from openward.book.model import Book, Measure
from openward.book.vocabulary import Vocabulary
from openward.codes.nomenclature import Nomenclature, hs
from openward.codes.terms import Interval
from openward.errors import UnknownCodeError

Days = list[Interval]


class Index:
    """Measures, groups and nomenclatures of a book by what rules ask for."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._editions: dict[str, Nomenclature | None] = {}
        self._partners: dict[tuple[Any, ...], Mapping[str, Days]] = {}
        self.shared: dict[int, frozenset[str]] = {}

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, those valid on no day left out (a rule of its own finds them)."""
        return tuple(m for m in self.book.measures.values() if not m.valid.empty)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The codes that the book may use."""
        return Vocabulary.of(self.book)

    @cached_property
    def groups(self) -> dict[str, dict[str, Days]]:
        """Days of membership by group and economy."""
        found: dict[str, dict[str, Days]] = {}
        for one in self.book.memberships:
            found.setdefault(one.group, {}).setdefault(one.economy, []).append(one.valid)
        return found

    @cached_property
    def classes(self) -> dict[str, tuple[str, ...]]:
        """Classes of tariff lines by industry, as measures write them (``B06/free``)."""
        found: dict[str, dict[str, None]] = {}
        for line in self.book.lines:
            found.setdefault(line.sector, {})[f"{line.sector}/{line.code}"] = None
        return {sector: tuple(codes) for sector, codes in found.items()}

    @cached_property
    def drawing(self) -> dict[str, list[Measure]]:
        """Measures by the order number of the quota that they draw on, or that a condition names."""
        found: dict[str, list[Measure]] = {}
        for measure in self.measures:
            words = {word for one in measure.conditions if one.kind == "quota" for word in one.value.split()}
            for number in {measure.effect.quota, *(words & self.book.quotas.keys())} - {""}:
                found.setdefault(number, []).append(measure)
        return found

    def days_of(self, code: str, within: Interval) -> dict[str, Days]:
        """Give the economies behind a code (an economy, or a group) with their days inside an interval."""
        if code not in self.groups:
            return {code: [within]}
        found = {}
        for economy, days in self.groups[code].items():
            shared = [one.clip(within) for one in days if one.overlaps(within)]
            if shared:
                found[economy] = shared
        return found

    def economies(self, codes: Iterable[str], within: Interval) -> frozenset[str]:
        """Give the economies behind codes on some day of an interval."""
        return frozenset(economy for code in codes for economy in self.days_of(code, within))

    def partners(self, measure: Measure) -> Mapping[str, Days]:
        """Give the partners of a measure with their days: groups expanded, exclusions taken away.

        The imposer itself is nobody's partner, also where it belongs to a group that is named.
        """
        scope = measure.scope
        key = scope.partners, scope.exclude, measure.valid, measure.imposed_by
        if key not in self._partners:
            self._partners[key] = self._expanded(measure)
        return self._partners[key]

    def _expanded(self, measure: Measure) -> dict[str, Days]:
        found: dict[str, Days] = {}
        for code in measure.scope.partners:
            for economy, days in self.days_of(code, measure.valid).items():
                found.setdefault(economy, []).extend(days)
        for code in measure.scope.exclude:
            for economy, out in self.days_of(code, measure.valid).items():
                if economy in found:
                    found[economy] = without(found[economy], out)
        return {economy: days for economy, days in found.items() if days and economy != measure.imposed_by}

    def sectors(self, measure: Measure) -> tuple[str | None, ...]:
        """Give the classes of lines of a measure: an industry that is split stands for all its classes."""
        if not measure.scope.sectors:
            return (None,)
        return tuple(part for code in measure.scope.sectors for part in self.classes.get(code, (code,)))

    def nomenclature(self, edition: str) -> Nomenclature | None:
        """Give an edition: the book's own, or one of the Harmonized System at hand; None where neither."""
        if edition in self.book.nomenclatures:
            return self.book.nomenclatures[edition]
        if edition not in self._editions:
            try:
                self._editions[edition] = hs(edition)
            except UnknownCodeError:
                self._editions[edition] = None
        return self._editions[edition]


def without(days: Days, out: Days) -> Days:
    """Take days away from days."""
    kept = days
    for gone in out:
        pieces = []
        for one in kept:
            if not one.overlaps(gone):
                pieces.append(one)
                continue
            pieces.append(Interval(one.start, gone.start))
            if gone.end is not None:
                pieces.append(Interval(max(one.start, gone.end), one.end))
        kept = [one for one in pieces if not one.empty]
    return kept


def covered(inner: Interval, days: Iterable[Interval]) -> bool:
    """Tell whether every day of an interval lies in some of the days."""
    return not without([inner], list(days))
