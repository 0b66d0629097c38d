"""Monthly trade as a rectangle, series by months; what is wrong with the rows is named, never filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError

Floats = NDArray[np.float64]
WORLD = "WLD"
"""Partner of a series that adds all partners up."""


@dataclass(frozen=True, slots=True)
class Series:
    """What one row of a panel is about; `partner` is ``WLD`` where all partners are added up."""

    reporter: str
    flow: str
    product: str
    partner: str

    def __str__(self) -> str:
        """Name the series on one line."""
        verb, to = ("exports", "to") if self.flow == "export" else ("imports", "from")
        whom = "all partners" if self.partner == WORLD else self.partner
        return f"{self.reporter} {verb} of {self.product} {to} {whom}"


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Months of many series.

    Attributes
    ----------
    series : tuple of Series
        S rows.
    months : tuple of date
        T first days of month, none left out between the first and the last.
    value, quantity : array [S, T]
        USD and kg; a month without a row is 0 in both and False in `reported`.
    reported : array of bool [S, T]
        Whether the table has a row.
    weighed : array of bool [S]
        Whether at least nine of ten months with a value have a quantity; the others are watched by value.
    gaps : tuple of date
        Months in which the table has no row at all.
    notes : tuple of str
        What was found wrong and what follows from it.
    partners_known : int
        Partners that the table has for a reporter and flow, over all products: a table of two partners says
        nothing about shares in all trade.
    """

    series: tuple[Series, ...]
    months: tuple[date, ...]
    value: Floats
    quantity: Floats
    reported: NDArray[np.bool_]
    weighed: NDArray[np.bool_]
    gaps: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()
    partners_known: int = 0

    @property
    def volume(self) -> Floats:
        """Quantity in kg where the series is weighed, else value in USD [S, T]."""
        return np.where(self.weighed[:, None], self.quantity, self.value)

    def until(self, month: date) -> Panel:
        """Give the panel as it stood when `month` was the last: nothing after it can be seen."""
        end = sum(1 for one in self.months if one <= month)
        if end == 0:
            raise MissingDataError(f"no month up to {month}", hint=f"the first is {self.months[0]}")
        value, quantity = self.value[:, :end], self.quantity[:, :end]
        return replace(
            self,
            months=self.months[:end],
            value=value,
            quantity=quantity,
            reported=self.reported[:, :end],
            weighed=_weighed(value, quantity),
            gaps=tuple(gap for gap in self.gaps if gap <= month),
        )


def month_after(month: date, by: int = 1) -> date:
    """Give the first day of the month `by` months later."""
    year, at = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, at + 1, 1)


def panel(
    frame: pl.LazyFrame,
    *,
    products: Sequence[str] = (),
    partners: Sequence[str] = (),
    reporter: str | None = None,
    flow: str | None = None,
    where: str = "trade-monthly",
) -> Panel:
    """Lay monthly rows out as series, one a partner and one for all partners together.

    Parameters
    ----------
    frame : LazyFrame
        Of the dataset ``trade-monthly``.
    products : sequence of str
        Codes; a code takes everything below it. Empty: every product.
    partners : sequence of str
        Series of these partners only; the series of all partners always counts everybody.
    reporter, flow : str, optional
        Keep one only.
    where : str
        Name of the table for messages.

    Returns
    -------
    Panel

    Raises
    ------
    InputErrors
        Rows that share their key, months that are not first days, negative or empty values.
    MissingDataError
        No row is left.
    """
    kept = frame
    if products:
        starts = [pl.col("product").str.starts_with(code) for code in products]
        kept = kept.filter(pl.any_horizontal(starts))
    kept = kept.filter(
        *([pl.col("reporter") == reporter] if reporter else []), *([pl.col("flow") == flow] if flow else [])
    )
    rows = kept.select("month", "reporter", "flow", "partner", "product", "value", "quantity").collect()
    faults = _faults(rows, where)
    if faults:
        raise InputErrors(faults)
    if rows.is_empty():
        raise MissingDataError(
            "no row of the table is watched", where=where, hint="look at products and flow"
        )
    everybody = rows.group_by("month", "reporter", "flow", "product").agg(
        pl.lit(WORLD).alias("partner"),
        pl.col("value").sum(),
        pl.when(pl.col("quantity").count() > 0).then(pl.col("quantity").sum()).alias("quantity"),
    )
    some = rows.filter(pl.col("partner").is_in(list(partners))) if partners else rows
    # Before the choice of products: a product may well come from one partner alone, a whole table does not.
    known = (
        frame.join(rows.lazy().select("reporter", "flow").unique(), on=["reporter", "flow"], how="semi")
        .group_by("reporter", "flow")
        .agg(pl.col("partner").n_unique().alias("partners"))
        .select(pl.col("partners").min())
        .collect()
        .item()
    )
    return _laid_out(pl.concat([everybody.select(rows.columns), some]), rows, partners_known=int(known))


def _faults(rows: pl.DataFrame, where: str) -> list[OpenwardError]:
    found: list[OpenwardError] = []
    key = ["month", "reporter", "flow", "partner", "product"]
    twice = rows.filter(rows.select(key).is_duplicated())
    if not twice.is_empty():
        first = twice.row(0, named=True)
        told = f"{twice.height} rows share month, reporter, flow, partner and product"
        at = f"{where}: {first['month']} {first['partner']} {first['product']}"
        found.append(InputError(told, where=at, hint="add them up or leave all but one out"))
    if rows.filter(pl.col("month").dt.day() != 1).height:
        found.append(InputError("a month is not written as its first day", where=where, hint="2024-03-01"))
    for name in ("value", "quantity"):
        bad = rows.filter(~pl.col(name).is_finite() | (pl.col(name) < 0))
        empty = rows.filter(pl.col("value").is_null()) if name == "value" else rows.head(0)
        if bad.height or empty.height:
            first = (bad if bad.height else empty).row(0, named=True)
            at = f"{where}: {first['month']} {first['partner']} {first['product']}"
            found.append(
                InputError(f"{name} is negative, infinite or empty", where=at, hint="leave the row out")
            )
    return found


def _laid_out(long: pl.DataFrame, rows: pl.DataFrame, *, partners_known: int) -> Panel:
    first, last = rows["month"].min(), rows["month"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = tuple(month_after(first, k) for k in range(count))
    names = ["reporter", "flow", "product", "partner"]
    index = long.select(names).unique().sort(names).with_row_index("at")
    placed = long.join(index, on=names)
    at = placed["at"].to_numpy()
    t = placed.select(
        (pl.col("month").dt.year() - first.year) * 12 + pl.col("month").dt.month() - first.month
    )
    when = t.to_series().to_numpy()
    shape = (index.height, count)
    value, quantity, reported = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    value[at, when] = placed["value"].to_numpy()
    quantity[at, when] = placed["quantity"].fill_null(0.0).to_numpy()
    reported[at, when] = True
    gaps = tuple(
        month for month, seen in zip(months, np.atleast_1d(reported.any(axis=0)), strict=True) if not seen
    )
    series = tuple(Series(*row) for row in index.select(names).iter_rows())
    notes = [f"no row at all for {gap:%Y-%m}: a gap in the table, not a stop of trade" for gap in gaps]
    weighed = _weighed(value, quantity)
    return Panel(series, months, value, quantity, reported, weighed, gaps, tuple(notes), partners_known)


def _weighed(value: Floats, quantity: Floats) -> NDArray[np.bool_]:
    traded = (value > 0).sum(axis=1)
    known = ((value > 0) & (quantity > 0)).sum(axis=1)
    return np.asarray((traded > 0) & (known >= 0.9 * traded))
