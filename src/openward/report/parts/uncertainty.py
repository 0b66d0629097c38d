"""Of part 4: intervals from draws, who could lose, and where the spread comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from openward.impact.uncertainty import EconomyUncertainty, Uncertainty
from openward.report import theme
from openward.report.blocks import Block, Cell, Column, Figure, Notes, Swatch, Table
from openward.report.names import short_economy
from openward.report.numbers import decimals_for, money, number, percent

if TYPE_CHECKING:
    import altair as alt

MOST_SHOWN = 14


def uncertainty_blocks(found: Uncertainty, names: Mapping[str, str]) -> list[Block]:
    """Give chart, table and notes; nothing where no draw moves anybody."""
    moved = [e for e in found.economies if e.real_income_pct.sd > 0 or e.real_income_pct.point != 0]
    if not moved:
        return []
    chosen = sorted(moved, key=lambda e: (not e.party, -abs(e.real_income_pct.median)))
    shown = sorted(chosen[:MOST_SHOWN], key=lambda e: -e.real_income_pct.median)
    return [_figure(found, shown, names), _table(found, moved, names), _notes(found)]


def _figure(found: Uncertainty, shown: list[EconomyUncertainty], names: Mapping[str, str]) -> Figure:
    places = decimals_for([v for e in shown for v in (e.real_income_pct.low, e.real_income_pct.high)])

    def said(e: EconomyUncertainty) -> str:
        i = e.real_income_pct
        low, middle, high = (percent(v, places) for v in (i.low, i.median, i.high))
        return f"{middle}, {found.level:.0%} between {low} and {high}; loses in {e.loses.probability:.0%}"

    def draw() -> alt.LayerChart:
        from openward.report.interval_chart import Span, intervals

        return intervals(
            [
                Span(
                    short_economy(e.economy, names.get(e.economy, e.economy)),
                    e.real_income_pct.low,
                    e.real_income_pct.median,
                    e.real_income_pct.high,
                    e.real_income_pct.point,
                    said(e),
                )
                for e in shown
            ],
            unit="change in real income, %",
        )

    return Figure(
        key="intervals",
        title=f"Real income in {found.draws:,} draws",
        says=" ".join(f"{names.get(e.economy, e.economy)}: {said(e)} of draws." for e in shown),
        draw=draw,
        legend=(
            Swatch(theme.BEFORE, "line", f"{found.level:.0%} of draws"),
            Swatch(theme.AFTER, "dot", "median"),
            Swatch(theme.LOSS, "diamond", "without draws"),
        ),
    )


def _table(found: Uncertainty, moved: list[EconomyUncertainty], names: Mapping[str, str]) -> Table:
    rows = sorted(moved, key=lambda e: (not e.party, -e.real_income_pct.median))
    places = decimals_for([v for e in rows for v in (e.real_income_pct.low, e.real_income_pct.high)])
    error = 100 * max(s.standard_error for e in rows for s in e.sources)
    sources = [s.source for s in found.world_sources]
    return Table(
        key="uncertainty",
        caption="Who could lose, and what the spread comes from",
        columns=(
            Column("Economy", numeric=False),
            Column("Low", "%"),
            Column("Median", "%"),
            Column("High", "%"),
            Column("Loses in", "% of draws"),
            *(Column(source.capitalize(), "% of variance") for source in sources),
        ),
        rows=tuple(
            (
                Cell(names.get(e.economy, e.economy), tags=("party",) if e.party else ()),
                *(
                    Cell(number(v, places, signed=True), v)
                    for v in (e.real_income_pct.low, e.real_income_pct.median, e.real_income_pct.high)
                ),
                Cell(number(100 * e.loses.probability, 1), e.loses.probability),
                *(Cell(number(100 * s.share), s.share) for s in e.sources),
            )
            for e in rows
        ),
        note=(
            "Variance: what each source explains alone; what is missing to 100 % they explain together. "
            f"Shares are known to within {error:.0f} points (one standard error, {found.pairs:,} pairs)."
        ),
        brief=10,
        folded=True,
    )


def _notes(found: Uncertainty) -> Notes:
    world = found.world["world_real_income_pct"]
    made = found.world["trade_created_musd"]
    return Notes(
        (
            f"World real income {percent(world.median)} "
            f"(from {percent(world.low)} to {percent(world.high)}), "
            f"trade created {money(made.median)} (from {money(made.low)} to {money(made.high)}); "
            f"{found.draws:,} draws with seed {found.seed}, each solved exactly, "
            f"and {found.pairs:,} pairs per source for the shares of variance.",
            *found.assumptions,
        )
    )
