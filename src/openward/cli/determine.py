"""``openward determine``: a question about one transaction, answered with its law."""

from __future__ import annotations

from typing import Annotated

import typer

from openward.cli.options import AsOfOption, BookOption, Format, FormatOption, day

app = typer.Typer(help="Answers with their law.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Answers with their law."""


@app.command()
def goods(
    partner: Annotated[str, typer.Option("--from", help="Economy the goods originate in (ISO alpha-3).")],
    importer: Annotated[
        str | None, typer.Option("--to", help="Importer (default: the book's economy).")
    ] = None,
    sector: Annotated[str | None, typer.Option("--sector", help="Industry, for example C29.")] = None,
    hs: Annotated[
        str | None, typer.Option("--hs", help="HS2022 code of six digits: its industry is asked.")
    ] = None,
    on: AsOfOption = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Give the applied duty on one partner's industry on one day, with the steps that led there."""
    from openward.book import load
    from openward.cli.output import print_json
    from openward.codes.correlation import industry_of
    from openward.determine.rate import applied_rate
    from openward.errors import UsageError

    if (sector is None) == (hs is None):
        raise UsageError(
            "give either --sector or --hs", hint="for example --sector C29", where="determine goods"
        )
    law = load(book)
    answer = applied_rate(
        law,
        importer=importer or law.economy,
        partner=partner,
        sector=sector if sector is not None else industry_of(hs or ""),
        on=day(on, option="--as-of") or law.covered_to,
    )
    if format is Format.JSON:
        print_json(answer.as_dict())
    else:
        typer.echo(answer.as_text())
