"""Faults that a row shows by itself, and rows that share their key."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openward.observe.audit.finding import Finding, Severity, examples
from openward.observe.dictionary import Dataset, Field


def empty_cells(frame: pl.LazyFrame, *, of: Dataset, where: str) -> Iterator[Finding]:
    """Find cells that must hold something and do not, and numbers that are not finite."""
    counts = frame.select(_absent(field).sum().alias(field.name) for field in of.fields).collect(
        engine="streaming"
    )
    for field in of.fields:
        rows = int(counts[field.name].item() or 0)
        if not rows:
            continue
        part = "; a file cut off in the middle of a line looks like this" if field is of.fields[-1] else ""
        what = "are not finite numbers" if field.nullable else "are empty or not finite"
        yield Finding(
            kind="empty-cells",
            severity=Severity.REFUSE,
            where=f"{where}: {field.name}",
            rows=rows,
            message=f"{rows} cells {what}{part}",
            hint="fetch the file again, or leave these rows out",
        )


def negative_values(frame: pl.LazyFrame, *, of: Dataset, where: str) -> Iterator[Finding]:
    """Find values below the least value the dictionary allows; for flows that is zero."""
    limited = [field for field in of.fields if field.minimum is not None]
    if not limited:
        return
    below = frame.select((pl.col(f.name) < f.minimum).sum().alias(f.name) for f in limited).collect(
        engine="streaming"
    )
    for field in limited:
        rows = int(below[field.name].item() or 0)
        if rows:
            bad = (
                frame.filter(pl.col(field.name) < field.minimum).select(*of.key, field.name).head(3).collect()
            )
            yield Finding(
                kind="negative",
                severity=Severity.REFUSE,
                where=f"{where}: {field.name}",
                rows=rows,
                message=f"{rows} values below {field.minimum:g}: {_rows(bad)}",
                hint="a correction belongs into the row it corrects; a balance is not a flow",
            )


def duplicates(frame: pl.LazyFrame, *, of: Dataset, where: str) -> Iterator[Finding]:
    """Find rows that share their key, and say whether they agree.

    Keys are compared by a hash of 64 bits first; exact counting starts only where that finds fewer keys than
    rows.
    """
    key = list(of.key)
    size = frame.select(rows=pl.len(), keys=pl.struct(key).hash().n_unique()).collect(engine="streaming")
    if size["rows"].item() == size["keys"].item():
        return
    values = [field.name for field in of.fields if field.name not in key]
    twice = frame.group_by(key).agg(pl.len().alias("times"), *(pl.col(v).n_unique() for v in values))
    found = twice.filter(pl.col("times") > 1).collect(engine="streaming").sort(key)
    if found.is_empty():
        return
    differ = found.filter(pl.any_horizontal(pl.col(v) > 1 for v in values)).height if values else 0
    extra = int(found["times"].sum()) - found.height
    why = (
        f"{differ} of the keys have different values, as when two vintages are put into one file"
        if differ
        else "their values agree: the same rows were added twice"
    )
    yield Finding(
        kind="duplicates",
        severity=Severity.REFUSE,
        where=where,
        rows=extra,
        message=f"{extra} rows repeat a key ({', '.join(key)}): {_rows(found.select(key).head(3))}; {why}",
        hint="keep one row a key; load two vintages under two names, they stay side by side",
    )


def self_trade(frame: pl.LazyFrame, *, where: str) -> Iterator[Finding]:
    """Find trade of an economy with itself, which tables of foreign trade leave out."""
    home = frame.filter(pl.col("exporter") == pl.col("importer"))
    found = home.select(pl.len().alias("rows"), pl.col("value").sum()).collect()
    rows = int(found["rows"].item())
    if rows:
        codes = home.select(pl.col("exporter").unique().sort()).collect()["exporter"].to_list()
        yield Finding(
            kind="self-trade",
            severity=Severity.WARN,
            where=where,
            rows=rows,
            message=(
                f"{rows} rows of an economy with itself ({examples(codes)}), {found['value'].item():,.0f} in "
                "all, are left out when the table is read: re-imports or home sales"
            ),
            hint="home sales belong into an input-output table",
        )


def _absent(field: Field) -> pl.Expr:
    value = pl.col(field.name)
    if field.type == "number":
        return (
            value.is_not_null() & ~value.is_finite()
            if field.nullable
            else ~value.is_finite().fill_null(False)
        )
    if field.nullable:
        return pl.lit(False)
    if field.is_code or field.type == "text":
        return value.is_null() | (value.str.strip_chars() == "")
    return value.is_null()


def _rows(frame: pl.DataFrame) -> str:
    return "; ".join(" ".join(str(cell) for cell in row) for row in frame.iter_rows())
