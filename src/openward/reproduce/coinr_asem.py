"""The ASEM connectivity index, step by step, as COINr publishes it: values, ranks, intervals, sensitivity."""

from __future__ import annotations

from dataclasses import replace
from math import floor, log10
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import MissingDataError
from openward.indicators.composite.analysis import correlations
from openward.indicators.composite.build import Index, Stage, build
from openward.indicators.composite.data import IndexData, read_table
from openward.indicators.composite.design import choices, draw
from openward.indicators.composite.engine import Engine
from openward.indicators.composite.hierarchy import hierarchy
from openward.indicators.composite.reading import read_spec
from openward.indicators.composite.sobol import sensitivity
from openward.indicators.composite.spec import IndexSpec
from openward.indicators.composite.statistics import column_statistics
from openward.indicators.composite.steps import Aggregate, Normalize, Treat
from openward.indicators.composite.treat import treated
from openward.reproduce.reproduction import Cell, Reproduction, beside, compare

Array = NDArray[np.float64]

NAME = "coinr-asem"
SOURCE = "COINr 1.1.14 (CRAN): ASEM Sustainable Connectivity index, 51 economies, 49 indicators"
TOLERANCE = 1e-9
PRINTED = 5e-7
"""Half the last digit of the tables of results, printed with six decimals."""
STEPS = {
    "Denominated": "denominate",
    "Imputed": "impute",
    "Screened": "screen",
    "Treated": "treat",
    "Normalised": "normalize",
}
REPLICATES = 20_000
BASE = 60_000
SEED = 2018
WIDTH = 0.02
"""Widest interval of our own on a total-order index."""
DRAWS = {"UA": 100, "SA": 200}
"""Replicates behind the published rank statistics."""
MERGED = ("TolMin", "N.Unique")
"""Count that the digits of the table as handed down do not allow."""
STATISTICS = {
    "Min": "minimum",
    "Max": "maximum",
    "Mean": "mean",
    "Median": "median",
    "Std": "sd",
    "Skew": "skewness",
    "Kurt": "kurtosis",
    "N.Avail": "available",
    "N.NonZero": "nonzero",
    "N.Unique": "unique",
    "N.Same": "same",
}
NOTES = (
    "Group means are taken after denomination. Winsorizing counts cells, not rounds, and cells that share "
    "the extreme go together. Direction -1 negates before min-max. Skewness and kurtosis are of type 2.",
    "A cell 'largest difference' stands for a whole column: published against computed, cell by cell.",
    "TolMin: the published count of different values was taken before the data were written with 15 digits; "
    "values that differ beyond them are one here.",
    "Published rank statistics come from 100 (UA) and 200 (SA) random replicates of unknown seed: ours, from "
    f"{REPLICATES:,} replicates, are held against them within four standard errors of so many draws.",
    "Sensitivity indices are held against the middle of their published 5-95 % bands, with half the band as "
    f"tolerance; ours rest on {6 * BASE:,} replicates, weights drawn anew for each.",
)


def reproduce(data: Path) -> Reproduction:
    """Compute the published index again, and how sure it is."""
    folder = data / "measure" / "coinr"
    spec = read_spec("asem-connectivity")
    raw = read_table(spec, data)
    index = build(spec, raw)
    cells = _aggregates(index, folder)
    cells += [
        cell for table, step in STEPS.items() for cell in _columns(index.stage(step), index, folder, table)
    ]
    cells += _treatment(index, spec, folder)
    cells += _statistics(raw, folder)
    cells += _results(index, folder, "ranks")
    cells += _results(_with(spec, raw, "geometric"), folder, "a_gmean")
    cells += _results(_with(spec, raw, "harmonic"), folder, "a_hmean")
    cells += _correlations(index, folder)
    cells += _rank_statistics(index, spec, raw, folder)
    cells += _sensitivity(spec, raw, folder)
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)


def read(path: Path) -> pl.DataFrame:
    """Read a table of expected results."""
    if not path.is_file():
        raise MissingDataError(
            "the table is not there", where=str(path), hint="name the data folder with --data"
        )
    return pl.read_csv(path, infer_schema_length=None, null_values=["NA"])


