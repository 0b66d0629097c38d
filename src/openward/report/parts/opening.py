"""Part 2, opening: who gains, trade made and moved, prices and revenue."""

from __future__ import annotations

from collections.abc import Mapping

from openward.impact.result import EconomyRow, Impact
from openward.report.blocks import Cell, Column, Fact, Part, Table
from openward.report.numbers import count, decimals_for, listing, money, number, percent
from openward.report.parts.opening_figures import (
    bars_figure,
    coverage_figure,
    map_figure,
    pairs_figure,
    ranked,
    terms_figure,
)

# Below this a dot does not move, in percentage points.
LEAST_COVERAGE = 0.1


def opening_part(impact: Impact, names: Mapping[str, str]) -> Part:
    """Give the second part."""
    opening = impact.opening
    rows = ranked(opening.economies)
    moved = [r for r in rows if r.real_income_pct != 0]
    figures = [map_figure(rows), bars_figure(rows), terms_figure(rows)] if moved else []
    pairs = [b for b in opening.bilateral if b.after_musd != b.before_musd]
    if pairs:
        figures.append(pairs_figure(impact, names))
    covered = [r for r in rows if abs(r.coverage_after_pct - r.coverage_before_pct) >= LEAST_COVERAGE]
    if covered:
        figures.append(coverage_figure(covered))
    purse = purse_row(impact)
    return Part(
        key="opening",
        number=2,
        title="Opening",
        answer=opening_sentence(impact),
        facts=(
            Fact("World real income", percent(opening.world_real_income_pct), "weighted by final spending"),
            Fact("Trade created", money(opening.trade_created_musd), "a year"),
            Fact(
                "Trade diverted",
                money(opening.trade_diverted_musd),
                "a year, from one foreign supplier to another",
            ),
            Fact(
                f"Tariff revenue, {purse.name}",
                money(purse.revenue_after_musd - purse.revenue_before_musd, signed=True),
                f"a year, from {money(purse.revenue_before_musd)}",
            ),
        ),
        blocks=(
            *figures,
            economies_table(impact),
            *([_pairs_table(impact, names)] if opening.bilateral else []),
        ),
    )


def purse_row(impact: Impact) -> EconomyRow:
    """Give the economy whose tariff revenue moves most in money."""
    return max(impact.opening.economies, key=lambda r: abs(r.revenue_after_musd - r.revenue_before_musd))


def opening_sentence(impact: Impact) -> str:
    """Say who gains and who loses."""
    rows = ranked(impact.opening.economies)
    if all(r.real_income_pct == 0 for r in rows):
        return "Nothing moves: every change is exactly zero."
    places = decimals_for([r.real_income_pct for r in rows])
    gain = [r for r in rows if r.real_income_pct > 0]
    loss = [r for r in reversed(rows) if r.real_income_pct < 0]

    def said(found: list[EconomyRow]) -> str:
        return listing([f"{r.name} ({percent(r.real_income_pct, places)})" for r in found[:3]])

    up = (
        f"{count(len(gain), 'economy', 'economies')} of {len(rows)} gain, {said(gain)} most"
        if gain
        else "Nobody gains"
    )
    down = (
        f"; {count(len(loss), 'economy', 'economies')} lose, {said(loss)} most" if loss else "; nobody loses"
    )
    return f"{up}{down}. Figures are exact changes in real income."


def economies_table(impact: Impact) -> Table:
    """Give the table of all economies: the figures behind map and bars."""
    rows = ranked(impact.opening.economies)
    fields = (
        "real_income_pct",
        "terms_of_trade_pct",
        "volume_of_trade_pct",
        "real_wage_pct",
        "price_index_pct",
    )
    places = decimals_for([getattr(r, f) for r in rows for f in fields])
    flows = decimals_for([v for r in rows for v in (r.exports_pct, r.imports_pct)])
    fine = decimals_for([r.real_income_musd for r in rows], most=1)

    def change(value: float | None, decimals: int) -> Cell:
        return Cell(number(value, decimals, signed=True), value)

    return Table(
        key="economies",
        caption=f"All {len(rows)} economies",
        columns=(
            Column("Economy", numeric=False),
            Column("Real income", "%"),
            Column("Low", "%"),
            Column("High", "%"),
            Column("Real income", "million USD"),
            Column("Terms of trade", "%"),
            Column("Volume of trade", "%"),
            Column("Path sum", "%"),
            Column("Real wage", "%"),
            Column("Prices", "%"),
            Column("Exports", "%"),
            Column("Imports", "%"),
            Column("Tariff revenue before", "million USD"),
            Column("Tariff revenue change", "million USD"),
            Column("Trade created", "million USD"),
            Column("Trade diverted", "million USD"),
            Column("Under agreements before", "% of trade"),
            Column("Under agreements after", "% of trade"),
        ),
        rows=tuple(
            (
                Cell(r.name, r.name, ("party",) if r.party else ()),
                change(r.real_income_pct, places),
                change(r.low_pct, places),
                change(r.high_pct, places),
                change(r.real_income_musd, fine),
                change(r.terms_of_trade_pct, places),
                change(r.volume_of_trade_pct, places),
                change(r.path_integrated_pct, places),
                change(r.real_wage_pct, places),
                change(r.price_index_pct, places),
                change(r.exports_pct, flows),
                change(r.imports_pct, flows),
                Cell(number(r.revenue_before_musd, 1), r.revenue_before_musd),
                change(r.revenue_after_musd - r.revenue_before_musd, 1),
                Cell(number(r.trade_created_musd, 1), r.trade_created_musd),
                Cell(number(r.trade_diverted_musd, 1), r.trade_diverted_musd),
                Cell(number(r.coverage_before_pct, 1), r.coverage_before_pct),
                Cell(number(r.coverage_after_pct, 1), r.coverage_after_pct),
            )
            for r in rows
        ),
        note=(
            "Real income is the exact change. Low and high: the range over elasticities halved and "
            "doubled. Path sum: the first-order terms added up over small steps of the reform. Money is of "
            "the baseline year, the numeraire world value added. A dash stands where the base is zero or the "
            "figure was not asked for."
        ),
    )


def _pairs_table(impact: Impact, names: Mapping[str, str]) -> Table:
    return Table(
        key="pairs-table",
        caption="Trade of the pairs whose rate moves",
        columns=(
            Column("Importer", numeric=False),
            Column("Exporter", numeric=False),
            Column("Before", "million USD"),
            Column("After", "million USD"),
            Column("Change", "%"),
        ),
        rows=tuple(
            (
                Cell(names.get(b.importer, b.importer)),
                Cell(names.get(b.exporter, b.exporter)),
                Cell(number(b.before_musd, 1), b.before_musd),
                Cell(number(b.after_musd, 1), b.after_musd),
                Cell(number(b.change_pct, 2, signed=True), b.change_pct),
            )
            for b in impact.opening.bilateral
        ),
        note="A dash stands where trade was zero before: a percent change of nothing is not defined.",
        brief=8,
        folded=True,
    )
