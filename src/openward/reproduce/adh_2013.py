"""The effect of imports from China on manufacturing employment: Autor, Dorn and Hanson (2013), table 3."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from openward.reproduce.reproduction import Cell, Reproduction, beside, compare
from openward.simulate.estimate.instrumental import InstrumentalEstimate, two_stage_least_squares
from openward.simulate.published import read_table

NAME = "adh-2013"
SOURCE = "Autor, Dorn and Hanson (2013), Am. Econ. Rev. 103, 2121-2168, table 3, columns 1 and 6"
CONTROLS = (
    "l_shind_manuf_cbp",
    "l_sh_popedu_c",
    "l_sh_popfborn",
    "l_sh_empl_f",
    "l_sh_routine33",
    "l_task_outsource",
)
COLUMNS = ("d_sh_empl_mfg", "shock", "IV", "weights", "statefip", "t2", "division", *CONTROLS)
PUBLISHED = {"column 1": (-0.746, 0.068, 0.792), "column 6": (-0.596, 0.099, 0.631)}
LABELS = ("2SLS coefficient", "standard error", "first stage")
TOLERANCE = 0.0005
NOTES = (
    "722 commuting zones in two periods; weights are the zones' shares of population at the start of the "
    "period. Column 1 holds a period dummy; column 6 also the census divisions and six characteristics then.",
    "Errors are clustered by state without a small-sample factor; with it the second is 0.100.",
)


def reproduce(data: Path) -> Reproduction:
    """Estimate both columns again from the authors' regions."""
    frame = read_table(data / "economy" / "adh_regions.parquet", COLUMNS)
    constant = np.ones(len(frame))
    period = frame["t2"].cast(pl.Float64).to_numpy()
    divisions = frame["division"].to_numpy()
    dummies = [(divisions == name).astype(np.float64) for name in np.unique(divisions)[1:]]
    controls = {
        "column 1": np.column_stack([constant, period]),
        "column 6": np.column_stack([constant, period, frame.select(CONTROLS).to_numpy(), *dummies]),
    }
    cells: list[Cell] = []
    for column, published in PUBLISHED.items():
        plain = _estimate(frame, controls[column], small_sample=False)
        computed = (plain.coefficient, plain.standard_error, plain.first_stage)
        cells += [
            compare(column, label, published=known, computed=found, tolerance=TOLERANCE)
            for label, known, found in zip(LABELS, published, computed, strict=True)
        ]
        small = _estimate(frame, controls[column], small_sample=True)
        cells.append(beside(column, "standard error, small-sample factor", small.standard_error))
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)


def _estimate(frame: pl.DataFrame, controls: np.ndarray, *, small_sample: bool) -> InstrumentalEstimate:
    return two_stage_least_squares(
        outcome=frame["d_sh_empl_mfg"].to_numpy(),
        endogenous=frame["shock"].to_numpy(),
        instrument=frame["IV"].to_numpy(),
        controls=controls,
        weights=frame["weights"].to_numpy(),
        clusters=frame["statefip"].cast(pl.Int64).to_numpy(),
        small_sample=small_sample,
    )
