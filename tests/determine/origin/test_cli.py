"""``openward origin`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.determine.origin.test_bill import GOOD

from openward.cli.main import run


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        run(["origin", *words])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


@pytest.fixture
def bill(tmp_path: Path) -> str:
    path = tmp_path / "car.yaml"
    path.write_text(GOOD)
    return str(path)


def test_check(capsys: pytest.CaptureFixture[str], bill: str) -> None:
    code, out, err = ask(capsys, "check", "--scheme", "cptpp", "--bom", bill)
    assert code == 0
    assert out.startswith("The good (870323) made in JPN originates under")
    assert "excerpt" in err
    code, out, _ = ask(capsys, "check", "--scheme", "cptpp", "--bom", bill, "--format", "json")
    document = json.loads(out)
    assert document["verdict"] == "originating"
    assert document["trace"]


def test_rule_and_parse(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ask(capsys, "rule", "--scheme", "cptpp", "--hs", "8415.10")
    assert code == 0
    assert "notation:" in out
    assert ask(capsys, "parse", "CTH or RVC 40 % build-up")[0] == 0
    code, _, err = ask(capsys, "parse", "CTH ort CC")
    assert code == 3
    assert "column 5" in err


def test_schemes(capsys: pytest.CaptureFixture[str], shared: Path) -> None:
    code, out, err = ask(capsys, "schemes", "--data", str(shared / "data"), "--format", "csv")
    assert code == 0
    assert len(out.splitlines()) == 45
    assert out.splitlines()[-1].startswith("all,28535,41255,")
    assert "australia" in err


def test_country(capsys: pytest.CaptureFixture[str], shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "barrel.yaml"
    path.write_text('code: "9305.10"\nmade_in: MEX\nmaterials: [{code: "7228", origin: CHN}]\n')
    code, out, _ = ask(capsys, "country", "--bom", str(path), "--data", str(shared / "data"))
    assert code == 0
    assert "is from MEX under 19 CFR 102.11(a)(3)" in out


@pytest.mark.parametrize("scheme", ["eu", "atlantis"])
def test_schemes_that_do_not_ship_ask_for_data(
    capsys: pytest.CaptureFixture[str], bill: str, scheme: str
) -> None:
    code, _, err = ask(capsys, "check", "--scheme", scheme, "--bom", bill)
    assert code == 3
    assert "--data" in err
