"""Partners: who buys and who sells, and how concentrated that is."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from openward.errors import MissingDataError, OpenwardError
from openward.report.profile.model import Partner, Section
from openward.report.profile.reading import Found, Reader, name_of, owner, reason, with_article
from openward.report.profile.words import share

MOST = 8
BASIS = "bilateral trade"


def partners(reader: Reader) -> tuple[tuple[Partner, ...], Section, int | None]:
    """Give all partners, the largest first, their section, and the year."""
    quantities = tuple(
        reader.quantity(name, label=label, basis=BASIS, data=reader.data)
        for name, label in (
            ("export-market-hhi", "Concentration of markets"),
            ("import-supplier-hhi", "Concentration of suppliers"),
        )
    )
    try:
        found, place = _table(reader)
    except OpenwardError as error:
        why = f"Partners are not at hand: {reason(error)}."
        return (), Section("partners", "Partners", why, quantities), None
    year = found.frame["year"].max()
    assert isinstance(year, int)
    rows = _sums(found.frame.filter(pl.col("year") == year), reader.economy)
    notes = (_basis(place, year, reader),)
    return rows, Section("partners", "Partners", _answer(reader, rows, year), quantities, notes), year


def _table(reader: Reader) -> tuple[Found, Path | None]:
    """Give the trade of the economy, from the folder or from what ships."""
    error: OpenwardError = MissingDataError("no table of trade")
    for place in dict.fromkeys((reader.data, None)):
        try:
            found = reader.table("trade-total", data=place)
        except OpenwardError as missing:
            error = missing
            continue
        own = found.frame.filter(
            (pl.col("exporter") == reader.economy) | (pl.col("importer") == reader.economy)
        )
        if not own.is_empty():
            return Found(own, "thousand USD", found.source), place
        error = MissingDataError(f"no trade of {reader.economy} in the table")
    raise error


def _sums(frame: pl.DataFrame, economy: str) -> tuple[Partner, ...]:
    million = pl.col("value").sum() / 1e3
    sold = frame.filter(pl.col("exporter") == economy).group_by(code="importer").agg(exports=million)
    bought = frame.filter(pl.col("importer") == economy).group_by(code="exporter").agg(imports=million)
    both = sold.join(bought, on="code", how="full", coalesce=True).fill_null(0.0)
    both = both.filter(pl.col("code") != economy)
    out, into = float(both["exports"].sum()), float(both["imports"].sum())
    ordered = both.with_columns(total=pl.col("exports") + pl.col("imports")).sort(
        "total", "code", descending=[True, False]
    )
    return tuple(
        Partner(
            code,
            name_of(code),
            exports,
            imports,
            exports / out if out > 0 else 0.0,
            imports / into if into > 0 else 0.0,
        )
        for code, exports, imports in ordered.select("code", "exports", "imports").iter_rows()
    )


def _basis(place: Path | None, year: int, reader: Reader) -> str:
    if place is None:
        return f"{year}: goods and services at basic prices among the 80 economies of the input-output table"
    return f"{year}: trade of the table given with --data"


def _answer(reader: Reader, rows: tuple[Partner, ...], year: int) -> str:
    buyer = max(rows, key=lambda one: one.exports)
    seller = max(rows, key=lambda one: one.imports)
    name = owner(reader.economy)
    return (
        f"{name} largest market is {with_article(buyer.code)} ({share(buyer.export_share)} of exports), its "
        f"largest supplier {with_article(seller.code)} ({share(seller.import_share)} of imports, {year})."
    )
