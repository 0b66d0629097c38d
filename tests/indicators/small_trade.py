"""Trade of three economies, small enough to work out by hand."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from openward.indicators.catalogue import Frame, find

FIRST = [
    ("AUT", "BEL", "p", 60.0),
    ("AUT", "BEL", "q", 20.0),
    ("AUT", "CHE", "p", 20.0),
    ("BEL", "AUT", "p", 50.0),
    ("BEL", "CHE", "q", 10.0),
    ("CHE", "AUT", "r", 50.0),
]
SECOND = [("AUT", "BEL", "p", 50.0), ("AUT", "CHE", "r", 50.0), ("CHE", "AUT", "r", 5.0)]


def trade(years: dict[int, list[tuple[str, str, str, float]]]) -> Frame:
    """Give a table of trade without quantities."""
    rows = [(year, *row, None) for year, rows in years.items() for row in rows]
    names = {
        "year": pl.Int32,
        "exporter": pl.String,
        "importer": pl.String,
        "product": pl.String,
        "value": pl.Float64,
        "quantity": pl.Float64,
    }
    return nw.from_native(pl.DataFrame(rows, schema=names, orient="row").lazy())


def values(name: str, **given: Any) -> dict[Any, float]:
    """Compute an indicator and give its values by key (without the year where there is one year)."""
    entry = find(name)
    frame = entry.compute(**given).collect().to_native()
    if "year" in entry.keys and frame["year"].n_unique() == 1:
        frame = frame.drop("year")
    keys = [key for key in entry.keys if key in frame.columns]
    return {
        row[0] if len(row) == 2 else row[:-1]: row[-1] for row in frame.select(*keys, "value").iter_rows()
    }
