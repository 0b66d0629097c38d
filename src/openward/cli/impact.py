"""``openward impact``: a reform in, its impact out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from openward.cli.options import BookOption, ClosureOption, Format, FormatOption, QuietOption, day


def impact(
    reform: Annotated[str, typer.Argument(help="A reform file, or the name of a shipped one.")],
    from_law: Annotated[
        str | None,
        typer.Option(
            "--from-law", help="Freeze the law before at this day (default: the day before the last edit)."
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Where the page goes (default: ./NAME.html).")
    ] = None,
    closure: ClosureOption = "fixed",
    theta: Annotated[
        str, typer.Option("--elasticities", help="caliendo-parro, or uniform-N such as uniform-4.")
    ] = "caliendo-parro",
    stress: Annotated[
        Literal["main", "all", "none"], typer.Option(help="Whom the stop of suppliers is tried on.")
    ] = "main",
    draws: Annotated[
        int,
        typer.Option(
            "--draws", min=0, help="Draws for intervals (1000 take about a minute on two cores); 0: none."
        ),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the draws: it decides the figures.")] = 0,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes for the draws (0: one per core).")
    ] = 0,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> int:
    """Show what a reform changes in the law, and what that does to 80 economies."""
    import os

    from openward.cli.output import print_json, say
    from openward.impact.run import study
    from openward.report.files import write_text
    from openward.report.impact_html import render

    result = study(
        reform,
        book=book,
        from_law=day(from_law, option="--from-law"),
        closure=closure,
        elasticities=theta,
        stress=stress,
        draws=draws,
        seed=seed,
        workers=workers or os.cpu_count() or 1,
        progress=lambda stage, share: say(f"  {stage} ({share:.0%})", quiet=quiet),
    )
    page = html or Path(f"{result.name}.html")
    write_text(page, render(result))
    if format is Format.JSON:
        from openward.report.impact_json import impact_dict

        print_json(impact_dict(result))
    else:
        from openward.report import impact_text

        if format is Format.CSV:
            typer.echo(impact_text.impact_csv(result), nl=False)
        elif format is Format.MARKDOWN:
            typer.echo(impact_text.impact_markdown(result), nl=False)
        else:
            impact_text.print_impact(result)
    say(f"page written: {page}", quiet=quiet)
    if not result.law.rate_changes:
        from openward.errors import NothingTouchedError

        raise NothingTouchedError(
            f"the reform {result.name!r} touches nothing: every change is exactly 0",
            hint="see 'why not' beside each edit; --from-law DATE compares with an earlier law",
            where=reform,
        )
    return 0
