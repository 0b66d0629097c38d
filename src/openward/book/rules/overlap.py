"""The rules against two measures that say the same thing at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openward.book.model import Instrument, Measure
from openward.book.rules.base import Finding, Rule, Severity
from openward.book.rules.index import Index
from openward.codes.ranges import range_set
from openward.codes.terms import Interval

Dated = tuple[Interval, Measure]
_ADDED = {
    Instrument.RETALIATORY_DUTY,
    Instrument.ANTI_DUMPING_DUTY,
    Instrument.COUNTERVAILING_DUTY,
    Instrument.SAFEGUARD_DUTY,
}


class NoOverlap(Rule):
    """On any day, one imposer has one measure of an instrument for the same scope, zone and conditions.

    Groups are expanded to their members of the day, exclusions taken away, and an industry stands for all its
    classes of tariff lines; no limit to partners counts as a partner of its own. Scopes are the same where
    they then share a partner and a class, and name the same products, parties, end uses, additional codes and
    quota. A measure that states a duty and one that only has words do not exclude each other, nor do two
    preferences by different acts for different groups (the partner has a choice), or two additional duties by
    different acts (they add up).
    """

    number = "BR2"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give pairs of measures that overlap."""
        told: set[tuple[str, str]] = set()
        for measures in _alike(index.measures):
            for one, other, day in _clashes(measures, index):
                if (one.id, other.id) not in told:
                    told.add((one.id, other.id))
                    yield self.found(
                        one,
                        other,
                        sentence=f"{one.id} and {other.id} say the same scope on {day}",
                        hint="end the first where the second begins, or tell their scopes apart",
                    )


def _alike(measures: Iterable[Measure]) -> Iterator[list[Measure]]:
    gathered: dict[tuple[Any, ...], list[Measure]] = {}
    for measure in measures:
        scope = measure.scope
        common = (
            measure.imposed_by,
            measure.zone,
            scope.products,
            scope.exclude_products,
            scope.parties,
            scope.end_uses,
            scope.additional_codes,
            *rule_key(measure),
        )
        gathered.setdefault(common, []).append(measure)
    return (several for several in gathered.values() if len(several) > 1)


def rule_key(measure: Measure) -> tuple[Any, ...]:
    """Give what makes two measures rules of one kind: instrument, flow, conditions, quota, statement."""
    states = "duty" if measure.effect.duty is not None else measure.effect.text
    return measure.instrument, measure.flow, frozenset(measure.conditions), measure.effect.quota, states


def _beside_each_other(one: Measure, other: Measure) -> bool:
    if one.act == other.act:
        return False
    if one.instrument in _ADDED:
        return True
    apart = set(one.scope.partners).isdisjoint(other.scope.partners)
    return one.instrument is Instrument.PREFERENTIAL_DUTY and apart


def _clashes(measures: list[Measure], index: Index) -> Iterator[tuple[Measure, Measure, Any]]:
    cells: dict[tuple[str | None, str | None], list[Dated]] = {}
    for measure in measures:
        everyone: dict[str | None, list[Interval]] = {None: [measure.valid]}
        partners: Mapping[Any, list[Interval]] = everyone
        if measure.scope.partners:
            partners = index.partners(measure)
        for sector in index.sectors(measure):
            for partner, days in partners.items():
                cell = cells.setdefault((partner, sector), [])
                cell.extend((one, measure) for one in days)
    for cell in cells.values():
        yield from overlapping(cell)


def overlapping(dated: list[Dated]) -> Iterator[tuple[Measure, Measure, Any]]:
    """Give pairs of different measures that share a day and may not, with the first such day.

    Each is paired with the first that is still in force when it begins.
    """
    if len(dated) < 2:
        return
    running: list[Dated] = []
    for days, measure in sorted(dated, key=lambda one: (one[0].start, one[1].id)):
        running = [one for one in running if one[0].end is None or one[0].end > days.start]
        others = (other for _, other in running if other is not measure)
        clash = next((other for other in others if not _beside_each_other(other, measure)), None)
        if clash is not None:
            yield clash, measure, days.start
        running.append((days, measure))


class NoOverlapInHierarchy(Rule):
    """A code and one above it do not both carry a measure of one kind for one partner on one day.

    The same kind means instrument, imposer, flow, zone, conditions, additional code, order number, sectors;
    partners are compared as they are written. Measures on the very same products are judged by BR2, and one
    on all products is general: lines may refine it.
    """

    number = "ME32"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give pairs of measures whose products lie inside each other."""
        told: set[tuple[str, str]] = set()
        for pieces in _lines(index.measures).values():
            for one, other, day in _nested(pieces):
                if (one.id, other.id) not in told:
                    told.add((one.id, other.id))
                    yield self.found(
                        one,
                        other,
                        sentence=f"{one.id} and {other.id} are on products inside each other on {day}",
                        hint="exclude the narrower product from the wider measure, or end one of them",
                    )


Piece = tuple[int, int, Measure]


def _lines(measures: Iterable[Measure]) -> dict[tuple[Any, ...], list[Piece]]:
    found: dict[tuple[Any, ...], list[Piece]] = {}
    for measure in measures:
        scope = measure.scope
        if scope.products is None:
            continue
        common = (
            *rule_key(measure),
            measure.imposed_by,
            measure.zone,
            scope.products.edition,
            scope.sectors,
            scope.parties,
            scope.end_uses,
            scope.additional_codes,
        )
        if "*" in scope.products.ranges:
            continue
        goods = range_set(scope.products.ranges, scope.exclude_products)
        for partner in scope.partners or (None,):
            line = found.setdefault((*common, partner), [])
            line.extend((low, high, measure) for low, high in zip(goods.lows, goods.highs, strict=True))
    return found


def _nested(pieces: list[Piece]) -> Iterator[tuple[Measure, Measure, Any]]:
    if len(pieces) < 2:
        return
    pieces.sort(key=lambda piece: (piece[0], -piece[1], piece[2].id))
    open_: list[Piece] = []
    for piece in pieces:
        low, _, measure = piece
        open_ = [other for other in open_ if other[1] > low]
        for _, _, other in open_:
            if (
                other is not measure
                and not _same_goods(other, measure)
                and other.valid.overlaps(measure.valid)
            ):
                yield other, measure, max(other.valid.start, measure.valid.start)
        open_.append(piece)


def _same_goods(one: Measure, other: Measure) -> bool:
    mine, theirs = one.scope, other.scope
    return mine.products == theirs.products and mine.exclude_products == theirs.exclude_products


class NotByGroupAndMember(Rule):
    """A group and a member of it do not both impose the same measure on one day."""

    number = "ME201"
    severity = Severity.WARNING

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give pairs of measures of a group and of its member."""
        gathered: dict[tuple[Any, ...], list[Measure]] = {}
        for measure in index.measures:
            gathered.setdefault((*rule_key(measure), measure.zone, measure.scope), []).append(measure)
        for several in gathered.values():
            for group in several:
                if len(several) < 2 or group.imposed_by not in index.groups:
                    continue
                members = index.groups[group.imposed_by]
                for own in several:
                    days = members.get(own.imposed_by, ())
                    shared = group.valid.clip(own.valid)
                    if not shared.empty and any(one.overlaps(shared) for one in days):
                        yield self.found(
                            group,
                            own,
                            sentence=f"{group.id} is imposed by {group.imposed_by}, {own.id} by its member "
                            f"{own.imposed_by}, on the same days",
                            hint="keep the group's measure, or give the member's another scope",
                        )
