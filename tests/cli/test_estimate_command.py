"""``openward estimate`` as users run it: formats, files, charts and refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from openward.cli.main import run
from openward.simulate.estimate.parameters import read_parameters

SPECS = Path(__file__).parents[2] / "docs" / "estimation"
ONE = """
schema: openward.estimate/1
name: one
title: One column
source: made up
data: {file: t.csv, exporter: a, importer: b, year: y}
outcome: v
estimates:
  - name: "(1)"
    method: ppml
    domestic: drop
    regressors: [x]
    effects: [{product: [exporter, year]}, {product: [importer, year]}]
    clusters: [{product: [exporter, importer]}]
"""


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    assert "Traceback" not in out.err
    return stop.value.code, out.out, out.err


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    names = "ABCDEF"
    lines = ["a,b,y,x,v"]
    for year in (2000, 2001):
        for one in names:
            for two in names:
                x = rng.normal()
                lines.append(f"{one},{two},{year},{x:.4f},{np.exp(0.5 * x) * rng.gamma(4) / 4:.5f}")
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = tmp_path / "one.yaml"
    path.write_text(ONE, encoding="utf-8")
    return path


def test_table_beside_the_spec(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "estimate", str(spec))
    assert code == 0
    lines = [line.split(None, 1) for line in out.splitlines() if line.strip()]
    said = {line[0]: line[1].strip() for line in lines if len(line) == 2}
    assert said["n"] == "60"
    assert said["converged"] == "yes"
    assert "left out" in said["domestic"]
    assert said["x"].startswith("0.")


def test_csv_json_and_file_agree(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text, _ = _run(capsys, "estimate", str(spec), "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(text))
    out = tmp_path / "result.json"
    code, text, _ = _run(capsys, "estimate", str(spec), "--format", "json", "--out", str(out))
    assert code == 0
    document = json.loads(text)
    assert document == json.loads(out.read_text(encoding="utf-8"))
    assert document["schema"] == "openward.estimate-result/1"
    (column,) = document["columns"]
    assert float(row["estimate"]) == column["coefficients"][0]["estimate"]
    assert float(row["standard_error"]) ** 2 == pytest.approx(column["covariance"][0][0])
    these = read_parameters(out, "(1)")
    assert these.effect(["x"]) == float(row["estimate"])


def test_chart(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    png = tmp_path / "c.png"
    code, _, _ = _run(capsys, "estimate", str(spec), "--png", str(png))
    assert code == 0
    assert png.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_refusals_say_what_to_do(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "estimate", str(tmp_path / "none.yaml"))
    assert (code, out) == (3, "")
    assert "no such estimation spec" in err
    spec.write_text(ONE.replace("[x]", "[x, tariff, gdp]"), encoding="utf-8")
    code, out, err = _run(capsys, "estimate", str(spec))
    assert (code, out) == (3, "")
    assert "no column gdp" in err
    assert "no column tariff" in err
    assert "hint: the file has a, b, y, x, v" in err
    code, _, err = _run(capsys, "estimate", str(spec), "--out", str(tmp_path / "no" / "r.json"))
    assert code == 2
    assert "there is no folder" in err


@pytest.mark.slow
def test_staggered_entry_on_the_data_of_the_guide(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(SPECS / "staggered.yaml"), "--data", str(shared / "data"), "--format", "json"]
    _, text, _ = _run(capsys, "estimate", *words)
    found = {one["name"]: one for one in json.loads(text)["columns"]}
    averages = {name: {each["name"]: each["value"] for each in found[name]["sums"]} for name in found}
    # What docs/estimation.md prints.
    assert found["plain"]["coefficients"][0]["estimate"] == pytest.approx(0.567, abs=5e-4)
    assert averages["staggered"]["average effect"] == pytest.approx(0.799, abs=5e-4)
    assert averages["never"]["average effect"] == pytest.approx(0.703, abs=5e-4)
    assert [round(point["value"], 3) for point in found["staggered"]["path"]] == [
        0.413, 0.836, 1.058, 1.164, 0.777
    ]  # fmt: skip


@pytest.mark.slow
def test_elasticities_on_the_authors_data(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(SPECS / "elasticities.yaml"), "--data", str(shared / "data"), "--format", "json"]
    _, text, _ = _run(capsys, "estimate", *words)
    ratio = json.loads(text)["columns"][0]
    found = {row["sector"]: row for row in ratio["rows"]}
    # What docs/estimation.md prints: these are not the published elasticities.
    assert found["Chemicals"]["theta"] == pytest.approx(4.43, abs=5e-3)
    assert found["Petroleum"]["theta"] == pytest.approx(21.29, abs=5e-3)
    assert found["Auto"]["theta"] == pytest.approx(-1.61, abs=5e-3)
    assert "Auto" in ratio["notes"][1]
