"""A reform applied to a folder, undone on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from openward.book import load, load_reform
from openward.book.reform import apply, invert, normal_form
from openward.cli.main import run


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, out.out, out.err


def test_the_round_trip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after, inverse = tmp_path / "after", tmp_path / "inverse.yaml"
    code, out, err = _run(capsys, "reform", "apply", "rcep-undone", "--out", str(after))
    assert code == 0
    assert "RCEP" in out
    assert f"--book {after}" in err
    code, out, err = _run(capsys, "reform", "invert", "rcep-undone")
    assert code == 0
    assert "reform apply rcep-undone --out DIR" in err
    assert "--book DIR" in err
    inverse.write_text(out, encoding="utf-8")

    china, reform, held = load("chn"), load_reform("rcep-undone"), load(after)
    assert held.measures == apply(china, reform).measures
    assert set(held.memberships) == set(apply(china, reform).memberships)
    undone = normal_form(apply(held, load_reform(str(inverse))))
    assert undone.measures == normal_form(china).measures
    assert undone.memberships == normal_form(china).memberships
    assert load_reform(str(inverse)).edits == invert(reform, china).edits

    assert _run(capsys, "reform", "check", str(inverse), "--book", str(after))[0] == 0
    code, _, err = _run(capsys, "reform", "apply", "rcep-undone", "--out", str(after))
    assert (code, "something there" in err) == (6, True)


def test_an_empty_inverse_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "reform", "invert", "africa-zero-tariff")
    assert code == 0
    assert "edits: []" in out
    assert "book chn already holds what africa-zero-tariff adds (already in the book)" in err
