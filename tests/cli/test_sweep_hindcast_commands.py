"""``sweep``, ``compare`` and ``hindcast`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from openward.cli.main import run

SPEC = """
schema: openward.sweep/1
grid:
  reform: [africa-zero-tariff]
  scale: [1, 2]
"""


def _run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(words)
    captured = capsys.readouterr()
    return int(stop.value.code or 0), captured.out, captured.err


def test_a_sweep_prints_where_its_table_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, out = tmp_path / "spec.yaml", tmp_path / "out"
    spec.write_text(SPEC, encoding="utf-8")
    code, said, progress = _run(["sweep", str(spec), "--out", str(out), "--workers", "1"], capsys)
    assert code == 0
    assert "2 of 2 scenarios (100%)" in progress
    table = pl.read_parquet(said.strip())
    assert table["economy"].n_unique() == 80
    wins = table.filter(pl.col("economy") == "ZAF")["real_income_pct"].to_list()
    assert 0 < wins[0] < wins[1]
    code, _, again = _run(["sweep", str(spec), "--out", str(out)], capsys)
    assert code == 0
    assert "2 were finished before" in again


def test_a_wrong_specification_is_one_clear_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("schema: openward.sweep/1\ngrid: {closures: [fixed]}\n", encoding="utf-8")
    code, _, said = _run(["sweep", str(spec), "--out", str(tmp_path / "out")], capsys)
    assert code == 3
    assert "did you mean closure" in said
    assert not (tmp_path / "out").exists()


def test_a_comparison_has_a_row_for_every_variant(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", "africa-zero-tariff", "--models", "caliendo-parro", "--economies", "zaf,AGO"]
    code, said, _ = _run([*words, "--closures", "fixed", "--format", "json"], capsys)
    assert code == 0
    rows = json.loads(said)
    assert [row["elasticities"] for row in rows] == ["caliendo-parro", "uniform-4"]
    assert all(row["ZAF"] > 0 > row["AGO"] for row in rows)
    code, _, said = _run([*words[:-1], "XYZ", "--closures", "fixed"], capsys)
    assert code != 0
    assert "XYZ is not in the world table" in said


def test_seals_are_listed_and_predictions_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = _run(["hindcast", "--list", "--format", "json"], capsys)
    assert code == 0
    assert {row["episode"] for row in json.loads(said)} >= {"nafta-1993-2005", "rcep-2022"}
    code, said, notes = _run(["hindcast", "us-china-2018-2019", "--format", "json"], capsys)
    assert code == 0
    assert len(json.loads(said)) == 42
    assert "the seal of 2026-11-24 holds" in notes
    code, _, said = _run(["hindcast", "brexit"], capsys)
    assert code != 0
    assert "no episode is called 'brexit'" in said


def test_scores_need_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = _run(["hindcast", "nafta-1993-2005", "--data", str(tmp_path)], capsys)
    assert code != 0
    assert "--data" in said
