"""The figures of a profile: what each shows and says, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from openward.report import theme
from openward.report.blocks import Figure, Swatch
from openward.report.names import short_economy
from openward.report.numbers import EMPTY, number
from openward.report.profile.forms import MedianBar, PairedBar, interval, median_bars, paired_bars, strip
from openward.report.profile.lines import course_lines
from openward.report.profile.model import Profile
from openward.report.profile.words import share

if TYPE_CHECKING:
    import altair as alt

MOST_YEARS = 35
"""Years of a chart; the JSON form has all."""
OWN, WORLD = Swatch(theme.AFTER, "line", "the economy"), Swatch(theme.BEFORE, "line", "median economy")
BAND = Swatch(theme.RULE, "box", "middle half of economies")
MEDIAN = Swatch(theme.INK, "line", "median economy")


def figures(profile: Profile) -> dict[str, Figure]:
    """Give the figures there are data for, by the key of their section."""
    made = (_openness, _partners, _products, _dependency, _chains, _index)
    found = [figure for figure in (make(profile) for make in made) if figure is not None]
    return {figure.key: figure for figure in found}


def _openness(profile: Profile) -> Figure | None:
    if len(profile.course) > 1:
        shown = profile.course[-MOST_YEARS:]
        first, last = shown[0], shown[-1]
        says = (
            f"{profile.name}: {share(first.value)} in {first.year}, {share(last.value)} in {last.year}; "
            f"the median economy {share(last.median)} of {last.economies}."
        )
        return Figure(
            "openness",
            "Exports and imports over GDP",
            says,
            lambda: course_lines(shown, name=short_economy(profile.economy, profile.name)),
            (OWN, WORLD, BAND),
            f"Percent of GDP. Economies with a figure: {first.economies} in {first.year}, "
            f"{last.economies} in {last.year}.",
        )
    if not profile.peers:
        return None
    year = profile.course[-1].year
    return Figure(
        "openness",
        f"Exports and imports over GDP, {year}",
        f"{profile.name} among {len(profile.peers)} economies.",
        lambda: strip(profile.peers, economy=profile.economy),
        (Swatch(theme.AFTER, "dot", "the economy"), Swatch(theme.BEFORE, "dot", "others"), MEDIAN),
        "Percent of GDP. One year is at hand, so no course can be drawn.",
    )


def _partners(profile: Profile) -> Figure | None:
    if not profile.partners:
        return None
    rows = [
        PairedBar(
            short_economy(one.code, one.name),
            100 * one.export_share,
            100 * one.import_share,
            share(one.export_share),
            share(one.import_share),
        )
        for one in profile.partners
    ]
    first = profile.partners[0]
    return Figure(
        "partners",
        f"Largest partners, {profile.partners_year}",
        f"{first.name}: {share(first.export_share)} of exports, {share(first.import_share)} of imports.",
        lambda: paired_bars(rows, unit="% of exports, % of imports", names=("exports", "imports")),
        (Swatch(theme.GAIN, "box", "exports to"), Swatch(theme.LOSS, "box", "imports from")),
    )


def _products(profile: Profile) -> Figure | None:
    if not profile.products:
        return None
    rows = [
        MedianBar(one.name, 100 * one.share, f"{share(one.share)} · RCA {_ratio(one.rca)}")
        for one in profile.products
    ]
    first = profile.products[0]
    return Figure(
        "products",
        f"Largest exports, {profile.products_year}",
        f"{first.name}: {share(first.share)} of exports, {_ratio(first.rca)} times the world's share.",
        lambda: median_bars(rows, unit="% of exports"),
        (),
        f"{len(profile.products)} of {profile.products_total} {profile.product_kind}. RCA: share in exports "
        "over the world's share; above 1 is an advantage.",
    )


def _dependency(profile: Profile) -> Figure | None:
    if not profile.dependencies:
        return None
    rows = [
        MedianBar(
            one.name,
            100 * one.supplier_share,
            f"{share(one.supplier_share)} {short_economy(one.supplier, one.supplier_name)}",
            color=theme.LOSS if one.single_point or one.strategic else theme.BEFORE,
        )
        for one in profile.dependencies
    ]
    first = profile.dependencies[0]
    return Figure(
        "dependency",
        f"Imports from few, {profile.products_year}",
        f"{first.name}: {share(first.supplier_share)} from {first.supplier_name}.",
        lambda: median_bars(rows, unit="largest supplier, % of imports of the product"),
        (
            Swatch(theme.LOSS, "box", "single point of failure or strategic dependency"),
            Swatch(theme.BEFORE, "box", "neither"),
        ),
        f"{len(profile.dependencies)} of {profile.dependencies_total} {profile.product_kind}: flagged ones "
        "first, then those with the most concentrated suppliers.",
    )


def _chains(profile: Profile) -> Figure | None:
    had = [one for one in profile.chains.quantities if one.value is not None]
    if not had:
        return None
    rows = [
        MedianBar(
            one.label,
            100 * (one.value or 0.0),
            share(one.value),
            None if one.standing is None else 100 * one.standing.median,
        )
        for one in had
    ]
    return Figure(
        "chains",
        f"Value added in exports, {had[0].year}",
        "; ".join(f"{one.label} {share(one.value)}" for one in had) + ".",
        lambda: median_bars(rows, unit="% of gross exports"),
        (MEDIAN,),
        "In value chains = backward + forward; made at home = all less backward.",
    )


def _index(profile: Profile) -> Figure | None:
    index = profile.index
    if index.rank is None or index.low is None or index.high is None or index.of is None:
        return None
    rank, low, high, of = index.rank, index.low, index.high, index.of
    draw: Callable[[], alt.LayerChart] = lambda: interval(rank=rank, low=low, high=high, of=of)  # noqa: E731
    return Figure(
        "index",
        f"Rank in the openness index, {index.year}",
        f"Rank {rank} of {of}, between {low} and {high}.",
        draw,
        (
            Swatch(theme.AFTER, "dot", "rank as specified"),
            Swatch(theme.BEFORE, "line", f"90 % of {index.replicates:,} replicates with other choices"),
        ),
        f"{index.available} of {index.wanted} indicators have data here.",
    )


def _ratio(value: float | None) -> str:
    return EMPTY if value is None else number(value, 1)
