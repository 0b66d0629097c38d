"""The tables of part 3: industries, import dependency, stress test."""

from __future__ import annotations

from collections.abc import Mapping

from openward.impact.result import DependencyRow, Impact, IndustryRow
from openward.report.blocks import Cell, Column, Table
from openward.report.numbers import decimals_for, number


def industry_table(
    rows: tuple[IndustryRow, ...], names: Mapping[str, str], *, key: str, caption: str
) -> Table:
    """Give industries that shrink or grow."""
    places = decimals_for([r.output_volume_pct for r in rows])
    return Table(
        key=key,
        caption=caption,
        columns=(
            Column("Economy", numeric=False),
            Column("Industry", numeric=False),
            Column("Output volume", "%"),
            Column("Output", "million USD"),
            Column("Change", "million USD"),
        ),
        rows=tuple(
            (
                Cell(names.get(r.economy, r.economy)),
                Cell(r.sector_name, r.sector),
                Cell(number(r.output_volume_pct, places, signed=True), r.output_volume_pct),
                Cell(number(r.output_musd, 0), r.output_musd),
                Cell(number(r.output_change_musd, 1, signed=True), r.output_change_musd),
            )
            for r in rows
        ),
        brief=8,
        folded=True,
    )


def dependency_table(rows: tuple[DependencyRow, ...], names: Mapping[str, str]) -> Table:
    """Give who leans on whom, industry by industry."""
    return Table(
        key="dependency-table",
        caption="Import dependency by industry, foreign supply only",
        columns=(
            Column("Economy", numeric=False),
            Column("Industry", numeric=False),
            Column("Largest supplier before", numeric=False),
            Column("Share", "%"),
            Column("Largest supplier after", numeric=False),
            Column("Share", "%"),
            Column("HHI before", "0–10,000"),
            Column("HHI change"),
            Column("Imports", "million USD"),
        ),
        rows=tuple(
            (
                Cell(names.get(d.economy, d.economy)),
                Cell(d.sector_name, d.sector),
                Cell(names.get(d.top_before, d.top_before)),
                Cell(number(100 * d.top_share_before, 2), d.top_share_before),
                Cell(names.get(d.top_after, d.top_after)),
                Cell(number(100 * d.top_share_after, 2), d.top_share_after),
                Cell(number(1e4 * d.hhi_before, 0), d.hhi_before),
                Cell(number(1e4 * (d.hhi_after - d.hhi_before), 1, signed=True), d.hhi_after - d.hhi_before),
                Cell(number(d.imports_musd, 0), d.imports_musd),
            )
            for d in rows
        ),
        note="HHI: sum of squared supplier shares times 10,000; above 2,500 few suppliers dominate.",
        brief=8,
        folded=True,
    )


def stress_table(impact: Impact, names: Mapping[str, str]) -> Table:
    """Give the loss if the largest suppliers stop, under both laws."""
    return Table(
        key="stress-table",
        caption="Loss of real income if the three largest suppliers stop",
        columns=(
            Column("Economy", numeric=False),
            Column("Suppliers", numeric=False),
            Column("Loss before", "%"),
            Column("Loss after", "%"),
            Column("Change", "pp"),
        ),
        rows=tuple(
            (
                Cell(names.get(r.economy, r.economy)),
                Cell(", ".join(names.get(c, c) for c in r.suppliers)),
                Cell(number(r.loss_before_pct, 3), r.loss_before_pct),
                Cell(number(r.loss_after_pct, 3), r.loss_after_pct),
                Cell(
                    number(r.loss_after_pct - r.loss_before_pct, 4, signed=True),
                    r.loss_after_pct - r.loss_before_pct,
                ),
            )
            for r in impact.safeguards.stress
        ),
        brief=20,
        folded=True,
    )
