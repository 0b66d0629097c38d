"""All engines give the same answers."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from worlds import line_books, shipments

from openward.book.model import Book
from openward.determine.batch import answer_file, answer_frame
from openward.determine.batch.engines import Engine, finder

pytest.importorskip("numba")
OTHERS = (Engine.NUMBA, Engine.DUCKDB)


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("claim", [None, "RCEP"])
def test_engines_agree(
    plain_book: Book, plain_frame: pl.DataFrame, engine: Engine, claim: str | None
) -> None:
    frame = plain_frame.with_columns(pl.lit(claim, pl.String).alias("claim"))
    right, _ = answer_frame(frame, plain_book)
    found, _ = answer_frame(frame, plain_book, engine=engine)
    assert found.equals(right)


@given(line_books(), shipments())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_engines_agree_on_random_books(book: Book, frame: pl.DataFrame) -> None:
    right = answer_frame(frame, book)
    for engine in OTHERS:
        found = answer_frame(frame, book, engine=engine)
        assert found[0].equals(right[0])
        assert found[1].equals(right[1])


def test_files_agree_whatever_the_chunks(tmp_path: Path, plain_book: Book, plain_frame: pl.DataFrame) -> None:
    source = tmp_path / "shipments.parquet"
    plain_frame.write_parquet(source)
    frames = []
    for engine, chunk in ((Engine.NUMPY, 1000), (Engine.NUMPY, 17), (Engine.NUMBA, 50), (Engine.DUCKDB, 40)):
        target = tmp_path / f"{engine.value}-{chunk}.parquet"
        done = answer_file(source, target, plain_book, engine=engine, chunk=chunk)
        assert done.rows == done.decided == len(plain_frame)
        frames.append(pl.read_parquet(target))
    assert all(frame.equals(frames[0]) for frame in frames[1:])


def test_an_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from openward.errors import MissingDataError

    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "openward.determine.batch.with_numba", raising=False)
    with pytest.raises(MissingDataError, match="numba") as raised:
        finder(Engine.NUMBA)
    assert "openward[fast]" in raised.value.hint
