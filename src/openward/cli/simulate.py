"""``openward simulate``: anybody's baseline and shock, any of the models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import Format, FormatOption

if TYPE_CHECKING:
    from openward.simulate.baseline import Array, Baseline, Outcome, Shock
    from openward.simulate.models import Options

LIST = "list"


def simulate(
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Folder with a baseline (openward.baseline/1).")
    ] = None,
    shock: Annotated[Path | None, typer.Option("--shock", help="Folder with a shock.")] = None,
    model: Annotated[str, typer.Option("--model", help="Which model; 'list' lists them.")] = "caliendo-parro",
    closure: Annotated[
        str | None,
        typer.Option("--closure", help="What becomes of trade deficits (default: the model's own)."),
    ] = None,
    bilateral: Annotated[
        bool,
        typer.Option(
            "--bilateral", help="Trade by pair and sector: in JSON beside the economies, else in their place."
        ),
    ] = False,
    path_steps: Annotated[
        int | None,
        typer.Option(
            help="Steps of the path-integrated decomposition; 0 leaves it out (default: 10 where cheap).",
            min=0,
        ),
    ] = None,
    max_iterations: Annotated[
        int, typer.Option(help="Most sweeps of the solver before it gives up.", min=1)
    ] = 1000,
    labor_supply: Annotated[
        float | None, typer.Option(help="Elasticity of hours to the real wage (default: labor is fixed).")
    ] = None,
    immobile: Annotated[
        float | None, typer.Option(help="Share of value added tied to its sector, 0 to 1.")
    ] = None,
    scale: Annotated[
        Path | None, typer.Option(help="Table (.parquet or .csv) of scale elasticities: sector, psi.")
    ] = None,
    dispersion: Annotated[
        float | None, typer.Option(help="Pareto shape over elasticity of substitution less one.")
    ] = None,
    sigma: Annotated[
        float | None, typer.Option(help="Elasticity of substitution of one-sector gravity.")
    ] = None,
    format: FormatOption = Format.TABLE,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No notes on standard error; JSON holds them all the same.")
    ] = False,
) -> None:
    """Solve one shock on one baseline, with one of the models."""
    from dataclasses import replace

    from openward.cli.output import print_json, print_rows, say
    from openward.errors import UsageError
    from openward.simulate.baseline_dir import read_baseline_with_notes, read_shock_with_notes
    from openward.simulate.models import Options, get
    from openward.simulate.outcome_json import outcome_dict

    if model == LIST:
        _list(format)
        return
    chosen = get(model)
    if baseline is None or shock is None:
        missing = "--baseline" if baseline is None else "--shock"
        raise UsageError(f"Missing option '{missing}'.", hint="--model list needs neither", where="simulate")
    world = read_baseline_with_notes(baseline)
    change = read_shock_with_notes(shock, world.baseline)
    notes = (*world.notes, *change.notes)
    if path_steps is None:
        path_steps = 10 if model == "caliendo-parro" else 0
    if path_steps and _stops_flows(world.baseline, change.shock):
        notes += (
            "A stopped flow (infinite trade cost) has no path of small steps: path_integrated_pct is empty.",
        )
        path_steps = 0
    # An error in JSON mode is the only thing on standard error: there, notes wait for success.
    early = () if format is Format.JSON else notes
    for note in early:
        say(f"note: {note}", quiet=quiet)
    options = Options(
        max_iterations=max_iterations,
        path_steps=path_steps,
        labor_supply=labor_supply,
        immobile=immobile,
        scale=None if scale is None else _scale(scale, world.baseline),
        dispersion=dispersion,
        sigma=sigma,
    )
    outcome = _solve(model, world.baseline, change.shock, closure=closure, options=options)
    outcome = replace(outcome, notes=(*notes, *outcome.notes))
    for note in outcome.notes[len(early) :]:
        say(f"note: {note}", quiet=quiet)
    result = outcome_dict(outcome, include_sectors=bilateral)
    if format is Format.JSON:
        print_json(result)
        return
    rows = [row for row in result["bilateral"] if "sector" in row]
    if not bilateral:
        rows = [
            {key: value for key, value in row.items() if not isinstance(value, dict)}
            for row in result["economies"]
        ]
    name = outcome.shock_name or shock.name
    print_rows(rows, format, title=f"{world.baseline.name}: {name}, {chosen.name}, {outcome.closure}")


def _list(format: Format) -> None:
    from openward.cli.output import print_json, print_rows
    from openward.simulate.models import NAMES, get

    rows = []
    for name in NAMES:
        card = get(name)
        rows.append(
            {
                "model": name,
                "title": card.title,
                "closures": ", ".join(card.closures),
                "options": ", ".join(sorted(card.takes)),
                "cannot_say": card.cannot_say,
            }
        )
    if format is Format.JSON:
        print_json({"models": rows})
        return
    print_rows(rows, format, title="Models")


def _scale(path: Path, baseline: Baseline) -> Array:
    import numpy as np

    from openward.simulate.long_form import Column, Faults, read_table, to_array

    faults = Faults()
    column = Column("psi", low=0.0)
    frame = read_table(path, keys=("sector",), column=column, faults=faults)
    faults.stop()
    if frame is None:
        raise AssertionError("a table that cannot be read always leaves a fault")
    start = np.full(len(baseline.sectors), np.nan)
    psi = to_array(path, frame, codes={"sector": baseline.sectors}, start=start, faults=faults)
    faults.cells(
        np.isnan(psi),
        labels=(baseline.sectors,),
        what="no scale elasticity",
        where=f"{path}: psi",
        hint="every sector needs one; zero is a value",
    )
    faults.stop()
    return psi


def _stops_flows(baseline: Baseline, shock: Shock) -> bool:
    import numpy as np

    costs = shock.trade_costs
    return costs is not None and bool((np.isinf(costs) & (baseline.flows > 0)).any())


def _solve(model: str, baseline: Baseline, shock: Shock, *, closure: str | None, options: Options) -> Outcome:
    """Solve; hints speak of this command's options."""
    from openward.errors import NotConvergedError
    from openward.simulate.models import get

    try:
        return get(model).solve(baseline, shock, closure=closure, options=options)
    except NotConvergedError as error:
        hint = error.hint.replace("(max_iterations)", "(--max-iterations)")
        raise NotConvergedError(error.message, hint=hint, where=error.where) from error
