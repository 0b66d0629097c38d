"""Exposure through input-output links: behind inputs, behind sales, and if a partner were gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import narwhals as nw
import numpy as np
import polars as pl

from openward.errors import MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.dependency.reach import (
    Array,
    Index,
    extraction_loss,
    foreign_share,
    import_share_of_use,
    input_reach,
    market_reach,
)
from openward.observe.input_output import InputOutput

BALDWIN = (
    "Baldwin, Freeman and Theodorakopoulos (2023), Hidden Exposure: Measuring US Supply Chain Reliance, "
    "Brookings Papers on Economic Activity, fall"
)
GROSS = "gross output counts a good again each time it is worked on: compare shares, not levels"
FIXED = "fixed shares: nobody turns to another supplier or buyer"
SHIPPED = "on the shipped world every user buys a product from the same sources (proportionality)"
CELL = ("year", "economy", "sector")


@indicator(
    "foreign-production-exposure-imports",
    title="Foreign production exposure, import side (FPEM)",
    group="dependency",
    kind="dense",
    definition="Part of the gross output behind a unit of an industry's final output, at all stages, abroad.",
    formula=(
        r"\mathrm{FPEM}_{nj} = \frac{\sum_{i \ne n}\sum_k L_{ik,nj}}{\sum_{i}\sum_k L_{ik,nj}},"
        r"\quad L=(I-A)^{-1}"
    ),
    inputs=("input-output",),
    keys=CELL,
    unit="share of gross output",
    reference=f"{BALDWIN} (look-through exposure; normalized by all production, our reading)",
    traps=(GROSS, FIXED, SHIPPED, "the industry's own unit of output is in the denominator"),
)
def exposure_of_inputs(*, input_output: InputOutput) -> Frame:
    """Look through the supply chain of every industry."""
    reach = input_reach(**_table(input_output))
    return _cells(input_output, foreign_share(reach=reach, node_economy=input_output.node_economy))


@indicator(
    "foreign-production-exposure-exports",
    title="Foreign production exposure, export side (FPEX)",
    group="dependency",
    kind="dense",
    definition="Part of the gross output that an industry's output goes into, at all stages, made abroad.",
    formula=(
        r"\mathrm{FPEX}_{nj} = \frac{\sum_{i \ne n}\sum_k G_{nj,ik}}{\sum_{i}\sum_k G_{nj,ik}},"
        r"\quad G=(I-B)^{-1}"
    ),
    inputs=("input-output",),
    keys=CELL,
    unit="share of gross output",
    reference=f"{BALDWIN} (sales side; with Ghosh's inverse, our reading)",
    traps=(GROSS, FIXED, SHIPPED, "sales to foreign final users are not production abroad and do not count"),
)
def exposure_of_sales(*, input_output: InputOutput) -> Frame:
    """Look through the sales of every industry."""
    reach = market_reach(**_table(input_output))
    return _cells(input_output, foreign_share(reach=reach, node_economy=input_output.node_economy))


@indicator(
    "exposure-to-partner",
    title="Look-through exposure to a partner",
    group="dependency",
    kind="dense",
    definition="Part of all gross output behind an economy's final output that a partner makes.",
    formula=r"E_{np} = \frac{\sum_j f_{nj} \sum_k L_{pk,nj}}{\sum_j f_{nj} \sum_{ik} L_{ik,nj}}",
    inputs=("input-output",),
    keys=("year", "economy", "partner"),
    unit="share of gross output",
    reference=BALDWIN,
    traps=(GROSS, FIXED, SHIPPED, "home production is left out of the rows: they do not sum to one"),
)
def exposure_to_partner(*, input_output: InputOutput) -> Frame:
    """Weigh the reach of industries by their sales to final users."""
    t = input_output
    reach = input_reach(**_table(t))
    final = np.maximum(t.F.sum(axis=1), 0.0)
    count = len(t.economies)
    behind = np.zeros((count, count))
    for g in range(count):
        own = t.node_economy == g
        behind[g] = reach[:, own] @ final[own]
    total = behind.sum(axis=1, keepdims=True)
    return _pairs(t, np.divide(behind, total, out=np.full(behind.shape, np.nan), where=total > 0))


@indicator(
    "hypothetical-extraction",
    title="Value added lost if a partner were gone",
    group="dependency",
    kind="dense",
    definition="Part of an economy's value added that goes when a partner is taken out of the table.",
    formula=r"\ell_{np} = 1 - \frac{v_n' x^*_n}{v_n' x_n},\quad x^* = (I - A_{rr})^{-1} f_r",
    inputs=("input-output",),
    keys=("year", "economy", "partner"),
    unit="share of value added",
    reference=(
        "Dietzenbacher and Lahr (2013), Economic Systems Research 25(3); Los, Timmer and de Vries (2016), "
        "American Economic Review 106(7)"
    ),
    traps=(
        "demand side only: the partner's purchases are lost; that its inputs are missed stops nobody here",
        f"{FIXED}: an upper bound of the loss of sales, before prices and other markets answer",
        SHIPPED,
        "final users of the partner's goods do not spend the money elsewhere",
    ),
)
def hypothetical_extraction(*, input_output: InputOutput) -> Frame:
    """Take every partner out in turn."""
    t = input_output
    loss = extraction_loss(
        Z=t.Z, F=t.F, output=t.output, value_added=t.value_added, node_economy=t.node_economy
    )
    return _pairs(t, loss)


@indicator(
    "import-to-consumption",
    title="Imports over consumption",
    group="dependency",
    kind="dense",
    definition="Imports of a product over what users in the economy buy of it, for inputs and final use.",
    formula=r"\frac{M_{nj}}{Y_{nj} + M_{nj} - X_{nj}}",
    inputs=("input-output",),
    keys=CELL,
    unit="share of use",
    reference="OECD (2010), Measuring Globalisation: OECD Economic Globalisation Indicators",
    traps=(
        "an industry is many products: a low share hides products that are all imported",
        "a table with changes in stocks may push it outside 0 to 1",
        "sectors nothing of which is used are left out",
    ),
)
def import_to_consumption(*, input_output: InputOutput) -> Frame:
    """Divide imports by use."""
    t = input_output
    share = import_share_of_use(
        Z=t.Z, F=t.F, node_economy=t.node_economy, node_sector=t.node_sector, sectors=len(t.sectors)
    )
    rows = [
        (t.year, economy, sector, float(share[g, s]))
        for g, economy in enumerate(t.economies)
        for s, sector in enumerate(t.sectors)
    ]
    return _frame(CELL, rows)


class _Reach(TypedDict):
    Z: Array
    output: Array
    node_economy: Index
    count: int


def _table(t: InputOutput) -> _Reach:
    return {"Z": t.Z, "output": t.output, "node_economy": t.node_economy, "count": len(t.economies)}


def _cells(t: InputOutput, values: Array) -> Frame:
    """Give one row for each node that makes something; nodes of one sector are averaged by output."""
    weight = t.output > 0
    rows: dict[tuple[str, str], list[float]] = {}
    for k in np.flatnonzero(weight):
        cell = t.economies[t.node_economy[k]], t.sectors[t.node_sector[k]]
        sums = rows.setdefault(cell, [0.0, 0.0])
        sums[0] += float(values[k] * t.output[k])
        sums[1] += float(t.output[k])
    return _frame(CELL, [(t.year, *cell, above / below) for cell, (above, below) in rows.items()])


def _pairs(t: InputOutput, values: Array) -> Frame:
    rows = [
        (t.year, t.economies[g], t.economies[p], float(values[g, p]))
        for g in range(len(t.economies))
        for p in range(len(t.economies))
        if g != p
    ]
    return _frame(("year", "economy", "partner"), rows)


def _frame(keys: Sequence[str], rows: Sequence[tuple[int | str | float | None, ...]]) -> Frame:
    if not rows:
        raise MissingDataError("the input-output table has no industry with output", where="input-output")
    kept = [row for row in rows if np.isfinite(float(row[-1] or 0.0))]
    types = [pl.Int64 if key == "year" else pl.String for key in keys]
    columns = {
        key: pl.Series(key, [row[k] for row in kept], dtype=dtype)
        for k, (key, dtype) in enumerate(zip(keys, types, strict=True))
    }
    value = pl.Series("value", [row[-1] for row in kept], dtype=pl.Float64)
    return nw.from_native(pl.DataFrame({**columns, "value": value}).lazy())
