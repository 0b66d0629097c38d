"""The figures of part 2: map, bars, terms, pairs, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from openward.impact.result import EconomyRow, Impact
from openward.report import theme
from openward.report.blocks import Figure, Swatch
from openward.report.names import short_economy
from openward.report.numbers import decimals_for, money, number, percent
from openward.report.worldmap import map_datasets, map_source, scale_for

if TYPE_CHECKING:
    import altair as alt

MOST_BARS = 8
MOST_TERMS = 14


def ranked(economies: tuple[EconomyRow, ...]) -> list[EconomyRow]:
    """Give the economies with the largest gain first."""
    return sorted(economies, key=lambda r: (-r.real_income_pct, r.economy))


def map_figure(rows: list[EconomyRow]) -> Figure:
    """Draw real income on the map."""
    values = {r.economy: r.real_income_pct for r in rows}
    scale = scale_for(values)

    def draw() -> alt.LayerChart:
        from openward.codes.economies import economy
        from openward.report.worldmap import world_map

        return world_map(
            values,
            {r.economy: r.name for r in rows},
            {c: f"{int(economy(c).m49):03d}" for c in values},
            decimals=decimals_for(values.values()),
        )

    legend = tuple(Swatch(c, "box", label) for c, label in zip(scale.colors, scale.labels, strict=True))
    return Figure(
        key="map",
        title="Change in real income, percent",
        says=" ".join(f"{r.name} {percent(r.real_income_pct, 4)}." for r in (*rows[:5], *rows[-5:])),
        draw=draw,
        legend=(*legend, Swatch(theme.NO_DATA, "box", "not in the baseline")),
        note=f"Small territories are drawn as dots. Map: {map_source()}; borders imply no judgment.",
        wide=True,
        datasets=map_datasets(),
    )


def _extremes(rows: list[EconomyRow]) -> list[EconomyRow]:
    """Give the parties and the economies with the largest gains and losses."""
    gains = [r for r in rows if r.real_income_pct > 0][:MOST_BARS]
    losses = [r for r in rows if r.real_income_pct < 0][-MOST_BARS + 2 :]
    chosen = {r.economy for r in (*gains, *losses)}
    parties = [r for r in rows if r.party and r.economy not in chosen][:6]
    return ranked((*gains, *losses, *parties))


def bars_figure(rows: list[EconomyRow]) -> Figure:
    """Draw the largest gains and losses, with their range over elasticities."""
    shown = _extremes(rows)
    places = decimals_for([r.real_income_pct for r in shown])

    def draw() -> alt.LayerChart:
        from openward.report.charts import Bar, bars

        return bars(
            [
                Bar(
                    short_economy(r.economy, r.name),
                    r.real_income_pct,
                    percent(r.real_income_pct, places),
                    r.low_pct,
                    r.high_pct,
                )
                for r in shown
            ],
            unit="change in real income, %",
        )

    return Figure(
        key="gains",
        title="Largest gains and losses",
        says=" ".join(f"{r.name} {percent(r.real_income_pct, places)}." for r in shown),
        draw=draw,
        legend=(
            Swatch(theme.GAIN, "box", "gain"),
            Swatch(theme.LOSS, "box", "loss"),
            Swatch(theme.INK, "line", "range over elasticities × 0.5 to × 2"),
        ),
    )


def terms_figure(rows: list[EconomyRow]) -> Figure:
    """Draw the first-order terms beside the exact change."""
    shown = _extremes(rows)[:MOST_TERMS]
    places = decimals_for([r.real_income_pct for r in shown])

    def text(r: EconomyRow) -> str:
        return (
            f"terms of trade {percent(r.terms_of_trade_pct, places)}, volume of trade "
            f"{percent(r.volume_of_trade_pct, places)}, exact {percent(r.real_income_pct, places)}"
        )

    def draw() -> alt.LayerChart:
        from openward.report.charts import Terms, decomposition

        return decomposition(
            [
                Terms(
                    short_economy(r.economy, r.name),
                    r.terms_of_trade_pct,
                    r.volume_of_trade_pct,
                    r.real_income_pct,
                    text(r),
                )
                for r in shown
            ],
            unit="percent of real income",
        )

    return Figure(
        key="terms",
        title="First-order terms beside the exact change",
        says=" ".join(f"{r.name}: {text(r)}." for r in shown),
        draw=draw,
        legend=(
            Swatch(theme.TERMS, "box", "terms of trade"),
            Swatch(theme.VOLUME, "box", "volume of trade"),
            Swatch(theme.INK, "diamond", "exact change"),
        ),
        note="Papers print the sum of the two bars: first-order, it need not meet the exact figure.",
    )


def pairs_figure(impact: Impact, names: Mapping[str, str]) -> Figure:
    """Draw the trade of the pairs whose rate moves."""
    moved = [b for b in impact.opening.bilateral if b.after_musd != b.before_musd]
    moved = sorted(moved, key=lambda b: -abs(b.after_musd - b.before_musd))[:MOST_TERMS]
    moved.sort(key=lambda b: b.before_musd - b.after_musd)

    def label(importer: str, exporter: str) -> str:
        return f"{short_economy(exporter, names.get(exporter, exporter))} → {importer}"

    def draw() -> alt.LayerChart:
        from openward.report.charts import Bar, bars

        return bars(
            [
                Bar(
                    label(b.importer, b.exporter),
                    b.after_musd - b.before_musd,
                    money(b.after_musd - b.before_musd, signed=True),
                )
                for b in moved
            ],
            unit="change in trade, million USD a year",
        )

    return Figure(
        key="pairs",
        title="Trade of the pairs whose rate moves",
        says=" ".join(
            f"{label(b.importer, b.exporter)} {money(b.after_musd - b.before_musd, signed=True)}."
            for b in moved
        ),
        draw=draw,
    )


def coverage_figure(covered: list[EconomyRow]) -> Figure:
    """Draw the share of trade under agreements, before and after."""
    most = sorted(covered, key=lambda r: -abs(r.coverage_after_pct - r.coverage_before_pct))[:MOST_TERMS]
    most.sort(key=lambda r: -r.coverage_after_pct)

    def text(r: EconomyRow) -> str:
        change = r.coverage_after_pct - r.coverage_before_pct
        return f"{number(change, max(1, decimals_for((change,), significant=1)), signed=True)} pp"

    def draw() -> alt.LayerChart:
        from openward.report.charts import Pair, dumbbells

        return dumbbells(
            [
                Pair(short_economy(r.economy, r.name), r.coverage_before_pct, r.coverage_after_pct, text(r))
                for r in most
            ],
            unit="share of goods trade under agreements, %",
        )

    return Figure(
        key="coverage",
        title="Trade covered by agreements and preferences",
        says=" ".join(
            f"{r.name} {number(r.coverage_before_pct, 1)} % to {number(r.coverage_after_pct, 1)} %."
            for r in most
        ),
        draw=draw,
        legend=(Swatch(theme.BEFORE, "ring", "before"), Swatch(theme.AFTER, "dot", "after")),
        note="Economies whose coverage moves. Beside each: the change in percentage points (pp).",
    )
