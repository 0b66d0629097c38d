"""Bad input gets one clear message, an exit code by kind, no traceback, and leaves nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openward.cli.main import run

GOOD = """\
schema: openward.reform/1
name: test-cut
title: {en: A test}
source: {act: chn-tc-2026, url: ""}
edits:
  - add:
      id: test-zero
      instrument: preferential-duty
      imposed_by: CHN
      flow: import
      scope: {partners: [ZAF], products: {edition: HS2022, ranges: ["*"]}}
      effect: {duty: "0 %"}
      valid: {from: 2026-04-01}
      act: chn-tc-2026
      article: "1"
"""

BAD_REFORMS = {
    "unknown economy": ("[ZAF]", "[ZAX]", 3, "ZAX"),
    "lower-case economy": ("[ZAF]", "[zaf]", 3, "ZAF"),
    "unknown group": ("[ZAF]", "[AFRICA54]", 3, "AFRICA53"),
    "unknown field": ("effect: {duty", "efect: {duty", 3, "effect"),
    "unknown instrument": ("preferential-duty", "preferentialduty", 3, "preferential-duty"),
    "unreadable duty": ("0 %", "zero percent-ish", 3, "duty"),
    "no such day": ("2026-04-01", "2026-04-31", 3, "2026-04-31"),
    "date before data": ("2026-04-01", "1999-04-01", 3, "2012-01-01"),
    "unknown schema": ("openward.reform/1", "openward.reform/9", 3, "openward.reform/1"),
    "broken YAML": ("edits:", "edits: [", 3, "YAML"),
}


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    code = stop.value.code
    assert isinstance(code, int)
    assert "Traceback" not in out.err
    return code, out.out, out.err


@pytest.mark.parametrize("case", BAD_REFORMS)
def test_a_reform_that_cannot_be_read(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    old, new, expected, word = BAD_REFORMS[case]
    file = tmp_path / "reform.yaml"
    file.write_text(GOOD.replace(old, new))
    code, out, err = _run(capsys, "impact", str(file), "--format", "json", "--quiet")
    assert code == expected
    assert out == ""
    error = json.loads(err)["error"]
    assert set(error) == {"code", "message", "hint", "where"}
    assert word in json.dumps(error), error
    assert "reform.yaml" in json.dumps(error)
    assert list(tmp_path.iterdir()) == [file]


def test_usage_errors_exit_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "impact")[0] == 2
    assert _run(capsys, "impact", "africa-zero-tariff", "--no-such-option")[0] == 2
    assert _run(capsys, "no-such-command")[0] == 2
    code, _, err = _run(capsys, "impact", "africa-zero-tariff", "--from-law", "last year", "--quiet")
    assert code == 2
    assert "YYYY-MM-DD" in err


def test_an_unknown_reform_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "impact", "africa-zero-tarif", "--quiet")
    assert code == 3
    assert "africa-zero-tariff" in err


def test_an_unknown_closure(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "impact", "africa-zero-tariff", "--closure", "open", "--quiet")
    assert code == 2
    assert "world-gdp-share" in err


def test_determine_says_what_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    for words, hint in (
        (["--from", "ZAX", "--sector", "C29"], "ZA"),
        (["--from", "ZAF", "--sector", "C99"], "C"),
        (["--from", "ZAF", "--hs", "999998"], ""),
        (["--from", "ZAF", "--sector", "C29", "--as-of", "1999-01-01"], "2012"),
    ):
        code, out, err = _run(capsys, "determine", "goods", *words)
        assert code == 3
        assert out == ""
        assert hint in err


def test_a_missing_baseline_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "simulate", "--baseline", str(tmp_path / "no"), "--shock", str(tmp_path))
    assert code == 3
    assert "baseline.yaml" in err or "no" in err


def test_reproduce_without_data_or_with_an_unknown_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(capsys, "reproduce", "caliendo-parro-2015")[0] == 2
    assert _run(capsys, "reproduce", "caliendo-parro-2015", "--data", str(tmp_path))[0] == 3
    code, _, err = _run(capsys, "reproduce", "caliendo-parro-2016", "--data", str(tmp_path))
    assert code == 3
    assert "caliendo-parro-2015" in err


def test_screening_without_its_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from openward.determine.screening import needs

    def missing(module: str) -> object:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    needs.needed.cache_clear()
    monkeypatch.setattr(needs, "import_module", missing)
    code, out, err = _run(capsys, "screen", "Huawei")
    assert (code, out) == (3, "")
    assert "not installed" in err
    assert "pip install 'openward[screening]'" in err
