"""Part 3, safeguards: what shrinks, who leans on whom, and what a stop of supply would cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from openward.impact.result import DependencyRow, Impact, IndustryRow
from openward.report import theme
from openward.report.blocks import Block, Fact, Figure, Notes, Part, Swatch
from openward.report.names import in_sentence, short_economy, short_industry
from openward.report.numbers import decimals_for, listing, number, percent
from openward.report.parts.safeguards_tables import dependency_table, industry_table, stress_table

if TYPE_CHECKING:
    import altair as alt

MOST_BARS = 12


def safeguards_part(impact: Impact, names: Mapping[str, str]) -> Part:
    """Give the third part."""
    s = impact.safeguards
    blocks: list[Block] = []
    if s.falling:
        blocks.append(_industry_figure(s.falling, names, key="falling", title="Industries that shrink most"))
    if s.rising:
        blocks.append(_industry_figure(s.rising, names, key="rising", title="Industries that grow most"))
    if s.dependency:
        blocks.append(_dependency_figure(s.dependency, names))
    if s.stress:
        blocks.append(_stress_figure(impact, names))
    for rows, key, caption in (
        (s.falling, "falling-table", "Industries that shrink"),
        (s.rising, "rising-table", "Industries that grow"),
    ):
        if rows:
            blocks.append(industry_table(rows, names, key=key, caption=caption))
    if s.dependency:
        blocks.append(dependency_table(s.dependency, names))
    if s.stress:
        blocks.append(stress_table(impact, names))
    blocks.append(Notes((s.stress_note,)))
    return Part(
        key="safeguards",
        number=3,
        title="Safeguards",
        answer=safeguards_sentence(impact, names),
        facts=_facts(impact, names),
        blocks=tuple(blocks),
    )


def safeguards_sentence(impact: Impact, names: Mapping[str, str]) -> str:
    """Say which industry falls most, whose dependence rises most, and what a stop would cost."""
    s, said = impact.safeguards, []
    if s.falling:
        worst = s.falling[0]
        said.append(
            f"Output falls most in {in_sentence(worst.sector, worst.sector_name)} of "
            f"{names.get(worst.economy, worst.economy)} "
            f"({percent(worst.output_volume_pct)})"
        )
    else:
        said.append("No industry shrinks")
    leaning = max(s.dependency, key=lambda d: d.top_share_after - d.top_share_before, default=None)
    if leaning is not None and leaning.top_share_after > leaning.top_share_before:
        said.append(
            f"dependence on one supplier rises most in {in_sentence(leaning.sector, leaning.sector_name)} "
            f"bought by {names.get(leaning.economy, leaning.economy)} ({_share(leaning.top_share_before)} to "
            f"{_share(leaning.top_share_after)} % from {names.get(leaning.top_after, leaning.top_after)})"
        )
    elif s.dependency:
        said.append("no watched industry leans more on its largest supplier")
    deeper = [r for r in s.stress if r.loss_after_pct > r.loss_before_pct]
    if s.stress:
        said.append(
            f"a stop of the three largest suppliers would hurt more than before in {len(deeper)} of "
            f"{len(s.stress)} economies tested"
        )
    return "; ".join(said) + "."


def _share(fraction: float) -> str:
    return number(100 * fraction, 1)


def _facts(impact: Impact, names: Mapping[str, str]) -> tuple[Fact, ...]:
    s, facts = impact.safeguards, []
    if s.falling:
        lost = sum(r.output_change_musd for r in s.falling)
        economies = listing(dict.fromkeys(names.get(r.economy, r.economy) for r in s.falling), most=3)
        facts.append(Fact("Output lost in what shrinks most", f"{number(lost, 0)} million USD", economies))
    if s.dependency:
        more = sum(d.hhi_after > d.hhi_before for d in s.dependency)
        facts.append(
            Fact(
                "Imports more concentrated",
                f"{more} of {len(s.dependency)}",
                "industries watched, by the HHI",
            )
        )
    if s.stress:
        worst = max(s.stress, key=lambda r: r.loss_after_pct)
        facts.append(
            Fact(
                "Deepest loss if supply stops",
                f"{number(worst.loss_after_pct, 2)} %",
                f"of real income, {names.get(worst.economy, worst.economy)}",
            )
        )
    return tuple(facts)


def _industry_figure(
    rows: tuple[IndustryRow, ...], names: Mapping[str, str], *, key: str, title: str
) -> Figure:
    shown = rows[:MOST_BARS]
    places = decimals_for([r.output_volume_pct for r in shown])

    def draw() -> alt.LayerChart:
        from openward.report.charts import Bar, bars

        return bars(
            [
                Bar(
                    f"{r.economy} · {short_industry(r.sector, r.sector_name)}",
                    r.output_volume_pct,
                    percent(r.output_volume_pct, places),
                )
                for r in shown
            ],
            unit="change in the volume of output, %",
        )

    return Figure(
        key=key,
        title=title,
        says=" ".join(
            f"{r.sector_name} of {names.get(r.economy, r.economy)} {percent(r.output_volume_pct, places)}."
            for r in shown
        ),
        draw=draw,
    )


def _dependency_figure(rows: tuple[DependencyRow, ...], names: Mapping[str, str]) -> Figure:
    shown = sorted(rows[:MOST_BARS], key=lambda d: -d.top_share_after)

    def text(d: DependencyRow) -> str:
        change = 100 * (d.top_share_after - d.top_share_before)
        supplier = d.top_after if d.top_after == d.top_before else f"{d.top_before} → {d.top_after}"
        return f"{supplier} {number(change, max(2, decimals_for((change,), significant=1)), signed=True)} pp"

    def draw() -> alt.LayerChart:
        from openward.report.charts import Pair, dumbbells

        return dumbbells(
            [
                Pair(
                    f"{d.economy} · {short_industry(d.sector, d.sector_name)}",
                    100 * d.top_share_before,
                    100 * d.top_share_after,
                    text(d),
                )
                for d in shown
            ],
            unit="share of the largest foreign supplier in imports, %",
        )

    return Figure(
        key="dependency",
        title="Dependence on the largest supplier",
        says=" ".join(
            f"{d.sector_name} bought by {names.get(d.economy, d.economy)}: {text(d)}." for d in shown
        ),
        draw=draw,
        legend=(Swatch(theme.BEFORE, "ring", "before"), Swatch(theme.AFTER, "dot", "after")),
        note="Beside each: the supplier and the change in percentage points (pp).",
    )


def _stress_figure(impact: Impact, names: Mapping[str, str]) -> Figure:
    shown = sorted(impact.safeguards.stress, key=lambda r: -r.loss_after_pct)[: MOST_BARS + 6]

    def draw() -> alt.LayerChart:
        from openward.report.charts import Pair, dumbbells

        return dumbbells(
            [
                Pair(
                    short_economy(r.economy, names.get(r.economy, r.economy)),
                    r.loss_before_pct,
                    r.loss_after_pct,
                    f"{number(r.loss_after_pct - r.loss_before_pct, 3, signed=True)} pp",
                )
                for r in shown
            ],
            unit="loss of real income if supply stops, %",
        )

    return Figure(
        key="stress",
        title="If the three largest suppliers stop",
        says=" ".join(
            f"{names.get(r.economy, r.economy)} loses {number(r.loss_before_pct, 3)} % before, "
            f"{number(r.loss_after_pct, 3)} % after."
            for r in shown
        ),
        draw=draw,
        legend=(Swatch(theme.BEFORE, "ring", "law before"), Swatch(theme.AFTER, "dot", "law after")),
    )
