from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.codes.economies import ECONOMIES, economies, economy
from openward.errors import UnknownCodeError


def test_customs_territories_are_economies_of_their_own() -> None:
    assert {"CHN", "HKG", "MAC", "TWN"} <= set(economies())
    assert economy("HKG").name == "Hong Kong, China"
    assert economy("CHN").m49 == "156"
    assert economy("CHN").continent == "Asia"


def test_codes_are_well_formed_and_unique() -> None:
    for code, e in ECONOMIES.items():
        assert code == e.code
        assert len(code) == 3
        assert code.isupper()
        assert len(e.iso2) == 2
        assert len(e.m49) == 3
        assert e.name
        assert e.region
        assert e.continent
    assert len({e.iso2 for e in ECONOMIES.values()}) == len(ECONOMIES) == 249


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("chn", "CHN"),
        ("CN", "CHN"),
        ("cn", "CHN"),
        ("156", "CHN"),
        ("China", "CHN"),
        ("Vietnam", "VNM"),
        ("CHM", "CHN"),
    ],
)
def test_what_was_meant_is_hinted_and_not_accepted(word: str, meant: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        economy(word)
    assert f"did you mean {meant}" in caught.value.hint


def test_nothing_like_it_still_says_what_to_do() -> None:
    with pytest.raises(UnknownCodeError) as caught:
        economy("")
    assert "alpha-3" in caught.value.hint


@given(st.sampled_from(sorted(economies())))
def test_lower_case_and_alpha2_hint_the_same_economy(code: str) -> None:
    for word in (code.lower(), economy(code).iso2.lower()):
        expected = word.upper() if word.upper() in economies() else code
        with pytest.raises(UnknownCodeError) as caught:
            economy(word)
        assert caught.value.hint == f"did you mean {expected}?"
