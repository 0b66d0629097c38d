"""`openward determine goods` and `openward explain` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openward.cli.main import run

KOREA = ("determine", "goods", "--from", "KOR", "--hs", "70131000", "--on", "2025-06-01")


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        run(words)
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code, out, _ = _run(capsys, *words, "--format", "json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_tariff_law_picks_mfn_and_says_by_which_article(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, *KOREA)
    assert (code, err) == (0, "")
    assert "charges 7 %" in out.splitlines()[0]
    assert "Tariff Law 关税法, art. 13(2)" in out.splitlines()[0]
    assert "11 % and 19.6 %" in out.splitlines()[0]
    document = _json(capsys, *KOREA)
    assert document["schema"] == "openward.decision/1"
    assert (document["verdict"], document["duty"]["rate"]) == ("pay", "0.07")
    assert document["law"] == {"book": "chn", "as_of": "2025-06-01", "known_at": None}


def test_explain_prints_the_tree(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, *KOREA, "--explain")
    assert "|- measure: chn-2025-kr-70131000" in out
    assert "`- source: China-Korea free trade agreement" in out
    assert "|- measure" not in _run(capsys, *KOREA)[1]


def test_a_value_gives_the_landed_total(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--value", "1000", "--currency", "CNY", "--fact", "incoterm=CIF", "--fact", "paid_on=2025-06-26")
    document = _json(capsys, *KOREA, *words)
    assert document["landed"]["total"] == {"amount": "1209.10", "currency": "CNY"}
    assert document["landed"]["due"] == "2025-06-16"
    assert document["duty"]["amount"] == {"amount": "70.00", "currency": "CNY"}
    _, out, err = _run(capsys, *KOREA, "--value", "1000")
    assert "currency: CNY" in err
    assert "landed total" in out


def test_the_day_defaults_to_the_last_the_book_covers_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = _run(capsys, *KOREA[:-2])
    assert "2026-05-01" in err
    assert "2026-05-01" in out


def test_claims_and_facts_resolve(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("determine", "goods", "--from", "NZL", "--hs", "70131000", "--on", "2025-06-01")
    open_question = _json(capsys, *words)
    assert open_question["verdict"] == "unresolved"
    assert open_question["unresolved"][0]["fact"] == "originating:CHN-NZL"
    claimed = _json(capsys, *words, "--claim", "CHN-NZL", "--proof", "certificate")
    assert (claimed["verdict"], claimed["duty"]["rate"]) == ("free", "0")
    unclaimed = _json(capsys, *words, "--claim", "none")
    assert (unclaimed["verdict"], unclaimed["duty"]["rate"]) == ("pay", "0.07")


def test_rows_for_other_programs(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, *KOREA, "--format", "csv")
    assert out.splitlines()[0] == "kind,measure,duty,rate,amount,citation"
    assert out.splitlines()[1].startswith("mfn-duty,chn-mfn-2020-01-01-70131000,7 %,0.07")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--from", "KOR"), 2, "--hs"),
        (("--hs", "70131000"), 2, "origin"),
        (("--from", "KOR", "--hs", "70131000", "--sector", "C23"), 2, "either"),
        (("--from", "KOR", "--hs", "70131000", "--on", "2025-06-01", "--as-of", "2024-06-01"), 2, "differ"),
        (("--from", "KOR", "--hs", "70131000", "--value", "much"), 2, "not a number"),
        (("--from", "KOR", "--hs", "70131000", "--fact", "in_quota"), 2, "NAME=VALUE"),
        (("--from", "KOR", "--hs", "77010000"), 3, "770100"),
        (("--from", "BRA", "--hs", "99999999"), 3, "9706"),
        (("--from", "BRA", "--hs", "000000"), 3, "0101"),
        (("--from", "BRA", "--hs", "70131000", "--claim", "NOPE"), 3, "none claims none"),
        (("--from", "BRA", "--hs", "70131000", "--claim", "rcep"), 3, "did you mean RCEP"),
        (("--from", "JPN", "--sector", "C29", "--claim", "NOPE"), 3, "NOPE"),
        (("--from", "JPN", "--sector", "C29", "--claim", "RCEP"), 2, "--claim none"),
        (("--from", "KOR", "--hs", "701310000"), 3, "digits"),
        (("--from", "XYZ", "--hs", "70131000"), 3, "XYZ"),
        (("--from", "KOR", "--hs", "70131000", "--edition", "HS2099"), 3, "HS2099"),
        (("--from", "KOR", "--hs", "70131000", "--value", "-5", "--currency", "CNY"), 3, "-5"),
        (("--from", "KOR", "--hs", "70131000", "--on", "1999-01-01"), 3, "2012"),
    ],
)
def test_bad_questions_exit_by_kind(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, told: str
) -> None:
    found, out, err = _run(capsys, "determine", "goods", *words)
    assert (found, out) == (code, "")
    assert told in err
    assert "Traceback" not in err


INDUSTRY = ("determine", "goods", "--from", "JPN", "--sector", "C29", "--on", "2025-06-01")


@pytest.mark.parametrize(
    "words",
    [
        ("--edition", "HS1999"),
        ("--value", "1000"),
        ("--currency", "CNY"),
        ("--quantity", "3"),
        ("--unit", "KGM"),
        ("--proof", "certificate"),
        ("--additional-code", "A999"),
        ("--end-use", "foo"),
        ("--zone", "xx"),
        ("--party", "Alpha"),
        ("--fact", "a=b"),
    ],
)
def test_an_industry_refuses_what_only_a_line_can_take(
    words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(capsys, *INDUSTRY, *words)
    assert (code, out) == (2, "")
    assert f"--sector does not take {words[0]}" in err


def test_everything_refused_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = _run(capsys, *INDUSTRY, "--value", "1000", "--zone", "xx", "--fact", "a=b")
    assert "--value, --zone, --fact" in err


def test_an_industry_is_answered_with_a_decision(capsys: pytest.CaptureFixture[str]) -> None:
    document = _json(capsys, *INDUSTRY)
    assert set(document) == set(_json(capsys, *KOREA))
    assert document["schema"] == "openward.decision/1"
    assert (document["question"]["sector"], document["question"]["origin"]) == ("C29", "JPN")
    assert document["verdict"] == "pay"
    assert document["duty"]["lines"][0]["measure"] == "average:C29"
    assert (
        0
        < float(document["duty"]["rate"])
        < float(_json(capsys, *INDUSTRY, "--claim", "none")["duty"]["rate"])
    )
    split = _json(capsys, "determine", "goods", "--from", "BRA", "--sector", "B06")
    assert [note.partition(":")[0] for note in split["notes"][:2]] == ["B06/free", "B06/dutiable"]


def test_an_industry_as_rows_and_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, *INDUSTRY, "--format", "csv")
    assert out.splitlines()[0] == "kind,measure,duty,rate,amount,citation"
    assert out.splitlines()[1].startswith("industry-average,average:C29,average of the industry,0.1")
    _, out, _ = _run(capsys, *INDUSTRY, "--format", "md")
    assert out.startswith("| kind | measure |")
    _, out, _ = _run(capsys, *INDUSTRY, "--known-at", "2026-01-01", "--explain")
    assert "Steps:" in out
    assert "as known on 2026-01-01" in out
    assert "Steps:" not in _run(capsys, *INDUSTRY)[1]


def test_additions_are_told_by_their_sum(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--from", "CHN", "--to", "USA", "--sector", "C26", "--on", "2025-06-01")
    sentence = _json(capsys, "determine", "goods", *words)["sentence"]
    assert "additional duties of 34.27 % in all" in sentence
    assert "35.34 %" in sentence
    assert "up to" not in sentence


def test_only_imports_are_paid_for(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--book", "gbr", "--from", "USA", "--hs", "7202118000", "--on", "2021-01-01")
    assert "Ways to pay:" in _run(capsys, "determine", "goods", *words)[1]
    asked = ("determine", "investment", "--sector", "J61", "--zone", "none")
    _, out, _ = _run(capsys, *asked)
    assert "Other ways:" in out
    assert "Ways to pay:" not in out


def test_explain_a_row_of_shipments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "shipments.csv"
    table.write_text(
        "row,from,hs,on,value,currency\n7,KOR,70131000,2025-06-01,1000,CNY\n8,KOR,70131000,soon,1000,CNY\n",
        encoding="utf-8",
    )
    code, out, _ = _run(capsys, "explain", "7", "--in", str(table))
    assert code == 0
    assert "charges 7 %, 70.00 CNY" in out
    assert "Steps:" in out
    code, _, err = _run(capsys, "explain", "8", "--in", str(table))
    assert (code, "row 8" in err, "soon" in err) == (3, True, True)
    assert _run(capsys, "explain", "9", "--in", str(table))[0] == 3
    assert _run(capsys, "explain", "1", "--in", str(tmp_path / "none.csv"))[0] == 3


def test_other_books(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--book", "usa", "--from", "CHN", "--hs", "7326908688", "--on", "2026-05-01", "--value", "14172")
    assert _json(capsys, "determine", "goods", *words)["duty"]["amount"]["amount"] == "11039.99"
    words = ("--book", "gbr", "--from", "USA", "--hs", "7202118000", "--on", "2021-01-01", "--value", "1000")
    assert len(_json(capsys, "determine", "goods", *words)["options"]) == 4
