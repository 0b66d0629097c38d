"""``openward sweep``: thousands of scenarios to one Parquet table, taken up again after a kill."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openward.cli.options import QuietOption


def sweep(
    spec: Annotated[Path, typer.Argument(help="A sweep (openward.sweep/1).")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the results; one that holds part of them is continued.")
    ],
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes (0: one per core).")] = 0,
    quiet: QuietOption = False,
) -> int:
    """Solve every scenario of a sweep; exit code 1 where some have no solution."""
    import os
    import time

    from openward.cli.output import say
    from openward.impact.sweep_solve import COLUMNS, Solver
    from openward.impact.sweep_spec import read_spec
    from openward.simulate.sweep import run_sweep

    plan = read_spec(spec)
    began = time.monotonic()
    first: list[int] = []

    def progress(done: int, all_: int) -> None:
        first.append(done)
        passed = time.monotonic() - began
        solved = done - first[0]
        left = f", about {passed / solved * (all_ - done):.0f} s left" if solved > 0 and done < all_ else ""
        say(f"  {done:,} of {all_:,} scenarios ({done / all_:.0%}), {passed:.0f} s{left}", quiet=quiet)

    report = run_sweep(
        plan.scenarios,
        Solver(plan.book, None if plan.baseline is None else str(plan.baseline), plan.seed),
        out=out,
        digest=plan.digest,
        schema=COLUMNS,
        workers=workers or os.cpu_count() or 1,
        progress=progress,
    )
    if report.resumed:
        say(f"  {report.resumed:,} were finished before", quiet=quiet)
    if report.failed:
        say(f"{report.failed:,} of {report.scenarios:,} have no solution: see the column error", quiet=quiet)
    typer.echo(str(report.results))
    return 1 if report.failed else 0
