"""Figures of economies: percent where fractions are due, and a thousand or a million too many."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openward.observe.audit.finding import Finding, Severity
from openward.observe.audit.reference import slipped

RATIOS = ("exports_ratio", "imports_ratio", "goods_trade_ratio")
PER_PERSON = 12_000.0
"""World GDP per person in USD, within ten times for any average of years since 1970."""


def macro_units(frame: pl.DataFrame, *, where: str) -> Iterator[Finding]:
    """Find percent filed as fractions, and GDP or trade in another unit than million USD."""
    for column in RATIOS:
        middle = frame[column].median()
        if isinstance(middle, float) and middle > 4:
            yield Finding(
                kind="unit",
                severity=Severity.REFUSE,
                where=f"{where}: {column}",
                rows=frame.height - frame[column].null_count(),
                message=f"the median is {middle:.3g}: these are percent, a fraction of GDP is expected",
                hint="divide by 100",
            )
    yield from _slip(frame, pl.col("gdp") * 1e6 / pl.col("population"), PER_PERSON, "gdp", where)
    for column in ("goods_exports", "goods_imports"):
        yield from _slip(frame, pl.col(column) / pl.col("gdp"), 0.25, column, where)


def _slip(frame: pl.DataFrame, ratio: pl.Expr, usual: float, column: str, where: str) -> Iterator[Finding]:
    found = frame.filter(pl.col(column) > 0).select(ratio.alias("ratio")).drop_nulls()["ratio"]
    middle = found.median()
    slip = slipped(middle / usual) if isinstance(middle, float) else 0
    if slip:
        yield Finding(
            kind="unit",
            severity=Severity.REFUSE,
            where=f"{where}: {column}",
            rows=len(found),
            message=f"values are about 1e{slip} times what they should be in million USD",
            hint=f"multiply by 1e{-slip}",
        )
