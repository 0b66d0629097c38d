"""``openward simulate``: anybody's baseline and shock, one model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openward.cli.options import ClosureOption, Format, FormatOption


def simulate(
    baseline: Annotated[
        Path, typer.Option("--baseline", help="Folder with a baseline (openward.baseline/1).")
    ],
    shock: Annotated[Path, typer.Option("--shock", help="Folder with a shock.")],
    model: Annotated[str, typer.Option("--model", help="caliendo-parro.")] = "caliendo-parro",
    closure: ClosureOption = "fixed",
    bilateral: Annotated[bool, typer.Option("--bilateral", help="Include trade by pair and sector.")] = False,
    path_steps: Annotated[
        int, typer.Option(help="Steps of the path-integrated decomposition; 0 leaves it out.", min=0)
    ] = 10,
    format: FormatOption = Format.TABLE,
) -> None:
    """Solve one shock on one baseline."""
    from openward.cli.output import print_json, print_rows
    from openward.errors import UsageError
    from openward.simulate import caliendo_parro
    from openward.simulate.baseline_dir import read_baseline, read_shock

    if model != "caliendo-parro":
        raise UsageError(
            f"no model is called {model!r}", hint="this version has: caliendo-parro", where="--model"
        )
    world = read_baseline(baseline)
    outcome = caliendo_parro.solve(world, read_shock(shock, world), closure=closure, path_steps=path_steps)
    result = outcome.as_dict(include_bilateral=bilateral)
    if format is Format.JSON:
        print_json(result)
        return
    rows = [
        {key: value for key, value in row.items() if not isinstance(value, dict)}
        for row in result["economies"]
    ]
    print_rows(
        rows, format, title=f"{world.name}: {outcome.shock_name or shock.name}, {outcome.model}, {closure}"
    )
