"""How fast China opens to ASEAN under RCEP: share of tariff lines at zero, by year of the agreement."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from openward.reproduce.reproduction import Reproduction, beside, compare
from openward.simulate.published import read_table

NAME = "rcep-china-asean"
SOURCE = "RCEP, Annex I, schedule of China, section A (ASEAN); shares as the ministry publishes them"
PUBLISHED = {1: 67.9, 10: 80.6, 20: 90.5}
TOLERANCE = 0.05
NOTES = (
    "Over all 8,277 lines, the 340 excluded ones included: an excluded line is not free, whatever its rate.",
)


def reproduce(data: Path) -> Reproduction:
    """Count the lines at zero in the first, tenth and twentieth year."""
    columns = ("excluded", *(f"y{year}" for year in PUBLISHED))
    frame = read_table(data / "economy" / "rcep_china_asean_schedule.parquet", columns)
    free = {
        year: int(frame.filter(~pl.col("excluded") & (pl.col(f"y{year}") == 0)).height) for year in PUBLISHED
    }
    cells = [
        compare(
            f"year {year}",
            "lines at zero %",
            published=share,
            computed=100.0 * free[year] / len(frame),
            tolerance=TOLERANCE,
        )
        for year, share in PUBLISHED.items()
    ]
    cells.append(beside("all years", "lines", float(len(frame))))
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)
