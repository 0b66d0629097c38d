from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.codes.economies import economies
from openward.codes.groups import GROUP_NAMES, group_name, groups_of, members, memberships
from openward.codes.terms import Status
from openward.errors import UnknownCodeError


def test_rcep_grows_by_entry_into_force() -> None:
    assert members("RCEP", date(2021, 12, 31)) == ()
    assert len(members("RCEP", date(2022, 1, 1))) == 10
    assert "KOR" in members("RCEP", date(2022, 2, 1))
    assert "IDN" not in members("RCEP", date(2023, 1, 1))
    assert len(members("RCEP", date(2023, 6, 2))) == 15


def test_what_was_not_read_officially_is_unverified() -> None:
    status = {m.economy: m.status for m in memberships() if m.group == "RCEP"}
    assert status["JPN"] is Status.OFFICIAL
    assert status["KOR"] is status["PHL"] is Status.UNVERIFIED


def test_african_partners_split_into_least_developed_and_others() -> None:
    on = date(2026, 5, 1)
    africa, others, least = (set(members(g, on)) for g in ("AFRICA53", "AFRICA20", "LDC-CHN"))
    assert (len(africa), len(others), len(least)) == (53, 20, 43)
    assert others == africa - least
    assert len(africa & least) == 33
    assert "SWZ" not in africa
    assert {"CIV", "CMR", "EGY", "MAR", "NGA", "TUN", "ZAF"} <= others
    assert {"AGO", "COD", "SEN"} <= least


def test_batches_of_least_developed_countries() -> None:
    on = date(2024, 1, 1)
    assert [len(members(f"LDC98-{n}", on)) for n in (1, 2, 3, 4)] == [16, 10, 3, 6]
    assert members("LDC98-1", date(2022, 8, 31)) == ()


def test_the_union_lets_the_united_kingdom_go_with_its_customs_union() -> None:
    assert len(members("EU27", date(2020, 12, 31))) == 28
    assert len(members("EU27", date(2021, 1, 1))) == 27
    assert "HRV" not in members("EU27", date(2013, 6, 30))
    assert "GBR" in members("EU-GBR", date(2021, 1, 1))


def test_the_agreement_with_asean_has_ten_signatories_only() -> None:
    on = date(2026, 1, 1)
    assert "TLS" in members("ASEAN", on)
    assert "TLS" not in members("CHN-ASEAN", on)
    assert len(members("CHN-ASEAN", on)) == 11


def test_transpacific_parties_by_entry_into_force() -> None:
    assert len(members("CPTPP", date(2022, 7, 1))) == 8
    assert len(members("CPTPP", date(2024, 12, 15))) == 12


def test_china_is_a_member_of_its_agreements_and_of_no_listed_treaty() -> None:
    on = date(2026, 5, 1)
    mine = groups_of("CHN", on)
    own = {g for g in GROUP_NAMES if g.startswith(("CHN-", "CEPA-"))} | {"APTA", "ECFA", "RCEP"}
    assert set(mine) == own
    assert not [g for g in mine if g.startswith("DESTA-")]


def test_treaties_of_the_union_follow_its_membership() -> None:
    korea = "DESTA-815"
    assert "HRV" not in members(korea, date(2013, 1, 1))
    assert {"HRV", "KOR", "DEU", "GBR"} <= set(members(korea, date(2014, 1, 1)))
    later = [m for m in memberships() if m.group == korea and m.economy == "GBR" and m.valid.end is None]
    assert "assumed" in later[0].source
    # a state that joins the Union leaves its own treaties
    assert "HRV" in members("DESTA-263", date(2013, 1, 1))
    assert "HRV" not in members("DESTA-263", date(2014, 1, 1))


def test_year_precision_is_said() -> None:
    row = next(m for m in memberships() if m.group == "DESTA-1007" and m.economy == "USA")
    assert row.valid.start == date(2020, 1, 1)
    assert row.source.endswith("year precision")


def test_names_and_rows_agree() -> None:
    assert {m.group for m in memberships()} == set(GROUP_NAMES)
    assert {m.economy for m in memberships()} <= set(economies())
    assert not set(GROUP_NAMES) & set(economies())
    assert group_name("RCEP") == "Regional Comprehensive Economic Partnership"
    for m in memberships():
        assert m.source
        assert not m.valid.empty


def test_no_economy_belongs_twice_at_once() -> None:
    spans = defaultdict(list)
    for m in memberships():
        spans[m.group, m.economy].append(m.valid)
    for found in spans.values():
        for first, second in itertools.pairwise(found):
            assert not first.overlaps(second)


@given(
    st.sampled_from(sorted(GROUP_NAMES)),
    st.dates(min_value=date(2012, 1, 1), max_value=date(2030, 1, 1)),
)
def test_members_change_only_where_a_membership_begins_or_ends(group: str, on: date) -> None:
    next_day = on + timedelta(days=1)
    edges = {d for m in memberships() if m.group == group for d in (m.valid.start, m.valid.end)}
    if next_day not in edges:
        assert members(group, on) == members(group, next_day)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("rcep", "did you mean RCEP?"),
        ("CHN", "CHN is an economy, not a group"),
        ("AFRICA54", "did you mean AFRICA53"),
        ("qqqq", "groups are codes"),
    ],
)
def test_an_unknown_group_is_refused_with_a_hint(word: str, hint: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        members(word, date(2022, 1, 1))
    assert hint in caught.value.hint
