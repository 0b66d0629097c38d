"""``openward reform``: edit scripts of the law."""

from __future__ import annotations

from typing import Annotated

import typer

from openward.cli.options import BookOption, Format, FormatOption

app = typer.Typer(help="Edit scripts of the law.", no_args_is_help=True, rich_markup_mode=None)
ReformArgument = Annotated[str, typer.Argument(help="A reform file, or the name of a shipped one.")]


@app.command("list")
def list_reforms(format: FormatOption = Format.TABLE) -> None:
    """List the reforms that ship with openward."""
    from openward.book import load_reform, shipped_reforms
    from openward.cli.output import print_rows

    reforms = [load_reform(name) for name in shipped_reforms()]
    print_rows(
        [
            {"name": r.name, "title": r.title.get("en", ""), "edits": len(r.edits), "hash": r.hash}
            for r in reforms
        ],
        format,
    )


@app.command()
def show(reform: ReformArgument, book: BookOption = "chn", format: FormatOption = Format.TABLE) -> None:
    """Say each edit in a sentence."""
    from openward.book import load, load_reform
    from openward.book.query import sentence
    from openward.cli.output import print_rows

    law, script = load(book), load_reform(reform)
    print_rows(
        [{"edit": k, "sentence": sentence(edit, law)} for k, edit in enumerate(script.edits, start=1)],
        format,
        title=f"{script.title.get('en', script.name)} [{script.hash}]",
    )


@app.command()
def check(reform: ReformArgument, book: BookOption = "chn") -> None:
    """Read a reform against a book and report every error; silent success is exit code 0."""
    from openward.book import load, load_reform
    from openward.book.reform import apply
    from openward.cli.output import say

    script = load_reform(reform)
    apply(load(book), script)
    say(f"{script.name}: {len(script.edits)} edits, no error [{script.hash}]")


@app.command()
def apply(reform: ReformArgument, book: BookOption = "chn") -> None:
    """Print the measures that the reform changes, before and after."""
    from openward.book import load, load_reform
    from openward.book.query import diff
    from openward.book.reform import apply as apply_reform
    from openward.cli.output import print_rows

    law = load(book)
    print_rows(diff(law, apply_reform(law, load_reform(reform))), Format.TABLE)


@app.command()
def invert(reform: ReformArgument, book: BookOption = "chn") -> None:
    """Print the reform that undoes this one, as YAML."""
    from openward.book import load, load_reform
    from openward.book.reform import invert as invert_reform

    typer.echo(invert_reform(load_reform(reform), load(book)).to_yaml(), nl=False)
