"""Results on nodes and economies as rows with keys, for the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.indicators.catalogue import Frame
from openward.observe.input_output import Array, InputOutput


def by_exporter(*, table: InputOutput, terms: Mapping[str, Array]) -> Frame:
    """Give rows exporter, term from arrays [G]."""
    economies = list(table.economies)
    return _stack(
        {
            term: pl.DataFrame({"exporter": economies, "term": [term] * len(economies), "value": values})
            for term, values in terms.items()
        }
    )


def by_flow(*, table: InputOutput, terms: Mapping[str, Array]) -> Frame:
    """Give rows exporter, sector, importer, term from arrays [n, G]; nodes of one sector are summed.

    Flows at home are not exports and are left out.
    """
    n, g = len(table.output), len(table.economies)
    exporter, importer = np.repeat(table.node_economy, g), np.tile(np.arange(g), n)
    away = exporter != importer
    keys = pl.DataFrame(
        {
            "exporter": np.array(table.economies)[exporter[away]],
            "sector": np.array(table.sectors)[np.repeat(table.node_sector, g)[away]],
            "importer": np.array(table.economies)[importer[away]],
        }
    )
    return _stack(
        {
            term: keys.with_columns(pl.lit(term).alias("term"), pl.Series("value", np.ravel(values)[away]))
            .group_by("exporter", "sector", "importer", "term", maintain_order=True)
            .agg(pl.col("value").sum())
            for term, values in terms.items()
        }
    )


def by_pair(*, table: InputOutput, terms: Mapping[str, Array]) -> Frame:
    """Give rows exporter, importer, term from arrays [G, G], off the diagonal."""
    g = len(table.economies)
    exporter, importer = np.repeat(np.arange(g), g), np.tile(np.arange(g), g)
    away = exporter != importer
    codes = np.array(table.economies)
    keys = pl.DataFrame({"exporter": codes[exporter[away]], "importer": codes[importer[away]]})
    return _stack(
        {
            term: keys.with_columns(pl.lit(term).alias("term"), pl.Series("value", np.ravel(values)[away]))
            for term, values in terms.items()
        }
    )


def by_sector(*, table: InputOutput, values: Array, weights: Array | None = None) -> Frame:
    """Give rows economy, sector from an array [n].

    Parameters
    ----------
    weights : [n], optional
        Average nodes of one sector with them, and leave out sectors without; sum them by default.
    """
    frame = pl.DataFrame(
        {
            "economy": np.array(table.economies)[table.node_economy],
            "sector": np.array(table.sectors)[table.node_sector],
            "value": values,
            "weight": np.ones_like(values) if weights is None else weights,
        }
    ).filter(pl.col("weight") > 0)
    total = (pl.col("value") * pl.col("weight")).sum()
    value = total if weights is None else total / pl.col("weight").sum()
    found = frame.group_by("economy", "sector", maintain_order=True).agg(value.alias("value"))
    return nw.from_native(found.lazy())


def by_economy(*, table: InputOutput, values: Array, keep: NDArray[np.bool_], name: str) -> Frame:
    """Give rows of one key from an array [G], where ``keep`` is true."""
    frame = pl.DataFrame({name: np.array(table.economies)[keep], "value": values[keep]})
    return nw.from_native(frame.lazy())


def _stack(frames: Mapping[str, pl.DataFrame]) -> Frame:
    return nw.from_native(pl.concat(frames.values()).lazy())
