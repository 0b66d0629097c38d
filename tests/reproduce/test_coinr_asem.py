"""The ASEM index against COINr: every aggregate, the traps, and sensitivity inside its bands."""

from __future__ import annotations

from pathlib import Path

import pytest

from openward.indicators.composite.analysis import correlations
from openward.indicators.composite.build import build
from openward.indicators.composite.data import read_table
from openward.indicators.composite.reading import read_spec
from openward.reproduce.coinr_asem import WIDTH, reproduce
from openward.reproduce.reproduction import Reproduction


@pytest.fixture(scope="module")
def result(shared: Path) -> Reproduction:
    return reproduce(shared / "data")


def test_all_aggregates_of_all_economies(result: Reproduction) -> None:
    cells = [
        cell for cell in result.cells if cell.tolerance == 1e-9 and len(cell.row) == 3 and cell.row.isupper()
    ]
    assert len(cells) >= 51 * 60
    assert all(cell.verdict == "reproduced" for cell in result.cells if cell.published is not None)


def test_printed_scores(shared: Path) -> None:
    spec = read_spec("asem-connectivity")
    index = build(spec, read_table(spec, shared / "data"))
    score = dict(zip(index.units, index.scores, strict=True))
    rank = dict(zip(index.units, index.ranks, strict=True))
    known = {"CHE": 68.38372, "NLD": 64.81952, "DNK": 64.80408, "NOR": 64.46778, "BEL": 63.53952}
    for unit, value in (known | {"CHN": 37.76855, "RUS": 35.65554}).items():
        assert score[unit] == pytest.approx(value, abs=5e-6)
    assert (rank["CHN"], rank["RUS"]) == (49, 51)


def test_blank_correlations_are_the_insignificant_ones(shared: Path) -> None:
    spec = read_spec("asem-connectivity")
    index = build(spec, read_table(spec, shared / "data"))
    blank = {("Sust", "ConEcFin"), ("Conn", "Environ"), ("Conn", "SusEcFin"), ("Sust", "SusEcFin")}
    weak = {
        (one.one, one.other)
        for one in correlations(index, level=2, ancestors=3)
        if one.p_value is not None and one.p_value > 0.05
    }
    assert weak == blank


def test_our_intervals_are_narrow(result: Reproduction) -> None:
    widths = [cell.computed for cell in result.cells if cell.column.startswith("width of our")]
    assert len(widths) == 4
    assert max(widths) <= WIDTH
