"""``openward simulate``: anybody's baseline and shock, one model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import ClosureOption, Format, FormatOption

if TYPE_CHECKING:
    from openward.simulate.baseline import Baseline, Outcome, Shock


def simulate(
    baseline: Annotated[
        Path, typer.Option("--baseline", help="Folder with a baseline (openward.baseline/1).")
    ],
    shock: Annotated[Path, typer.Option("--shock", help="Folder with a shock.")],
    model: Annotated[str, typer.Option("--model", help="caliendo-parro.")] = "caliendo-parro",
    closure: ClosureOption = "fixed",
    bilateral: Annotated[
        bool,
        typer.Option(
            "--bilateral", help="Trade by pair and sector: in JSON beside the economies, else in their place."
        ),
    ] = False,
    path_steps: Annotated[
        int, typer.Option(help="Steps of the path-integrated decomposition; 0 leaves it out.", min=0)
    ] = 10,
    max_iterations: Annotated[
        int, typer.Option(help="Most sweeps of the solver before it gives up.", min=1)
    ] = 1000,
    format: FormatOption = Format.TABLE,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No notes on standard error; JSON holds them all the same.")
    ] = False,
) -> None:
    """Solve one shock on one baseline."""
    from dataclasses import replace

    from openward.cli.output import print_json, print_rows, say
    from openward.errors import UsageError
    from openward.simulate.baseline_dir import read_baseline_with_notes, read_shock_with_notes
    from openward.simulate.outcome_json import outcome_dict

    if model != "caliendo-parro":
        raise UsageError(
            f"no model is called {model!r}", hint="this version has: caliendo-parro", where="--model"
        )
    world = read_baseline_with_notes(baseline)
    change = read_shock_with_notes(shock, world.baseline)
    notes = (*world.notes, *change.notes)
    if path_steps and _stops_flows(world.baseline, change.shock):
        notes += (
            "A stopped flow (infinite trade cost) has no path of small steps: path_integrated_pct is empty.",
        )
        path_steps = 0
    # An error in JSON mode is the only thing on standard error: there, notes wait for success.
    early = () if format is Format.JSON else notes
    for note in early:
        say(f"note: {note}", quiet=quiet)
    outcome = _solve(
        world.baseline, change.shock, closure=closure, path_steps=path_steps, max_iterations=max_iterations
    )
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
    print_rows(rows, format, title=f"{world.baseline.name}: {name}, {outcome.model}, {closure}")


def _stops_flows(baseline: Baseline, shock: Shock) -> bool:
    import numpy as np

    costs = shock.trade_costs
    return costs is not None and bool((np.isinf(costs) & (baseline.flows > 0)).any())


def _solve(
    baseline: Baseline, shock: Shock, *, closure: str, path_steps: int, max_iterations: int
) -> Outcome:
    """Solve; hints speak of this command's options."""
    from openward.errors import NotConvergedError
    from openward.simulate import caliendo_parro

    try:
        return caliendo_parro.solve(
            baseline, shock, closure=closure, path_steps=path_steps, max_iterations=max_iterations
        )
    except NotConvergedError as error:
        hint = error.hint.replace("(max_iterations)", "(--max-iterations)")
        raise NotConvergedError(error.message, hint=hint, where=error.where) from error
