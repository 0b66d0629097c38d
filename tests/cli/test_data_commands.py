"""``openward data``: list, show, load, verify, audit, as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from openward.cli.main import run

HEAD = "year,exporter,importer,value"
ROWS = [
    "2021,CHN,USA,450000000",
    "2021,USA,CHN,150000000",
    "2021,DEU,USA,120000000",
    "2022,CHN,USA,469000000",
    "2022,USA,CHN,140000000",
    "2022,DEU,USA,130000000",
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "totals.csv"
    path.write_text("\n".join([HEAD, *ROWS]) + "\n")
    return path


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run([str(word) for word in words])
    said = capsys.readouterr()
    code = stop.value.code
    assert isinstance(code, int)
    return code, said.out, said.err


def load(capsys: pytest.CaptureFixture[str], file: Path, root: Path, *more: object) -> tuple[int, str, str]:
    words = ("data", "load", file, "--data", root, "--as", "trade-total", "--vintage", "V1", *more)
    return call(capsys, *words)


def test_load_list_verify_audit(capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    code, out, err = load(capsys, table, root, "--source", "a test")
    assert (code, out) == (0, "")
    assert "stored 6 rows as trade-total V1" in err
    _, out, _ = call(capsys, "data", "list", "--data", root, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["name"], row["vintage"], row["years"], row["rows"]) == ("trade-total", "V1", "2021-2022", "6")
    code, _, err = call(capsys, "data", "verify", "--data", root)
    assert code == 0
    assert "all checksums hold" in err
    code, out, _ = call(capsys, "data", "audit", "--data", root, "--format", "json")
    assert (code, json.loads(out)) == (0, [])


def test_exit_codes(capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    load(capsys, table, root)
    assert load(capsys, table, root)[0] == 6
    assert load(capsys, table, root, "--replace")[0] == 0
    bad = tmp_path / "bad.csv"
    bad.write_text("\n".join([HEAD, *ROWS, ROWS[0]]) + "\n")
    code, _, err = load(capsys, bad, tmp_path / "other")
    assert code == 3
    assert "duplicates" in err
    code, _, err = load(capsys, bad, tmp_path / "other", "--accept", "duplicates")
    assert code == 0
    code, out, _ = call(capsys, "data", "audit", "--data", tmp_path / "other", "--format", "csv")
    assert code == 1
    assert out.splitlines()[1].startswith("duplicates,refuse,")
    stored = json.loads((root / "openward-workspace.json").read_text())
    path = root / stored["tables"][0]["files"][0]["path"]
    path.write_bytes(path.read_bytes()[:-5])
    code, _, err = call(capsys, "data", "verify", "--data", root)
    assert code == 3
    assert "half a file" in err
    assert call(capsys, "data", "verify", "--data", tmp_path)[0] == 3
    assert call(capsys, "data", "audit", "--data", tmp_path / "absent")[0] == 3


def test_errors_are_json_where_json_is_asked_for(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    table.write_text(table.read_text()[:-3])
    code, out, err = load(capsys, table, tmp_path / "ws", "--format", "json")
    assert (code, out) == (3, "")
    assert json.loads(err)["error"]["code"] == "input"
    assert not (tmp_path / "ws").exists()


def test_show_gives_columns_and_units(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "data", "show", "trade", "--format", "json")
    shown = json.loads(out)
    value = next(field for field in shown["fields"] if field["column"] == "value")
    assert value["unit"] == "thousand USD"
    assert shown["get"].startswith("openward data get")
    code, out, err = call(capsys, "data", "show", "trades")
    assert (code, out) == (3, "")
    assert "did you mean trade?" in err


def test_public_files_are_listed(capsys: pytest.CaptureFixture[str], shared: Path) -> None:
    _, out, _ = call(capsys, "data", "list", "--data", shared / "data", "--format", "csv")
    assert "trade_bilateral_baci_2023.parquet" in out
