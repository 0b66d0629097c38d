"""``openward determine batch`` as a user runs it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from worlds import frame

from openward.cli.main import run

ROWS = [
    {"row": 1, "origin": "KOR", "hs": "70131000", "on": date(2025, 6, 1), "value": 1000.0},
    {"row": 2, "origin": "USA", "hs": "70131000", "on": date(2025, 6, 1), "value": 1000.0},
    {"row": 3, "origin": "KOR", "hs": "99999999", "on": date(2025, 6, 1), "value": 1000.0},
]


def command(*words: object) -> int:
    """Run a command line and give its exit code."""
    with pytest.raises(SystemExit) as left:
        run([str(word) for word in words])
    return int(left.value.code or 0)


@pytest.fixture
def shipments(tmp_path: Path) -> Path:
    """Three rows, one broken."""
    path = tmp_path / "shipments.parquet"
    frame(ROWS).write_parquet(path)
    return path


def test_decisions_and_rejects(shipments: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "decisions.parquet"
    code = command("determine", "batch", "--in", shipments, "--out", target, "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (told["rows"], told["decided"], told["rejected"]) == (3, 2, 1)
    assert "99999" in next(iter(told["reasons"]))
    first = pl.read_parquet(target).row(0, named=True)
    assert (first["verdict"], first["mfn_rate"], first["total_rate"], first["amount"]) == (
        "pay",
        0.07,
        0.07,
        70.0,
    )
    assert first["trace"] == ["chn-mfn-2020-01-01-70131000"]
    assert pl.read_parquet(told["rejects"])["row"].to_list() == [3]


def test_a_row_is_explained_from_the_shipments(shipments: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("explain", "1", "--in", shipments) == 0
    told = capsys.readouterr().out
    assert "7 %" in told
    assert "Steps:" in told


def test_progress_and_quiet(shipments: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "decisions.parquet"
    command("determine", "batch", "--in", shipments, "--out", target)
    told = capsys.readouterr()
    assert "2 decisions" in told.err
    assert "rejected" in told.out
    command("determine", "batch", "--in", shipments, "--out", target, "--quiet", "--format", "csv")
    assert capsys.readouterr().err == ""


def test_nothing_that_can_be_answered_is_an_error(
    shipments: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame(ROWS[2:]).write_parquet(shipments)
    target = tmp_path / "decisions.parquet"
    assert command("determine", "batch", "--in", shipments, "--out", target) == 3
    assert "none of the 1 rows" in capsys.readouterr().err
    assert pl.read_parquet(tmp_path / "decisions.rejects.parquet").height == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--in", "nowhere.parquet", "--out", "d.parquet"), 3),
        (("--out", "d.parquet"), 2),
        (("--in", "s.parquet", "--out", "d.parquet", "--engine", "abacus"), 2),
        (("--in", "s.parquet", "--out", "d.parquet", "--book", "atlantis"), 3),
    ],
)
def test_what_cannot_be_run(words: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("determine", "batch", *words) == code
    assert capsys.readouterr().err.startswith("error: ")
