"""A reform applied to a folder, undone on it."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from openward.book import load, load_reform
from openward.book.model import Book, Measure
from openward.book.reform import apply, invert, normal_form
from openward.book.timeline import base_id, content
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
    assert "reform apply rcep-undone --book chn --out DIR" in err
    assert "--from a day after 20" in err
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


@pytest.mark.slow
def test_the_impact_of_the_inverse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _run(capsys, "reform", "apply", "us-reciprocal-25", "--out", "after")
    _, out, err = _run(capsys, "reform", "invert", "us-reciprocal-25", "--from", "2027-01-01")
    assert "openward impact us-reciprocal-25-inverse.yaml --book DIR" in err
    (tmp_path / "inverse.yaml").write_text(out)
    words = ("--book", "after", "--stress", "none", "--quiet", "--format", "csv")
    code, out, err = _run(capsys, "impact", "inverse.yaml", *words)
    assert (code, err) == (0, "")
    row = next(one for one in csv.DictReader(io.StringIO(out)) if one["economy"] == "CHN")
    assert float(row["real_income_pct"]) > 0


@pytest.mark.parametrize("name", ["us-reciprocal-25", "cptpp-accession", "rcep-undone"])
def test_undone_from_a_day_on(name: str) -> None:
    china, reform, day = load("chn"), load_reform(name), date(2028, 1, 1)
    after = apply(china, reform)
    undone = apply(after, invert(reform, china, start=day))
    for on, same in ((date(2027, 12, 31), after), (day, china)):
        assert _in_force(undone, on) == _in_force(same, on)
        assert _members(undone, on) == _members(same, on)


def _in_force(book: Book, on: date) -> set[tuple[str, Measure]]:
    found = (one for one in book.measures.values() if on in one.valid)
    return {(base_id(one.id), content(one)) for one in found}


def _members(book: Book, on: date) -> set[tuple[str, str]]:
    return {(one.group, one.economy) for one in book.memberships if on in one.valid}


def test_an_empty_inverse_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "reform", "invert", "africa-zero-tariff")
    assert code == 0
    assert "edits: []" in out
    assert "book chn already holds what africa-zero-tariff adds (already in the book)" in err
