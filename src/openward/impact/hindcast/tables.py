"""Observed trade: bilateral tables of anybody's codes to the pairs of an episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from openward.simulate.baseline import Array


def bilateral(
    frame: pl.DataFrame, economies: Sequence[str], *, group: Mapping[str, str], rest: str | None
) -> Array:
    """Sum trade by importer and exporter [N, N], without trade inside a group.

    Parameters
    ----------
    frame : pl.DataFrame
        ``importer``, ``exporter``, ``value``.
    economies : sequence of str
    group : mapping
        Members of a group to its code.
    rest : str or None
        Code that everybody else belongs to; None: they are left out.
    """
    at = {code: n for n, code in enumerate(economies)}
    others = -1 if rest is None else at[rest]
    place = {
        code: at.get(group.get(code, code), others)
        for column in ("importer", "exporter")
        for code in frame[column].unique()
    }
    importer = np.array([place[code] for code in frame["importer"]], dtype=np.intp)
    exporter = np.array([place[code] for code in frame["exporter"]], dtype=np.intp)
    kept = (importer >= 0) & (exporter >= 0)
    values = frame["value"].to_numpy().astype(np.float64)
    out = np.zeros((len(economies), len(economies)))
    np.add.at(out, (importer[kept], exporter[kept]), values[kept])
    np.fill_diagonal(out, 0.0)
    return out
