"""Property 7: tables give what the interpreter gives, row by row, whatever the book."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from worlds import line_books, shipments, two_editions

from openward.book.model import Book
from openward.determine.batch import answer_frame
from openward.determine.batch.chunk import Batch
from openward.determine.batch.engines import numpy_find
from openward.determine.batch.outcome import Outcome, outcome_of
from openward.determine.decision import Money, Question
from openward.determine.goods import decide
from openward.determine.shipment import facts_of
from openward.errors import OpenwardError

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def question(row: dict[str, Any]) -> Question:
    """Give the question of a row."""
    quantity = row.get("quantity")
    return Question(
        flow=row["flow"],
        on=row["on"],
        importer=row["to"],
        origin=row["origin"] or "",
        shipped_from=row["from"] or "",
        hs=row["hs"],
        edition=row["edition"],
        value=Money(Decimal(str(row["value"])), row["currency"]),
        quantity=None if quantity is None else Decimal(str(quantity)),
        unit=row.get("unit") or "",
        claim=row.get("claim") or "",
        proof=row.get("proof") or "",
        facts=facts_of(row.get("facts")),
    )


def expected(row: dict[str, Any], book: Book) -> Outcome | str:
    """Ask the interpreter about one row."""
    try:
        return outcome_of(decide(question(row), book), by_rate=False)
    except OpenwardError as error:
        return error.message


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def check(book: Book, frame: pl.DataFrame, *, batch: Batch | None = None) -> None:
    """Compare all rows with the interpreter."""
    decisions, rejects = answer_frame(frame, book) if batch is None else batch.answer(frame)
    assert len(decisions) + len(rejects) == len(frame)
    told = {row["row"]: row for row in decisions.iter_rows(named=True)}
    refused = {row["row"]: row["reason"] for row in rejects.iter_rows(named=True)}
    for row in frame.iter_rows(named=True):
        right = expected(row, book)
        if isinstance(right, str):
            assert refused[row["row"]] == right
            continue
        found = told[row["row"]]
        same = {
            "verdict": right.verdict.value,
            "mfn_rate": number(right.mfn_rate),
            "mfn": right.mfn or None,
            "preference_rate": number(right.preference_rate),
            "preference": right.preference or None,
            "remedy_rate": number(right.remedy_rate),
            "total_rate": number(right.total_rate),
            "amount": number(right.amount) if not right.by_rate else 0.0,
            "unverified": right.unverified,
            "unresolved": "; ".join(right.unresolved) or None,
        }
        assert {k: found[k] for k in same} == same, row
        assert sorted(found["remedies"]) == sorted(right.remedies)
        ids = {right.mfn, right.preference, *right.remedies} - {""}
        assert sorted(found["trace"]) == sorted(ids)


@given(line_books(), shipments())
@SLOW
def test_tables_equal_the_interpreter(book: Book, frame: pl.DataFrame) -> None:
    check(book, frame)


@given(line_books(odd=True), shipments())
@SLOW
def test_books_with_measures_that_tables_cannot_answer_for(book: Book, frame: pl.DataFrame) -> None:
    check(book, frame)


@given(two_editions())
@SLOW
def test_codes_of_another_edition(world: tuple[Book, pl.DataFrame]) -> None:
    check(*world)


def test_plain_books_do_not_ask_the_interpreter(plain_book: Book, plain_frame: pl.DataFrame) -> None:
    batch = Batch(plain_book, numpy_find)
    check(plain_book, plain_frame, batch=batch)
    assert batch.interpreter.asked == 0


@pytest.mark.parametrize("claim", [None, "none", "RCEP", "m-eu", "act"])
@pytest.mark.parametrize("proof", [None, "certificate"])
def test_claims_and_proofs(
    plain_book: Book, plain_frame: pl.DataFrame, claim: str | None, proof: str | None
) -> None:
    frame = plain_frame.with_columns(
        pl.lit(claim, pl.String).alias("claim"), pl.lit(proof, pl.String).alias("proof")
    )
    batch = Batch(plain_book, numpy_find)
    check(plain_book, frame, batch=batch)
    assert batch.interpreter.asked == 0
