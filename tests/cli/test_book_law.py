"""The book at two times, and its rules, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.book.test_known import ACTS, FACE, HEADER, ROW

from openward.cli.main import run


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, out.out, out.err


@pytest.fixture
def folder(tmp_path: Path) -> str:
    rows = ROW.format(duty=5, recorded="2020-01-01", withdrawn="")
    rows += ROW.format(duty=7, recorded="2022-01-01", withdrawn="")
    rows += ROW.format(duty=9, recorded="", withdrawn="").replace("m,", "n,", 1)
    (tmp_path / "measures").mkdir()
    (tmp_path / "book.yaml").write_text(FACE)
    (tmp_path / "acts.csv").write_text(ACTS)
    (tmp_path / "measures" / "a.csv").write_text(HEADER + rows)
    return str(tmp_path)


def test_the_book_answers_as_it_was_known(capsys: pytest.CaptureFixture[str], folder: str) -> None:
    def duties(*words: str) -> dict[str, str]:
        _, out, _ = _run(capsys, "book", "list", "--book", folder, *words, "--format", "json")
        return {row["id"]: row["effect"] for row in json.loads(out)}

    assert duties() == {"m": "7 %", "n": "9 %"}
    assert duties("--known-at", "2021-12-31") == {"m": "5 %", "n": "9 %"}
    assert duties("--known-at", "2019-12-31") == {"n": "9 %"}
    assert "5 %" in _run(capsys, "book", "show", "m", "--book", folder, "--known-at", "2021-01-01")[1]
    assert _run(capsys, "book", "show", "m", "--book", folder, "--known-at", "2019-01-01")[0] == 3


def test_a_broken_rule_is_told_and_a_warning_is_counted(
    capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    code, out, err = _run(capsys, "book", "check", "--book", folder, "--format", "json")
    assert code == 5
    assert [(row["rule"], row["severity"]) for row in json.loads(out)] == [("BR2", "error")]
    acts = Path(folder) / "acts.csv"
    acts.write_text(ACTS.replace("in_force", "published,in_force").replace("law,2020", "law,2021-01-01,2020"))
    code, out, err = _run(capsys, "book", "check", "--book", folder)
    assert "1 warnings (ROIMB201 1)" in err
    code, out, err = _run(capsys, "book", "check", "--book", folder, "--warnings", "--format", "json")
    assert {row["rule"] for row in json.loads(out)} == {"BR2", "ROIMB201"}


def test_the_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "book", "rules", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert len(rows) >= 70
    assert {row["severity"] for row in rows} == {"error", "warning"}
