"""Canada and Japan sign an agreement: the worked example of USITC's gegravity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import MissingDataError
from openward.reproduce.reproduction import Reproduction, beside, compare
from openward.simulate.gravity import multilateral_resistance, solve_gravity
from openward.simulate.gravity.resistance import Array

NAME = "gegravity-can-jpn"
SOURCE = "gegravity 0.3 (USITC): agreement between Canada and Japan, 30 economies, 2006"
SIGMA, REFERENCE = 5.0, "DEU"
COEFFICIENTS = {
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
}
PUBLISHED = {
    ("CAN", "GDP, %"): 0.418261,
    ("JPN", "GDP, %"): 0.053755,
    ("CAN", "exports, %"): 1.573180,
}
HALF_DIGIT = 5e-7
NOTES = (
    "The package keeps every economy's share in world output and expenditure as it was when it solves for "
    "prices, so that the factory-gate price moves against the outward resistance one for one. Beside its "
    "figures stands the equilibrium in which output and expenditure move with prices and markets clear.",
    "Expenditure sums to 0.8 % less than output in its data; shares in each sum to one.",
)


def reproduce(data: Path) -> Reproduction:
    """Solve the example in the package's way and in full equilibrium."""
    path = data / "simulation" / "sample_data_set.dlm"
    if not path.is_file():
        raise MissingDataError(
            "the table is not there",
            where=str(path),
            hint="name the folder that holds simulation/ with --data",
        )
    frame = pl.read_csv(path).sort("exporter", "importer")
    names = frame["exporter"].unique().sort().to_list()
    output, spending = _margin(frame, "exporter", "Y"), _margin(frame, "importer", "E")
    output, spending = output / output.sum(), spending / spending.sum()
    before = _costs(frame, names)
    after = before.copy()
    one, other = names.index("CAN"), names.index("JPN")
    for pair in ((one, other), (other, one)):
        after[pair] *= np.exp(COEFFICIENTS["pta"])
    old, new = (
        multilateral_resistance(
            costs=costs, output=output, expenditure=spending, reference=names.index(REFERENCE)
        )
        for costs in (before, after)
    )
    price = (new.outward / old.outward) ** (-1 / (1 - SIGMA))
    real = 100 * (price / (new.inward / old.inward) ** (1 / (1 - SIGMA)) - 1)
    sold = before * np.outer(output / old.outward, spending / old.inward)
    grown = price * output / (price * output).sum()
    then = after * np.outer(grown / new.outward, price * spending / new.inward)
    exports = 100 * (_abroad(then) / _abroad(sold) - 1)
    full = solve_gravity(flows=sold, cost_change=after / before, sigma=SIGMA)
    full_exports = 100 * (full.foreign_exports / _abroad(sold) - 1)
    cells = []
    for (code, column), published in PUBLISHED.items():
        at, gdp = names.index(code), column.startswith("GDP")
        computed = float((real if gdp else exports)[at])
        cells.append(compare(code, column, published=published, computed=computed, tolerance=HALF_DIGIT))
        cleared = 100 * (full.real_output[at] - 1) if gdp else full_exports[at]
        cells.append(beside(code, f"{column}, all markets clear", float(cleared)))
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)


def _margin(frame: pl.DataFrame, side: str, column: str) -> Array:
    values = frame.group_by(side).agg(pl.col(column).first()).sort(side)[column]
    return values.cast(pl.Float64).to_numpy()


def _costs(frame: pl.DataFrame, names: list[str]) -> Array:
    index = sum(frame[name].to_numpy() * value for name, value in COEFFICIENTS.items())
    return np.exp(np.asarray(index, dtype=np.float64)).reshape(len(names), len(names))


def _abroad(flows: Array) -> Array:
    return np.asarray(flows.sum(axis=1) - np.diag(flows))