def _aggregates(index: Index, folder: Path) -> list[Cell]:
    published = read(folder / "expected_Aggregated.csv")
    codes = published.columns[1:]
    ours = _picked(index.stage("aggregate"), index, published["uCode"].to_list(), codes)
    theirs = published.select(codes).cast(pl.Float64).to_numpy()
    return [
        compare(unit, code, published=float(theirs[r, c]), computed=float(ours[r, c]), tolerance=TOLERANCE)
        for r, unit in enumerate(published["uCode"])
        for c, code in enumerate(codes)
    ]


def _columns(stage: Stage, index: Index, folder: Path, table: str) -> list[Cell]:
    published = read(folder / f"expected_{table}.csv")
    codes = published.columns[1:]
    ours = _picked(stage, index, published["uCode"].to_list(), codes)
    theirs = published.select(pl.col(codes).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    gaps = np.isnan(ours) != np.isnan(theirs)
    apart = np.where(gaps, np.inf, np.nan_to_num(np.abs(ours - theirs)))
    return [
        compare(
            table, f"{code}: largest difference", published=0.0, computed=float(worst), tolerance=TOLERANCE
        )
        for code, worst in zip(codes, apart.max(axis=0), strict=True)
    ]


def _treatment(index: Index, spec: IndexSpec, folder: Path) -> list[Cell]:
    step = next(step for step in spec.steps if isinstance(step, Treat))
    published = read(folder / "expected_treat_table.csv")
    screened = index.stage("screen").values
    cells = []
    for row in published.iter_rows(named=True):
        column = screened[:, index.hierarchy.codes.index(row["iCode"])]
        found = treated(
            values=column,
            skew=step.skewness,
            kurt=step.kurtosis,
            max_points=step.max_points,
            otherwise=step.otherwise,
        )
        cells.append(
            compare(
                row["iCode"],
                "cells winsorized",
                published=float(row["winsorise.nwin"] or 0),
                computed=float(found.points),
                tolerance=0.0,
            )
        )
    return cells


def _statistics(raw: IndexData, folder: Path) -> list[Cell]:
    published = {row["iCode"]: row for row in read(folder / "expected_stats_raw.csv").iter_rows(named=True)}
    cells = []
    for one in column_statistics(values=raw.values, codes=raw.codes):
        for column, field in STATISTICS.items():
            value, ours = float(published[one.code][column]), getattr(one, field)
            if (one.code, column) == MERGED:
                cells.append(beside(one.code, f"{column} (published {value:.0f}, see notes)", float(ours)))
                continue
            slack = 0.0 if column.startswith("N.") else _half_digit(value, digits=3)
            cells.append(compare(one.code, column, published=value, computed=float(ours), tolerance=slack))
    return cells


def _results(index: Index, folder: Path, table: str) -> list[Cell]:
    published = read(folder / f"expected_results_{table}.csv")
    units, codes = published["uCode"].to_list(), published.columns[2:]
    apart = np.abs(
        _picked(index.stages[-1], index, units, codes) - published.select(codes).cast(pl.Float64).to_numpy()
    )
    ranks = dict(zip(index.units, index.ranks, strict=True))
    cells = [
        compare(table, f"{code}: largest difference", published=0.0, computed=float(worst), tolerance=PRINTED)
        for code, worst in zip(codes, apart.max(axis=0), strict=True)
    ]
    return cells + [
        compare(unit, f"{table}: rank", published=float(rank), computed=float(ranks[unit]), tolerance=0.0)
        for unit, rank in zip(units, published["Rank"], strict=True)
    ]


def _with(spec: IndexSpec, raw: IndexData, method: str) -> Index:
    """Build with another mean, on a scale that starts above zero."""
    steps = tuple(
        step.model_copy(update={"low": 1.0})
        if isinstance(step, Normalize)
        else step.model_copy(update={"method": method})
        if isinstance(step, Aggregate)
        else step
        for step in spec.steps
    )
    return build(spec.model_copy(update={"steps": steps}), raw)


def _correlations(index: Index, folder: Path) -> list[Cell]:
    ours = {(one.one, one.other): one for one in correlations(index, level=2, ancestors=3)}
    cells = []
    for up, pillar, value in read(folder / "expected_corr_ind_pillar.csv").iter_rows():
        found = ours[(up, pillar)]
        assert found.value is not None
        if value is None:
            cells.append(beside(pillar, f"correlation with {up} (published blank: p > 0.05)", found.value))
        else:
            cells.append(
                compare(
                    pillar,
                    f"correlation with {up}",
                    published=value,
                    computed=found.value,
                    tolerance=TOLERANCE,
                )
            )
    return cells


def _rank_statistics(index: Index, spec: IndexSpec, raw: IndexData, folder: Path) -> list[Cell]:
    tree = hierarchy(spec)
    engine = Engine(spec, tree, raw, choices(spec, tree))
    ranks, _ = engine.ranks(draw(engine.factors, replicates=REPLICATES, seed=SEED))
    nominal = dict(zip(index.units, index.ranks, strict=True))
    cells = []
    for kind, draws in DRAWS.items():
        for row in read(folder / f"expected_{kind}_results_rankstats.csv").iter_rows(named=True):
            unit = row["uCode"]
            own = np.sort(ranks[:, raw.units.index(unit)]).astype(np.float64)
            cells.append(
                compare(
                    unit,
                    f"{kind}: rank",
                    published=row["Nominal"],
                    computed=float(nominal[unit]),
                    tolerance=0.0,
                )
            )
            error = 4.0 * float(own.std(ddof=1)) / draws**0.5
            cells.append(
                compare(
                    unit,
                    f"{kind}: mean rank",
                    published=row["Mean"],
                    computed=float(own.mean()),
                    tolerance=error,
                )
            )
            cells += [
                _quantile(unit, f"{kind}: {name}", own, share, row[name], draws)
                for name, share in (("Median", 0.5), ("Q5", 0.05), ("Q95", 0.95))
            ]
    return cells


def _quantile(unit: str, column: str, own: Array, share: float, published: float, draws: int) -> Cell:
    """Hold a quantile of so many draws against ours; how far off it may be is read from our replicates."""
    error = 4.0 * (share * (1.0 - share) / draws) ** 0.5
    ends = np.quantile(own, (max(share - error, 0.0), share, min(share + error, 1.0)))
    value = float(ends[1])
    slack = max(value - float(ends[0]), float(ends[2]) - value)
    return compare(unit, column, published=published, computed=value, tolerance=slack)


def _sensitivity(spec: IndexSpec, raw: IndexData, folder: Path) -> list[Cell]:
    found = {one.factor: one for one in sensitivity(spec, raw, base=BASE, seed=SEED).indices}
    cells = []
    for row in read(folder / "expected_SA_results_sobol.csv").iter_rows(named=True):
        ours = found[row["Variable"]]
        for order, name, value in (("total", "STi", ours.total), ("first", "Si", ours.first)):
            low, high = row[f"{name}_q5"], row[f"{name}_q95"]
            cells.append(
                compare(
                    ours.factor,
                    f"{order} order, middle of the published band",
                    published=(low + high) / 2.0,
                    computed=value,
                    tolerance=(high - low) / 2.0,
                )
            )
        width = ours.total_high - ours.total_low
        cells.append(
            replace(
                compare(ours.factor, "", published=0.0, computed=width, tolerance=WIDTH),
                column="width of our 95 % interval on the total order, at most 0.02",
            )
        )
    return cells


def _picked(stage: Stage, index: Index, units: list[str], codes: list[str]) -> Array:
    rows = [stage.units.index(unit) for unit in units]
    columns = [index.hierarchy.codes.index(code) for code in codes]
    return stage.values[np.ix_(rows, columns)]


def _half_digit(value: float, *, digits: int) -> float:
    """Give half the last digit of a figure printed with so many digits."""
    return 0.5 * 10.0 ** (floor(log10(abs(value))) - digits + 1) if value else 0.5 * 10.0**-digits
