"""The WIOD 2013 release in long Parquet files, as an inter-country input-output table."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, MissingDataError
from openward.observe.input_output import Array, InputOutput, input_output

ISO_CODES = {"ROM": "ROU", "RoW": "ROW"}
"""Codes of the release that are not ISO 3166 (Romania), or not upper case (the rest of the world)."""

INVENTORIES = 5
"""Number of the final use that holds changes in stocks."""


@dataclass(frozen=True, slots=True, eq=False)
class WiodTable:
    """A year of WIOD.

    Attributes
    ----------
    table : InputOutput
        41 economies in the order of the release's codes, 35 industries; final demand with its negative
        changes in stocks; output is the row sum, negative where only stocks were run down.
    stocks : [n, G]
        The part of final demand that is changes in stocks.
    """

    table: InputOutput
    stocks: Array


def read_wiod_table(directory: Path, *, year: int = 2011) -> WiodTable:
    """Read ``wiod<year>_Z.parquet`` and ``wiod<year>_F.parquet``, every cell as published.

    Unlike `openward.observe.wiod.read_wiod`, which prepares the table that the world pack's reconstruction is
    tried on, negative changes in stocks are kept: gross exports are those of the source.

    Raises
    ------
    MissingDataError
        A file is absent.
    InputError
        A file is empty.
    """
    uses, final = (_read(directory / f"wiod{year}_{part}.parquet") for part in ("Z", "F"))
    economies = sorted({*uses["row_country"], *final["row_country"], *final["col_country"]})
    sectors = sorted({*uses["row_ind"], *final["row_ind"]}, key=lambda code: (len(code), code))
    n, g = len(economies) * len(sectors), len(economies)
    rows = _nodes(final, "row", economies, sectors)
    to = _at(final, "col_country", economies)
    sold = final["value_musd"].to_numpy().astype(np.float64)
    in_stock = (final["final_use"] == INVENTORIES).to_numpy()
    Z, F, stocks = np.zeros((n, n)), np.zeros((n, g)), np.zeros((n, g))
    np.add.at(
        Z,
        (_nodes(uses, "row", economies, sectors), _nodes(uses, "col", economies, sectors)),
        uses["value_musd"].to_numpy().astype(np.float64),
    )
    np.add.at(F, (rows, to), sold)
    np.add.at(stocks, (rows[in_stock], to[in_stock]), sold[in_stock])
    table = input_output(
        economies=[ISO_CODES.get(code, code) for code in economies],
        sectors=sectors,
        Z=Z,
        F=F,
        year=year,
        unit="million USD",
        source=f"World Input-Output Database, release 2013, {year}",
        notes=("output is the sum of the row", "value added includes taxes less subsidies and margins"),
    )
    return WiodTable(table=table, stocks=stocks)


ARCHIVE_USES = 5
"""Kinds of final use that an archive holds for each economy, changes in stocks last."""


def read_wiod_archive(path: Path) -> WiodTable:
    """Read one year of the release from an R archive (``wiot_1995.RData``), every cell as published.

    The archive holds a list of year, economies, industries, intermediate sales [n, n], final sales [n, 5 G]
    (five uses for each buyer in turn) and output.

    Raises
    ------
    MissingDataError
        The file is absent, or the package rdata.
    InputError
        It is not an archive of this layout.
    """
    if not path.is_file():
        raise MissingDataError("the WIOD table is not there", where=str(path), hint="name its file")
    try:
        import rdata
    except ImportError as missing:
        raise MissingDataError(
            "R archives are read with the package rdata",
            hint="pip install 'openward[sources]'",
            where=str(path),
        ) from missing
    try:
        with warnings.catch_warnings():
            # The archive's own class of lists has no reader of its own, nor needs one.
            warnings.filterwarnings("ignore", message="Missing constructor for R class")
            (held,) = rdata.read_rda(path).values()
        economies = [str(code) for code in held["countries"]]
        sectors = [str(code) for code in held["industries"]]
        year = int(held["year"][0])
        n, g = len(economies) * len(sectors), len(economies)
        Z = np.asarray(held["inter"], dtype=np.float64).reshape(n, n)
        uses = np.asarray(held["final"], dtype=np.float64).reshape(n, g, ARCHIVE_USES)
    except (KeyError, ValueError, TypeError, NotImplementedError, EOFError, OSError) as bad:
        raise InputError(
            f"not a WIOD archive: {bad}", where=str(path), hint="expected a list of year, countries, ..."
        ) from bad
    table = input_output(
        economies=[ISO_CODES.get(code, code) for code in economies],
        sectors=sectors,
        Z=Z,
        F=uses.sum(axis=2),
        year=year,
        unit="million USD",
        source=f"World Input-Output Database, release 2013, {year}",
        notes=("output is the sum of the row", "value added includes taxes less subsidies and margins"),
    )
    return WiodTable(table=table, stocks=uses[:, :, -1].copy())


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise MissingDataError("the WIOD table is not there", where=str(path), hint="name its folder")
    frame = pl.read_parquet(path).with_columns(pl.col(pl.Categorical).cast(pl.String))
    if frame.is_empty():
        raise InputError("the table has no rows", where=str(path))
    return frame


def _nodes(frame: pl.DataFrame, side: str, economies: list[str], sectors: list[str]) -> NDArray[np.intp]:
    economy = _at(frame, f"{side}_country", economies)
    return np.asarray(economy * len(sectors) + _at(frame, f"{side}_ind", sectors), dtype=np.intp)


def _at(frame: pl.DataFrame, column: str, codes: list[str]) -> NDArray[np.intp]:
    places = {code: at for at, code in enumerate(codes)}
    return frame[column].replace_strict(places, return_dtype=pl.Int64).to_numpy().astype(np.intp)
