"""Options that commands share, declared once."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from openward.errors import UsageError


class Format(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "md"


def day(text: str | None, *, option: str) -> date | None:
    """Read an ISO date given on the command line."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as bad:
        raise UsageError(
            f"{text!r} is not a date", hint="write it as YYYY-MM-DD, for example 2026-05-01", where=option
        ) from bad


# The same words as openward.simulate.caliendo_parro.Closure; that room is too heavy to import for --help.
Closure = Literal["fixed", "world-gdp-share", "balanced"]
ClosureOption = Annotated[Closure, typer.Option("--closure", help="What becomes of trade deficits.")]
FormatOption = Annotated[Format, typer.Option("--format", help="table, json, csv or md.")]
BookOption = Annotated[str, typer.Option("--book", help="Shipped book, or the folder of your own.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Law of this day (default: the last day the book covers).")
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]
DataOption = Annotated[Path, typer.Option("--data", help="Folder with the published data.")]
