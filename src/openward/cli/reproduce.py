"""``openward reproduce``: published against computed, cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openward.cli.options import Format, FormatOption


def reproduce(
    name: Annotated[str | None, typer.Argument(help="Name of a published result, or all.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List what can be reproduced.")] = False,
    data: Annotated[Path | None, typer.Option("--data", help="Folder with the published data.")] = None,
    format: FormatOption = Format.TABLE,
) -> int:
    """Reproduce a published result from its own data; exit code 1 where a cell differs."""
    from dataclasses import asdict

    from openward.cli.output import print_json, print_rows, say
    from openward.errors import UsageError
    from openward.reproduce import REPRODUCTIONS, run

    if listing:
        rows = [{"name": key, "source": entry.source} for key, entry in REPRODUCTIONS.items()]
        print_rows(rows, format)
        return 0
    if name is None:
        raise UsageError("no result named", hint="openward reproduce --list names them", where="reproduce")
    if data is None:
        raise UsageError("no data folder given", hint="add --data DIR", where="--data")
    results = [run(one, data) for one in (REPRODUCTIONS if name == "all" else [name])]
    if format is Format.JSON:
        documents = [result.as_dict() for result in results]
        print_json(documents if name == "all" else documents[0])
    else:
        for result in results:
            print_rows(
                [asdict(cell) for cell in result.cells], format, title=f"{result.name}: {result.source}"
            )
            for note in result.notes:
                say(note)
    return 0 if all(result.reproduced for result in results) else 1
