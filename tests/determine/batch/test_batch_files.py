"""Files: broken rows are set aside with reasons, broken files are one message, and old output stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from worlds import CODES, ORIGINS, frame

from openward.book.model import Book
from openward.determine.batch import answer_file, answer_frame
from openward.determine.batch.files import beside
from openward.errors import InputError

GOOD: dict[str, Any] = {"row": 1, "origin": "DEU", "hs": "870321", "on": date(2022, 5, 1)}
BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"row": None}, "row is missing"),
    ({"flow": "export"}, "flow 'export'"),
    ({"flow": None}, "flow is missing"),
    ({"to": "XXX"}, "no economy 'XXX'"),
    ({"to": None}, "to is missing"),
    ({"origin": "Germany"}, "no economy 'Germany'"),
    ({"from": "QQQ"}, "no economy 'QQQ'"),
    ({"hs": "999999"}, "no product '999999'"),
    ({"hs": "87.03"}, "'87.03' is not a product code"),
    ({"hs": "8703"}, "'8703' has 4 digits"),
    ({"hs": None}, "hs is missing"),
    ({"edition": "HS2023"}, "edition 'HS2023'"),
    ({"edition": None}, "edition is missing"),
    ({"on": date(2019, 12, 31)}, "the day lies before the book"),
    ({"on": date(2199, 1, 1)}, "the day lies past the book"),
    ({"on": None}, "on is missing"),
    ({"value": -1.0}, "value is negative"),
    ({"value": float("inf")}, "value is not finite"),
    ({"value": None}, "value is missing"),
    ({"currency": "RMB"}, "no currency 'RMB'"),
    ({"currency": None}, "currency is missing"),
    ({"quantity": -2.0, "unit": "KGM"}, "quantity is negative"),
    ({"quantity": 2.0, "unit": " "}, "quantity has no unit"),
    ({"quantity": 2.0, "unit": "kilo"}, "no unit 'kilo'"),
    ({"claim": "NAFTA"}, "no preference 'NAFTA'"),
    ({"facts": "{purity: 3"}, "facts are not JSON"),
]


@pytest.mark.parametrize(("fault", "reason"), BROKEN, ids=[reason for _, reason in BROKEN])
def test_a_broken_row_is_set_aside_with_its_reason(
    plain_book: Book, fault: dict[str, Any], reason: str
) -> None:
    given = frame([GOOD, GOOD | fault])
    decisions, rejects = answer_frame(given, plain_book)
    assert decisions["row"].to_list() == [1]
    assert reason in rejects["reason"].item()
    assert rejects.drop("reason").equals(given[1:2])


def test_a_unit_of_another_kind_is_a_reason(litre_book: Book) -> None:
    given = frame(GOOD | {"row": k, "quantity": 3.0, "unit": unit} for k, unit in enumerate(("LTR", "KGM")))
    decisions, rejects = answer_frame(given, litre_book)
    assert decisions.select("row", "amount").rows() == [(0, 7.5)]
    assert "LTR" in rejects["reason"].item()


def test_a_duty_without_its_quantity_is_flagged_and_never_zero(litre_book: Book) -> None:
    decisions, _ = answer_frame(frame([GOOD]), litre_book)
    row = decisions.row(0, named=True)
    assert (row["verdict"], row["total_rate"], row["amount"]) == ("unresolved", None, None)
    assert "quantity" in row["unresolved"]


def shipments(rows: int, *, broken: float) -> pl.DataFrame:
    """Give many rows, some broken."""
    rng = np.random.default_rng(3)
    start = np.datetime64("2020-01-01")
    table = frame([GOOD]).clear().with_columns()
    filled = pl.DataFrame(
        {
            "row": np.arange(rows),
            "flow": ["import"] * rows,
            "from": [None] * rows,
            "to": ["CHN"] * rows,
            "origin": rng.choice(ORIGINS, rows),
            "hs": rng.choice(CODES[:5], rows),
            "edition": ["HS2022"] * rows,
            "on": start + rng.integers(0, 2000, rows).astype("timedelta64[D]"),
            "value": np.where(rng.random(rows) < broken, -1.0, rng.lognormal(8, 1, rows).round(2)),
            "currency": ["CNY"] * rows,
        },
        schema_overrides={"from": pl.String},
    )
    return filled.with_columns(pl.col("on").cast(table.schema["on"]))


def test_many_rows_with_broken_ones(tmp_path: Path, plain_book: Book) -> None:
    table = shipments(200_000, broken=0.01)
    source, target = tmp_path / "s.parquet", tmp_path / "d.parquet"
    table.write_parquet(source)
    done = answer_file(source, target, plain_book, chunk=70_000)
    decisions, rejects = pl.read_parquet(target), pl.read_parquet(beside(target))
    assert done.rows == len(table) == len(decisions) + len(rejects)
    assert done.rejected == len(rejects) == (table["value"] < 0).sum()
    assert sorted([*decisions["row"], *rejects["row"]]) == table["row"].to_list()
    assert done.reasons == {"value is negative": done.rejected}
    assert decisions.filter(pl.col("total_rate").is_null()).is_empty()


def test_csv_is_read_as_well(tmp_path: Path, plain_book: Book, plain_frame: pl.DataFrame) -> None:
    plain_frame.write_csv(tmp_path / "s.csv")
    answer_file(tmp_path / "s.csv", tmp_path / "d.parquet", plain_book)
    right, _ = answer_frame(plain_frame, plain_book)
    found = pl.read_parquet(tmp_path / "d.parquet")
    assert found.drop("row").equals(right.drop("row"))


def test_words_and_lists_are_read_alike(plain_book: Book) -> None:
    row = GOOD | {"facts": '{"purity": "99 %"}'}
    texts = frame([row]).with_columns(parties=pl.lit("A;B"))
    lists = texts.with_columns(
        pl.Series("parties", [["A", "B"]]), pl.Series("facts", [[{"key": "purity", "value": "99 %"}]])
    )
    assert answer_frame(texts, plain_book)[0].equals(answer_frame(lists, plain_book)[0])


@pytest.mark.parametrize("engine", ["numpy", "duckdb"])
def test_a_truncated_file_is_one_message_and_old_output_stays(
    tmp_path: Path, plain_book: Book, engine: str
) -> None:
    from openward.determine.batch.engines import Engine

    source, target = tmp_path / "s.parquet", tmp_path / "d.parquet"
    shipments(1000, broken=0).write_parquet(source)
    source.write_bytes(source.read_bytes()[:-200])
    target.write_bytes(b"old")
    with pytest.raises(InputError, match="cannot be read"):
        answer_file(source, target, plain_book, engine=Engine(engine))
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.parquet", "s.parquet"]


def test_missing_and_unknown_columns_are_named(tmp_path: Path, plain_book: Book) -> None:
    table = frame([GOOD])
    table.drop("value", "currency").write_parquet(tmp_path / "s.parquet")
    with pytest.raises(InputError, match="lack the columns value, currency"):
        answer_file(tmp_path / "s.parquet", tmp_path / "d.parquet", plain_book)
    table.with_columns(invoice=1).write_parquet(tmp_path / "s.parquet")
    with pytest.raises(InputError, match="unknown columns: invoice"):
        answer_file(tmp_path / "s.parquet", tmp_path / "d.parquet", plain_book)
    assert not (tmp_path / "d.parquet").exists()


def test_a_failure_half_way_leaves_what_was_there(
    tmp_path: Path, plain_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openward.determine.batch.chunk import Batch

    source, target = tmp_path / "s.parquet", tmp_path / "d.parquet"
    shipments(1000, broken=0).write_parquet(source)
    target.write_bytes(b"old")
    calls = []
    right = Batch.answer

    def breaks(self: Batch, given: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        calls.append(1)
        if len(calls) == 3:
            raise InputError("the disk is full")
        return right(self, given)

    monkeypatch.setattr(Batch, "answer", breaks)
    with pytest.raises(InputError, match="the disk is full"):
        answer_file(source, target, plain_book, chunk=100)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.parquet", "s.parquet"]


@pytest.mark.parametrize("name", ["d.csv", "nowhere/d.parquet", "s.parquet"])
def test_output_that_cannot_be(tmp_path: Path, plain_book: Book, name: str) -> None:
    source = tmp_path / "s.parquet"
    frame([GOOD]).write_parquet(source)
    before = source.read_bytes()
    with pytest.raises(InputError):
        answer_file(source, tmp_path / name, plain_book)
    assert source.read_bytes() == before


def test_an_empty_file_gives_empty_files(tmp_path: Path, plain_book: Book) -> None:
    frame([GOOD]).clear().write_parquet(tmp_path / "s.parquet")
    done = answer_file(tmp_path / "s.parquet", tmp_path / "d.parquet", plain_book)
    assert done.rows == 0
    assert pl.read_parquet(tmp_path / "d.parquet").is_empty()
    assert pl.read_parquet(tmp_path / "d.rejects.parquet").is_empty()


@pytest.mark.slow
def test_killed_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    source, target = tmp_path / "s.parquet", tmp_path / "d.parquet"
    shipments(400_000, broken=0).write_parquet(source)
    target.write_bytes(b"old")
    words = ["determine", "batch", "--in", str(source), "--out", str(target)]
    code = f"from openward.cli.main import run; run({words!r})"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 60
        while not list(tmp_path.glob(".d.parquet.*/decisions")) and time.monotonic() < until:
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    assert target.read_bytes() == b"old"
