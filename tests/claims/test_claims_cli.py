"""The commands as users type them, and the example of the docs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from openward.cli.main import run

DOCS = Path(__file__).resolve().parents[2] / "docs" / "claims.md"


def call(*words: str) -> int:
    with pytest.raises(SystemExit) as caught:
        run(words)
    return int(caught.value.code or 0)


def test_json_holds_all_rows_and_a_contradiction_is_a_finding(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("claims", "check", "--data", str(shared / "data"), "--format", "json") == 1
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["schema"] == "openward.claims/1"
    assert len(told["claims"]) == 58
    assert {"verdict", "basis", "computed_basis", "source", "data"} <= told["claims"][0].keys()
    assert "1 contradicted" in err


@pytest.mark.parametrize("format", ["table", "csv", "md"])
def test_other_formats(capsys: pytest.CaptureFixture[str], format: str) -> None:
    assert call("claims", "check", "--format", format, "--quiet") == 1
    out, err = capsys.readouterr()
    assert "C58" in out
    assert err == ""


def test_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("claims", "list") == 0
    assert "C15" in capsys.readouterr().out
    assert call("claims", "show", "C15") == 1
    assert "in 2017: 6.533" in capsys.readouterr().out
    assert call("claims", "show", "C18") == 0
    assert call("claims", "show", "C99") == 3
    assert "no claim 'C99'" in capsys.readouterr().err


def test_a_bad_ledger_exits_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("schema: openward.claims/1\nname: mine\nclaims:\n  - {id: A}\n", encoding="utf-8")
    assert call("claims", "check", str(path)) == 3
    assert "mine.yaml:4" in capsys.readouterr().err
    assert call("claims", "check", "--data", str(tmp_path / "none")) == 3


def test_the_ledger_of_the_docs_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(
        r"```yaml\n(schema: openward\.claims/1.*?)```", DOCS.read_text(encoding="utf-8"), re.S
    )
    assert len(blocks) == 1
    path = tmp_path / "mine.yaml"
    path.write_text(blocks[0], encoding="utf-8")
    assert call("claims", "check", str(path), "--format", "json") == 0
    found = {row["id"]: row for row in json.loads(capsys.readouterr().out)["claims"]}
    assert found["exports-2023"]["verdict"] == "confirmed"
    assert found["exports-2023"]["computed"] == pytest.approx(14.08, abs=0.005)
    assert found["zones-2015"]["verdict"] == "confirmed"
    assert found["every-year"]["verdict"] == "differs"
