"""The computed tables are what the scripts compute from the data."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BOOKS = REPOSITORY / "src/openward/books"


@pytest.mark.parametrize("name", ["chn", "world"])
def test_rebuilding_gives_what_ships(
    name: str, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = REPOSITORY / "scripts"
    monkeypatch.syspath_prepend(str(scripts))
    for module in ("book_tables", "china_lines"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    runpy.run_path(str(scripts / f"build_book_{name}.py"))["build"](shared, tmp_path)
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert len(built) >= 4
    for path in built:
        assert (tmp_path / path).read_bytes() == (BOOKS / name / path).read_bytes(), path
