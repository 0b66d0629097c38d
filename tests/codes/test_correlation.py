from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.codes import tables
from openward.codes.correlation import EDITIONS, STAGES, correlation, hs6_of, industry_of, stage_mix
from openward.codes.industries import industries, industry
from openward.codes.products import exists, product_name, products
from openward.errors import UnknownCodeError


def test_fifty_industries_in_table_order() -> None:
    codes = [i.code for i in industries()]
    assert len(codes) == len(set(codes)) == 50
    assert (codes[0], codes[-1]) == ("A01", "T")
    assert industry("C24B").name == "Manufacture of basic precious and other non-ferrous metals"


def test_every_subheading_has_one_industry() -> None:
    assert {e: len(correlation(e)) for e in EDITIONS} == {"HS2022": 5613, "HS2017": 5388, "HS2012": 5206}
    for edition in EDITIONS:
        six = {code for code in products(edition) if len(code) == 6}
        assert six == set(correlation(edition))


def test_goods_are_the_industries_that_have_subheadings() -> None:
    used = {code for edition in EDITIONS for code in correlation(edition).values()}
    assert used == {i.code for i in industries() if i.goods}
    assert len(used) == 27
    assert not industry("B09").goods


def test_rice_grows_in_one_industry_and_is_milled_in_one() -> None:
    rice = {code: industry_of(code) for code in ("100610", "100620", "100630", "100640")}
    assert rice["100610"] == "A01"
    assert {rice["100620"], rice["100630"], rice["100640"]} == {"C10T12"}


@pytest.mark.parametrize(
    ("hs6", "code"),
    [
        ("270900", "B06"),
        ("271121", "B06"),
        ("271012", "C19"),
        ("260111", "B07"),
        ("720110", "C24A"),
        ("740311", "C24B"),
        ("300490", "C21"),
        ("870380", "C29"),
        ("890120", "C301"),
        ("880240", "C302T309"),
        ("854231", "C26"),
        ("850760", "C27"),
        ("848620", "C28"),
        ("610910", "C13T15"),
        ("940360", "C31T33"),
        ("490199", "C17_18"),
        ("271600", "D"),
        ("720449", "C24A"),
        ("999999", "C31T33"),
    ],
)
def test_well_known_goods(hs6: str, code: str) -> None:
    assert industry_of(hs6) == code


def test_decisions_and_exceptions_give_reasons_and_known_industries() -> None:
    for row in tables.rows("isic3_industry.csv"):
        assert industry(row["industry"]).goods
        assert row["why"] or row["how"] == "unique"
    prefixes = [row["prefix"] for row in tables.rows("hs_industry_exceptions.csv")]
    assert len(prefixes) == len(set(prefixes))
    every = {code for edition in EDITIONS for code in correlation(edition)}
    for row in tables.rows("hs_industry_exceptions.csv"):
        assert row["why"]
        if row["prefix"] != "8469":  # typewriters left the system in 2017
            assert any(code.startswith(row["prefix"]) for code in every)


def test_stages_sum_to_one() -> None:
    total: dict[str, float] = defaultdict(float)
    for part in stage_mix():
        assert part.stage in STAGES
        assert 0 < part.share <= 1
        total[part.industry] += part.share
    assert set(total) == {i.code for i in industries() if i.goods}
    assert all(abs(t - 1) < 1e-5 for t in total.values())
    crude = {p.stage: p.share for p in stage_mix() if p.industry == "B07"}
    assert crude == {"raw": 1.0}


@given(st.sampled_from(EDITIONS), st.data())
def test_forward_and_back_agree(edition: str, data: st.DataObject) -> None:
    hs6 = data.draw(st.sampled_from(sorted(correlation(edition))))
    assert hs6 in hs6_of(industry_of(hs6, edition), edition)
    for digits in (2, 4, 6):
        # 98 and 99 are not headings of the system
        assert exists(hs6[:digits], edition) or hs6.startswith("99")
    assert product_name(hs6, edition)


def test_services_make_no_goods() -> None:
    assert hs6_of("K") == ()
    assert sum(len(hs6_of(i.code)) for i in industries()) == 5613


@pytest.mark.parametrize(
    ("hs6", "edition", "hint"),
    [
        ("854140", "HS2022", "HS2017"),
        ("10620", "HS2022", "010620"),
        ("8703801000", "HS2022", "870380"),
        ("8703.80", "HS2022", "without dots"),
        ("870399", "HS2022", "870310"),
    ],
)
def test_an_unknown_subheading_says_what_to_do(hs6: str, edition: str, hint: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        industry_of(hs6, edition)
    assert hint in caught.value.hint


def test_unknown_edition_product_and_industry() -> None:
    with pytest.raises(UnknownCodeError, match="HS edition"):
        industry_of("870380", "HS2007")
    with pytest.raises(UnknownCodeError) as caught:
        product_name("854140")
    assert "HS2017" in caught.value.hint
    with pytest.raises(UnknownCodeError) as caught:
        product_name("870399")
    assert "8703" in caught.value.hint
    with pytest.raises(UnknownCodeError, match="unknown industry"):
        industry("C10")
    assert product_name("1006") == "Rice"
    assert not exists("8541400")
