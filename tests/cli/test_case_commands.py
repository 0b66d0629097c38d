"""``openward case`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openward.cli.main import run


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("OPENWARD_CASES", str(tmp_path / "cases.db"))
    (tmp_path / "form.pdf").write_bytes(b"form")

    def go(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            run(["case", *(word.replace("FILE", str(tmp_path / "form.pdf")) for word in words)])
        out, err = capsys.readouterr()
        return int(done.value.code or 0), out, err

    return go


def opened(call: Any) -> str:
    code, out, _ = call(
        "open", "chn-export-licence", "--title", "x", "--on", "2025-01-10", "--by", "acme",
        "--role", "applicant", "--format", "json",
    )  # fmt: skip
    assert code == 0
    case: str = json.loads(out)[0]["case"]
    accept = ("advance", case, "accept", "--on", "2025-01-15", "--by", "anna")
    paper = ("--document", "application=FILE")
    assert call(*accept, *paper)[0] == 0
    return case


def test_a_case_from_opening_to_bundle(call: Any, tmp_path: Path) -> None:
    case = opened(call)
    code, out, _ = call("deadlines", case, "--as-of", "2025-02-20", "--format", "json")
    (clock,) = json.loads(out)
    assert (code, clock["last_day"], clock["left"]) == (0, "2025-03-25", 23)
    code, out, _ = call("show", case, "--as-of", "2025-02-20")
    assert "is due by 2025-03-25" in out
    refuse = ("decide", case, "refuse", "--on", "2025-03-03", "--by", "boris", "--fact", "reasons=end use")
    code, _, err = call(*refuse, "--seen", "2")
    assert (code, "makes no law" in err) == (0, True)
    bundle = str(tmp_path / "case.zip")
    assert call("export", case, "--out", bundle)[0] == 0
    assert call("verify", bundle)[0] == 0
    assert call("verify", case, "--head", "0" * 64)[0] == 1


def test_refusals_are_exit_code_six(call: Any) -> None:
    case = opened(call)
    refuse = ("decide", case, "refuse", "--on", "2025-03-03", "--fact", "reasons=x", "--by")
    code, _, err = call(*refuse, "anna")
    assert (code, "may not also refuse" in err) == (6, True)
    code, _, err = call(*refuse, "boris", "--seen", "1")
    assert (code, "moved on" in err) == (6, True)
    assert call("list", "--role", "admin")[0] == 6


def test_what_is_not_there_is_said(call: Any) -> None:
    code, _, err = call("list")
    assert (code, "no record of cases" in err) == (3, True)
    opened(call)
    assert call("show", "none")[0] == 3
    assert call("list", "--role", "king")[0] == 2


def test_every_procedure_is_listed(call: Any) -> None:
    code, out, _ = call("procedures", "--format", "json")
    rows = {row["procedure"]: row for row in json.loads(out)}
    assert code == 0
    assert "decision 45 working days" in rows["chn-export-licence"]["limits"]
    assert rows["chn-foreign-investment-review"]["evidence"] == "unverified"
