from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.test_reform import BOOK, DAY, MEASURE
from tests.strategies import books, reforms

from openward.book import load
from openward.book.edits import Amend, Join, Leave, Reform, Repeal
from openward.book.query import describe, diff, in_force, measure_dict, row, search, sentence, show
from openward.book.reform import apply
from openward.errors import UnknownCodeError


def test_a_measure_in_a_sentence() -> None:
    said = show(MEASURE)
    assert said.startswith("From 2020-01-01 to 2029-12-31, China (CHN): MFN duty of 5 % on imports of ")
    assert "(A01)" in said
    assert "MFN duty of 5 %" in describe(BOOK, "m")
    assert "A law" in describe(BOOK, "m")
    assert measure_dict(BOOK, "m")["measure"]["effect"] == {"duty": "5 %"}
    assert row(MEASURE)["what"] == "A01"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Repeal("m", DAY), "From 2027-01-01, m no longer applies (China (CHN): MFN duty of 5 %"),
        (Amend("m", {"effect": {"duty": "3 %"}}, DAY), "effect.duty becomes 3 % instead of 5 % [A law]"),
        (Amend("m", {"valid": {"to": None}}, DAY), "valid.to becomes nothing instead of 2030-01-01"),
        (Join("CHN", "CPTPP", DAY), "On 2027-01-01, China (CHN) joins"),
        (Leave("CHN", "RCEP", DAY), "leaves Regional Comprehensive Economic Partnership (RCEP)."),
        (Repeal("gone", DAY), "From 2027-01-01, gone no longer applies."),
    ],
)
def test_an_edit_in_a_sentence(edit, said: str) -> None:
    assert said in sentence(edit, BOOK)


def test_what_is_in_force() -> None:
    assert in_force(BOOK, date(2025, 1, 1)) == (MEASURE,)
    assert in_force(BOOK, date(2030, 1, 1)) == ()


def test_search_looks_at_names_and_acts() -> None:
    assert search(BOOK, "agriculture china") == (MEASURE,)
    assert search(BOOK, "a LAW") == (MEASURE,)
    assert search(BOOK, "agriculture korea") == ()


def test_unknown_ids_are_said() -> None:
    with pytest.raises(UnknownCodeError, match="no measure 'x'"):
        describe(BOOK, "x")
    with pytest.raises(UnknownCodeError, match="no measure"):
        measure_dict(load("chn"), "chn-mfn")


def test_differences_of_two_books() -> None:
    after = apply(BOOK, Reform("r", (Amend("m", {"note": "x"}, DAY), Leave("CHN", "RCEP", DAY))))
    rows = {(one["id"], one["change"], one["field"]) for one in diff(BOOK, after)}
    assert ("m", "changed", "valid.to") in rows
    assert ("m@2027-01-01", "added", "") in rows
    assert ("CHN in RCEP", "removed", "membership") in rows


@given(data=st.data())
def test_every_edit_can_be_said_and_no_difference_means_equal(data) -> None:
    book = data.draw(books(split=True))
    reform = data.draw(reforms(book))
    for edit in reform.edits:
        assert sentence(edit, book).endswith(".")
    assert diff(book, book) == []
