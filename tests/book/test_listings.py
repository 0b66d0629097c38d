"""Quotas and national editions in files, and the new columns of measures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.book.rules.small import Q, day, days
from tests.book.test_known import FACE

from openward.book import load
from openward.book.documents import quota_document, quota_from
from openward.book.file_schemas import QuotaDoc
from openward.book.model import ListingEvent, QuotaPeriod
from openward.errors import InputErrors

ACTS = """schema: openward.acts/1
acts:
  - {id: law, jurisdiction: CHN, kind: law, title: A law, articles: {"1": "Duties are due.", "2": ""}}
  - {id: list, jurisdiction: CHN, kind: list, title: A list, articles: [7, 8]}
"""
QUOTAS = """order_number,imposed_by,origins,from,to,volume,unit,balance,critical,filled_on,act
090001,CHN,RCEP;USA,2022-01-01,2023-01-01,100.5,TNE,0,true,2022-06-01,law
090001,CHN,RCEP;USA,2023-01-01,2024-01-01,200,TNE,,,,law
090002,CHN,,2022-01-01,,50,EUR,,,,law
"""
MEASURES = """id,instrument,imposed_by,flow,products,edition,exclude_products,additional_codes,duty,quota,\
text,number,unit,from,act,parties,hint_only,events
m,tariff-quota,CHN,import,0101;0102,CHN-2022,010121,A1;B2,0 %,090001,,,,2022-01-01,law,,,
n,equity-cap,CHN,inward-investment,,,,,,,a cap,50,%,2022-01-01,law,,,
l,entity-listing,CHN,export,,,,,,,listed,,,2022-01-01,law,A Company;甲公司,true,\
add 2022-01-01 law;suspend 2023-01-01 law until 2024-01-01
"""
EDITION = """code,suffix,from,to,indent,leaf,name
01,80,2022-01-01,,0,false,Live animals
0101000000,80,2022-01-01,,0,false,Horses
0101210000,80,2022-01-01,2024-01-01,1,true,Pure-bred
"""
FILES = {
    "book.yaml": FACE,
    "acts.yaml": ACTS,
    "quotas.csv": QUOTAS,
    "measures/a.csv": MEASURES,
    "nomenclature/CHN-2022.csv": EDITION,
}


def _load(folder: Path, **changed: str):  # type: ignore[no-untyped-def]
    for name, text in (FILES | changed).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(folder)


def test_everything_that_measures_draw_on_is_read(tmp_path: Path) -> None:
    law = _load(tmp_path)
    quota = law.quotas["090001"]
    assert quota.origins == ("RCEP", "USA")
    assert quota.periods == (
        QuotaPeriod(days(2022, 2023), Decimal("100.5"), "TNE", Decimal(0), True, day(2022, 6)),
        QuotaPeriod(days(2023, 2024), Decimal(200), "TNE"),
    )
    assert quota.period(day(2022, 12, 31)) == quota.periods[0]
    assert quota.period(day(2024)) is None
    assert [a.number for a in law.acts["list"].articles] == ["7", "8"]
    assert law.acts["law"].articles[0].text == "Duties are due."
    edition = law.nomenclatures["CHN-2022"]
    assert [n.code for n in edition.leaves("0101", day(2023))] == ["010121"]
    assert edition.leaves("0101", day(2024)) == ()


def test_the_new_columns_of_measures_are_read(tmp_path: Path) -> None:
    law = _load(tmp_path)
    m, n, listing = law.measures["m"], law.measures["n"], law.measures["l"]
    assert m.scope.products is not None
    assert m.scope.products.edition == "CHN-2022"
    assert (m.scope.exclude_products, m.scope.additional_codes) == (("010121",), ("A1", "B2"))
    assert m.effect.quota == "090001"
    assert (n.effect.number, n.effect.unit) == (Decimal(50), "%")
    assert (listing.scope.parties, listing.scope.hint_only) == (("A Company", "甲公司"), True)
    assert listing.events == (
        ListingEvent("add", day(2022), "law"),
        ListingEvent("suspend", day(2023), "law", until=day(2024)),
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("quotas.csv", "RCEP;USA,2023", "RCEP,2023", "duplicate quota '090001'"),
        ("quotas.csv", "RCEP;USA", "RCEPP", "unknown code 'RCEPP'"),
        ("quotas.csv", "100.5", "1e3", "'1e3' is not a number"),
        ("quotas.csv", ",true,", ",yes,", "neither true nor false"),
        ("measures/a.csv", "until 2024", "till 2024", "is not an event"),
        ("measures/a.csv", "A1;B2", "a-1", "not an additional code"),
        ("nomenclature/CHN-2022.csv", "0101210000", "0101.21", "is not a product code"),
        ("nomenclature/CHN-2022.csv", "0101210000,80", "0101000000,80", "stands twice"),
        ("acts.yaml", "articles: [7, 8]", "chapters: [7]", "unknown field"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    assert old in FILES[name]
    with pytest.raises(InputErrors) as caught:
        _load(tmp_path, **{name: FILES[name].replace(old, new)})
    assert any(said in f"{error.message}" for error in caught.value.errors)
    assert all(name.rpartition("/")[2] in error.where for error in caught.value.errors)


def test_quotas_survive_their_document(tmp_path: Path) -> None:
    for quota in (Q, *_load(tmp_path).quotas.values()):
        assert quota_from(QuotaDoc.model_validate(quota_document(quota))) == quota


def test_two_books_differ_in_their_quotas() -> None:
    from dataclasses import replace

    from tests.book.rules.small import book

    from openward.book.query import diff

    before, after = book(quotas=[Q]), book(quotas=[replace(Q, origins=("USA",))])
    (row,) = diff(before, after)
    assert (row["id"], row["change"], row["field"]) == ("quota 090001", "changed", "origins")
    assert (row["before"], row["after"]) == ("GRP", "USA")
    assert [row["change"] for row in diff(before, book())] == ["removed"]
    assert diff(before, before) == []
