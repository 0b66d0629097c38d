"""``openward profile``: an economy on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openward.cli.options import AsOfOption, BookOption, Format, QuietOption, day


def profile(
    economy: Annotated[str, typer.Argument(help="Economy, ISO alpha-3.")],
    data: Annotated[Path | None, typer.Option("--data", help="Folder of data (default: what ships).")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the page there.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write one page of A4 there.")] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="Figures of this year, or the latest before it.")
    ] = None,
    book: BookOption = "chn",
    as_of: AsOfOption = None,
    format: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Show how open an economy is and how exposed: partners, products, dependencies, value added, law."""
    from openward.cli.output import print_json, say
    from openward.errors import UsageError
    from openward.report.files import write_bytes, write_text
    from openward.report.profile.build import profile as build

    if format not in (Format.TABLE, Format.JSON):
        raise UsageError("a profile is no table of rows", where="--format", hint="table or json")
    result = build(economy, data=data, year=year, book=book, on=day(as_of, option="--as-of"))
    if html is not None:
        from openward.report.profile.page import render

        write_text(html, render(result))
    if pdf is not None:
        from openward.report.profile.pdf import profile_pdf

        write_bytes(pdf, profile_pdf(result))
    if format is Format.JSON:
        from openward.report.profile.as_json import profile_dict

        print_json(profile_dict(result))
    else:
        from openward.report.profile.as_text import profile_text

        typer.echo(profile_text(result), nl=False)
    for path in (html, pdf):
        if path is not None:
            say(f"written: {path}", quiet=quiet)
