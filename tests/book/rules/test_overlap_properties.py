"""The overlap rules against a look at every day, partner, class and code."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st
from tests.book.rules.small import LAW, M, book, days, goods
from tests.strategies import AFTER, DAYS, GROUPS, books

from openward.book.model import Book, Measure, Scope
from openward.book.rules.overlap import NoOverlap, NoOverlapInHierarchy, rule_key
from openward.codes.ranges import RangeSet
from openward.codes.terms import Interval

EVERY_DAY = (*DAYS, AFTER)
CLASSES = ("A01", "C20", "B06/free", "B06/dutiable")
CODES = ("87", "8703", "8704", "870323", "870324")


def _partners(law: Book, measure: Measure, on: object) -> set[str | None]:
    if not measure.scope.partners:
        return {None}

    def behind(codes: tuple[str, ...]) -> set[str]:
        return {one for code in codes for one in (law.members(code, on) if code in GROUPS else {code})}  # type: ignore[arg-type]

    return set(behind(measure.scope.partners) - behind(measure.scope.exclude) - {measure.imposed_by})


def _classes(measure: Measure) -> set[str | None]:
    if not measure.scope.sectors:
        return {None}
    return {
        one for one in CLASSES for code in measure.scope.sectors if one == code or one.split("/")[0] == code
    }


def _clash(law: Book, one: Measure, other: Measure) -> bool:
    if (one.imposed_by, rule_key(one)) != (other.imposed_by, rule_key(other)):
        return False
    if not _classes(one) & _classes(other):
        return False
    return any(
        on in one.valid and on in other.valid and _partners(law, one, on) & _partners(law, other, on)
        for on in EVERY_DAY
    )


@given(law=books(max_measures=4))
def test_overlap_is_what_a_look_at_every_day_finds(law: Book) -> None:
    found = {finding.ids for finding in NoOverlap().check(law)}
    clashes = {
        (one.id, other.id) for one, other in combinations(law.measures.values(), 2) if _clash(law, one, other)
    }
    assert bool(found) is bool(clashes)
    assert {tuple(sorted(ids)) for ids in found} <= {tuple(sorted(ids)) for ids in clashes}


@st.composite
def _on_codes(draw: st.DrawFn) -> Book:
    measures = []
    for k in range(draw(st.integers(2, 4))):
        ranges = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True))
        out = draw(st.sampled_from([(), ("870323",), ("8703",)]))
        start = draw(st.integers(2022, 2025))
        valid = Interval(days(start).start, draw(st.sampled_from([None, days(start + 1).start])))
        scope = Scope(products=goods(*ranges), exclude_products=out)
        measures.append(replace(M, id=f"m{k}", scope=scope, valid=valid))
    return book(*measures, acts=(LAW,))


@given(law=_on_codes())
def test_hierarchy_is_what_a_look_at_every_code_finds(law: Book) -> None:
    def touch(one: Measure, other: Measure) -> bool:
        sets = []
        for measure in (one, other):
            assert measure.scope.products is not None
            sets.append(RangeSet.of(measure.scope.products.ranges, measure.scope.exclude_products))
        same = one.scope == other.scope
        return not same and not (sets[0] & sets[1]).empty and one.valid.overlaps(other.valid)

    found = {tuple(sorted(finding.ids)) for finding in NoOverlapInHierarchy().check(law)}
    expected = {
        (one.id, other.id) for one, other in combinations(law.measures.values(), 2) if touch(one, other)
    }
    assert found == expected


@given(law=books(max_measures=3))
def test_a_book_cut_at_every_day_overlaps_as_before(law: Book) -> None:
    pieces = {}
    for measure in law.measures.values():
        cuts = [measure.valid.start, *(day for day in EVERY_DAY if measure.valid.start < day), None]
        for start, end in pairwise(cuts):
            assert start is not None
            last = measure.valid.end if end is None else min(end, measure.valid.end or end)
            if start in measure.valid:
                name = f"{measure.id}@{start.isoformat()}"
                pieces[name] = replace(measure, id=name, valid=Interval(start, last))
    cut_up = replace(law, measures=MappingProxyType(pieces))
    assert bool(NoOverlap().check(cut_up)) is bool(NoOverlap().check(law))
