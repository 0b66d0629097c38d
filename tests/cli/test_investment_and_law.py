"""Investment, services, legality and several laws on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openward.cli.main import run


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    assert "Traceback" not in out.err
    return stop.value.code, out.out, out.err


def test_investment_answers_in_one_sentence_first(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--sector", "J61", "--activity", "value-added-telecom", "--zone", "none", "--stake", "60 %")
    code, out, _ = _run(capsys, "determine", "investment", *words, "--on", "2025-06-01", "--explain")
    assert code == 0
    assert out.startswith(
        "Foreign investment in value-added-telecom (J61) at 60 % on 2025-06-01 is prohibited"
    )
    assert "Steps:" in out
    assert "Verdict: prohibited" in out


def test_investment_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--sector", "GBT:I", "--zone", "shanghai", "--on", "2025-06-01", "--format", "json")
    code, out, _ = _run(capsys, "determine", "investment", *words)
    document = json.loads(out)
    assert code == 0
    assert document["schema"] == "openward.decision/1"
    assert document["verdict"] == "unresolved"
    assert any(u["fact"] == "activity == 'basic-telecom'" for u in document["unresolved"])


def test_services_by_mode(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--sector", "K", "--mode", "1", "--zone", "none", "--fact", "listed_national=false")
    code, out, _ = _run(capsys, "determine", "services", *words, "--on", "2025-06-01")
    assert code == 0
    assert "is free" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("determine", "investment"), 2),
        (("determine", "investment", "--sector", "J61", "--fact", "stake"), 2),
        (("determine", "investment", "--sector", "X"), 3),
        (("determine", "investment", "--sector", "J61", "--stake", "0.5"), 3),
        (("determine", "investment", "--sector", "J61", "--zone", "atlantis"), 3),
        (("determine", "services", "--sector", "K", "--mode", "7"), 2),
        (("determine", "services", "--sector", "C29", "--mode", "1"), 3),
        (("reform", "check", "us-reciprocal-25", "--bounds", "nowhere.csv"), 2),
        (("reform", "check", "us-reciprocal-25", "--legality", "--bounds", "nowhere.csv"), 3),
        (("determine", "laws", "--hs", "854231", "--from", "SGP", "--to", "CHN", "--law", "atlantis"), 3),
    ],
)
def test_bad_input_has_a_code_by_kind(
    words: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found, out, err = _run(capsys, *words)
    assert found == code
    assert err.count("error:") == 1
    assert out == ""


@pytest.mark.parametrize(
    ("reform", "code"),
    [("africa-zero-tariff", 1), ("cptpp-accession", 0), ("rcep-undone", 0), ("us-reciprocal-25", 1)],
)
def test_a_breach_is_exit_code_1(reform: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    found, out, _ = _run(capsys, "reform", "check", reform, "--legality")
    assert found == code
    assert ("BREACH" in out) is (code == 1)


def test_legality_in_json_and_with_bounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "bounds.csv"
    table.write_text("economy,sector,bound\nCHN,C29,60 %\nUSA,C29,2.5 %\n", encoding="utf-8")
    words = ("reform", "check", "us-reciprocal-25", "--legality", "--bounds", str(table), "--format", "json")
    code, out, _ = _run(capsys, *words)
    document = json.loads(out)
    assert code == 1
    assert document["schema"] == "openward.legality/1"
    assert document["breaches"] == 2
    held = {
        one["measures"][0]: one["severity"] for one in document["findings"] if one["rule"] == "bound-rate"
    }
    assert held["usa-chn-plus-25"] == "doubt"
    assert all(one["citation"] for one in document["findings"])


@pytest.mark.parametrize("format", ["csv", "md"])
def test_legality_in_rows(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "reform", "check", "cptpp-accession", "--legality", "--format", format)
    assert code == 0
    assert "in-order" in out


def test_laws_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--hs", "854231", "--from", "SGP", "--to", "CHN", "--eccn", "3A001.b.2", "--on", "2025-06-01")
    code, out, _ = _run(capsys, "determine", "laws", *words)
    assert code == 0
    assert "[law of CHN: import]" in out
    assert "[law of USA: re-export] licence" in out
    assert "Possibly: USA restricts" in out
    told = ("--fact", "discriminatory_restriction=true", "--format", "json")
    code, out, _ = _run(capsys, "determine", "laws", *words, *told)
    document = json.loads(out)
    assert code == 1
    assert [one["rule"] for one in document["incompatible"] if one["certain"]] == [
        "chn-anti-foreign-sanctions-12",
        "chn-anti-foreign-sanctions-provisions-17",
    ]
