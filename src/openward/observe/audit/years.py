"""Years that are missing inside a range, for the table and for single economies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from openward.observe.audit.finding import Finding, Severity, examples


def missing_years(years: Sequence[int], *, where: str) -> Iterator[Finding]:
    """Find years between the first and the last that have no row."""
    gaps = sorted(set(range(min(years), max(years) + 1)) - set(years)) if years else []
    if gaps:
        yield Finding(
            kind="missing-year",
            severity=Severity.WARN,
            where=f"{where}: year",
            rows=0,
            message=f"no rows for {examples(list(gaps), count=10)} between {min(years)} and {max(years)}",
            hint="load these years under the same vintage; growth over a gap is not growth over a year",
        )


def missing_economies(pairs: pl.DataFrame, *, where: str) -> Iterator[Finding]:
    """Find economies that vanish for a year: trade the year before and after, none in between.

    Parameters
    ----------
    pairs : DataFrame
        ``year, exporter, importer, value``.
    """
    years = sorted(pairs["year"].unique().to_list())
    inner = [(a, b, c) for a, b, c in zip(years, years[1:], years[2:], strict=False) if c - a == 2]
    for column in ("exporter", "importer"):
        there = {year: set(pairs.filter(pl.col("year") == year)[column].to_list()) for year in years}
        lost = [f"{code} in {b}" for a, b, c in inner for code in sorted((there[a] & there[c]) - there[b])]
        if lost:
            yield Finding(
                kind="missing-year",
                severity=Severity.WARN,
                where=f"{where}: {column}",
                rows=0,
                message=f"trade before and after, but none for {examples(list(lost), count=5)}",
                hint="the report may be late or the file cut short; look at the mirror reports",
            )


def shrunk_years(counts: pl.DataFrame, *, where: str) -> Iterator[Finding]:
    """Find years with far fewer rows than their neighbors, as a file that was cut short has.

    Parameters
    ----------
    counts : DataFrame
        ``year`` and ``rows``, sorted by year.
    """
    rows = counts["rows"].to_list()
    for at, year in enumerate(counts["year"].to_list()):
        near = [rows[i] for i in (at - 1, at + 1) if 0 <= i < len(rows)]
        if near and rows[at] < 0.6 * min(near):
            yield Finding(
                kind="half-file",
                severity=Severity.WARN,
                where=f"{where}: {year}",
                rows=rows[at],
                message=f"{rows[at]:,} rows, {100 * rows[at] / min(near):.0f} % of the year beside it",
                hint="compare with the size the publisher names; fetch the file again if it is short",
            )
