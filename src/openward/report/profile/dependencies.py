"""Dependencies: what is imported from too few."""

from __future__ import annotations

import polars as pl

from openward.errors import OpenwardError
from openward.report.profile.model import Dependency, Quantity, Section
from openward.report.profile.products import ProductTable, inside, product_label, product_trade, values_of
from openward.report.profile.reading import Reader, name_of, reason, with_article
from openward.report.profile.words import share

MOST = 8
SMALL = 0.005
"""A product below this fraction of imports is listed only where it is flagged."""
WHOLE = "the criteria were set for six-digit products: whole industries hide what hangs on one supplier"
ONE_SOURCE = "imported from one source that few others could replace"


def imported(reader: Reader, table: ProductTable) -> tuple[tuple[Dependency, ...], int, Section]:
    """Give the most exposed imports, how many products are imported, and their section."""
    quantities = (
        reader.quantity(
            "dependent-imports",
            label="Imports in strategic dependency",
            basis=f"{table.kind} that meet all three criteria of the European Commission",
            data=table.data,
        ),
    )
    try:
        every, year = _all(reader, table)
    except OpenwardError as error:
        answer = f"Dependencies are not at hand: {reason(error)}."
        return (), 0, Section("dependency", "Dependencies", answer, quantities)
    points = [one for one in every if one.single_point]
    listed = sorted(
        (one for one in every if one.single_point or one.strategic or one.share >= SMALL),
        key=_order,
    )
    figures = (_single_points(reader, table, len(points), len(every), year), *quantities)
    notes = (WHOLE,) if table.kind == "industries" else ()
    answer = _answer(points, listed, of=len(every), table=table, year=year)
    return tuple(listed[:MOST]), len(every), Section("dependency", "Dependencies", answer, figures, notes)


def _order(one: Dependency) -> tuple[bool, float, str]:
    """Flagged ones by value, then the others by concentration."""
    flagged = one.single_point or one.strategic
    return not flagged, -one.imports if flagged else -one.concentration, one.code


def _all(reader: Reader, table: ProductTable) -> tuple[list[Dependency], int]:
    rows, year = product_trade(reader, table, "importer")
    alone = values_of(reader, "single-point-of-failure", table, year)
    strategic = values_of(reader, "strategic-dependency", table, year)
    concentration = values_of(reader, "cdi1", table, year)
    sums = (
        rows.sort("value", "exporter", descending=[True, False])
        .group_by("product", maintain_order=True)
        .agg(
            imports=pl.col("value").sum() / 1e3,
            supplier=pl.col("exporter").first(),
            part=pl.col("value").first() / pl.col("value").sum(),
        )
        .filter(pl.col("imports") > 0, pl.col("product").is_in(list(concentration)))
    )
    total = float(rows["value"].sum()) / 1e3
    every = [
        Dependency(
            code=code,
            name=product_label(code, table.classification),
            imports=imports,
            share=imports / total,
            supplier=supplier,
            supplier_name=name_of(supplier),
            supplier_share=part,
            concentration=concentration[code],
            single_point=alone.get(code, 0.0) > 0,
            strategic=strategic.get(code, 0.0) > 0,
        )
        for code, imports, supplier, part in sums.iter_rows()
    ]
    return every, year


def _single_points(reader: Reader, table: ProductTable, points: int, of: int, year: int) -> Quantity:
    return Quantity(
        key="single-point-of-failure",
        label="Single points of failure",
        value=float(points),
        unit=table.kind,
        year=year,
        basis=f"of {of} imported: the largest supplier above half, fewer than two others at scale",
        source=reader.indicator("single-point-of-failure", data=table.data).source,
    )


def _answer(
    points: list[Dependency], listed: list[Dependency], *, of: int, table: ProductTable, year: int
) -> str:
    if points:
        first = max(points, key=lambda one: one.imports)
        part = share(sum(one.share for one in points))
        verb = "is" if len(points) == 1 else "are"
        lead = f"{len(points)} of {of} imported {table.kind} {verb} {ONE_SOURCE} ({part} of imports)"
        return f"{lead}, the largest {inside(first.name)}, from {with_article(first.supplier)} ({year})."
    lead = f"None of {of} imported {table.kind} is {ONE_SOURCE}"
    if listed:
        first = listed[0]
        which = (
            "the largest in strategic dependency" if first.strategic else "the most concentrated of weight"
        )
        lead += (
            f"; {which} is {inside(first.name)}, {share(first.supplier_share)} from "
            f"{with_article(first.supplier)}"
        )
    return f"{lead} ({year})."
