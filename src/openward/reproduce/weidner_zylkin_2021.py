"""The bias of three-way PPML on the example of its authors' Stata command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.reproduce.reproduction import Reproduction, compare
from openward.reproduce.stata import read_stata
from openward.simulate.estimate.incidental import correct_incidental
from openward.simulate.estimate.ppml import ppml

NAME = "weidner-zylkin-2021"
SOURCE = "Weidner and Zylkin (2021), J. Int. Econ. 132: example of ppml_fe_bias, manufactures"
PUBLISHED = {
    "estimate": 0.1780290,
    "standard error": 0.0350079,
    "bias": 0.0076568,
    "adjusted standard error": 0.0419559,
    "corrected estimate": 0.1703722,
}
HALF_DIGIT = 5e-8
NOTES = (
    "65 economies, 5 years, errors clustered by pair with G / (G - 1). The bias is that of the sums over "
    "partners times N / (N - 1); the variance uses the leverage of all estimated parameters, one-sided.",
)


def reproduce(data: Path) -> Reproduction:
    """Estimate and correct again."""
    columns = ("isoexp", "isoimp", "category", "year", "trade", "fta")
    frame = read_stata(data / "simulation" / "PPMLFEBIAS_EXAMPLE_DATA.dta", columns)
    frame = frame.filter(pl.col("category").cast(pl.String) == "MANUF")
    exporter, importer = (frame[name].cast(pl.String).to_numpy() for name in ("isoexp", "isoimp"))
    year = frame["year"].to_numpy()
    outcome = frame["trade"].cast(pl.Float64).to_numpy()

    def crossed(*names: str) -> NDArray[np.generic]:
        return (
            frame.select(pl.concat_str(pl.col(names).cast(pl.String), separator="|")).to_series().to_numpy()
        )

    pair = crossed("isoexp", "isoimp")
    estimate = ppml(
        outcome=outcome,
        regressors={"fta": frame["fta"].cast(pl.Float64).to_numpy()},
        effects=[crossed("isoexp", "year"), crossed("isoimp", "year"), pair],
        clusters=[pair],
    )
    corrected = correct_incidental(
        estimate, outcome=outcome, exporter=exporter, importer=importer, period=year, pair_effects=True
    )
    computed = {
        "estimate": estimate.coefficients[0],
        "standard error": estimate.standard_errors[0],
        "bias": corrected.bias[0],
        "adjusted standard error": corrected.standard_errors[0],
        "corrected estimate": corrected.coefficients[0],
    }
    cells = tuple(
        compare("fta", column, published=value, computed=float(computed[column]), tolerance=HALF_DIGIT)
        for column, value in PUBLISHED.items()
    )
    return Reproduction(NAME, SOURCE, cells, NOTES)
