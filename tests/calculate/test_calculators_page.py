"""The page of the calculators prints what the commands print."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from openward.calculate.examples import example_path, examples
from openward.cli.main import run

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "calculators.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ openward (.+?)\n(.*?)```", PAGE, flags=re.DOTALL)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(("command", "printed"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_command(
    command: str,
    printed: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in examples():
        shutil.copy(example_path(name), tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        run(command.split())
    assert stop.value.code == 0
    out = capsys.readouterr()
    found = lines(out.err) + lines(out.out)
    parts = [lines(part) for part in printed.split("...\n")]
    if len(parts) == 1:
        assert found == parts[0]
        return
    at = 0
    for part in filter(None, parts):
        at = found.index(part[0], at)
        assert found[at : at + len(part)] == part


def test_every_calculator_has_its_example_on_the_page() -> None:
    assert len(BLOCKS) >= 7
    for name in examples():
        assert any(command.startswith(f"calc {name} ") for command, _ in BLOCKS)
