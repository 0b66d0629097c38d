"""Export control, parties and screening on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openward.cli.main import run

ANTIMONY = ("determine", "export", "--hs", "28258000", "--to", "USA")


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    assert "Traceback" not in out.err
    return stop.value.code, out.out, out.err


def test_export_answers_in_one_sentence_first(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, *ANTIMONY, "--fact", "purity=99.99 %", "--on", "2024-12-04", "--explain")
    assert code == 0
    assert "in principle not granted" in out.splitlines()[0]
    assert "steps:" in out


def test_export_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, *ANTIMONY, "--on", "2025-11-10", "--format", "json")
    assert code == 0
    decision = json.loads(out)
    assert decision["verdict"] == "unresolved"
    assert decision["unresolved"][0]["fact"] == "purity >= 99.99 %"


def test_export_under_the_law_of_the_united_states(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(
        capsys, "determine", "export", "--eccn", "3A001.b.2", "--to", "CHN", "--on", "2026-07-23"
    )
    assert code == 0
    assert out.startswith("A licence is needed for 3A001.b.2 to China")


def test_party_and_ownership(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "determine", "party", "Skydio, Inc.", "--on", "2025-06-01")
    assert code == 0
    assert "is listed on 2025-06-01" in out
    words = ("--rule", "usa-ofac-50", "--listed", "X", "--owns", "X:A:50 %", "--owns", "A:B:0.5")
    code, out, _ = _run(capsys, "determine", "party", "B", *words, "--on", "2026-01-01", "--explain")
    assert code == 0
    assert "counts as listed" in out.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("determine", "export", "--to", "USA"), 2, "either --hs or --eccn"),
        (("determine", "export", "--hs", "2825", "--to", "USA"), 2, "six digits"),
        ((*ANTIMONY, "--fact", "purity"), 2, "is not a fact"),
        ((*ANTIMONY, "--fact", "purity=9 KGM", "--on", "2025-11-10"), 3, "purity"),
        (("determine", "export", "--hs", "28258000", "--to", "XXQ"), 3, "XXQ"),
        (("determine", "export", "--eccn", "9Z999", "--to", "CHN"), 3, "no entry"),
        (("determine", "party", "A", "--owns", "A-B"), 2, "is not a holding"),
        (("determine", "party", "A", "--rule", "none"), 3, "no ownership rule"),
        (("screen", "A", "--clear", "x"), 2, "--memory"),
        (("screen", "A", "--list", "no-such.csv"), 3, "no such file"),
    ],
)
def test_bad_input_is_one_clear_message(
    words: tuple[str, ...], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    got, out, err = _run(capsys, *words)
    assert (got, out) == (code, "")
    assert message in err
    assert "hint:" in err


def test_screen_a_file_and_remember(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text("name,id\nAcme Traiding Ltd,1\nBakery of Bremen,2\n", encoding="utf-8")
    listed = tmp_path / "listed.csv"
    listed.write_text("list,id,name,schema\nL,7,Acme Trading Limited,Company\n", encoding="utf-8")
    words = ("screen", str(asked), "--list", str(listed), "--format", "json")
    code, out, err = _run(capsys, *words)
    assert code == 1
    results = json.loads(out)
    assert [len(one["results"]) for one in results] == [1, 0]
    hit = results[0]["results"][0]
    assert (hit["id"], hit["standing"]) == ("L/7", "open")
    assert hit["explanation"]
    assert "2 asked" in err
    memory = tmp_path / "cleared.jsonl"
    single = ("screen", "Acme Traiding Ltd", "--list", str(listed), "--memory", str(memory))
    code, _, _ = _run(capsys, *single, "--clear", "L/7", "--by", "A. Clerk", "--reason", "another firm")
    assert code == 0
    code, out, _ = _run(capsys, *single, "--format", "csv")
    assert code == 0
    assert "cleared" in out
    listed.write_text("list,id,name,schema,country\nL,7,Acme Trading Limited,Company,GB\n", encoding="utf-8")
    code, out, _ = _run(capsys, *single, "--format", "csv")
    assert code == 1
    assert "reopened" in out


def test_screen_the_listings_of_the_book(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "screen", "洛克希德馬丁")
    assert code == 1
    assert "chn-control-list" in out
    code, out, err = _run(capsys, "screen", "Bakery of Bremen")
    assert (code, out) == (0, "")
    assert "no hit" in err
