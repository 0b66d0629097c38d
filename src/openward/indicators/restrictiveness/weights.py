"""Imports by partner and industry, from a trade table of industries or of products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.codes.correlation import EDITIONS, correlation
from openward.codes.economies import economies
from openward.errors import InputError, MissingDataError
from openward.indicators.catalogue import Frame
from openward.indicators.restrictiveness.schedule import SECTORS

Array = NDArray[np.float64]

MOST_UNPLACED = 0.01
"""Part of the value that may be of products no industry is known for."""


@dataclass(frozen=True, slots=True, eq=False)
class Imports:
    """Imports by partner and industry.

    Attributes
    ----------
    year : int
    partners : tuple of str
        P economies, sorted.
    value : mapping from importer to [P, J]
        In the unit of the table; industries in the order of ``SECTORS``.
    """

    year: int
    partners: tuple[str, ...]
    value: dict[str, Array]

    def of(self, economy: str) -> Array:
        """Give the imports of an economy; zeros where the table has none."""
        found = self.value.get(economy)
        return np.zeros((len(self.partners), len(SECTORS))) if found is None else found


def imports_of(trade: Frame, *, on: date, year: int | None, importers: tuple[str, ...]) -> Imports:
    """Sum a trade table to importer, partner and industry.

    Parameters
    ----------
    trade : Frame
        Columns year, exporter, importer, product, value; products are the fifty industries, or codes of the
        Harmonized System of six digits (any of HS2022, HS2017, HS2012).
    on : date
    year : int, optional
        Of the trade; by default the last year of the table that is not after ``on``, else its first.
    importers : tuple of str

    Raises
    ------
    MissingDataError
        The table has nothing for the year.
    InputError
        More than one percent of the value is of products of no industry.
    """
    chosen = trade_year(trade, on=on, year=year)
    kept = trade.filter(nw.col("year") == chosen, nw.col("importer").is_in(list(importers)))
    summed = kept.group_by("importer", "exporter", "product").agg(nw.col("value").sum())
    frame = summed.collect(backend="polars").to_polars()
    frame = frame.filter(
        pl.col("exporter").is_in(list(economies())), pl.col("exporter") != pl.col("importer")
    )
    placed = frame.with_columns(sector=_sectors(frame["product"]))
    lost = placed.filter(pl.col("sector").is_null())
    if placed.height and float(lost["value"].sum()) > MOST_UNPLACED * float(placed["value"].sum()):
        raise InputError(
            f"products of no known industry, the first {lost['product'][0]!r}",
            where="trade: product",
            hint="weights need the fifty industries (the world that ships has them), or six-digit HS codes",
        )
    partners = tuple(sorted(set(frame["exporter"].to_list())))
    row = {code: p for p, code in enumerate(partners)}
    column = {code: j for j, code in enumerate(SECTORS)}
    value = {code: np.zeros((len(partners), len(SECTORS))) for code in importers}
    for importer, exporter, sector, amount in (
        placed.drop_nulls("sector").select("importer", "exporter", "sector", "value").iter_rows()
    ):
        value[importer][row[exporter], column[sector]] += amount
    return Imports(chosen, partners, value)


def trade_year(trade: Frame, *, on: date, year: int | None) -> int:
    """Choose the year of the weights: as asked, or the last that is not after the day, else the first."""
    years = sorted(
        int(y) for y in trade.select("year").unique().collect(backend="polars").to_polars()["year"].to_list()
    )
    if not years or (year is not None and year not in years):
        raise MissingDataError(
            "the trade table is empty" if not years else f"the trade table has no year {year}",
            where="trade: year",
            hint=f"it has {years[0]} to {years[-1]}" if years else "openward data get baci --year 2023",
        )
    past = [y for y in years if y <= on.year]
    return year if year is not None else (past[-1] if past else years[0])


def _sectors(products: pl.Series) -> pl.Series:
    found: dict[str, str] = {code: code for code in SECTORS}
    for edition in EDITIONS:
        for hs6, code in correlation(edition).items():
            found.setdefault(hs6, code)
    return products.replace_strict(found, default=None, return_dtype=pl.String)
