"""``openward simulate`` on folders a newcomer writes: the documented example, notes, doubts and refusals."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from openward.cli.main import run
from openward.simulate.baseline import Shock
from openward.simulate.baseline_dir import read_baseline, write_baseline, write_shock
from small_worlds import make_world

DOCS = Path(__file__).parents[2] / "docs" / "formats.md"


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    assert "Traceback" not in out.err
    return stop.value.code, out.out, out.err


def _block(language: str) -> str:
    section = DOCS.read_text(encoding="utf-8").split("## Baseline and shock")[1].split("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", section, flags=re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders of the example in the documentation, as its commands write them."""
    monkeypatch.chdir(tmp_path)
    for folder in ("world", "shock"):
        (tmp_path / folder).mkdir()
    files = re.findall(r"cat > (\S+) <<'END'\n(.*?)END\n", _block("sh"), flags=re.DOTALL)
    assert len(files) == 7
    for path, text in files:
        (tmp_path / path).write_text(text)
    return tmp_path


def _simulate(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    return _run(capsys, "simulate", "--baseline", "world", "--shock", "shock", *words)


def test_the_documented_commands_run(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = [line.split()[1:] for line in _block("sh").splitlines() if line.startswith("openward ")]
    assert len(commands) == 2
    for words in commands:
        code, out, err = _run(capsys, *words)
        assert code == 0, err
        assert "AAA" in out


def test_the_documented_python_writes_the_same_world(example: Path) -> None:
    exec(_block("python"), {})
    typed, made = read_baseline(example / "world"), read_baseline(example / "world-parquet")
    for name in ("flows", "tariffs", "value_added", "use", "final", "theta", "deficits"):
        np.testing.assert_allclose(getattr(typed, name), getattr(made, name), atol=1e-12, err_msg=name)


@pytest.mark.parametrize("format", ["table", "csv", "md", "json"])
def test_notes_are_said_in_every_format_unless_quiet(
    format: str, example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (example / "world" / "deficits.csv").write_text("economy,value\nAAA,-50\nBBB,50\n")
    code, out, err = _simulate(capsys, "--format", format)
    assert code == 0
    for said in ("deficits.csv are kept", "balanced first", "final spending is derived"):
        assert sum(said in line for line in err.splitlines()) == 1, err
    assert all(line.startswith("note: ") for line in err.splitlines())
    if format == "json":
        assert [f"note: {note}" for note in json.loads(out)["notes"]] == err.splitlines()
    code, quiet_out, err = _simulate(capsys, "--format", format, "--quiet")
    assert (code, err) == (0, "")
    if format == "csv":
        assert quiet_out == out


@pytest.mark.parametrize("format", ["table", "csv", "md"])
def test_bilateral_rows_in_every_format(
    format: str, example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _simulate(capsys, "--bilateral", "--format", format)
    assert code == 0
    for word in ("importer", "exporter", "sector", "before", "after"):
        assert word in out
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(out)))
        assert [(row["importer"], row["exporter"], row["sector"]) for row in rows] == [
            ("AAA", "BBB", "goods"),
            ("BBB", "AAA", "goods"),
        ]
        assert float(rows[0]["after"]) < float(rows[0]["before"]) == 200.0


def test_a_stopped_flow_leaves_the_path_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = make_world(1, with_gaps=False)
    costs = np.ones_like(world.flows)
    costs[0, 1, 0] = np.inf
    write_baseline(world, tmp_path / "world")
    write_shock(Shock(trade_costs=costs), world, tmp_path / "shock")
    folders = ("--baseline", str(tmp_path / "world"), "--shock", str(tmp_path / "shock"))
    code, out, err = _run(capsys, "simulate", *folders, "--format", "json")
    assert code == 0
    outcome = json.loads(out)
    assert outcome["converged"]
    assert {row["path_integrated_pct"] for row in outcome["economies"]} == {None}
    assert "has no path of small steps" in err


def test_hints_name_options_of_the_command(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example / "shock" / "trade_costs.csv").write_text(
        "importer,exporter,sector,factor\nAAA,BBB,goods,inf\nAAA,AAA,goods,inf\n"
    )
    code, out, err = _simulate(capsys)
    assert (code, out) == (3, "")
    assert "no supplier remains for AAA goods" in err
    assert "=)" not in err


def test_too_few_steps_are_noted(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example / "shock" / "trade_costs.csv").write_text("importer,exporter,sector,factor\nAAA,BBB,goods,2\n")
    assert "more steps are needed" in _simulate(capsys, "--path-steps", "1")[2]
    assert "more steps are needed" not in _simulate(capsys, "--path-steps", "60")[2]


@pytest.mark.parametrize("folder", ["world", "shock"])
def test_rates_in_percent_are_noted(folder: str, example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example / folder / "tariffs.csv").write_text("importer,exporter,sector,rate\nAAA,BBB,goods,25\n")
    code, _, err = _simulate(capsys, "--path-steps", "0")
    assert code == 0
    assert "first 25 (AAA from BBB, goods): rates are fractions: 25 means 2500 %" in err
    assert ("The shock's" in err) == (folder == "shock")


@pytest.mark.parametrize(("folder", "code"), [("world", 3), ("shock", 3)])
def test_a_surplus_beyond_income_is_refused(
    folder: str, code: int, example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (example / folder / "deficits.csv").write_text("economy,value\nAAA,-700\nBBB,700\n")
    found, out, err = _simulate(capsys)
    assert (found, out) == (code, "")
    assert "AAA has nothing to spend" in err


def test_theta_of_zero_is_one_error(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example / "world" / "elasticities.csv").write_text("sector,theta\ngoods,0\n")
    code, _, err = _simulate(capsys)
    assert code == 3
    assert "theta out of range" in err
    assert "no elasticity" not in err
    assert err.count("hint:") == 1
