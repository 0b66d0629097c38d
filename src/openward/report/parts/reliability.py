"""Parts 4 and 5: how sure the figures are, and how anybody gets them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from openward.impact.result import Assumption, Impact
from openward.report import theme
from openward.report.blocks import Block, Cell, Code, Column, Fact, Figure, Notes, Part, Swatch, Table
from openward.report.names import short_economy
from openward.report.numbers import count, decimals_for, listing, number, percent, scientific
from openward.report.parts.uncertainty import uncertainty_blocks

if TYPE_CHECKING:
    import altair as alt

MOST_RANGES = 14


def reliability_part(impact: Impact, names: Mapping[str, str]) -> Part:
    """Give the fourth part."""
    r = impact.reliability
    blocks: list[Block] = []
    if any((s.half_pct, s.base_pct, s.double_pct) != (0.0, 0.0, 0.0) for s in r.sensitivity):
        blocks.append(_ranges_figure(impact, names))
    if r.sensitivity:
        blocks.append(_sensitivity_table(impact, names))
    if impact.uncertainty is not None:
        blocks += uncertainty_blocks(impact.uncertainty, names)
    if r.assumptions:
        blocks.append(_assumptions_table(r.assumptions))
    blocks.append(_vintages_table(impact))
    if impact.notes:
        blocks.append(Notes(impact.notes))
    return Part(
        key="reliability",
        number=4,
        title="Reliability",
        answer=reliability_sentence(impact),
        facts=(
            Fact("Converged", "yes" if r.converged else "no", count(r.iterations, "sweep")),
            Fact("Residual", scientific(r.residual), "of market clearing, relative to value added"),
            Fact("Closure", r.closure, f"numeraire: {r.numeraire}"),
            Fact("Solving time", f"{number(r.seconds, 2)} s"),
        ),
        blocks=tuple(blocks),
    )


def reliability_sentence(impact: Impact) -> str:
    """Say whether it was solved, whether signs hold, and how much is assumed."""
    r = impact.reliability
    solved = (
        f"Solved in {count(r.iterations, 'sweep')} to a residual of {scientific(r.residual)}"
        if r.converged
        else "Not converged: do not use these figures"
    )
    held = sum(
        (s.half_pct > 0) == (s.base_pct > 0) == (s.double_pct > 0)
        and (s.half_pct < 0) == (s.base_pct < 0) == (s.double_pct < 0)
        for s in r.sensitivity
    )
    signs = (
        f"; with elasticities halved and doubled the sign of the effect holds in {held} of "
        f"{count(len(r.sensitivity), 'economy', 'economies')}"
        if r.sensitivity
        else ""
    )
    kinds = [a.kind for a in r.assumptions]
    said = listing(f"{k} ({kinds.count(k)})" for k in dict.fromkeys(kinds))
    leaning = f". What it leans on is listed below: {said}" if kinds else ""
    return f"{solved}{signs}{leaning}."


def _ranges_figure(impact: Impact, names: Mapping[str, str]) -> Figure:
    shown = sorted(impact.reliability.sensitivity, key=lambda s: -abs(s.base_pct))[:MOST_RANGES]
    shown.sort(key=lambda s: -s.base_pct)
    places = decimals_for([v for s in shown for v in (s.half_pct, s.base_pct, s.double_pct)])

    def text(half: float, base: float, double: float) -> str:
        low, middle, high = (percent(v, places) for v in (half, base, double))
        return f"{low} at × 0.5, {middle} at × 1, {high} at × 2"

    def draw() -> alt.LayerChart:
        from openward.report.charts import Range, ranges

        return ranges(
            [
                Range(
                    short_economy(s.economy, names.get(s.economy, s.economy)),
                    s.half_pct,
                    s.base_pct,
                    s.double_pct,
                    text(s.half_pct, s.base_pct, s.double_pct),
                )
                for s in shown
            ],
            unit="change in real income, %",
        )

    return Figure(
        key="sensitivity",
        title="Real income under other elasticities",
        says=" ".join(
            f"{names.get(s.economy, s.economy)}: {text(s.half_pct, s.base_pct, s.double_pct)}." for s in shown
        ),
        draw=draw,
        legend=(
            Swatch(theme.BEFORE, "ring", "× 0.5"),
            Swatch(theme.AFTER, "dot", "× 1"),
            Swatch(theme.LOSS, "diamond", "× 2"),
        ),
    )


def _sensitivity_table(impact: Impact, names: Mapping[str, str]) -> Table:
    rows = sorted(impact.reliability.sensitivity, key=lambda s: -s.base_pct)
    places = decimals_for([v for s in rows for v in (s.half_pct, s.base_pct, s.double_pct)])
    return Table(
        key="sensitivity-table",
        caption="Change in real income with trade elasticities scaled",
        columns=(
            Column("Economy", numeric=False),
            Column("× 0.5", "%"),
            Column("× 1", "%"),
            Column("× 2", "%"),
        ),
        rows=tuple(
            (
                Cell(names.get(s.economy, s.economy)),
                *(Cell(number(v, places, signed=True), v) for v in (s.half_pct, s.base_pct, s.double_pct)),
            )
            for s in rows
        ),
        brief=8,
        folded=True,
    )


def _assumptions_table(assumptions: tuple[Assumption, ...]) -> Table:
    return Table(
        key="assumptions",
        caption="What is assumed, missing or unverified",
        columns=(
            Column("Kind", numeric=False),
            Column("Subject", numeric=False),
            Column("What", numeric=False),
            Column("Share of touched trade", "%"),
        ),
        rows=tuple(
            (
                Cell(a.kind, a.kind, (a.kind,)),
                Cell(a.subject),
                Cell(a.sentence),
                Cell(number(a.share_of_touched_trade_pct, 1), a.share_of_touched_trade_pct),
            )
            for a in assumptions
        ),
        note=(
            "Unverified: not read in an official source. Assumed: a rule of ours where the source is silent. "
            "Missing: no figure is invented. Model and data: conventions of the model and of the tables."
        ),
        brief=12,
    )


def _vintages_table(impact: Impact) -> Table:
    return Table(
        key="vintages",
        caption="Data the result stands on",
        columns=(
            Column("Data", numeric=False),
            Column("As of", numeric=False),
            Column("Source", numeric=False),
            Column("Licence", numeric=False),
        ),
        rows=tuple(
            (Cell(v.name), Cell(v.year), Cell(v.source), Cell(v.licence)) for v in impact.reliability.vintages
        ),
        brief=20,
    )


def reproduce_part(impact: Impact) -> Part:
    """Give the fifth part."""
    return Part(
        key="reproduce",
        number=5,
        title="Reproduce",
        answer="The same command and the same six lines give the same figures on any machine, offline.",
        facts=(),
        blocks=(
            Code("Command line", "sh", impact.reproduce.command),
            Code("Python", "python", impact.reproduce.python),
            Notes((f"The edits of {impact.name} are known by their content: {impact.hash} (SHA-256).",)),
        ),
    )
