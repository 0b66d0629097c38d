"""Small goods and strategies for the tests of origin."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from openward.determine.origin.codes import CodeRange
from openward.determine.origin.cumulation import Tolerance, Zone
from openward.determine.origin.good import Good, Material
from openward.determine.origin.rule import (
    EVERY,
    Allowance,
    AnotherGood,
    Anything,
    Basis,
    ByGood,
    Excepted,
    ForeignAtMostRegional,
    Formula,
    Leaf,
    Level,
    MaterialsObtained,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Named,
    Outside,
    OutsideGroup,
    Process,
    Proviso,
    Rule,
    Selection,
    Shift,
    WhollyObtained,
    all_rules,
    any_rule,
)

ZONE = Zone(frozenset({"JPN", "VNM", "NZL"}), frozenset({"KOR"}))
CODES = ("870323", "870899", "8703", "840734", "720810", "7208", "392690", "540310", "2204", "220820")
WORDS = ("yarn", "cut and sewn", "smoked")

codes = st.sampled_from(CODES)
shares = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
amounts = st.integers(0, 500).map(Decimal)
ranges = st.lists(st.sampled_from(CODES).map(lambda c: CodeRange(c, c)), min_size=1, max_size=2).map(tuple)
levels = st.sampled_from((Level.CHAPTER, Level.HEADING, Level.SUBHEADING))
truths = st.sampled_from((True, False))


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:  # type: ignore[type-arg]
    return st.one_of(st.none(), strategy)


described = st.dictionaries(st.sampled_from((*WORDS, "earlier stage")), truths, max_size=2)
leaf_materials = st.builds(
    Material,
    code=codes,
    origin=st.sampled_from(("JPN", "VNM", "KOR", "CHN", "DEU", "")),
    value=maybe(amounts),
    weight=maybe(amounts),
    made_in=st.sampled_from(("", "VNM", "CHN")),
    wholly_obtained=maybe(truths),
    described=described,
)
materials = st.one_of(
    leaf_materials,
    st.builds(
        Material,
        code=codes,
        origin=st.sampled_from(("VNM", "CHN", "")),
        value=maybe(amounts),
        weight=maybe(amounts),
        made_in=st.sampled_from(("VNM", "CHN")),
        components=st.lists(leaf_materials, max_size=2).map(tuple),
    ),
)
goods = st.builds(
    Good,
    code=st.sampled_from(("870323", "220820", "392690")),
    made_in=st.just("JPN"),
    materials=st.lists(materials, min_size=1, max_size=4).map(tuple),
    currency=st.just("USD"),
    ex_works=maybe(st.integers(1, 1000).map(Decimal)),
    fob=maybe(st.integers(1, 1000).map(Decimal)),
    net_cost=maybe(st.integers(1, 1000).map(Decimal)),
    weight=maybe(st.integers(1, 1000).map(Decimal)),
    facts=st.dictionaries(st.sampled_from(WORDS), truths, max_size=2),
)
selections = st.one_of(
    st.just(EVERY),
    st.builds(Selection, ranges=ranges),
    st.builds(Selection, level=levels),
    st.builds(Selection, description=st.sampled_from(WORDS)),
    st.builds(Selection, ranges=ranges, excluding=ranges),
    st.builds(Selection, ranges=ranges, excluding_description=st.sampled_from(WORDS)),
)
sources = st.one_of(
    st.builds(Outside, levels),
    st.builds(OutsideGroup, ranges),
    st.builds(Named, ranges, st.sampled_from(("", "yarn")), truths),
    st.builds(Named, st.just(()), st.just("yarn"), truths),
    st.builds(AnotherGood, ranges),
    st.just(Anything()),
)
exceptions = st.one_of(
    st.builds(Excepted, ranges),
    st.builds(Excepted, ranges, st.just("yarn")),
    st.builds(Excepted, ranges, st.just(""), st.just("smoked")),
)


def _merged(found: list[Excepted]) -> tuple[Excepted, ...]:
    plain = tuple(r for one in found if not one.description and not one.when for r in one.ranges)
    single = [Excepted((r,), one.description, one.when) for one in found for r in one.ranges]
    return ((Excepted(plain),) if plain else ()) + tuple(o for o in single if o.description or o.when)


shifts = st.builds(
    Shift, st.lists(sources, min_size=1, max_size=2).map(tuple), st.lists(exceptions, max_size=2).map(_merged)
)
leaves: st.SearchStrategy[Leaf] = st.one_of(
    shifts,
    st.builds(Allowance, shifts, maybe(shares), selections),
    st.builds(lambda s, n, of: Allowance(s, n, of, True), shifts, shares, selections),
    st.builds(MaxForeign, shares, st.sampled_from(Basis), selections),
    st.builds(MaxForeignWeight, shares, selections),
    st.builds(MinRegional, shares, st.sampled_from(Formula), st.sampled_from(Basis), selections),
    st.builds(MaterialsObtained, selections, truths),
    st.just(ForeignAtMostRegional()),
    st.just(WhollyObtained()),
    st.sampled_from(WORDS).map(Process),
    st.builds(Proviso, st.sampled_from(WORDS), truths),
)


def _nodes(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    parts = st.lists(inner, min_size=2, max_size=3).map(lambda found: tuple(dict.fromkeys(found)))
    cases = st.lists(st.tuples(st.sampled_from(WORDS), inner), min_size=1, max_size=2).map(tuple)
    return st.one_of(parts.map(all_rules), parts.map(any_rule), st.builds(ByGood, cases, maybe(inner)))


# Deferred: the text of the whole strategy is too long for a message.
rules: st.SearchStrategy[Rule] = st.deferred(lambda: st.recursive(leaves, _nodes, max_leaves=5))
tolerances = maybe(
    st.builds(lambda a, b, w, c: Tolerance(min(a, b), max(a, b), w, c), shares, shares, truths, truths)
)
