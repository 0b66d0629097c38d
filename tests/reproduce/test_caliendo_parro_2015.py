"""Caliendo and Parro (2015) from the authors' data: every printed cell, and the exact change beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from openward.errors import InputError, MissingDataError, UnknownCodeError
from openward.reproduce import REPRODUCTIONS, Reproduction, run
from openward.reproduce.reproduction import beside, compare
from openward.simulate.baseline import Shock
from openward.simulate.caliendo_parro import rebalance, solve
from openward.simulate.cp1993 import nafta_tariffs, read_baseline
from openward.simulate.published import dense, read_table

NAME = "caliendo-parro-2015"


@pytest.fixture(scope="module")
def result(shared: Path) -> Reproduction:
    return run(NAME, shared / "data")


def value(result: Reproduction, row: str, column: str) -> float:
    (cell,) = [cell for cell in result.cells if (cell.row, cell.column) == (row, column)]
    return cell.computed


def test_every_published_cell_is_reproduced(result: Reproduction) -> None:
    published = [cell for cell in result.cells if cell.published is not None]
    assert len(published) == 15
    assert result.reproduced
    assert {cell.verdict for cell in published} == {"reproduced"}


@pytest.mark.parametrize(
    ("row", "column", "expected", "within"),
    [
        ("MEX", "exact real income %", 0.007, 0.0005),
        ("CAN", "exact real income %", -0.110, 0.0005),
        ("USA", "exact real income %", 0.074, 0.0005),
        ("MEX", "welfare summed over 1 steps %", 1.312, 0.0005),
        ("MEX", "welfare summed over 10 steps %", 0.130, 0.0005),
        ("MEX", "welfare summed over 100 steps %", 0.020, 0.0005),
        ("MEX", "growth of imports from CAN %", 116.60, 0.005),
        ("MEX", "growth of imports from USA %", 118.31, 0.005),
        ("CAN", "growth of imports from MEX %", 58.57, 0.005),
        ("CAN", "growth of imports from USA %", 9.49, 0.005),
        ("USA", "growth of imports from MEX %", 109.54, 0.005),
        ("USA", "growth of imports from CAN %", 6.57, 0.005),
        ("MEX", "volume of trade, deficits kept %", 1.59, 0.005),
        ("MEX", "real wages, deficits kept %", 1.64, 0.005),
        ("CAN", "terms of trade, deficits kept %", -0.08, 0.005),
        ("USA", "welfare, deficits kept %", 0.08, 0.0051),
    ],
)
def test_what_was_not_published_is_stable(
    result: Reproduction, row: str, column: str, expected: float, within: float
) -> None:
    assert value(result, row, column) == pytest.approx(expected, abs=within)


def test_ten_second_order_steps_come_close_to_the_exact_change(result: Reproduction) -> None:
    for row in ("MEX", "CAN", "USA"):
        summed = value(result, row, "welfare summed over 10 steps, second order %")
        assert summed == pytest.approx(value(result, row, "exact real income %"), abs=1e-3)


def test_the_difference_is_explained(result: Reproduction) -> None:
    assert any("exact change" in note and "first-order" in note for note in result.notes)
    table = result.as_dict()
    assert set(table) == {"schema", "name", "source", "cells", "notes"}
    assert set(table["cells"][0]) == {"row", "column", "published", "computed", "tolerance", "verdict"}


def test_deficits_kept_and_removed_solve_in_few_sweeps(shared: Path) -> None:
    data = shared / "data"
    world = read_baseline(data)
    assert world.flows.shape == (31, 31, 40)
    shock = Shock("NAFTA", tariffs=nafta_tariffs(data))
    outcome = solve(rebalance(world), shock)
    assert outcome.residual < 1e-8
    assert outcome.iterations <= 50
    through_closure = solve(world, shock, closure="balanced")
    direct = solve(rebalance(world, deficits=np.zeros(31)), shock)
    np.testing.assert_allclose(through_closure.real_income_pct, direct.real_income_pct, atol=1e-7)


def test_the_three_largest_suppliers_of_mexico_stop(shared: Path) -> None:
    world = rebalance(read_baseline(shared / "data"))
    n = world.economies.index("MEX")
    imports = world.flows[n].sum(axis=1)
    imports[n] = 0.0
    costs = np.ones_like(world.flows)
    costs[n, np.argsort(imports)[-3:]] = np.inf
    outcome = solve(world, Shock("stop", trade_costs=costs))
    assert -60 < outcome.real_income_pct[n] < -1
    assert outcome.residual < 1e-8


def test_absent_data_and_unknown_names_are_said(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="cp1993_va_output"):
        run(NAME, tmp_path)
    with pytest.raises(MissingDataError, match="no such folder"):
        run(NAME, tmp_path / "absent")
    with pytest.raises(UnknownCodeError) as unknown:
        run("nobody-1900", tmp_path)
    assert NAME in unknown.value.hint
    assert all(target.source for target in REPRODUCTIONS.values())


def test_verdicts() -> None:
    assert compare("a", "b", published=1.31, computed=1.315, tolerance=0.005).verdict == "reproduced"
    off = compare("a", "b", published=1.31, computed=1.3151, tolerance=0.005)
    assert off.verdict == "differs"
    aside = beside("a", "b", 2.0)
    assert aside.verdict == "beside"
    assert not Reproduction("x", "y", (aside, off), ()).reproduced


def test_tables_are_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    frame = pl.DataFrame({"a": ["x", "y"], "v": [1.0, 2.0]}).cast({"a": pl.Categorical})
    frame.write_parquet(path)
    table = read_table(path, ["a", "v"])
    assert table.schema["a"] == pl.String
    assert dense(table, keys=[("a", ("y", "x"))], value="v", where="t").tolist() == [2.0, 1.0]
    with pytest.raises(MissingDataError, match="no column b"):
        read_table(path, ["b"])
    with pytest.raises(InputError, match="unknown a 'x'"):
        dense(table, keys=[("a", ("y",))], value="v", where="t")
    twice = pl.concat([table, table])
    with pytest.raises(InputError, match="twice"):
        dense(twice, keys=[("a", ("y", "x"))], value="v", where="t")
