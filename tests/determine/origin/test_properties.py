"""Laws that hold for every rule and every bill of materials."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.determine.origin import small

from openward.determine.origin.check import check, originates
from openward.determine.origin.codes import CodeRange
from openward.determine.origin.compiled import compiled
from openward.determine.origin.cumulation import Cumulation, Tolerance, View, Zone, views
from openward.determine.origin.evaluate import evaluate
from openward.determine.origin.good import Good, Material
from openward.determine.origin.notation import parse, write
from openward.determine.origin.rule import Level, Outside, Rule, Shift
from openward.determine.origin.scheme import Entry, Scheme
from openward.determine.origin.truth import Truth

RANK = {False: 0, None: 1, True: 2}


def scheme_of(rule: Rule, tolerance: Tolerance | None = None) -> Scheme:
    codes = CodeRange("01", "97")
    tolerances = {f"{n:02d}": tolerance for n in range(1, 98)} if tolerance is not None else {}
    return Scheme(
        "test", "Test", small.ZONE, (Entry(codes, "all", "", rule, ("text",), (rule,)),), tolerances
    )


@settings(max_examples=150, deadline=None)
@given(small.rules, small.goods, small.tolerances)
def test_batch_agrees_with_explanation(rule: Rule, good: Good, tolerance: Tolerance | None) -> None:
    for cumulation in Cumulation:
        for view in views(good, small.ZONE, cumulation, tolerance):
            assert compiled(rule)(view) is evaluate(rule, view).truth
        scheme = scheme_of(rule, tolerance)
        verdict = {True: "originating", False: "not originating", None: "undecided"}
        assert check(good, scheme, cumulation).verdict.value == verdict[originates(good, scheme, cumulation)]


@settings(max_examples=150, deadline=None)
@given(small.rules, small.goods, small.tolerances, st.data())
def test_originating_material_never_hurts(
    rule: Rule, good: Good, tolerance: Tolerance | None, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(good.materials) - 1))
    before = good.materials[at]
    if before.origin in small.ZONE.parties or before.made_in in small.ZONE.parties:
        return
    better = replace(before, origin="VNM", wholly_obtained=True)
    changed = replace(good, materials=(*good.materials[:at], better, *good.materials[at + 1 :]))
    scheme = scheme_of(rule, tolerance)
    if originates(good, scheme) is True:
        assert originates(changed, scheme) is True
    if originates(changed, scheme) is False:
        assert originates(good, scheme) is False


@settings(max_examples=150, deadline=None)
@given(small.rules, small.goods, small.tolerances)
def test_wider_cumulation_never_hurts(rule: Rule, good: Good, tolerance: Tolerance | None) -> None:
    def obtained(material: Material) -> Material:
        return replace(
            material, wholly_obtained=True, components=tuple(obtained(part) for part in material.components)
        )

    # A rule that asks for wholly obtained materials may fail on an originating one that is merely processed.
    good = replace(good, materials=tuple(obtained(m) for m in good.materials))
    scheme = scheme_of(rule, tolerance)
    kinds = (Cumulation.NONE, Cumulation.BILATERAL, Cumulation.DIAGONAL, Cumulation.FULL)
    ranks = [RANK[originates(good, scheme, kind)] for kind in kinds]
    assert ranks == sorted(ranks)


@settings(max_examples=150, deadline=None)
@given(small.rules, small.goods, small.tolerances, st.data())
def test_answer_holds_whatever_the_missing_fact(
    rule: Rule, good: Good, tolerance: Tolerance | None, data: st.DataObject
) -> None:
    """A decided answer stays when what was not given is given, either way."""
    scheme = scheme_of(rule, tolerance)
    before = originates(good, scheme)
    if before is None:
        return
    # A good stated to be one thing is none of the others unless that is stated too.
    other = st.just(False) if True in good.facts.values() else small.truths
    told = replace(good, facts={**{word: data.draw(other) for word in small.WORDS}, **good.facts})
    filled = replace(
        told,
        ex_works=good.ex_works if good.ex_works is not None else data.draw(st.integers(1, 1000).map(Decimal)),
        net_cost=good.net_cost if good.net_cost is not None else data.draw(st.integers(1, 1000).map(Decimal)),
        weight=good.weight if good.weight is not None else data.draw(st.integers(1, 1000).map(Decimal)),
        materials=tuple(
            replace(
                m,
                value=m.value if m.value is not None else data.draw(small.amounts),
                weight=m.weight if m.weight is not None else data.draw(small.amounts),
                origin=m.origin or data.draw(st.sampled_from(("JPN", "CHN"))),
            )
            for m in good.materials
        ),
    )
    assert originates(filled, scheme) is before


def one_foreign(value: int, code: str = "870323") -> Good:
    return Good(code, "JPN", (Material(code, "CHN", Decimal(value)),), "USD", Decimal(1000))


@given(st.integers(0, 1000), st.integers(0, 100), st.integers(0, 100))
def test_tolerance_is_exact_at_its_bounds(value: int, granted: int, more: int) -> None:
    share, ceiling = Decimal(granted) / 100, Decimal(min(granted + more, 100)) / 100
    view = View(
        one_foreign(value),
        views(one_foreign(value), Zone(frozenset({"JPN"})), Cumulation.BILATERAL)[0].held,
        Tolerance(share, ceiling),
    )
    truth: Truth = True if value <= 1000 * share else False if value > 1000 * ceiling else None
    assert compiled(Shift((Outside(Level.HEADING),)))(view) is truth


@settings(max_examples=150, deadline=None)
@given(small.rules)
def test_notation_reads_back(rule: Rule) -> None:
    text = write(rule)
    assert write(parse(text)) == text
