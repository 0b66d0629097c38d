"""Narwhals helpers that work alike on Polars, DuckDB and PySpark: no row order, no index, no pivot."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from openward.errors import MissingDataError
from openward.indicators.catalogue import Frame


def require(frame: Frame, columns: Sequence[str], *, dataset: str) -> None:
    """Raise where a table lacks columns that an indicator needs.

    Raises
    ------
    MissingDataError
        Names all that are missing.
    """
    missing = [name for name in columns if name not in frame.collect_schema().names()]
    if missing:
        raise MissingDataError(
            f"the table {dataset} has no column {', '.join(missing)}",
            hint="give a table that has it with --data DIR; openward indicators show says what is read",
        )


def finish(frame: Frame, keys: Sequence[str], value: nw.Expr) -> Frame:
    """Give the key columns and ``value`` as a float; rows without a value are left out."""
    return frame.select(*keys, value=value.cast(nw.Float64())).filter(~nw.col("value").is_null())


def ratio(frame: Frame, keys: Sequence[str], above: nw.Expr, below: nw.Expr) -> Frame:
    """Divide; rows with a missing part or a denominator of zero are left out."""
    parts = frame.select(*keys, above_=above.cast(nw.Float64()), below_=below.cast(nw.Float64()))
    kept = parts.filter(~nw.col("above_").is_null(), ~nw.col("below_").is_null(), nw.col("below_") != 0)
    return finish(kept, keys, nw.col("above_") / nw.col("below_"))


def flows(trade: Frame, *, of: str, partner: str, by: Sequence[str]) -> Frame:
    """Sum positive trade of an economy by year and more.

    Parameters
    ----------
    trade : Frame
        ``trade`` or ``trade-total``.
    of : {"exporter", "importer"}
        Column that becomes ``economy``.
    partner : {"exporter", "importer"}
        Column that becomes ``partner``.
    by : sequence of str
        Columns beside year and economy that stay: ``partner``, ``product``.

    Returns
    -------
    Frame
        ``year, economy, *by, value``; no zero flows.
    """
    named = trade.with_columns(economy=nw.col(of), partner=nw.col(partner))
    summed = named.group_by("year", "economy", *by).agg(nw.col("value").sum())
    return summed.filter(nw.col("value") > 0)


def shares(frame: Frame, *, within: Sequence[str]) -> Frame:
    """Add ``share``: the value over its sum within a partition (positive values only)."""
    totals = frame.group_by(*within).agg(nw.col("value").sum().alias("total_"))
    joined = frame.join(totals, on=list(within), how="inner").filter(nw.col("total_") > 0)
    return joined.with_columns(share=nw.col("value") / nw.col("total_")).drop("total_")


def one_before(frame: Frame) -> Frame:
    """Pair every year of a table with the year of the table before it: ``year, before``."""
    years = frame.select("year").unique()
    earlier = years.select(before=nw.col("year"))
    pairs = years.join(earlier, how="cross").filter(nw.col("before") < nw.col("year"))
    return pairs.group_by("year").agg(nw.col("before").max())


def year_positions(frame: Frame) -> Frame:
    """Number the years of a table from 1, so that a hole in the table is no gap: ``year, position``."""
    years = frame.select("year").unique()
    upto = years.select(other=nw.col("year"))
    pairs = years.join(upto, how="cross").filter(nw.col("other") <= nw.col("year"))
    return pairs.group_by("year").agg(nw.len().alias("position"))


def with_last_year(frame: Frame, keys: Sequence[str], columns: Sequence[str]) -> Frame:
    """Add columns of the calendar year before as ``NAME_before``; rows without that year are left out."""
    last = frame.select(
        *keys, (nw.col("year") + 1).alias("year"), *(nw.col(name).alias(f"{name}_before") for name in columns)
    )
    # Adding to a 16- or 32-bit year may widen it; the join needs one type.
    return frame.with_columns(nw.col("year").cast(nw.Int64())).join(
        last.with_columns(nw.col("year").cast(nw.Int64())), on=["year", *keys], how="inner"
    )
