"""Reading input-output tables: layouts, faults, and what the shipped world assumes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from openward.errors import InputError, InputErrors, MissingDataError, UnknownCodeError
from openward.observe.input_output import input_output
from openward.observe.input_output_csv import read_icio, read_wide_csv, read_wiod_2016

ICIO = """V1,AUS_A,CHN_A,CN1_A,AUS_HFCE,AUS_INVNT,CHN_HFCE,OUT
AUS_A,1,2,0,5,-1,3,10
CHN_A,0,1,1,1,0,2,5
CN1_A,2,0,0,0,0,1,3
TLS,0,0,0,0,0,0,0
VA,7,2,2,0,0,0,0
OUT,10,5,3,0,0,0,0
"""
WIOD = """IndustryCode,IndustryDescription,Country,RNr,Year,AUS1,BEL1,AUS57,BEL61,TOT
A01,Crops,AUS,1,2014,1,2,5,0,8
A01,Crops,BEL,1,2014,3,0,0,4,7
II_fob,Total,TOT,65,2014,4,2,0,0,0
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_icio_sums_final_uses_and_joins_kinds_of_firms(tmp_path: Path) -> None:
    table = read_icio(written(tmp_path, ICIO), year=2020)
    assert table.economies == ("AUS", "CHN")
    assert table.sectors == ("A",)
    assert table.node_labels == ("AUS_A", "CHN_A", "CN1_A")
    assert not table.is_regular
    assert table.nodes_of("CHN") == slice(1, 3)
    np.testing.assert_array_equal(table.F, [[4, 3], [1, 2], [0, 1]])
    np.testing.assert_array_equal(table.output, [10, 5, 3])
    np.testing.assert_array_equal(table.value_added, [7, 2, 2])
    assert table.notes == ()
    with pytest.raises(UnknownCodeError, match="'USA'"):
        table.nodes_of("USA")


def test_stated_output_off_the_row_is_noted(tmp_path: Path) -> None:
    table = read_icio(written(tmp_path, ICIO.replace("5,-1,3,10", "5,-1,3,12")), year=2020)
    assert table.output[0] == 10
    assert table.notes == ("the file's column OUT is off the sum of the row by up to 2; the sum is used",)


def test_wiod_2016_layout(tmp_path: Path) -> None:
    table = read_wiod_2016(written(tmp_path, WIOD))
    assert (table.year, table.economies, table.sectors) == (2014, ("AUS", "BEL"), ("A01",))
    assert table.is_regular
    np.testing.assert_array_equal(table.Z, [[1, 2], [3, 0]])
    np.testing.assert_array_equal(table.F, [[5, 0], [0, 4]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("CN1_A,2,0,0", "CN1_A,2,,0"), "blanks"),
        (("CN1_A,2,0,0", "CN1_A,2,x,0"), "not a number"),
        (("AUS_HFCE", "USA_HFCE"), "neither a node"),
        (("CN1_A,2,0,0,0,0,1,3", "AUS_A,2,0,0,0,0,1,3"), "comes twice"),
        (("CHN_A,0,1,1", "XXX,0,1,1"), "'CHN_A' has no row"),
    ],
)
def test_faults_of_files_are_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_icio(written(tmp_path, ICIO.replace(*change)), year=2020)


def test_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="nothing"):
        read_wide_csv(tmp_path / "nothing.csv", year=None, unit="", source="")


def test_shapes_blanks_and_idle_buyers_are_refused_together() -> None:
    common = {"economies": ("AAA", "BBB"), "sectors": ("x",), "year": None, "unit": "", "source": ""}
    with pytest.raises(InputErrors, match="2 problems"):
        input_output(Z=np.full((3, 3), np.nan), F=np.zeros((2, 2)), **common)
    with pytest.raises(InputErrors, match="buy inputs and have no output"):
        input_output(Z=np.array([[0.0, 1.0], [0.0, 0.0]]), F=np.zeros((2, 2)), **common)


def test_shipped_world_is_in_balance_and_says_what_it_assumes() -> None:
    from openward.observe.input_output_world import PROPORTIONAL, RECONSTRUCTED, world_table
    from openward.observe.worldpack import load_world

    world = load_world()
    table = world_table(world)
    assert table.is_regular
    assert {RECONSTRUCTED, PROPORTIONAL} <= set(table.notes)
    np.testing.assert_allclose(table.output, world.output.ravel(), rtol=1e-9)
    np.testing.assert_allclose(table.value_added, world.value_added.ravel(), rtol=1e-6, atol=1e-3)
    np.testing.assert_allclose(table.F.sum(axis=0), world.final_value.sum(axis=1), rtol=1e-9)
