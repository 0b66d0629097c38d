"""Products: which table is read, and what is exported, with advantage and complexity."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from openward.codes.industries import industries
from openward.codes.products import product_name
from openward.errors import MissingDataError, OpenwardError
from openward.observe.shipped import CLASSIFICATION
from openward.observe.tables import read
from openward.observe.worldpack import load_world
from openward.report.names import short_industry
from openward.report.profile.model import Product, Section
from openward.report.profile.reading import Reader, owner, reason
from openward.report.profile.words import share

MOST = 8
SITC = {
    "0": "Food and live animals",
    "1": "Beverages and tobacco",
    "2": "Crude materials",
    "3": "Mineral fuels",
    "4": "Oils and fats",
    "5": "Chemicals",
    "6": "Manufactures by material",
    "7": "Machinery, transport equipment",
    "8": "Miscellaneous manufactures",
    "9": "Other commodities",
}


@dataclass(frozen=True, slots=True)
class ProductTable:
    """Which table of products is read, and why.

    Attributes
    ----------
    data : Path or None
    classification : str
    kind : str
        ``industries`` or ``products``.
    note : str
    """

    data: Path | None
    classification: str
    kind: str
    note: str


def product_table(reader: Reader) -> ProductTable:
    """Choose the finer table: the folder's, unless it has fewer products than the industries that ship.

    An economy that is not among those that ship has the folder's, however coarse.
    """
    number_shipped = len(industries())

    def ships(note: str) -> ProductTable:
        return ProductTable(None, CLASSIFICATION, "industries", note)

    if reader.data is None:
        return ships(f"by the {number_shipped} industries of the input-output table, goods and services")
    try:
        found = read("trade", reader.data)
        rows = found.frame if reader.year is None else found.frame.filter(pl.col("year") <= reader.year)
        last = rows.filter(pl.col("year") == pl.col("year").max())
        number, year = last.select(pl.col("product").n_unique(), pl.col("year").max()).collect().row(0)
    except OpenwardError:
        return ships("the folder has no trade by product: industries that ship instead")
    kind = found.classification or "HS2022"
    if number >= number_shipped - 1 or reader.economy not in load_world().economies:
        return ProductTable(reader.data, kind, "products", f"products are {kind}")
    return ships(
        f"trade by product in the folder has {number} products ({year}): the {number_shipped} industries "
        "that ship are finer"
    )


def exported(reader: Reader, table: ProductTable) -> tuple[tuple[Product, ...], int, Section, int | None]:
    """Give the largest exports, how many products there are, their section, and the year."""
    kind = table.kind
    quantities = tuple(
        reader.quantity(name, label=label, basis=f"exports by {kind}", data=table.data)
        for name, label in (
            ("eci", "Economic complexity"),
            ("export-product-hhi", "Concentration of exports"),
            ("rca-diversity", f"{kind.capitalize()} with advantage"),
        )
    )
    notes = (table.note,) if table.note else ()
    try:
        rows, year = product_trade(reader, table, "exporter")
        sums = rows.group_by("product").agg(exports=pl.col("value").sum() / 1e3)
        total = float(sums["exports"].sum())
        advantage = values_of(reader, "rca", table, year)
        complexity = values_of(reader, "pci", table, year)
    except OpenwardError as error:
        answer = f"Exports by product are not at hand: {reason(error)}."
        return (), 0, Section("products", "Products", answer, quantities, notes), None
    top = sums.sort("exports", "product", descending=[True, False]).head(MOST)
    found = tuple(
        Product(
            code=code,
            name=product_label(code, table.classification),
            exports=value,
            share=value / total,
            rca=advantage.get(code),
            complexity=complexity.get(code),
        )
        for code, value in top.select("product", "exports").iter_rows()
    )
    first = found[0]
    name = owner(reader.economy)
    lead = f"{name} largest export is {inside(first.name)}, {share(first.share)} of the total"
    if first.rca is not None:
        lead += f" and {first.rca:.1f} times the world's share"
    answer = f"{lead} ({year}, {kind})."
    return found, sums.height, Section("products", "Products", answer, quantities, notes), year


def product_label(code: str, classification: str) -> str:
    """Give the name of a product, or its code where nobody named it."""
    if classification == CLASSIFICATION:
        return next((short_industry(code, one.name) for one in industries() if one.code == code), code)
    if classification.startswith("SITC"):
        return SITC.get(code, code)
    try:
        return product_name(code, classification if classification.startswith("HS") else "HS2022")
    except OpenwardError:
        return code


def product_trade(reader: Reader, table: ProductTable, side: str) -> tuple[pl.DataFrame, int]:
    """Give the economy's trade of the latest year, it being the exporter or the importer, and the year."""
    found = read("trade", table.data)
    rows = found.frame.filter(pl.col(side) == reader.economy, pl.col("exporter") != pl.col("importer"))
    if reader.year is not None:
        rows = rows.filter(pl.col("year") <= reader.year)
    frame = rows.filter(pl.col("year") == pl.col("year").max()).collect()
    if frame.is_empty():
        until = "" if reader.year is None else f" up to {reader.year}"
        raise MissingDataError(f"no trade by product of {reader.economy}{until}")
    return frame, int(frame["year"][0])


def values_of(reader: Reader, indicator: str, table: ProductTable, year: int) -> dict[str, float]:
    """Give an indicator's values by product, the economy's own where it has an economy."""
    frame = reader.indicator(indicator, data=table.data).frame.filter(pl.col("year") == year)
    for key in ("economy", "importer"):
        if key in frame.columns:
            frame = frame.filter(pl.col(key) == reader.economy)
    return dict(frame.select("product", "value").iter_rows())


def inside(text: str) -> str:
    """Give a name as it stands inside a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
