"""Conditions on facts: read, printed back, and three-valued."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.determine.decision import Fact
from openward.determine.facts import Comparison, Condition, Every, Holds, Not, Some, as_fact, parse
from openward.determine.kleene import Truth
from openward.determine.quantities import Measured
from openward.errors import InputError

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
NAMES = ("military", "purity", "end_use", "made_on")


@pytest.mark.parametrize(
    ("text", "facts", "truth"),
    [
        ("purity >= 99.99 %", {"purity": "99.99 %"}, TRUE),
        ("purity >= 99.99 %", {"purity": "99.5 %"}, FALSE),
        ("purity >= 99.99 %", {"purity": Decimal("99.995")}, TRUE),
        ("purity >= 99.99 %", {}, UNKNOWN),
        ("end_use == 'military'", {"end_use": "Military"}, TRUE),
        ("end_use != military", {"end_use": "civil"}, TRUE),
        ("end_use in (military, nuclear)", {"end_use": "nuclear"}, TRUE),
        ("mass > 2 TNE", {"mass": "2500 KGM"}, TRUE),
        ("price < 52.60 EUR/DTN", {"price": "500 EUR/TNE"}, TRUE),
        ("price < 52.60 EUR/DTN", {"price": "0.6 EUR/KGM"}, FALSE),
        ("made_on >= 2024-12-01", {"made_on": date(2024, 11, 30)}, FALSE),
        ("not licensed", {"licensed": True}, FALSE),
        ("licensed", {"licensed": "yes"}, TRUE),
        ("military or purity >= 99.99 %", {"military": True}, TRUE),
        ("military and purity >= 99.99 %", {"military": False}, FALSE),
        ("military and purity >= 99.99 %", {"military": True}, UNKNOWN),
        ("not (military and listed)", {"military": False}, TRUE),
        ("a or b and c", {"a": False, "b": True, "c": True}, TRUE),
    ],
)
def test_truth(text: str, facts: dict[str, Fact], truth: Truth) -> None:
    assert parse(text).evaluate(facts) is truth


def test_only_facts_that_matter_are_missing() -> None:
    condition = parse("(purity >= 99.99 % or form == 'ingot') and destination != 'KOR'")
    assert condition.missing({}) == ("purity", "form", "destination")
    assert condition.missing({"destination": "USA", "form": "powder"}) == ("purity",)
    assert condition.missing({"destination": "KOR"}) == ()


@pytest.mark.parametrize(
    ("text", "facts", "told"),
    [
        ("mass > 2 KGM", {"mass": "3 LTR"}, "LTR"),
        ("mass > 2 KGM", {"mass": Decimal(3)}, "no unit"),
        ("purity >= 99.99 %", {"purity": Decimal("0.9999")}, "no unit"),
        ("price < 5 EUR/KGM", {"price": "4 USD/KGM"}, "USD/KGM"),
        ("mass > 2 KGM", {"mass": "much"}, "a number in KGM"),
        ("licensed", {"licensed": "perhaps"}, "true"),
        ("made_on > 2024-01-01", {"made_on": "yesterday"}, "a day"),
        ("end_use > military", {"end_use": "civil"}, "use == or !="),
    ],
)
def test_a_fact_of_another_kind_is_an_error(text: str, facts: dict[str, Fact], told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text).evaluate(facts)
    assert told in str(caught.value)
    assert caught.value.where


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("", 1, "the name of a fact"),
        ("purity >=", 10, "a number"),
        ("purity >= 5 %)", 14, "the end"),
        ("(a or b", 8, "')'"),
        ("a and and b", 7, "the name of a fact"),
        ("x in 5", 6, "'('"),
        ("mass > 5 STONE/KGM", 8, "neither a unit"),
        ("a $ b", 3, "the end"),
    ],
)
def test_a_text_that_is_not_understood_names_its_place(text: str, at: int, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert f"character {at}" in caught.value.message
    assert expected in caught.value.message


def test_facts_of_the_command_line() -> None:
    assert as_fact("true") is True
    assert as_fact("2024-12-01") == date(2024, 12, 1)
    assert as_fact("12.5") == Decimal("12.5")
    assert as_fact("99.99 %") == "99.99 %"
    assert as_fact("military") == "military"
    with pytest.raises(InputError):
        as_fact("2024-02-30")


def test_not_known_is_not_a_bool() -> None:
    with pytest.raises(TypeError):
        bool(UNKNOWN)


_leaves = st.one_of(
    st.just(Holds("military")),
    st.builds(
        Comparison,
        st.just("purity"),
        st.sampled_from((">=", "<", "==")),
        st.sampled_from(((Measured(Decimal("99.99"), "%"),), (Measured(Decimal(5), "%"),))),
    ),
    st.builds(
        Comparison, st.just("end_use"), st.sampled_from(("==", "!=")), st.sampled_from((("civil",), ("a b",)))
    ),
    st.just(Comparison("end_use", "in", ("civil", "space"))),
    st.just(Comparison("made_on", ">=", (date(2024, 12, 1),))),
)
conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Every, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Some, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
_values: dict[str, st.SearchStrategy[Fact]] = {
    "military": st.booleans(),
    "purity": st.sampled_from(("99.99 %", "5 %", "1 %")),
    "end_use": st.sampled_from(("civil", "a b", "space")),
    "made_on": st.sampled_from((date(2024, 11, 30), date(2024, 12, 1))),
}
complete = st.fixed_dictionaries(_values)


@given(conditions, complete)
@settings(deadline=None)
def test_text_round_trips(condition: Condition, facts: dict[str, Fact]) -> None:
    again = parse(str(condition))
    assert str(again) == str(condition)
    assert again.evaluate(facts) is condition.evaluate(facts)


@given(conditions, complete, st.sets(st.sampled_from(NAMES)))
@settings(deadline=None)
def test_more_facts_never_change_a_known_answer(
    condition: Condition, facts: dict[str, Fact], hidden: set[str]
) -> None:
    some = {name: fact for name, fact in facts.items() if name not in hidden}
    partial, whole = condition.evaluate(some), condition.evaluate(facts)
    assert whole is not UNKNOWN
    assert partial in (UNKNOWN, whole)
    assert bool(condition.missing(some)) == (partial is UNKNOWN)


@given(conditions, conditions, complete, st.sets(st.sampled_from(NAMES)))
@settings(deadline=None)
def test_kleene(one: Condition, other: Condition, facts: dict[str, Fact], hidden: set[str]) -> None:
    some = {name: fact for name, fact in facts.items() if name not in hidden}
    a, b = one.evaluate(some), other.evaluate(some)
    assert Not(Not(one)).evaluate(some) is a
    assert Every((one, other)).evaluate(some) is Every((other, one)).evaluate(some)
    assert Not(Every((one, other))).evaluate(some) is Some((Not(one), Not(other))).evaluate(some)
    assert (a & b).value == min(a.value, b.value)
    assert (a | b).value == max(a.value, b.value)
