"""A file of shipments answered: every row is a decision or a reject with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openward.book.model import Book
from openward.determine.batch.chunk import Batch
from openward.determine.batch.columns import empty_decisions, rejected
from openward.determine.batch.engines import Engine, finder
from openward.determine.batch.files import CHUNK, Outputs, beside, check_target, columns_of, read, scan
from openward.determine.batch.shipments import check_columns

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[int, int | None], None]
"""Told how many rows are done, and of how many where that is known."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file.

    Attributes
    ----------
    rows, decided, rejected : int
        ``rows`` is the sum of the others.
    asked : int or None
        Questions put to the interpreter; not counted on a cluster.
    verdicts : dict
        Rows by verdict.
    reasons : dict
        Rejected rows by reason, the most frequent first.
    decisions, rejects : str
        The files written.
    """

    rows: int
    decided: int
    rejected: int
    asked: int | None
    verdicts: dict[str, int]
    reasons: dict[str, int]
    decisions: str
    rejects: str


def answer_frame(
    frame: pl.DataFrame, book: Book, *, engine: Engine = Engine.NUMPY
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answer a table of shipments.

    Parameters
    ----------
    frame : DataFrame
        Columns of ``openward.shipments/1``.
    book : Book
    engine : Engine

    Returns
    -------
    decisions, rejects : DataFrame
        Each row stands in one of them.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(frame.columns, where="shipments")
    return Batch(book, finder(engine)).answer(frame)


def answer_file(
    source: Path,
    target: Path,
    book: Book,
    *,
    engine: Engine = Engine.NUMPY,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Summary:
    """Answer a file of shipments; the decisions appear when all of them are written.

    Parameters
    ----------
    source : Path
        Parquet or CSV.
    target : Path
        Parquet; rejected rows go to ``NAME.rejects.parquet`` beside it.
    book : Book
    engine : Engine
    chunk : int
        Rows held in memory at a time.
    progress : callable, optional

    Raises
    ------
    InputError
        The file is truncated, lacks a column, or cannot be written.
    """
    check_target(source, target)
    names, total = columns_of(source)
    check_columns(names, where=str(source))
    batch = Batch(book, finder(engine))
    count: dict[str, int] = {}
    reasons: dict[str, int] = {}
    done = decided = 0

    with Outputs(target, beside(target)) as outputs:
        outputs.reject(rejected(scan(source).head(0).collect(), []))

        def frames() -> Iterator[pl.DataFrame]:
            nonlocal done, decided
            for frame in read(source, engine, chunk):
                decisions, rejects = batch.answer(frame)
                _tally(count, decisions, "verdict")
                _tally(reasons, rejects, "reason")
                outputs.reject(rejects)
                done, decided = done + len(frame), decided + len(decisions)
                if progress is not None:
                    progress(done, total)
                yield decisions

        schema = empty_decisions(row=scan(source).collect_schema()["row"]).schema
        outputs.write(frames, schema)
        outputs.finish()
    return Summary(
        rows=done,
        decided=decided,
        rejected=done - decided,
        asked=batch.interpreter.asked,
        verdicts=dict(sorted(count.items())),
        reasons=dict(sorted(reasons.items(), key=lambda x: (-x[1], x[0]))),
        decisions=str(target),
        rejects=str(beside(target)),
    )


def _tally(count: dict[str, int], frame: pl.DataFrame, column: str) -> None:
    for name, found in frame[column].value_counts().iter_rows():
        count[name] = count.get(name, 0) + found
