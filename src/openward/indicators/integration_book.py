"""Integration by law: trade under preferences, what they are worth, and how far they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import numpy as np
import polars as pl

from openward.book.model import Book
from openward.codes.economies import ECONOMIES
from openward.determine.table import RateTable, rate_table
from openward.indicators.agreements import Array, Mask, agreement_coverage
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import ratio, require
from openward.indicators.restrictiveness.schedule import SECTORS, unpreferred
from openward.indicators.restrictiveness.weights import imports_of

PAIR = ("exporter", "importer")
Row = tuple[str | float, ...]
FULL_USE = "every preference is taken as claimed and its rules of origin as met"
WEIGHTS = "weights are trade of one year, the last not after the day of the law unless another is asked"
KNOWN = "cells whose rate the book does not know are left out of both sides"
INDUSTRY = "rates are averages over an industry's lines: a margin may fall on lines that are not traded"


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """Margins of pairs.

    Attributes
    ----------
    margin : [N, N]
        Fractions by importer and exporter; 0 where nothing counted is traded.
    traded : bool array [N, N]
        Where something is.
    """

    margin: Array
    traded: Mask


def preference_margin(*, flows: Array, applied: Array, standard: Array, counted: Mask) -> Margins:
    """Give the trade-weighted margin [N, N] by importer and exporter.

    ``sum_j x_nij (t0_nij - t_nij) / sum_j x_nij``.

    Parameters
    ----------
    flows, applied, standard : [N, N, J]
        Trade; rates with preferences and without, fractions.
    counted : bool array [N, N, J]
        Cells that take part.
    """
    weight = np.where(counted, flows, 0.0)
    return _mean(weight, standard - applied)


def adjusted_margin(*, flows: Array, applied: Array, counted: Mask) -> Margins:
    """Give the competition-adjusted margin [N, N]: what other suppliers pay less what the exporter pays.

    ``sum_j x_nij (sum_{c != i} x_ncj t_ncj / sum_{c != i} x_ncj - t_nij) / sum_j x_nij`` over products with
    another supplier (Low, Piermartini and Richtering 2009, WTO ERSD-2009-01, eq. 3).

    Parameters
    ----------
    flows, applied : [N, N, J]
    counted : bool array [N, N, J]
    """
    weight = np.where(counted, flows, 0.0)
    paid = weight * applied
    others = weight.sum(axis=1, keepdims=True) - weight
    theirs = paid.sum(axis=1, keepdims=True) - paid
    # Differences of sums leave rounding behind where there is no other supplier.
    rivals = others > 1e-12 * weight.sum(axis=1, keepdims=True)
    rate = np.divide(theirs, others, out=np.zeros_like(theirs), where=rivals)
    return _mean(np.where(rivals, weight, 0.0), rate - applied)


@indicator(
    "agreement-coverage",
    title="Trade under preferences",
    group="integration",
    kind="book",
    definition="Goods trade with partners whose goods, or who give ours, a preferential duty in force, as a "
    "fraction of an economy's goods trade.",
    formula=r"\frac{\sum_{ij}P_{nij}x_{nij}+\sum_{ij}P_{inj}x_{inj}}{\sum_{ij}x_{nij}+\sum_{ij}x_{inj}}",
    inputs=("book", "trade"),
    keys=("economy",),
    unit="fraction",
    reference="As openward impact reports it; WTO (2011), World Trade Report, part II.B",
    traps=(
        FULL_USE,
        WEIGHTS,
        "covered trade may be free of duty for everybody: the margin says what a preference is worth",
    ),
)
def covered_trade(
    *, book: Book, on: date, trade: Frame, economies: Sequence[str] | None = None, year: int | None = None
) -> Frame:
    """Give the covered fraction of trade by economy."""
    rates, flows = _on_axes(book, on, trade, year)
    total = np.where(rates.goods, flows, 0.0)
    traded = total.sum(axis=(1, 2)) + total.sum(axis=(0, 2)) > 0
    found = agreement_coverage(flows=flows, preferred=rates.preferred, goods=rates.goods)
    rows: list[Row] = [(rates.economies[n], float(found[n])) for n in np.flatnonzero(traded)]
    return _frame([row for row in rows if not economies or row[0] in economies], ("economy",))


@indicator(
    "preference-margin",
    title="Preference margin",
    group="integration",
    kind="book",
    definition="Duty an exporter's goods are spared in a market by preferences: the rate without them less "
    "the rate applied, weighted by trade.",
    formula=r"\frac{\sum_j x_{nij}(t^0_{nij}-t_{nij})}{\sum_j x_{nij}}",
    inputs=("book", "trade"),
    keys=PAIR,
    unit="fraction of customs value",
    reference="Low, Piermartini and Richtering (2009), WTO ERSD-2009-01, eq. 1",
    traps=(FULL_USE, WEIGHTS, KNOWN, INDUSTRY, "what others are spared is not counted: see the adjusted one"),
)
def preference_margins(
    *, book: Book, on: date, trade: Frame, economies: Sequence[str] | None = None, year: int | None = None
) -> Frame:
    """Give margins by exporter and importer; with these on either side, where any are named."""
    rates, flows = _on_axes(book, on, trade, year)
    plain = rate_table(unpreferred(book), on=on, economies=rates.economies, sectors=rates.sectors)
    counted = rates.whole() & plain.whole() & rates.goods
    found = preference_margin(flows=flows, applied=rates.average(), standard=plain.average(), counted=counted)
    return _frame(_pairs(rates, found, economies), PAIR)


@indicator(
    "preference-margin-adjusted",
    title="Preference margin against competitors",
    group="integration",
    kind="book",
    definition="Average rate that other suppliers of the same products pay in a market, weighted by their "
    "trade, less the rate the exporter pays; negative where others are preferred.",
    formula=r"\frac{\sum_j x_{nij}\left("
    r"\frac{\sum_{c\ne i}x_{ncj}t_{ncj}}{\sum_{c\ne i}x_{ncj}}-t_{nij}\right)}{\sum_j x_{nij}}",
    inputs=("book", "trade"),
    keys=PAIR,
    unit="fraction of customs value",
    reference="Low, Piermartini and Richtering (2009), WTO ERSD-2009-01, eq. 3",
    traps=(FULL_USE, WEIGHTS, KNOWN, INDUSTRY, "products with one supplier are left out"),
)
def preference_margins_adjusted(
    *, book: Book, on: date, trade: Frame, economies: Sequence[str] | None = None, year: int | None = None
) -> Frame:
    """Give adjusted margins by exporter and importer; with these on either side, where any are named."""
    rates, flows = _on_axes(book, on, trade, year)
    found = adjusted_margin(flows=flows, applied=rates.average(), counted=rates.whole() & rates.goods)
    return _frame(_pairs(rates, found, economies), PAIR)


@indicator(
    "preference-utilization",
    title="Use of preferences",
    group="integration",
    definition="Imports that claimed a preference as a fraction of those that could have: products whose "
    "standard rate is not zero.",
    formula=r"\frac{\sum_p u_{nip}[t^0_{np}>0]}{\sum_p x_{nip}[t^0_{np}>0]}",
    inputs=("preference-use",),
    keys=("year", *PAIR),
    unit="fraction",
    reference="Keck and Lendle (2012), WTO ERSD-2012-12; Hakobyan (2015), Canadian J. of Economics 48",
    traps=(
        "products free of duty for everybody are left out: claiming there saves nothing",
        "products that the agreement excludes count as not used",
        "products whose standard rate is not known are left out",
    ),
)
def preference_utilization(*, preference_use: Frame) -> Frame:
    """Give the rate of use by year, exporter and importer."""
    require(preference_use, ("value", "preferential", "standard_rate"), dataset="preference-use")
    eligible = preference_use.filter(nw.col("standard_rate") > 0)
    sums = eligible.group_by("year", *PAIR).agg(nw.col("value").sum(), nw.col("preferential").sum())
    return ratio(sums, ("year", *PAIR), nw.col("preferential"), nw.col("value"))


def _on_axes(book: Book, on: date, trade: Frame, year: int | None) -> tuple[RateTable, Array]:
    """Give the rates of a day and trade [importer, exporter, sector] of the weights' year on their axes."""
    importers = trade.select("importer").unique().collect("polars").to_native()["importer"].to_list()
    imports = imports_of(trade, on=on, year=year, importers=tuple(sorted({*importers} & {*ECONOMIES})))
    axis = tuple(sorted({*imports.partners, *imports.value}))
    flows = np.zeros((len(axis), len(axis), len(SECTORS)))
    columns = np.array([axis.index(code) for code in imports.partners], dtype=np.intp)
    for row, importer in enumerate(axis):
        flows[row, columns] = imports.of(importer)
    return rate_table(book, on=on, economies=axis, sectors=SECTORS), flows


def _mean(weight: Array, values: Array) -> Margins:
    total = weight.sum(axis=2)
    above = (weight * values).sum(axis=2)
    traded = np.asarray(total > 0)
    return Margins(np.divide(above, total, out=np.zeros_like(total), where=traded), traded)


def _pairs(rates: RateTable, found: Margins, economies: Sequence[str] | None) -> list[Row]:
    codes, kept = rates.economies, set(economies or rates.economies)
    return [
        (codes[i], codes[n], float(found.margin[n, i]))
        for n, i in np.argwhere(found.traded)
        if codes[i] in kept or codes[n] in kept
    ]


def _frame(rows: list[Row], keys: tuple[str, ...]) -> Frame:
    schema = dict.fromkeys(keys, pl.String) | {"value": pl.Float64}
    return nw.from_native(pl.DataFrame(rows, schema=schema, orient="row")).lazy()
