"""Properties 6 and 8: what is irrelevant changes nothing, and a group is the list of its members."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import ORIGINS, line_books, shipments

from openward.book.model import Book, Measure
from openward.codes.terms import Interval
from openward.determine.batch import answer_frame
from small_books import DAYS, measure, with_measures

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
FIGURES = ("row", "verdict", "mfn_rate", "preference_rate", "remedy_rate", "total_rate", "amount")
# Of an act of their own: a new preference of a known act would make its name a claim that is known.
IRRELEVANT = tuple(
    replace(one, act="elsewhere")
    for one in (
        measure("other-goods", "preferential-duty", "0 %", products=("95",)),
        measure("other-economy", "mfn-duty", "1 %", by="USA", products=("87", "01")),
        measure("other-origin", "retaliatory-duty", "99 %", products=("87", "01"), partners=("BRA",)),
        measure("other-days", "retaliatory-duty", "99 %", products=("87", "01"), start=date(2030, 1, 1)),
        measure("no-days", "mfn-duty", "99 %", products=("87", "01"), end=date(2020, 1, 1)),
    )
)


@given(line_books(odd=True), shipments(), st.sampled_from(IRRELEVANT))
@QUICK
def test_an_irrelevant_measure_changes_nothing(book: Book, frame: pl.DataFrame, more: Measure) -> None:
    wider = with_measures(book, {**book.measures, more.id: more})
    for right, found in zip(answer_frame(frame, book), answer_frame(frame, wider), strict=True):
        assert found.equals(right)


@given(line_books(), shipments(), st.sampled_from(DAYS[1:4]))
@QUICK
def test_splitting_a_validity_changes_no_figure(book: Book, frame: pl.DataFrame, cut: date) -> None:
    parts = {}
    for one in book.measures.values():
        if cut in one.valid and cut > one.valid.start:
            parts[one.id] = replace(one, valid=Interval(one.valid.start, cut))
            later = replace(one, id=f"{one.id}-later", valid=Interval(cut, one.valid.end))
            parts[later.id] = later
        else:
            parts[one.id] = one
    right, refused = answer_frame(frame, book)
    found, also = answer_frame(frame, with_measures(book, parts))
    assert found.select(FIGURES).equals(right.select(FIGURES))
    assert also.equals(refused)


@given(line_books(), shipments(), st.sampled_from(DAYS))
@QUICK
def test_a_group_is_the_list_of_its_members(book: Book, frame: pl.DataFrame, on: date) -> None:
    def listed(codes: tuple[str, ...]) -> tuple[str, ...]:
        members = [book.members(c, on) if c in book.groups() else {c} for c in codes]
        return tuple(sorted(set().union(*members)))

    spelled = {}
    for one in book.measures.values():
        partners = listed(one.scope.partners)
        # A group without members names nobody, an empty scope everybody.
        named = ("BRA",) if one.scope.partners and not partners else partners
        scope = replace(one.scope, partners=named, exclude=listed(one.scope.exclude))
        spelled[one.id] = replace(one, scope=scope)
    given_rows = frame.with_columns(
        on=pl.lit(on), claim=pl.lit(None, pl.String), origin=pl.col("origin").fill_null(ORIGINS[0])
    )
    for right, found in zip(
        answer_frame(given_rows, book), answer_frame(given_rows, with_measures(book, spelled)), strict=True
    ):
        assert found.equals(right)
