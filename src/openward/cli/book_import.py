"""``openward book import``, ``book export`` and ``book check us-hts``: published tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openward.cli.options import Format, FormatOption

PublishedArgument = Annotated[
    str | None,
    typer.Argument(
        help="A published tariff to read instead of a book: us-hts or eu-mfn.", show_default=False
    ),
]
PublishedDataOption = Annotated[Path | None, typer.Option("--data", help="Folder with the published data.")]
FormatArgument = Annotated[
    str, typer.Argument(metavar="FORMAT", help="cn-2018-2019, us-hts ...; 'list' prints them all.")
]
MapOption = Annotated[
    str | None, typer.Option("--map", help="table, staging: YAML that says what the columns mean.")
]


def import_book(
    kind: FormatArgument,
    file: Annotated[Path | None, typer.Argument(help="The published table.", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the new book, not there yet.")] = None,
    components: Annotated[
        Path | None, typer.Option("--components", help="taric: the table of components.")
    ] = None,
    map: MapOption = None,
    imposed_by: Annotated[
        str | None, typer.Option("--imposed-by", help="European tables: who imposes the duties.")
    ] = None,
    nodes: Annotated[
        Path | None, typer.Option("--nodes", help="taric: the table of commodities with their days.")
    ] = None,
    areas: Annotated[
        Path | None, typer.Option("--areas", help="European tables: list of areas and members (JSON).")
    ] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8 unless said, for example gb18030.")] = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """Import a published table as a book; what cannot be read goes to tables/rejected.csv with its reason."""
    from openward.book.importers import FORMATS, import_file
    from openward.cli.output import print_rows, say
    from openward.errors import UsageError

    if kind == "list":
        print_rows([{"format": name, "what": one.title} for name, one in FORMATS.items()], format)
        return
    if file is None or out is None:
        raise UsageError("the file or --out is missing", hint="openward book import FORMAT FILE --out DIR")
    options = {
        "components": components,
        "map": map,
        "imposed_by": imposed_by,
        "nodes": nodes,
        "areas": areas,
    }
    done = import_file(kind, file, out, encoding=encoding, **options)
    rows = [{"what": f"rows {name}", "count": count} for name, count in done.rows.items()]
    rows += [{"what": f"  nothing to import: {why}", "count": count} for why, count in done.nothing.items()]
    rows.append({"what": "measures", "count": done.measures})
    print_rows(rows, format)
    if done.rejected:
        say(f"{done.rejected} entries with line and reason: {done.folder / 'tables' / 'rejected.csv'}")
    for note in done.notes:
        say(f"note: {note}")
    say(f"next: openward book check --book {done.folder}")


def export_book(
    kind: FormatArgument,
    book: Annotated[
        str | None, typer.Option("--book", help="Folder of a book that was imported from the format.")
    ] = None,
    map: MapOption = None,
    format: FormatOption = Format.CSV,
) -> None:
    """Give the rows of a published table back from a book that was imported from it."""
    from openward.book import load
    from openward.book.importers import FORMATS, export_rows
    from openward.cli.output import print_rows
    from openward.errors import UsageError

    if kind == "list":
        print_rows([{"format": name, "what": one.title} for name, one in FORMATS.items()], format)
        return
    if book is None:
        raise UsageError(
            "the book is not named", hint=f"openward book export {kind} --book DIR", where="book export"
        )
    print_rows(export_rows(kind, load(book), map=map), format)


def check_published(name: str, data: Path | None, format: Format) -> None:
    """Read a published tariff whole and say what was not understood, or which rules it breaks."""
    from openward.book.importers.published import PUBLISHED, check_published
    from openward.cli.output import print_rows, say
    from openward.errors import UsageError

    if name not in PUBLISHED:
        raise UsageError(f"no published tariff {name!r}", hint=f"one of {', '.join(PUBLISHED)}")
    if data is None:
        raise UsageError("the folder of the published data is not named", hint="--data DIR")
    found = check_published(name, data)
    for title, rows in found.tables.items():
        print_rows(rows, format, title=title)
    for sentence in found.sentences:
        say(sentence)
    if found.failed:
        raise typer.Exit(1)
