"""Read a Stata file of published data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from openward.errors import MissingDataError


def read_stata(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Read columns of a ``.dta`` file.

    Raises
    ------
    MissingDataError
        The file or a column is absent, or pandas is, whose reader it is.
    """
    if not path.is_file():
        raise MissingDataError(
            f"the file {path.name} is not there",
            where=str(path),
            hint="name the folder that holds simulation/ with --data",
        )
    try:
        import pandas as pd
    except ImportError as missing:
        raise MissingDataError(
            "Stata files are read with pandas", hint="pip install 'openward[estimate]'", where=str(path)
        ) from missing
    frame = pd.read_stata(path)
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise MissingDataError(
            f"no column {', '.join(absent)}", where=str(path), hint="is it another edition?"
        )
    return pl.DataFrame({name: frame[name].to_numpy() for name in columns})
