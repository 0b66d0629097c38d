"""``openward data``: the tables that ship, and those in a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openward.cli.options import Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from openward.observe.audit import Audit, Finding

app = typer.Typer(help="The tables: what ships, what is stored.", no_args_is_help=True, rich_markup_mode=None)

WorkspaceOption = Annotated[
    Path | None, typer.Option("--data", help="Workspace, or folder with published files.")
]
VintageOption = Annotated[
    str | None, typer.Option("--vintage", help="Vintage; the latest by name by default.")
]


@app.command("list")
def list_tables(data: WorkspaceOption = None, format: FormatOption = Format.TABLE) -> None:
    """List the tables that ship with their source, vintage and licence; with --data, those found there."""
    from openward.cli.output import print_rows
    from openward.observe.dictionary import datasets
    from openward.observe.tables import at_hand

    if data is not None:
        print_rows([dict(row) for row in at_hand(data)], format)
        return
    print_rows(
        [
            {
                "name": d.name,
                "role": d.role,
                "title": d.title,
                "vintage": d.vintage,
                "licence": d.licence,
                "source": d.source,
            }
            for d in datasets().values()
        ],
        format,
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Dataset, as openward data list names it.")],
    format: FormatOption = Format.TABLE,
) -> None:
    """Show the columns of a dataset with type, unit and meaning, and where it is from."""
    from openward.cli.output import print_json, print_rows, say
    from openward.observe.dictionary import dataset

    entry = dataset(name)
    rows: list[dict[str, Any]] = [
        {
            "column": field.name,
            "type": field.type,
            "unit": field.unit,
            "key": "yes" if field.name in entry.key else "",
            "empty": "may be" if field.nullable else "",
            "what": field.description,
        }
        for field in entry.fields
    ]
    about = {
        "name": entry.name,
        "title": entry.title,
        "role": entry.role,
        "vintage": entry.vintage,
        "source": entry.source,
        "licence": entry.licence,
        "found_as": list(entry.found_as),
        "get": entry.get,
    }
    if format is Format.JSON:
        print_json({**about, "fields": rows})
        return
    say(f"{entry.title}. {entry.source}. {entry.licence}.")
    print_rows(rows, format)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="Parquet or CSV file.")],
    data: Annotated[Path, typer.Option("--data", help="Workspace; a new folder becomes one.")],
    name: Annotated[str, typer.Option("--as", help="Dataset: trade, trade-total, macro ...")],
    vintage: Annotated[str, typer.Option("--vintage", help="Name of this edition, such as V202501.")],
    source: Annotated[str, typer.Option("--source", help="Who published it.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="Under which terms.")] = "",
    classification: Annotated[
        str | None, typer.Option("--classification", help="Of the products, such as HS2022.")
    ] = None,
    checksum: Annotated[str | None, typer.Option("--sha256", help="Checksum the publisher names.")] = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", help="Kind of finding to store it in spite of; repeat.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace years that are stored already.")
    ] = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Audit a file and store it as one vintage of a dataset; nothing changes unless all of it succeeds."""
    from openward.cli.output import say
    from openward.observe.durable import sha256
    from openward.observe.intake import open_file
    from openward.observe.loading import load as store

    opened = open_file(file, name=name, checksum=checksum)
    done = store(
        data,
        opened.frame,
        of=opened.of,
        vintage=vintage,
        source=source or opened.source or "not named",
        licence=licence or opened.licence or "not named",
        classification=classification or opened.classification,
        origin=f"{file.name} sha256:{sha256(file)}",
        accept=accept or (),
        replace=replace,
    )
    for name_ in done.swept:
        say(f"removed what an earlier load left: {name_}", quiet=quiet)
    if not done.catalogued:
        say(
            "the DuckDB catalogue could not be written; the tables are stored, the next load makes it",
            quiet=quiet,
        )
    say(
        f"stored {done.audit.rows:,} rows as {done.table.dataset} {vintage} in {data}; "
        f"{len(done.audit.findings)} findings",
        quiet=quiet,
    )
    _print_findings(done.audit.findings, format)


@app.command()
def verify(data: WorkspaceOption = None) -> None:
    """Check the world pack and, with --data, that every stored file has the bytes it was stored with."""
    from openward.cli.output import say
    from openward.errors import InputErrors
    from openward.observe.workspace import damage, manifest_of
    from openward.observe.worldpack import load_world

    world = load_world()
    size = f"{len(world.economies)} economies, {len(world.sectors)} industries"
    say(f"world pack {world.year}: {size}, all checks hold")
    if data is None:
        return
    from openward.observe.tables import require_workspace

    require_workspace(data)
    tables = manifest_of(data).tables
    wrong = [error for table in tables for error in damage(data, table)]
    if wrong:
        raise InputErrors(wrong)
    files = sum(len(table.files) for table in tables)
    size = f"{sum(table.bytes for table in tables):,} bytes"
    say(f"{data}: {len(tables)} tables, {files} files, {size}, all checksums hold")


@app.command("audit")
def audit_tables(
    data: WorkspaceOption = None,
    name: Annotated[str | None, typer.Option("--as", help="Only this dataset.")] = None,
    vintage: VintageOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Look tables over: swapped parties, units, hidden totals, repeats, gaps (exit code 1 if one refuses)."""
    from openward.cli.output import say
    from openward.observe.auditing import audit_all

    found: list[Finding] = []
    for report in audit_all(data, name=name, vintage=vintage):
        say(_summary(report))
        found += report.findings
    _print_findings(found, format)
    if any(finding.refuses for finding in found):
        raise typer.Exit(1)


def _summary(report: Audit) -> str:
    skipped = f"; not looked for: {'; '.join(report.skipped)}" if report.skipped else ""
    return f"{report.dataset}: {report.rows:,} rows, {len(report.findings)} findings{skipped}"


def _print_findings(findings: list[Finding] | tuple[Finding, ...], format: Format) -> None:
    from openward.cli.output import print_rows

    if findings or format is Format.JSON:
        print_rows([finding.as_dict() for finding in findings], format)
