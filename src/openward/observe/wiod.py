"""World input-output tables of the WIOD 2013 release, where final demand by destination is published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, MissingDataError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class InterCountryTable:
    """An inter-country input-output table with final demand by destination.

    Attributes
    ----------
    economies, industries : tuple of str
    uses : [N, N, J, J]
        ``uses[importer, exporter, input, using]``, intermediate sales, million USD.
    final : [N, N, J]
        ``final[importer, exporter, sector]``, sales to final users, million USD.
    """

    economies: tuple[str, ...]
    industries: tuple[str, ...]
    uses: Array
    final: Array

    @property
    def intermediate(self) -> Array:
        """Sales to industries [importer, exporter, sector]."""
        return np.asarray(self.uses.sum(axis=3), dtype=np.float64)

    @property
    def output(self) -> Array:
        """Row sums [exporter, sector]."""
        return np.asarray((self.intermediate + self.final).sum(axis=0), dtype=np.float64)

    @property
    def value_added(self) -> Array:
        """Output less intermediate inputs [economy, sector]; includes net taxes on products."""
        return np.asarray(self.output - self.uses.sum(axis=(1, 2)), dtype=np.float64)

    def without(self, economy: str) -> InterCountryTable:
        """Drop an economy: its purchases become final sales of nobody, its deliveries value added."""
        keep = np.array([code != economy for code in self.economies])
        return InterCountryTable(
            economies=tuple(code for code in self.economies if code != economy),
            industries=self.industries,
            uses=self.uses[keep][:, keep],
            final=self.final[keep][:, keep],
        )


def read_wiod(directory: Path, *, year: int = 2011) -> InterCountryTable:
    """Read ``wiod<year>_Z.parquet`` and ``wiod<year>_F.parquet``.

    Negative final sales (changes in stocks) are set to zero, as in the table the world pack starts from;
    output is the sum of the row.

    Parameters
    ----------
    directory : Path
        Folder that holds both files.
    year : int

    Returns
    -------
    InterCountryTable

    Raises
    ------
    MissingDataError
        A file is absent.
    """
    uses = _read(directory / f"wiod{year}_Z.parquet")
    final = _read(directory / f"wiod{year}_F.parquet")
    economies = sorted({*uses["row_country"], *final["row_country"], *final["col_country"]})
    industries = sorted({*uses["row_ind"], *final["row_ind"]}, key=lambda code: (len(code), code))
    place = {code: at for at, code in enumerate(economies)}
    sector = {code: at for at, code in enumerate(industries)}
    n, j = len(economies), len(industries)
    use_array, final_array = np.zeros((n, n, j, j)), np.zeros((n, n, j))
    np.add.at(
        use_array,
        (
            _at(uses, "col_country", place),
            _at(uses, "row_country", place),
            _at(uses, "row_ind", sector),
            _at(uses, "col_ind", sector),
        ),
        uses["value_musd"].to_numpy().astype(np.float64),
    )
    np.add.at(
        final_array,
        (_at(final, "col_country", place), _at(final, "row_country", place), _at(final, "row_ind", sector)),
        final["value_musd"].to_numpy().astype(np.float64),
    )
    return InterCountryTable(
        economies=tuple(economies),
        industries=tuple(industries),
        uses=use_array,
        final=np.maximum(final_array, 0.0),
    )


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise MissingDataError("the WIOD table is not there", where=str(path), hint="name its folder")
    frame = pl.read_parquet(path).with_columns(pl.col(pl.Categorical).cast(pl.String))
    if frame.is_empty():
        raise InputError("the table has no rows", where=str(path))
    return frame


def _at(frame: pl.DataFrame, column: str, places: dict[str, int]) -> NDArray[np.intp]:
    return frame[column].replace_strict(places, return_dtype=pl.Int64).to_numpy().astype(np.intp)
