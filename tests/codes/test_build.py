"""The shipped tables are those that the scripts build from the source data."""

from __future__ import annotations

import gzip
import sys
from importlib import import_module
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
DATA = SCRIPTS.parent / "src" / "openward" / "codes" / "data"


@pytest.mark.parametrize("script", ["build_codes", "build_groups", "build_conversion"])
def test_shipped_tables_rebuild(script: str, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if script == "build_conversion":
        pytest.importorskip("xlrd", reason="the correlation of the European Union is an old workbook")
    monkeypatch.syspath_prepend(str(SCRIPTS))
    built = import_module(script).build(shared)
    sys.modules.pop(script, None)
    assert built
    for name, content in built.items():
        kept = (DATA / name).read_bytes()
        assert content == (gzip.decompress(kept) if name.endswith(".gz") else kept).decode(), name
