"""Openness: trade and investment over GDP, the share of world trade, and the course over the years."""

from __future__ import annotations

import polars as pl

from openward.codes.economies import ECONOMIES
from openward.errors import OpenwardError
from openward.report.profile.model import Peer, Point, Quantity, Section
from openward.report.profile.reading import Reader, name_of, owner
from openward.report.profile.words import figure, more_than, share

RATIO = "trade-ratio"
WANTED = (
    (RATIO, "Exports and imports", "goods and services, over GDP"),
    ("export-ratio", "Exports", "goods and services"),
    ("import-ratio", "Imports", "goods and services"),
    ("goods-trade-ratio", "Goods trade", "exports and imports"),
    ("services-trade-ratio", "Services trade", "exports and imports"),
    ("fdi-inflow-ratio", "Direct investment received", "net of disinvestment; one year"),
)


def openness_section(reader: Reader) -> Section:
    """Give the figures of openness and the sentence that leads them."""
    found = tuple(
        reader.quantity(name, label=label, basis=basis, data=reader.data) for name, label, basis in WANTED
    )
    basis = "bilateral trade; partners in the table only"
    shares = tuple(
        reader.quantity(name, label=label, basis=basis, data=reader.data)
        for name, label in (
            ("export-world-share", "Share of world exports"),
            ("import-world-share", "Share of world imports"),
        )
    )
    used = {one.source for one in found}
    notes = tuple(
        note
        for source in reader.sources
        if source.number in used
        for note in source.notes
        if "gdp is" in note
    )
    return Section("openness", "Openness", _answer(reader, found[0], shares[0]), (*found, *shares), notes)


def course(reader: Reader) -> tuple[tuple[Point, ...], tuple[Peer, ...]]:
    """Give trade over GDP by year against quartiles of economies, and all economies of the latest year."""
    for place in dict.fromkeys((reader.data, None)):
        try:
            frame = reader.indicator(RATIO, data=place).frame
        except OpenwardError:
            continue
        frame = frame.filter(pl.col("economy").is_in(list(ECONOMIES)))
        own = frame.filter(pl.col("economy") == reader.economy).select("year", own="value")
        if own.is_empty():
            continue
        value = pl.col("value")
        world = frame.group_by("year").agg(
            low=value.quantile(0.25, "linear"),
            median=value.median(),
            high=value.quantile(0.75, "linear"),
            economies=value.len(),
        )
        rows = own.join(world, on="year").sort("year")
        points = tuple(
            Point(*row)
            for row in rows.select("year", "own", "low", "median", "high", "economies").iter_rows()
        )
        last = frame.filter(pl.col("year") == points[-1].year).sort("value", "economy", descending=True)
        peers = tuple(Peer(code, name_of(code), v) for code, v in last.select("economy", "value").iter_rows())
        return points, peers
    return (), ()


def _answer(reader: Reader, ratio: Quantity, exported: Quantity) -> str:
    name = owner(reader.economy)
    if ratio.value is None:
        return f"{name} trade over GDP is not at hand: {ratio.missing}."
    rank = more_than(ratio)
    text = f"{name} exports and imports come to {figure(ratio)} of GDP ({ratio.year})"
    text += f", {rank}" if rank else ""
    if exported.value is not None:
        text += f"; it sells {share(exported.value)} of world exports ({exported.year})"
    return text + "."
