"""Imports from outside, imports inside and exports of an economy, or of a group that counts as one."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from openward.indicators.catalogue import Frame

PAIR = ("year", "exporter", "importer", "product")
KEYS = ("year", "importer", "product")


def merged(trade: Frame, *, home: Sequence[str], home_name: str) -> Frame:
    """Give positive trade with the members of ``home`` called by one name; trade among them has it twice.

    Returns
    -------
    Frame
        ``year, exporter, importer, product, value``, one row for each key.
    """
    positive = trade.select(*PAIR, "value").filter(nw.col("value") > 0)
    if home:
        members = list(home)
        positive = positive.with_columns(
            exporter=nw.when(nw.col("exporter").is_in(members))
            .then(nw.lit(home_name))
            .otherwise(nw.col("exporter")),
            importer=nw.when(nw.col("importer").is_in(members))
            .then(nw.lit(home_name))
            .otherwise(nw.col("importer")),
        )
    return positive.group_by(*PAIR).agg(nw.col("value").sum())


def external(trade: Frame, *, home: Sequence[str], home_name: str) -> Frame:
    """Give trade across the border of economies, or of the home group."""
    return merged(trade, home=home, home_name=home_name).filter(nw.col("exporter") != nw.col("importer"))


def home_imports(trade: Frame, *, home: Sequence[str], home_name: str) -> Frame:
    """Give imports by importer and product: ``external`` from outside, ``imports`` with those inside."""
    both = merged(trade, home=home, home_name=home_name)
    foreign = nw.when(nw.col("exporter") != nw.col("importer")).then(nw.col("value")).otherwise(nw.lit(0.0))
    return (
        both.with_columns(external=foreign)
        .group_by(*KEYS)
        .agg(nw.col("external").sum(), nw.col("value").sum().alias("imports"))
    )


def totals(trade: Frame, *, home: Sequence[str], home_name: str) -> Frame:
    """Add ``exports`` of the same product, those inside the home group included; zero where none."""
    bought = home_imports(trade, home=home, home_name=home_name)
    sold = (
        merged(trade, home=home, home_name=home_name)
        .group_by("year", "exporter", "product")
        .agg(nw.col("value").sum().alias("sold"))
        .select("year", "product", "sold", importer=nw.col("exporter"))
    )
    joined = bought.join(sold, on=list(KEYS), how="left")
    return joined.with_columns(exports=nw.col("sold").fill_null(0.0)).select(
        *KEYS, "external", "imports", "exports"
    )
