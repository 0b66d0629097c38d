"""``openward data get`` and ``data sources``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openward.cli.main import run

DECLARATIONS = (
    "declaration,item,date,reporter,flow,partner,origin,product,value,quantity\n"
    "A1,1,2025-03-01,CHN,import,SGP,MYS,1511100000,125000.5,100000\n"
    "A1,2,2025-03-02,CHN,import,SGP,SGP,0101210010,900,50\n"
)


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENWARD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENWARD_OFFLINE", "1")


def say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        run(words)
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


def test_sources_are_listed_with_their_licence(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = say(capsys, "data", "sources", "--format", "json")
    listed = {row["source"]: row for row in json.loads(out)}
    assert code == 0
    assert listed["baci"]["licence"] == "Etalab Open Licence 2.0"
    assert {"comtrade", "sdmx-imf", "worldbank", "wto", "icio", "wiod", "usitc-tariff"} <= set(listed)


def test_one_source_says_what_it_must_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = say(capsys, "data", "sources", "baci", "--format", "csv")
    assert code == 0
    assert out.splitlines()[1].startswith("year,yes,")
    assert "Gaulier and Zignago" in err


def test_terms_come_first_then_offline_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = say(capsys, "data", "get", "baci", "--year", "2023")
    assert (code, out) == (6, "")
    assert "not accepted yet" in err
    code, _, err = say(capsys, "data", "get", "baci", "--year", "2023", "--accept-licence")
    assert code == 3
    assert "offline, and BACI_HS22_V202501.zip is not in the cache" in err


def test_own_declarations_go_into_a_workspace(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, data = tmp_path / "d.csv", tmp_path / "data"
    file.write_text(DECLARATIONS)
    words = ("data", "get", "declarations", "--file", str(file), "--vintage", "2025-03", "--accept-licence")
    code, out, _ = say(capsys, *words, "--data", str(data), "--format", "json")
    assert code == 0
    (row,) = json.loads(out)
    assert (row["dataset"], row["rows"], row["vintage"]) == ("declarations", 2, "2025-03")
    code, out, _ = say(capsys, "data", "list", "--data", str(data), "--format", "json")
    assert "declarations" in out


def test_a_bad_file_is_named_with_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(DECLARATIONS.replace("900", "nine"))
    code, _, err = say(capsys, "data", "get", "declarations", "--file", str(file), "--accept-licence")
    assert code == 3
    assert "d.csv:3: value is 'nine', not a number" in err


@pytest.mark.parametrize("bad", ["flow", "=x", "flow="])
def test_options_are_name_and_value(capsys: pytest.CaptureFixture[str], bad: str) -> None:
    code, _, err = say(capsys, "data", "get", "comtrade", "--option", bad)
    assert code == 2
    assert "not NAME=VALUE" in err
