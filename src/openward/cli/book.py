"""``openward book``: the law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.book_import import (
    PublishedArgument,
    PublishedDataOption,
    check_published,
    export_book,
    import_book,
)
from openward.cli.options import AsOfOption, BookOption, Format, FormatOption, day

if TYPE_CHECKING:
    from openward.book.model import Book

KnownAtOption = Annotated[
    str | None, typer.Option("--known-at", help="Only what was recorded by this day (default: everything).")
]
app = typer.Typer(help="The law.", no_args_is_help=True, rich_markup_mode=None)
app.command("import")(import_book)
app.command("export")(export_book)


@app.command("list")
def list_measures(
    instrument: Annotated[
        str | None, typer.Option(help="Only this instrument, for example preferential-duty.")
    ] = None,
    imposed_by: Annotated[str | None, typer.Option(help="Only measures of this economy or group.")] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """List the measures in force."""
    from openward.book import load
    from openward.book.query import as_known, in_force, row
    from openward.cli.output import print_rows, say

    law = as_known(load(book), day(known_at, option="--known-at"))
    on = day(as_of, option="--as-of") or law.covered_to
    economy = imposed_by or law.economy
    _check_filters(law, instrument, imposed_by)
    found = [
        row(measure)
        for measure in in_force(law, on)
        if economy in ("*", measure.imposed_by) and instrument in (None, measure.instrument.value)
    ]
    whose = "everybody" if economy == "*" else economy
    print_rows(found, format, title=f"Book {law.name}, measures of {whose} in force on {on}")
    say(f"{len(found)} measures; law of {on} (the book covers {law.covered_from} to {law.covered_to})")


def _check_filters(law: Book, instrument: str | None, imposed_by: str | None) -> None:
    """Refuse an instrument or imposer that nobody defined: no measures is not the answer to a slip."""
    from openward.book.model import Instrument
    from openward.book.reading import nearest
    from openward.book.vocabulary import Vocabulary
    from openward.errors import UnknownCodeError

    instruments = [one.value for one in Instrument]
    if instrument is not None and instrument not in instruments:
        hint = nearest(instrument, instruments, listing="instruments")
        raise UnknownCodeError(f"unknown instrument {instrument!r}", hint=hint, where="--instrument")
    parties = Vocabulary.of(law).parties
    if imposed_by is not None and imposed_by != "*" and imposed_by not in parties:
        hint = nearest(
            imposed_by, parties, otherwise="use ISO alpha-3 or the code of a group, or '*' for all"
        )
        raise UnknownCodeError(f"unknown economy or group {imposed_by!r}", hint=hint, where="--imposed-by")


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="Id of a measure.")],
    known_at: KnownAtOption = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Show one measure with its act."""
    from openward.book import load
    from openward.book.query import as_known, describe, measure_dict
    from openward.cli.output import print_json

    law = as_known(load(book), day(known_at, option="--known-at"))
    if format is Format.JSON:
        print_json(measure_dict(law, id))
    else:
        typer.echo(describe(law, id))


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="Words to look for.")],
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Find measures and acts by words in their id, title, note or text."""
    from openward.book import load
    from openward.book.query import row
    from openward.book.query import search as find
    from openward.cli.output import print_rows

    print_rows([row(measure) for measure in find(load(book), text)], format)


@app.command()
def check(
    published: PublishedArgument = None,
    book: BookOption = "chn",
    data: PublishedDataOption = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="List warnings as well.")] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """Check the integrity rules of a book (exit code 5 where one is broken), or read a published tariff."""
    if published is not None:
        check_published(published, data, format)
        return
    from collections import Counter
    from dataclasses import asdict

    from openward.book import load
    from openward.book.rules import Severity
    from openward.book.rules import check as check_rules
    from openward.cli.output import print_rows, say
    from openward.errors import IntegrityError

    law = load(book)
    findings = check_rules(law)
    broken = [finding for finding in findings if finding.severity is Severity.ERROR]
    listed = findings if warnings else broken
    if listed:
        print_rows([asdict(finding) for finding in listed], format)
    warned = Counter(finding.rule for finding in findings if finding.severity is Severity.WARNING)
    if warned and not warnings:
        by_rule = ", ".join(f"{rule} {count}" for rule, count in sorted(warned.items()))
        say(f"{warned.total()} warnings ({by_rule}): --warnings lists them")
    if not broken:
        say(f"book {law.name}: {len(law.measures)} measures, {len(law.acts)} acts, no rule broken")
        return
    raise IntegrityError(
        f"{len(broken)} findings in book {law.name}",
        hint="each line names the rule and the measures",
        where=book,
    )


@app.command()
def rules(format: FormatOption = Format.TABLE) -> None:
    """List the integrity rules with their numbers."""
    from openward.book.rules import RULES
    from openward.cli.output import print_rows

    rows = [{"rule": one.number, "severity": one.severity.value, "text": one.text} for one in RULES]
    print_rows(rows, format)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help="A book.")],
    b: Annotated[str, typer.Argument(help="Another book.")],
    format: FormatOption = Format.TABLE,
) -> None:
    """Compare two books, measure by measure."""
    from openward.book import load
    from openward.book.query import diff as compare
    from openward.cli.output import print_rows

    print_rows(compare(load(a), load(b)), format)
