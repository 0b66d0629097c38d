"""Table 2 and the growth of trade of Caliendo and Parro (2015): NAFTA's tariffs from 1993 to 2005."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openward.reproduce.reproduction import Cell, Reproduction, beside, compare
from openward.simulate.baseline import Outcome, Shock
from openward.simulate.caliendo_parro import rebalance, solve
from openward.simulate.cp1993 import NAFTA, SOURCE, nafta_tariffs, read_baseline

NAME = "caliendo-parro-2015"
TOLERANCE = 0.005
TOLERANCE_IMPORTS = 0.5
COLUMNS = ("terms of trade %", "volume of trade %", "welfare %", "real wages %")
TABLE_2 = {
    "MEX": (-0.41, 1.72, 1.31, 1.72),
    "CAN": (-0.11, 0.04, -0.06, 0.32),
    "USA": (0.04, 0.04, 0.08, 0.11),
}
IMPORTS_FROM_BLOC = {"MEX": 118.0, "CAN": 11.0, "USA": 41.0}
STEPS = (1, 10, 100)

NOTES = (
    "Why the printed welfare and the exact change in real income differ: the printed figure is the "
    "first-order formula (terms of trade plus volume of trade) with discrete percent changes. It values "
    "every additional import at the tariff of 1993, though that tariff is gone by the time the import comes, "
    "so it overstates the gain where cuts are large. The exact change in the same model and data stands "
    "beside it; the same formula summed over small steps tends to it.",
    "Aggregate deficits are removed first, and effects are against that world. Columns that say 'deficits "
    "kept' are solved with deficits fixed instead.",
    "Non-tradable sectors trade at home only, with theta 8.22. Gross output is raised to exports where it is "
    "smaller; home sales are output less exports; negative residual final demand is set to zero, then the "
    "world is balanced.",
    "Growth of imports is that of their value net of tariff, world value added held constant.",
)


def reproduce(data: Path) -> Reproduction:
    """Compute the published table, and the exact change beside it.

    Parameters
    ----------
    data : Path
        Folder with ``economy/cp1993_*.parquet``.

    Raises
    ------
    MissingDataError
        A table is absent.
    """
    world = read_baseline(data)
    tariffs = nafta_tariffs(data)
    shock = Shock("NAFTA tariffs of 2005", tariffs=tariffs)
    before = rebalance(world, deficits=np.zeros_like(world.deficits))
    by_steps = {steps: solve(before, shock, path_steps=steps, path_rule="left") for steps in STEPS}
    outcome = by_steps[1]
    cells = _table_2(outcome) + _imports(outcome) + _exact(outcome, by_steps)
    cells += _second_order(solve(before, shock, path_steps=10))
    cells += _deficits_kept(solve(rebalance(world), shock))
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)


def _first_order(outcome: Outcome, n: int) -> tuple[float, ...]:
    columns = (
        outcome.terms_of_trade_pct,
        outcome.volume_of_trade_pct,
        outcome.first_order_pct,
        outcome.real_wage_pct,
    )
    return tuple(float(column[n]) for column in columns)


def _at(outcome: Outcome, code: str) -> int:
    return outcome.baseline.economies.index(code)


def _table_2(outcome: Outcome) -> list[Cell]:
    return [
        compare(code, column, published=published, computed=computed, tolerance=TOLERANCE)
        for code in NAFTA
        for column, published, computed in zip(
            COLUMNS, TABLE_2[code], _first_order(outcome, _at(outcome, code)), strict=True
        )
    ]


def _imports(outcome: Outcome) -> list[Cell]:
    before, after = outcome.baseline.flows.sum(axis=2), outcome.after.flows.sum(axis=2)
    cells, pairs = [], []
    for code in NAFTA:
        n = _at(outcome, code)
        others = [other for other in NAFTA if other != code]
        at = [_at(outcome, other) for other in others]
        growth = 100.0 * (after[n, at].sum() / before[n, at].sum() - 1.0)
        column = "growth of imports from the bloc %"
        cells.append(
            compare(
                code,
                column,
                published=IMPORTS_FROM_BLOC[code],
                computed=float(growth),
                tolerance=TOLERANCE_IMPORTS,
            )
        )
        for other, i in zip(others, at, strict=True):
            single = float(100.0 * (after[n, i] / before[n, i] - 1.0))
            pairs.append(beside(code, f"growth of imports from {other} %", single))
    return cells + pairs


def _exact(outcome: Outcome, by_steps: dict[int, Outcome]) -> list[Cell]:
    cells = []
    for code in NAFTA:
        n = _at(outcome, code)
        cells.append(beside(code, "exact real income %", float(outcome.real_income_pct[n])))
        for steps, walked in by_steps.items():
            if walked.path_integrated_pct is not None:
                summed = float(walked.path_integrated_pct[n])
                cells.append(beside(code, f"welfare summed over {steps} steps %", summed))
    return cells


def _second_order(walked: Outcome) -> list[Cell]:
    if walked.path_integrated_pct is None:
        return []
    column = "welfare summed over 10 steps, second order %"
    path = walked.path_integrated_pct
    return [beside(code, column, float(path[_at(walked, code)])) for code in NAFTA]


def _deficits_kept(outcome: Outcome) -> list[Cell]:
    return [
        beside(code, f"{column[:-2]}, deficits kept %", computed)
        for code in NAFTA
        for column, computed in zip(COLUMNS, _first_order(outcome, _at(outcome, code)), strict=True)
    ]
