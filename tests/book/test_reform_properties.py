from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import AFTER, DAYS, books, days, law_on, reforms

from openward.book.edits import Amend, Reform
from openward.book.reform import apply, freeze, invert, normal_form
from openward.book.reform_files import read_reform
from openward.book.timeline import base_id

EVERY_DAY = (*DAYS, AFTER)


@given(book=books(split=True))
def test_property_1_an_empty_reform_changes_nothing(book) -> None:
    assert apply(book, Reform("empty")) is book
    assert apply(book, invert(Reform("empty"), book)) == book


@given(data=st.data())
def test_property_2_a_later_change_never_alters_an_earlier_day(data) -> None:
    book = data.draw(books(split=True))
    reform = data.draw(reforms(book))
    after = apply(book, reform)
    first = min((edit.start for edit in reform.edits), default=AFTER)
    for on in {first - timedelta(days=1), *(day for day in EVERY_DAY if day < first)}:
        assert law_on(after, on) == law_on(book, on)


@given(data=st.data())
def test_property_3_the_inverse_is_the_identity_on_the_normal_form(data) -> None:
    book = data.draw(books(split=True, ad_valorem_only=False))
    reform = data.draw(reforms(book))
    undone = apply(apply(book, reform), invert(reform, book))
    assert normal_form(undone) == normal_form(book)


@given(data=st.data())
def test_property_3_the_inverse_survives_its_file(data) -> None:
    book = data.draw(books(split=True, ad_valorem_only=False))
    reform = data.draw(reforms(book))
    inverse = invert(reform, book)
    again = read_reform(inverse.to_yaml())
    assert again == inverse
    assert again.digest == inverse.digest


@given(data=st.data())
def test_property_4_the_order_of_edits_in_the_file_is_irrelevant(data) -> None:
    book = data.draw(books(split=True, ad_valorem_only=False))
    reform = data.draw(reforms(book))
    other = Reform("random", tuple(data.draw(st.permutations(reform.edits))))
    assert other.digest == reform.digest
    assert normal_form(apply(book, other)) == normal_form(apply(book, reform))


@given(data=st.data())
def test_property_4_independent_edits_commute_one_by_one(data) -> None:
    book = data.draw(books(split=True))
    reform = data.draw(reforms(book, independent=True))
    one_by_one = book
    for edit in data.draw(st.permutations(reform.edits)):
        one_by_one = apply(one_by_one, Reform("one", (edit,)))
    assert normal_form(one_by_one) == normal_form(apply(book, reform))


@given(data=st.data())
def test_property_6_splitting_a_validity_changes_nothing(data) -> None:
    from dataclasses import replace
    from types import MappingProxyType

    from openward.codes.terms import Interval

    book = data.draw(books())
    cut = data.draw(days)
    split = {}
    for key, measure in book.measures.items():
        if cut in measure.valid and cut > measure.valid.start:
            split[key] = replace(measure, valid=Interval(measure.valid.start, cut))
            later = f"{base_id(key)}@{cut.isoformat()}"
            split[later] = replace(measure, id=later, valid=Interval(cut, measure.valid.end))
        else:
            split[key] = measure
    cut_up = replace(book, measures=MappingProxyType(split))
    assert normal_form(cut_up) == normal_form(book)
    for on in EVERY_DAY:
        assert law_on(cut_up, on) == law_on(book, on)


@given(data=st.data())
def test_the_normal_form_says_the_same_and_is_its_own_normal_form(data) -> None:
    book = data.draw(books(split=True, ad_valorem_only=False))
    normal = normal_form(book)
    assert normal_form(normal) == normal
    for on in EVERY_DAY:
        assert law_on(normal, on) == law_on(book, on)


@given(book=books(split=True), on=days)
def test_a_frozen_book_stands_still(book, on) -> None:
    frozen = freeze(book, on)
    for later in (day for day in EVERY_DAY if day >= on):
        assert law_on(frozen, later)[0] == law_on(book, on)[0]
        for group in frozen.groups():
            assert frozen.members(group, later) == book.members(group, on)


@given(data=st.data())
def test_an_amendment_without_days_keeps_the_days(data) -> None:
    book = data.draw(books(max_measures=3).filter(lambda b: b.measures))
    key = data.draw(st.sampled_from(sorted(book.measures)))
    reform = Reform("note", (Amend(key, {"note": "said anew"}, data.draw(days)),))
    after = apply(book, reform)
    for on in EVERY_DAY:
        assert {m.id for m in law_on(after, on)[0]} == {m.id for m in law_on(book, on)[0]}
