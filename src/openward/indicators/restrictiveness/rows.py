"""Results in long form: key columns and ``value``."""

from __future__ import annotations

from collections.abc import Iterable

import narwhals as nw
import polars as pl

from openward.indicators.catalogue import Frame

Cell = str | int


def long_form(keys: tuple[str, ...], rows: Iterable[tuple[Cell | float | None, ...]]) -> Frame:
    """Make a frame of rows (key, ..., value); a row whose value is None is left out."""
    kept = [row for row in rows if row[-1] is not None]
    columns: dict[str, pl.Series] = {
        name: pl.Series(name, [row[k] for row in kept], dtype=pl.Int64 if name == "year" else pl.String)
        for k, name in enumerate(keys)
    }
    columns["value"] = pl.Series("value", [row[-1] for row in kept], dtype=pl.Float64)
    return nw.from_native(pl.DataFrame(columns).lazy())
