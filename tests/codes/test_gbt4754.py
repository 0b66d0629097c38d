"""GB/T 4754 beside ISIC and the industries of the table."""

from __future__ import annotations

import pytest

from openward.codes.gbt4754 import divisions, industries_of
from openward.codes.industries import industries
from openward.errors import UnknownCodeError


def test_every_division_has_industries_of_the_table() -> None:
    known = {one.code for one in industries()}
    assert list(divisions()) == [f"{n:02d}" for n in range(1, 98)]
    assert {d.section for d in divisions().values()} == set("ABCDEFGHIJKLMNOPQRST")
    assert {name for d in divisions().values() for name in d.industries} <= known


def test_every_industry_has_a_division() -> None:
    assert {name for d in divisions().values() for name in d.industries} == {one.code for one in industries()}


@pytest.mark.parametrize(
    ("sector", "found"),
    [
        ("J61", ("J61",)),
        ("GBT:63", ("J58T60", "J61")),
        ("GBT:J", ("K",)),
        ("gbt:l", ("M", "N")),
        ("ISIC:61", ("J61",)),
        ("ISIC:24", ("C24A", "C24B")),
    ],
)
def test_sectors_are_read_by_scheme(sector: str, found: tuple[str, ...]) -> None:
    assert industries_of(sector) == found


@pytest.mark.parametrize("sector", ["J6", "GBT:98", "GBT:", "ISIC:04", "NACE:61"])
def test_unknown_sectors_are_refused(sector: str) -> None:
    with pytest.raises(UnknownCodeError):
        industries_of(sector)
