"""The Advanced Guide to Trade Policy Analysis: gravity estimates, and a world without borders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.reproduce.agtpa_borders import borders
from openward.reproduce.reproduction import Cell, Reproduction, compare
from openward.simulate.estimate.ppml import PoissonEstimate, ppml
from openward.simulate.gravity.resistance import Array
from openward.simulate.published import read_table

NAME = "agtpa-2016"
SOURCE = (
    "Yotov, Piermartini, Monteiro and Larch (2016), An Advanced Guide to Trade Policy Analysis, ch. 1 and 2"
)
YEARS = (1986, 1990, 1994, 1998, 2002, 2006)
COLUMNS = (
    "exporter", "importer", "pair_id", "year", "trade", "dist", "cntg", "lang", "clny",
    "rta", "rta_lag4", "rta_lag8", "rta_lag12", "rta_lead4",
)  # fmt: skip
HALF_DIGIT = 5e-4
Codes = NDArray[np.generic]
Published = Mapping[str, tuple[float, float | None]]
TRADITIONAL: Published = {
    "ln distance": (-0.841, 0.032),
    "contiguity": (0.437, 0.083),
    "language": (0.247, 0.077),
    "colony": (-0.222, 0.116),
}
PHASED: Published = {
    "rta": (0.291, None),
    "rta, 4 years before": (0.414, None),
    "rta, 8 years before": (0.169, None),
    "rta, 12 years before": (0.119, None),
}
GLOBAL: Published = {
    "rta": (0.116, None),
    "rta, 4 years before": (0.288, None),
    "rta, 8 years before": (0.069, None),
    "rta, 12 years before": (0.002, None),
    "border 1986": (-0.706, None),
    "border 1990": (-0.480, None),
    "border 1994": (-0.367, None),
    "border 1998": (-0.158, None),
    "border 2002": (-0.141, None),
}
NOTES = (
    "Years 1986 to 2006 in steps of four. Exporter-year and importer-year effects; where there are pair "
    "effects they are the same both ways. Errors clustered by pair, G / (G - 1), as Stata's ppml.",
)


def reproduce(data: Path) -> Reproduction:
    """Estimate the tables of chapter 1, and remove borders as chapter 2 does."""
    folder = data / "economy"
    panel = read_table(folder / "agtpa_gravity_1986_2006.parquet", COLUMNS)
    every_fourth = panel.filter(pl.col("year").is_in(YEARS))
    cells, notes = borders(panel.filter(pl.col("year") == YEARS[-1]), data / "simulation")
    return Reproduction(NAME, SOURCE, (*_chapter_1(every_fourth), *cells), (*NOTES, *notes))


def _chapter_1(panel: pl.DataFrame) -> list[Cell]:
    foreign = panel.filter(pl.col("exporter") != pl.col("importer"))
    distances = _columns(
        foreign.with_columns(pl.col("dist").log()),
        {"ln distance": "dist", "contiguity": "cntg", "language": "lang", "colony": "clny"},
    )
    lags = {
        "rta": "rta", "rta, 4 years before": "rta_lag4", "rta, 8 years before": "rta_lag8",
        "rta, 12 years before": "rta_lag12",
    }  # fmt: skip
    abroad = (panel["exporter"] != panel["importer"]).to_numpy().astype(np.float64)
    year = panel["year"].to_numpy()
    fences = {f"border {one}": abroad * (year == one) for one in YEARS[:-1]}
    phased = _columns(panel, lags)
    table_1 = _estimate(foreign, distances, with_pairs=False)
    cells = _against("table 1 (4)", table_1, TRADITIONAL)
    cells.append(
        compare("table 1 (4)", "observations", published=28152, computed=int(table_1.used.sum()), tolerance=0)
    )
    with_rta = _estimate(foreign, {**distances, **_columns(foreign, {"rta": "rta"})}, with_pairs=False)
    cells += _against("table 3 (2)", with_rta, {"rta": (0.191, 0.066)})
    paired = _estimate(panel, _columns(panel, {"rta": "rta"}), with_pairs=True)
    cells += _against("table 3 (4)", paired, {"rta": (0.557, 0.102)})
    leads = _columns(panel, {"rta": "rta", "rta, 4 years after": "rta_lead4"})
    cells += _against(
        "table 3 (5)",
        _estimate(panel, leads, with_pairs=True),
        {"rta": (0.520, None), "rta, 4 years after": (0.077, None)},
    )
    cells += _against("table 3 (6)", _estimate(panel, phased, with_pairs=True), PHASED)
    cells += _against("table 3 (7)", _estimate(panel, {**phased, **fences}, with_pairs=True), GLOBAL)
    return cells


def _columns(frame: pl.DataFrame, names: Mapping[str, str]) -> dict[str, Array]:
    return {label: frame[name].cast(pl.Float64).to_numpy() for label, name in names.items()}


def _estimate(frame: pl.DataFrame, regressors: Mapping[str, Array], *, with_pairs: bool) -> PoissonEstimate:
    def crossed(*names: str) -> Codes:
        return (
            frame.select(pl.concat_str(pl.col(names).cast(pl.String), separator="|")).to_series().to_numpy()
        )

    pair = frame["pair_id"].to_numpy()
    effects = [crossed("exporter", "year"), crossed("importer", "year"), *([pair] if with_pairs else [])]
    return ppml(outcome=frame["trade"].to_numpy(), regressors=regressors, effects=effects, clusters=[pair])


def _against(row: str, estimate: PoissonEstimate, published: Published) -> list[Cell]:
    errors = dict(zip(estimate.names, estimate.standard_errors, strict=True))
    cells = []
    for name, (value, error) in published.items():
        computed = estimate.as_dict()[name]
        cells.append(compare(row, name, published=value, computed=computed, tolerance=HALF_DIGIT))
        if error is not None:
            cells.append(
                compare(
                    row, f"{name}, error", published=error, computed=float(errors[name]), tolerance=HALF_DIGIT
                )
            )
    return cells
