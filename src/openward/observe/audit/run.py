"""Run every check that fits a table, year by year, so that no more than a year is in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from openward.observe.audit.codes import economy_codes, product_codes
from openward.observe.audit.finding import Audit, Finding, Severity, examples
from openward.observe.audit.mirror import mirror_gaps
from openward.observe.audit.ratios import macro_units
from openward.observe.audit.reference import Reference, far_from, orientation, unit
from openward.observe.audit.rows import duplicates, empty_cells, negative_values, self_trade
from openward.observe.audit.totals import hidden_totals, suspects
from openward.observe.audit.years import missing_economies, missing_years, shrunk_years
from openward.observe.dictionary import Dataset

KINDS = (
    *("empty-cells", "negative", "duplicates", "unknown-code", "leading-zeros", "totals", "self-trade"),
    *("orientation", "unit", "mirror-gap", "missing-year", "half-file"),
)

_YEAR = re.compile(r": \d{4}")


def audit(
    pieces: Sequence[pl.LazyFrame],
    *,
    of: Dataset,
    where: str,
    classification: str | None = None,
    reference: Reference | None = None,
) -> Audit:
    """Look a table over.

    Parameters
    ----------
    pieces : sequence of LazyFrame
        The table, cut by year where it is; keys must not span pieces. Columns and types of the dataset.
    of : Dataset
    where : str
        Name for messages.
    classification : str, optional
        Of the products; zeros and levels are looked at where it is the Harmonized System, or not said.
    reference : Reference, optional
        Trade by pair to compare with; without it orientation and unit cannot be told.

    Returns
    -------
    Audit
    """
    found: list[Finding] = []
    pairs, rows = [], 0
    for piece in pieces:
        rows += int(piece.select(pl.len()).collect().item())
        found += _piece(piece, of, _place(piece, of, where), classification)
        if "exporter" in of.columns:
            keys = [name for name in ("year", "exporter", "importer") if name in of.columns]
            pairs.append(
                piece.group_by(keys)
                .agg(pl.col("value").sum(), pl.len().alias("rows"))
                .collect(engine="streaming")
            )
    skipped: list[str] = []
    if pairs:
        found += _trade(pl.concat(pairs), where, reference)
        if reference is None:
            skipped.append("orientation, unit: no trade to compare with")
    elif of.name == "macro":
        found += macro_units(pl.concat(pieces).collect(), where=where)
    elif of.name == "trade-monthly":
        found += mirror_gaps(pl.concat(pieces), where=where)
        months = pl.concat(pieces).select(pl.col("month").unique().sort()).collect()["month"]
        found += _months(months, where)
    if "year" in of.columns and not pairs:
        years = pl.concat(pieces).select(pl.col("year").unique()).collect()["year"].drop_nulls().to_list()
        found += missing_years(years, where=where)
    order = {Severity.REFUSE: 0, Severity.WARN: 1}
    merged = sorted(_together(found), key=lambda f: order[f.severity])
    return Audit(dataset=of.name, rows=rows, findings=tuple(merged), checked=KINDS, skipped=tuple(skipped))


def _piece(piece: pl.LazyFrame, of: Dataset, where: str, classification: str | None) -> Iterator[Finding]:
    yield from empty_cells(piece, of=of, where=where)
    yield from negative_values(piece, of=of, where=where)
    yield from duplicates(piece, of=of, where=where)
    for field in of.fields:
        if field.type == "economy":
            counts = (
                piece.group_by(field.name)
                .agg(pl.len().alias("rows"))
                .drop_nulls()
                .collect(engine="streaming")
            )
            yield from economy_codes(counts, column=field.name, of=of, where=where)
    if "product" not in of.columns or "value" not in of.columns:
        return
    party = "exporter" if "exporter" in of.columns else "reporter"
    if party not in of.columns:
        return
    by_party = piece.group_by(pl.col(party).alias("exporter"), "product").agg(
        pl.col("value").sum(), pl.len().alias("rows")
    )
    grouped = by_party.collect(engine="streaming").drop_nulls("product")
    products = grouped.group_by("product").agg(pl.col("value", "rows").sum())
    yield from product_codes(products, classification=classification, where=where)
    doubtful = suspects(grouped)
    if doubtful and party == "exporter":
        yield from hidden_totals(piece, group=("exporter", "importer"), part="product", where=where)


def _trade(pairs: pl.DataFrame, where: str, reference: Reference | None) -> Iterator[Finding]:
    yield from self_trade(pairs.lazy(), where=where)
    foreign = pairs.filter(pl.col("exporter") != pl.col("importer")).drop_nulls()
    if foreign.is_empty():
        return
    for part, group in (("importer", ("year", "exporter")), ("exporter", ("year", "importer"))):
        yield from hidden_totals(foreign.lazy(), group=group, part=part, where=where)
    yield from missing_years(foreign["year"].unique().to_list(), where=where)
    yield from missing_economies(foreign, where=where)
    yield from shrunk_years(foreign.group_by("year").agg(pl.col("rows").sum()).sort("year"), where=where)
    if reference is None:
        return
    last = max(foreign["year"].to_list())
    latest = foreign.filter(pl.col("year") == last).select("exporter", "importer", "value")
    place = f"{where}: {last}"
    turned = list(orientation(latest, reference=reference, where=place))
    slipped = list(unit(latest, reference=reference, where=place))
    yield from turned
    yield from slipped
    if not turned and not slipped and abs(last - reference.year) <= 5:
        yield from far_from(latest, reference=reference, where=place)


def _months(months: pl.Series, where: str) -> Iterator[Finding]:
    numbers = [12 * day.year + day.month - 1 for day in months.to_list()]
    for finding in missing_years(numbers, where=where):
        missing = sorted(set(range(min(numbers), max(numbers) + 1)) - set(numbers))
        text = ", ".join(f"{n // 12}-{n % 12 + 1:02d}" for n in missing[:10])
        yield Finding(
            kind="missing-year",
            severity=finding.severity,
            where=f"{where}: month",
            rows=0,
            message=f"no rows for {len(missing)} months: {text}",
            hint="load these months under the same vintage",
        )


def _place(piece: pl.LazyFrame, of: Dataset, where: str) -> str:
    if "year" not in of.columns:
        return where
    years = piece.select(low=pl.col("year").min(), high=pl.col("year").max()).collect()
    low, high = years["low"].item(), years["high"].item()
    return f"{where}: {low}" if low == high else where


def _together(found: list[Finding]) -> Iterator[Finding]:
    """Say once what many years show: the first message, and how many more places have it."""
    same: dict[tuple[str, Severity, str], list[Finding]] = {}
    for finding in found:
        same.setdefault((finding.kind, finding.severity, _YEAR.sub("", finding.where)), []).append(finding)
    for first, *more in same.values():
        rest = f"; {len(more)} more like it, in {examples([f.where for f in more])}" if more else ""
        rows = first.rows + sum(finding.rows for finding in more)
        yield replace(first, rows=rows, message=first.message + rest)
