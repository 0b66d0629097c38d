"""``openward reform``: edit scripts of the law."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import BookOption, Format, FormatOption, day

if TYPE_CHECKING:
    from openward.book.model import Book
    from openward.book.reform import Reform

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
def check(
    reform: ReformArgument,
    legality: Annotated[
        bool,
        typer.Option("--legality", help="Say whether the reform is itself lawful; exit code 1 on a breach."),
    ] = False,
    bounds: Annotated[
        Path | None,
        typer.Option("--bounds", help="Bound rates (CSV: economy, products or sector, bound, source)."),
    ] = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Read a reform against a book and report every error; silent success is exit code 0."""
    from openward.book import load, load_reform
    from openward.book.reform import apply
    from openward.cli.output import say
    from openward.errors import UsageError

    if bounds is not None and not legality:
        raise UsageError("--bounds is for --legality", hint="add --legality", where="reform check")
    script, law = load_reform(reform), load(book)
    if legality:
        _print_legality(script, law, bounds, format)
        return
    apply(law, script)
    say(f"{script.name}: {len(script.edits)} edits, no error [{script.hash}]")


def _print_legality(script: Reform, law: Book, bounds: Path | None, format: Format) -> None:
    from openward.cli.output import print_json, print_rows
    from openward.determine.legality import Severity
    from openward.determine.legality import check as check_legality
    from openward.determine.legality.bounds import load_bounds

    found = check_legality(script, law, bounds=load_bounds(bounds) if bounds is not None else ())
    breaches = sum(one.severity is Severity.BREACH for one in found)
    if format is Format.JSON:
        print_json(
            {
                "schema": "openward.legality/1",
                "reform": {"name": script.name, "hash": script.hash},
                "breaches": breaches,
                "findings": [one.as_dict() for one in found],
            }
        )
    elif format is Format.TABLE:
        typer.echo(f"{script.name} [{script.hash}]: {_counted(breaches)}, {len(found)} findings.")
        for one in found:
            typer.echo(f"\n{one.severity.value.upper()} ({one.rule}) {one.sentence}")
            for text in one.texts:
                typer.echo(f"  {text.citation}: {text.says}")
            for missing in one.unknown:
                typer.echo(f"  not known: {missing}")
    else:
        print_rows(
            [
                {
                    "severity": one.severity.value,
                    "rule": one.rule,
                    "sentence": one.sentence,
                    "citation": one.citation,
                    "not_known": "; ".join(one.unknown),
                }
                for one in found
            ],
            format,
        )
    if breaches:
        raise typer.Exit(1)


def _counted(breaches: int) -> str:
    return "no breach found" if not breaches else "1 breach" if breaches == 1 else f"{breaches} breaches"


@app.command()
def apply(
    reform: ReformArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write the book after the reform to this folder, not there yet."),
    ] = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Print the measures that the reform changes, before and after; --out writes the book after it."""
    from openward.book import load, load_reform
    from openward.book.query import diff
    from openward.book.reform import apply as apply_reform
    from openward.cli.output import print_rows, say

    law, script = load(book), load_reform(reform)
    after = apply_reform(law, script)
    print_rows(diff(law, after), format)
    if out is not None:
        from openward.book.saving import save

        save(after, out, title=f"{law.meta.get('title', law.name)}, after {script.name} [{script.hash}]")
        say(f"book after {script.name} written: {out}; read it with --book {out}")


@app.command()
def invert(
    reform: ReformArgument,
    start: Annotated[
        str | None,
        typer.Option("--from", help="Undo it from this day on (default: as if it had never been made)."),
    ] = None,
    book: BookOption = "chn",
) -> None:
    """Print the reform that undoes this one on a book to which it was applied, as YAML."""
    from openward.book import load, load_reform
    from openward.book.reform import invert as invert_reform
    from openward.cli.output import say

    law, script = load(book), load_reform(reform)
    since = day(start, option="--from")
    inverse = invert_reform(script, law, start=since)
    typer.echo(inverse.to_yaml(), nl=False)
    if not inverse.edits:
        say(_why_empty(script, law))
        return
    file = f"{inverse.name}.yaml"
    say(f"it undoes {script.name} on a book to which that was applied, not on {law.name}. Keep it as {file}:")
    say(f"  openward reform apply {reform} --book {book} --out DIR")
    say(f"  openward impact {file} --book DIR")
    if since is None:
        last = max(_starts(script))
        say(f"an impact needs law to undo: give --from a day after {last}, when the reform is in force")


def _starts(script: Reform) -> list[date]:
    from openward.book.reform import Add

    return [edit.measure.valid.start if isinstance(edit, Add) else edit.start for edit in script.edits]


def _why_empty(script: Reform, law: Book) -> str:
    from openward.book.reform import Add, application

    effects = application(law, script).effects
    if not effects:
        return f"the inverse is empty: {script.name} has no edits"
    if all(isinstance(effect.edit, Add) for effect in effects):
        held = f"already holds what {script.name} adds"
    else:
        held = f"already says what {script.name} edits"
    reasons = "; ".join(dict.fromkeys(effect.remark for effect in effects if effect.remark))
    return (
        f"the inverse is empty: book {law.name} {held} ({reasons}); applying it changes nothing,"
        " so there is nothing to undo"
    )
