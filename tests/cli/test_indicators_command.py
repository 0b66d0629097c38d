from __future__ import annotations

import json
from pathlib import Path

import pytest

from openward.cli.main import run


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(["indicators", *words])
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    assert "Traceback" not in out.err
    return stop.value.code, out.out, out.err


def test_list_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "list", "--group", "welfare", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert {"acr-gains", "terms-of-trade"} <= {row["name"] for row in rows}
    assert {row["group"] for row in rows} == {"welfare"}
    code, _, err = call(capsys, "list", "--group", "welfair")
    assert code == 2
    assert "welfare" in err


def test_show_says_formula_options_and_traps(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "show", "acr-gains")
    assert code == 0
    assert "theta=5.0" in out
    assert "trap:" in out
    code, out, _ = call(capsys, "show", "acr-gains", "--format", "json")
    assert json.loads(out)["options"] == {"theta": 5.0}


@pytest.mark.parametrize("format", ["table", "csv", "md", "json"])
def test_run_prints_data_apart_from_messages(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "run", "export-ratio", "--economy", "CHN", "--format", format)
    assert code == 0
    assert "CHN" in out
    assert "source: " not in out
    assert "source: " in err
    if format == "json":
        document = json.loads(out)
        assert document["unit"] == "fraction of GDP"
        assert document["rows"][0]["economy"] == "CHN"


def test_quiet_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "ratio.csv"
    words = (
        "run",
        "export-ratio",
        "--economy",
        "CHN,USA",
        "--format",
        "csv",
        "--out",
        str(target),
        "--quiet",
    )
    code, out, err = call(capsys, *words)
    assert (code, out, err) == (0, "", "")
    assert target.read_text().splitlines()[0] == "year,economy,value"
    assert len(target.read_text().splitlines()) == 3


def test_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "gains.png"
    code, _, _ = call(capsys, "run", "acr-gains", "--format", "png", "--out", str(target))
    assert code == 0
    assert target.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "expected", "said"),
    [
        (("run", "export-ratio", "--format", "png"), 2, "--out"),
        (("run", "export-ratio", "--years", "20xx"), 2, "2010-2020"),
        (("run", "export-ratio", "--years", "2020-2010"), 2, "earlier year first"),
        (("run", "export-ratio", "--set", "theta"), 2, "KEY=VALUE"),
        (("run", "acr-gains", "--set", "theta=many"), 2, "no number"),
        (("run", "export-ratio", "--by", "product"), 2, "keys are year, economy"),
        (("run", "export-ratio", "--economy", "CHX"), 3, "CHN"),
        (("run", "export-ratio", "--years", "1800"), 3, "years at hand"),
        (("run", "expot-ratio"), 3, "export-ratio"),
    ],
)
def test_mistakes(
    words: tuple[str, ...], expected: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = call(capsys, *words)
    assert code == expected
    assert said in err
