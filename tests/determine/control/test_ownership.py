"""Ownership by listed parties: shares add up and cascade; they are never multiplied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.determine.control.ownership import Holding, ownership_rule, ownership_rules, reached
from openward.errors import InputError, UnknownCodeError

OFAC = ownership_rule("usa-ofac-50")
CASES = ("faq401-1", "faq401-2", "own-faq401-3", "own-faq401-4", "own-faq401-5", "own-aggregate-two-blocked")


@pytest.mark.parametrize("case_id", CASES)
def test_golden_case(case_id: str, shared: Path) -> None:
    cases = json.loads((shared / "golden/ofac50_cases.json").read_text())["cases"]
    assert {case["id"] for case in cases} == set(CASES)
    case = next(one for one in cases if one["id"] == case_id)
    holdings = [Holding(owner, owned, Decimal(share) / 100) for owner, owned, share in case["owns"]]
    found = reached(OFAC, case["blocked"], holdings)
    assert {name: name in found for name in case["expect"]} == case["expect"]


def owns(*rows: tuple[str, str, str]) -> list[Holding]:
    return [Holding(owner, owned, Decimal(share)) for owner, owned, share in rows]


def test_a_chain_is_not_multiplied_through() -> None:
    found = reached(OFAC, ["X"], owns(("X", "A", "0.5"), ("A", "B", "0.5"), ("B", "C", "0.5")))
    assert set(found) == {"A", "B", "C"}
    assert [found[name].round for name in "ABC"] == [1, 2, 3]


def test_a_rule_without_aggregation_looks_at_one_owner() -> None:
    holdings = owns(("X", "A", "0.3"), ("Y", "A", "0.3"))
    assert "A" in reached(OFAC, ["X", "Y"], holdings)
    assert not reached(replace(OFAC, aggregate=False), ["X", "Y"], holdings)


def test_the_threshold_itself_counts_only_where_the_rule_says_so() -> None:
    assert reached(OFAC, ["X"], owns(("X", "A", "0.5")))
    assert not reached(ownership_rule("eu-owned"), ["X"], owns(("X", "A", "0.5")))
    assert reached(ownership_rule("eu-owned"), ["X"], owns(("X", "A", "0.51")))


def test_without_cascade_only_direct_holdings_count() -> None:
    rule = ownership_rule("chn-wholly-owned-in-china")
    assert set(reached(rule, ["X"], owns(("X", "A", "1"), ("A", "B", "1")))) == {"A"}


def test_companies_that_own_each_other_end() -> None:
    found = reached(OFAC, ["X"], owns(("X", "A", "0.1"), ("A", "B", "0.6"), ("B", "A", "0.6")))
    assert not found
    found = reached(OFAC, ["X"], owns(("X", "A", "0.5"), ("A", "B", "0.6"), ("B", "A", "0.5")))
    assert set(found) == {"A", "B"}


def test_the_state_of_a_rule_is_dated() -> None:
    rule = ownership_rule("usa-bis-affiliates")
    assert rule.in_force(date(2025, 10, 1)) is True
    assert rule.in_force(date(2025, 11, 10)) is False
    assert rule.in_force(date(2026, 11, 10)) is None


@pytest.mark.parametrize("share", ["1.2", "-0.1"])
def test_a_share_that_cannot_be_is_refused(share: str) -> None:
    with pytest.raises(InputError, match="is said to hold"):
        reached(OFAC, ["X"], owns(("X", "A", share)))


def test_holdings_beyond_the_whole_are_refused() -> None:
    with pytest.raises(InputError, match=r"sum to 1\.2"):
        reached(OFAC, ["X"], owns(("X", "A", "0.6"), ("Y", "A", "0.6")))


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(UnknownCodeError, match="no ownership rule"):
        ownership_rule("moon-50")
    assert all(rule.citation for rule in ownership_rules().values())


NAMES = st.sampled_from("ABCDEFG")
HOLDINGS = st.lists(
    st.builds(Holding, NAMES, NAMES, st.integers(0, 14).map(lambda k: Decimal(k) / 100)), max_size=20
)


@given(HOLDINGS, st.sets(NAMES, min_size=1, max_size=2), st.integers(0, 19), st.booleans())
def test_more_shares_never_free_anyone(
    holdings: Sequence[Holding], listed: set[str], place: int, aggregate: bool
) -> None:
    rule = replace(OFAC, threshold=Decimal("0.2"), aggregate=aggregate)
    kept = _within_the_whole(holdings)
    before = reached(rule, listed, kept)
    if not kept:
        assert not before
        return
    k = place % len(kept)
    more = [*kept[:k], replace(kept[k], share=kept[k].share + Decimal("0.1")), *kept[k + 1 :]]
    if sum(one.share for one in more if one.owned == kept[k].owned) <= 1:
        assert set(before) <= set(reached(rule, listed, more))


@given(HOLDINGS, st.sets(NAMES, min_size=1, max_size=3))
def test_more_listed_parties_never_free_anyone(holdings: Sequence[Holding], listed: set[str]) -> None:
    kept = _within_the_whole(holdings)
    rule = replace(OFAC, threshold=Decimal("0.2"))
    fewer = set(sorted(listed)[:1])
    assert set(reached(rule, fewer, kept)) <= set(reached(rule, listed, kept)) | listed


def _within_the_whole(holdings: Sequence[Holding]) -> list[Holding]:
    kept: list[Holding] = []
    for one in holdings:
        if sum(other.share for other in kept if other.owned == one.owned) + one.share <= 1:
            kept.append(one)
    return kept
