"""Every published result without a test of its own: cells inside their tolerance, absent data named."""

from __future__ import annotations

from pathlib import Path

import pytest

from openward.errors import MissingDataError
from openward.reproduce import REPRODUCTIONS, run


@pytest.mark.parametrize("name", sorted(set(REPRODUCTIONS) - {"caliendo-parro-2015"}))
def test_published_cells_are_reproduced(name: str, shared: Path) -> None:
    result = run(name, shared / "data")
    assert result.name == name
    assert any(cell.verdict == "reproduced" for cell in result.cells)
    assert [cell for cell in result.cells if cell.verdict == "differs"] == []


@pytest.mark.parametrize("name", sorted(REPRODUCTIONS))
def test_absent_data_are_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        run(name, tmp_path)
