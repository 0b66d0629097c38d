"""What both book builders need: weights, correlations between HS editions, CSV rows of measures."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

COLUMNS = (
    *("id", "instrument", "imposed_by", "flow", "partners", "exclude", "products", "edition", "sectors"),
    *("duty", "conditions", "from", "to", "act", "article", "status", "note", "zone", "items", "text"),
    "recorded",
)


def write_measures(path: Path, rows: Iterable[Mapping[str, str]]) -> int:
    """Write measures, one a row, with the columns that say something; give their number."""
    listed = list(rows)
    columns = [name for name in COLUMNS if any(row.get(name) for row in listed)]
    write_table(path, columns, ([row.get(name, "") for name in columns] for row in listed))
    return len(listed)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a plain table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def percent(points: float) -> str:
    """Print percentage points as a duty sentence with two decimals at most."""
    return f"{round(points, 2) + 0.0:.2f}".rstrip("0").rstrip(".") + " %"


def nomenclature(shared: Path, name: str) -> dict[str, str]:
    """Give the one-to-one table between two HS editions, e.g. ``hs6_hs5`` (HS2022 to HS2017)."""
    path = shared / "data/tariff/nomenclature" / f"concordance_{name}.csv"
    table = pl.read_csv(path, infer_schema=False)
    return dict(zip(table.to_series(0).to_list(), table.to_series(3).to_list(), strict=True))


def reference_imports(shared: Path, *, origin: str | None = None) -> dict[str, float]:
    """Give imports of the United States for consumption in 2024, USD by HS2022 subheading.

    Parameters
    ----------
    shared : Path
    origin : str, optional
        One origin; all where absent. Slovakia is inside EU27 and not counted twice.
    """
    table = pl.read_parquet(shared / "data/economy/us_imports_2024_hs10.parquet").with_columns(
        pl.col("hs10").cast(pl.String), pl.col("origin").cast(pl.String)
    )
    keep = pl.col("origin") == origin if origin else pl.col("origin") != "SVK"
    table = table.filter(keep, pl.col("hs10").str.slice(0, 2).cast(pl.Int32) <= 97)
    table = table.group_by(pl.col("hs10").str.slice(0, 6).alias("hs6")).agg(pl.col("imports_usd").sum())
    return dict(sorted(zip(table["hs6"].to_list(), table["imports_usd"].to_list(), strict=True)))


def convert(values: Mapping[str, float], table: Mapping[str, str]) -> dict[str, float]:
    """Carry values by subheading into another edition; codes without an answer are dropped."""
    out: dict[str, float] = defaultdict(float)
    for code, value in values.items():
        if code in table:
            out[table[code]] += value
    return dict(out)


def mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Give the weighted mean, the simple one where all weights are zero."""
    total = sum(weights)
    if total > 0:
        return sum(v * w for v, w in zip(values, weights, strict=True)) / total
    return sum(values) / len(values)
