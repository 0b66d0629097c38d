"""Spark gives the same answers as everything else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from openward.book.model import Book
from openward.determine.batch import answer_frame
from openward.determine.batch.on_spark import answer_on_spark, spark_session
from openward.errors import RefusedError

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("spark")]
pytest.importorskip("pyspark")


def broken_too(frame: pl.DataFrame) -> pl.DataFrame:
    """Spoil some rows."""
    row = pl.int_range(pl.len())
    return frame.with_columns(
        hs=pl.when(row % 7 == 3).then(pl.lit("99")).otherwise("hs"),
        value=pl.when(row % 11 == 5).then(-1.0).otherwise("value"),
    )


def test_spark_answers_as_numpy_does(tmp_path: Path, plain_book: Book, plain_frame: pl.DataFrame) -> None:
    frame = broken_too(plain_frame)
    source, target = tmp_path / "shipments", tmp_path / "decisions.parquet"
    source.mkdir()
    for part in range(3):
        frame.filter(pl.col("row") % 3 == part).write_parquet(source / f"{part}.parquet")
    done = answer_on_spark(source, target, plain_book)
    decisions, rejects = answer_frame(frame, plain_book)
    assert len(rejects) > 0
    assert (done.decided, done.rejected) == (len(decisions), len(rejects))
    assert sum(done.verdicts.values()) == done.decided
    assert read(target).equals(decisions.sort("row"))
    assert read(tmp_path / "decisions.rejects.parquet").equals(rejects.sort("row"))


def read(folder: Path) -> pl.DataFrame:
    """Read what Spark wrote, in the order of the rows."""
    return pl.read_parquet(folder / "*.parquet").sort("row")


def test_an_output_that_is_there_stays(tmp_path: Path, plain_book: Book, plain_frame: pl.DataFrame) -> None:
    source, target = tmp_path / "shipments.parquet", tmp_path / "decisions.parquet"
    plain_frame.write_parquet(source)
    target.mkdir()
    with pytest.raises(RefusedError, match="there already"):
        answer_on_spark(source, target, plain_book)
    assert not list(target.iterdir())


def test_the_session_at_work_is_taken() -> None:
    assert spark_session() is spark_session()
