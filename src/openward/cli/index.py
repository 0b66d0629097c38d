"""``openward index``: composite indices from a spec, with an interval on every rank."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from openward.indicators.composite.published import Comparison
    from openward.indicators.composite.sobol import Sensitivity
    from openward.indicators.composite.uncertainty import Uncertainty

app = typer.Typer(no_args_is_help=True, help="Composite indices: specs, scores, ranks and how sure they are.")

SpecArgument = Annotated[
    str, typer.Argument(help="Name of a shipped spec, or a YAML file (openward.index/1).")
]


@app.command("list")
def list_specs(format: FormatOption = Format.TABLE) -> None:
    """List the specs that ship, and how much of each has data here."""
    from openward.cli.output import print_rows
    from openward.indicators.composite.reading import read_spec, shipped

    specs = [read_spec(name) for name in shipped()]
    print_rows(
        [
            {
                "name": spec.name,
                "title": spec.title,
                "indicators": len(spec.indicators),
                "available": len(spec.available),
                "uncertain choices": len(spec.uncertainty),
            }
            for spec in specs
        ],
        format,
    )


@app.command("check")
def check(spec: SpecArgument, format: FormatOption = Format.TABLE) -> None:
    """Check a spec and show its indicators: available or what they would need."""
    from openward.cli.output import print_rows, say
    from openward.indicators.composite.hierarchy import hierarchy
    from openward.indicators.composite.reading import read_spec

    found = read_spec(spec)
    tree = hierarchy(found)
    say(
        f"{found.name}: {len(found.available)} of {len(found.indicators)} indicators available, "
        f"{tree.top} levels, steps {', '.join(step.step for step in found.steps)}"
    )
    print_rows(
        [
            {
                "code": one.code,
                "name": one.name,
                "direction": one.direction,
                "weight": one.weight,
                "parent": one.parent,
                "status": f"unavailable: needs {one.needs}" if one.needs else "available",
            }
            for one in found.indicators
        ],
        format,
    )


@app.command("build")
def build(
    spec: SpecArgument,
    data: Annotated[Path | None, typer.Option("--data", help="Folder with the data it reads.")] = None,
    year: Annotated[int | None, typer.Option("--year", help="Instead of the spec's.")] = None,
    replicates: Annotated[
        int, typer.Option("--replicates", min=0, help="Behind the rank intervals; 0 leaves them out.")
    ] = 2000,
    sobol: Annotated[
        int,
        typer.Option("--sobol", min=0, help="Rows of the sensitivity design; 0 leaves it out."),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Of the replicates.")] = 1,
    trail: Annotated[
        bool, typer.Option("--trail", help="Every cell changed, in place of the scores (JSON has both).")
    ] = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Build an index: score, rank, rank interval (90 % of the replicates) and coverage of every unit."""
    from dataclasses import asdict

    from openward.cli.output import print_json, print_rows, say
    from openward.indicators.composite import build as building
    from openward.indicators.composite.gather import gather
    from openward.indicators.composite.published import beside_published
    from openward.indicators.composite.reading import read_spec
    from openward.indicators.composite.result import result_dict, result_rows
    from openward.indicators.composite.sobol import sensitivity
    from openward.indicators.composite.uncertainty import rank_intervals

    found = read_spec(spec)
    values = gather(found, data, year=year)
    index = building.build(found, values)
    unsure = (
        rank_intervals(found, values, replicates=replicates, seed=seed)
        if replicates and found.uncertainty
        else None
    )
    shares = sensitivity(found, values, base=sobol, seed=seed) if sobol else None
    beside = beside_published(index, found.published) if found.published else None
    if format is Format.JSON:
        print_json(result_dict(index, uncertainty=unsure, sensitivity=shares, comparison=beside))
    elif trail:
        print_rows([asdict(change) for change in index.changes], format)
    else:
        print_rows(result_rows(index, unsure), format, title=f"{found.title} ({found.source})")
    for line in (
        *found.notes,
        *index.notes,
        *_missing(len(found.available), len(found.indicators)),
        *_sure(unsure, has_choices=bool(found.uncertainty)),
        *_shares(shares),
        *_beside(beside),
    ):
        say(line, quiet=quiet or format is Format.JSON)


@app.command("published")
def published_figures(
    name: Annotated[str, typer.Argument(help="Such as world-openness.")],
    revised: Annotated[bool, typer.Option("--revised", help="Only what several editions have.")] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """Show the figures others published, by edition of their report: history is revised."""
    from dataclasses import asdict

    from openward.cli.output import print_rows
    from openward.indicators.composite.published import published, revisions

    if revised:
        rows = [
            {
                "entity": one.entity,
                "reference_year": one.reference_year,
                "measure": one.measure,
                "by edition": "; ".join(f"{edition}: {value:g}" for edition, value in one.by_edition),
                "revised": "yes" if one.revised else "no",
            }
            for one in revisions(name)
        ]
    else:
        rows = [asdict(one) for one in published(name)]
    print_rows(rows, format)


def _missing(available: int, wanted: int) -> list[str]:
    lacking = wanted - available
    return [f"{lacking} of {wanted} indicators have no data (index check)"] if lacking else []


def _sure(unsure: Uncertainty | None, *, has_choices: bool) -> list[str]:
    if unsure is None:
        why = "--replicates 0" if has_choices else "the spec names no uncertain choices"
        return [f"no rank intervals: {why}"]
    head = f"rank intervals hold 90 % of {unsure.replicates - unsure.failed} replicates, seed {unsure.seed}"
    failed = [f"{unsure.failed} of {unsure.replicates} replicates failed:"] if unsure.failed else []
    each = [
        f"  {one.replicates}: {'; '.join(f'{name}: {how}' for name, how in one.choices.items())}: {one.why}"
        for one in unsure.failures
    ]
    return [head, *failed, *each]


def _shares(shares: Sensitivity | None) -> list[str]:
    if shares is None:
        return []
    head = f"share of the variance of rank changes ({shares.replicates} replicates), with 95 % intervals:"
    return [head] + [
        f"  {one.factor}: total {one.total:.3f} [{one.total_low:.3f}, {one.total_high:.3f}], "
        f"alone {one.first:.3f} [{one.first_low:.3f}, {one.first_high:.3f}]"
        for one in shares.indices
    ]


def _beside(beside: Comparison | None) -> list[str]:
    if beside is None:
        return []
    known = beside.rank_correlation
    value = "not to be had" if known.value is None else f"{known.value:.2f}"
    head = (
        f"beside published ranks (of 129; ours of {beside.ranked}): "
        f"rank correlation {value} over {known.units} economies"
    )
    ranks = ", ".join(f"{row.economy} {row.published}/{row.ours}" for row in beside.rows)
    return [head, f"  published/ours: {ranks}"]
