"""``openward compare``: one reform under several models, closures and elasticities, side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from openward.cli.options import BookOption, Format, FormatOption, QuietOption

MOST_ECONOMIES = 7


def compare(
    reform: Annotated[str, typer.Argument(help="A reform file, or the name of a shipped one.")],
    models: Annotated[
        str, typer.Option("--models", help="Names, separated by commas.")
    ] = "caliendo-parro,armington,gravity-sectors",
    closures: Annotated[
        str, typer.Option("--closures", help="Names, separated by commas.")
    ] = "fixed,balanced",
    sets: Annotated[
        str, typer.Option("--elasticities", help="Names, separated by commas.")
    ] = "caliendo-parro,uniform-4",
    economies: Annotated[
        str | None, typer.Option("--economies", help="Codes to show (default: those that move most).")
    ] = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> int:
    """Show the change in real income by model; a row that has no solution says why."""
    from openward.cli.output import print_rows, say
    from openward.errors import UnknownCodeError
    from openward.impact.comparison import compare_models

    found = compare_models(
        reform,
        book=book,
        models=_names(models),
        closures=_names(closures),
        sets=_names(sets),
        progress=lambda done, all_: say(f"  {done} of {all_} solved", quiet=quiet),
    )
    shown = _names(economies.upper()) if economies else found.largest(MOST_ECONOMIES)
    for code in shown:
        if code not in found.economies:
            raise UnknownCodeError(f"{code} is not in the world table", where="--economies")
    title = f"{found.reform}: change in real income, %"
    print_rows(found.rows(shown), format, title=title)
    for line in found.failures:
        say(line, quiet=quiet)
    return 1 if found.failures else 0


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
