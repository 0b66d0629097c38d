"""``openward origin``: does a good originate, by which rule, and what would change it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from openward.cli.options import Format, FormatOption

app = typer.Typer(help="Rules of origin.", no_args_is_help=True, rich_markup_mode=None)

# The same words as openward.determine.origin.cumulation.Cumulation; that room is imported in the functions.
CumulationOption = Annotated[
    Literal["none", "bilateral", "diagonal", "full"],
    typer.Option(help="How far materials of partners count."),
]
SchemeOption = Annotated[str, typer.Option("--scheme", help="Scheme, for example cptpp.")]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder with the published data (default: the excerpt that ships)."),
]


@app.callback()
def _group() -> None:
    """Rules of origin."""


@app.command()
def check(
    scheme: SchemeOption,
    bom: Annotated[Path, typer.Option("--bom", help="Bill of materials, YAML or JSON (openward.bill/1).")],
    data: DataOption = None,
    cumulation: CumulationOption = "bilateral",
    format: FormatOption = Format.TABLE,
) -> None:
    """Say whether a good originates under a scheme, why, and what would change the answer."""
    from openward.cli.output import print_json, say
    from openward.determine.origin.bill import read_bill
    from openward.determine.origin.check import check as ask
    from openward.determine.origin.cumulation import Cumulation
    from openward.determine.origin.uk import load

    good = read_bill(bom)
    rules = load(scheme, data)
    if data is None:
        say(f"rules: the excerpt of {scheme} that ships; --data DIR reads the whole list")
    answer = ask(good, rules, Cumulation(cumulation))
    if format is Format.JSON:
        print_json(answer.as_dict())
    else:
        typer.echo(answer.as_text())


@app.command()
def rule(
    scheme: SchemeOption,
    hs: Annotated[str, typer.Option("--hs", help="Code of the product, 6 to 10 digits.")],
    data: DataOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Show the rule for a product: as published, in notation, and what it can be decided from."""
    from openward.cli.output import print_json
    from openward.determine.origin.coverage import decidable
    from openward.determine.origin.notation import write
    from openward.determine.origin.text.wording import clean
    from openward.determine.origin.uk import load

    rules = load(scheme, data)
    found = rules.find(hs)
    document = {
        "scheme": rules.title,
        "product": hs,
        "entries": [
            {"heading": e.heading, "description": e.description, "rules": [clean(t) for t in e.texts]}
            for e in found.entries
        ],
        "notation": write(found.rule),
        "decidable": decidable(found.rule).value,
    }
    if format is Format.JSON:
        print_json(document)
        return
    typer.echo(f"{hs} under {rules.title}: decidable {decidable(found.rule).value}.")
    for entry in found.entries:
        typer.echo(f"  {entry.heading} {entry.description}".rstrip())
        for text in entry.texts:
            typer.echo(f"    {clean(text)}")
    typer.echo(f"  notation: {write(found.rule)}")


@app.command()
def schemes(
    data: Annotated[Path, typer.Option("--data", help="Folder with the published data.")],
    format: FormatOption = Format.TABLE,
) -> None:
    """Count, scheme by scheme, which rules can be decided and from what."""
    from openward.cli.output import print_rows, say
    from openward.determine.origin.coverage import coverage, total
    from openward.determine.origin.uk import load_scheme, scheme_names
    from openward.errors import MissingDataError

    rows = []
    for name in scheme_names(data):
        try:
            rows.append(coverage(load_scheme(data, name)))
        except MissingDataError as absent:
            say(f"{name}: {absent.message}")
    print_rows([row.row() for row in (*rows, total(rows))], format)


@app.command()
def parse(
    text: Annotated[
        str, typer.Argument(help='A rule in notation, for example "CTH except 2204 or RVC 40 % build-down".')
    ],
    format: FormatOption = Format.TABLE,
) -> None:
    """Read a rule written in notation and say it in words; a mistake is shown with its column."""
    from openward.cli.output import print_json
    from openward.determine.origin.coverage import decidable
    from openward.determine.origin.notation import parse as read
    from openward.determine.origin.notation import write
    from openward.determine.origin.words import say as words

    found = read(text)
    if format is Format.JSON:
        print_json({"notation": write(found), "words": words(found), "decidable": decidable(found).value})
    else:
        typer.echo(f"{words(found)}\n  notation: {write(found)}\n  decidable: {decidable(found).value}")


@app.command()
def country(
    bom: Annotated[Path, typer.Option("--bom", help="Bill of materials, YAML or JSON (openward.bill/1).")],
    data: Annotated[Path, typer.Option("--data", help="Folder with the published data.")],
    is_set: Annotated[bool, typer.Option("--set", help="The good is classified as a set.")] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """Say which country a good is from under 19 CFR part 102 (marking under USMCA; textiles and apparel)."""
    from openward.cli.output import print_json
    from openward.determine.origin.bill import read_bill
    from openward.determine.origin.us.country import country_of

    answer = country_of(read_bill(bom), data, is_set=is_set)
    if format is Format.JSON:
        print_json(answer.as_dict())
    else:
        typer.echo(answer.as_text())
