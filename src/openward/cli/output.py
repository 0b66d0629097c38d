"""Printing: data to stdout in the format asked for, messages to stderr."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from openward.cli.options import Format

Row = Mapping[str, Any]


def print_json(value: object) -> None:
    """Print one JSON document; a number that is not finite is a bug, so it raises."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False, default=str)
    sys.stdout.write("\n")


def print_rows(rows: Sequence[Row], format: Format, *, title: str = "") -> None:
    """Print rows that share their keys."""
    if format is Format.JSON:
        print_json([dict(row) for row in rows])
    elif format is Format.CSV:
        sys.stdout.write(as_csv(rows))
    elif format is Format.MARKDOWN:
        sys.stdout.write(as_markdown(rows))
    else:
        _print_table(rows, title)


def as_csv(rows: Sequence[Row]) -> str:
    """Give rows as CSV with a header."""
    if not rows:
        return ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def as_markdown(rows: Sequence[Row]) -> str:
    """Give rows as a Markdown table."""
    if not rows:
        return ""
    keys = list(rows[0])
    lines = ["| " + " | ".join(keys) + " |", "|" + "---|" * len(keys)]
    lines += ["| " + " | ".join(_cell(row[key]).replace("|", "\\|") for key in keys) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def say(message: str, *, quiet: bool = False) -> None:
    """Print a message to stderr."""
    if not quiet:
        sys.stderr.write(message.rstrip("\n") + "\n")


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _print_table(rows: Sequence[Row], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    keys = list(rows[0]) if rows else []
    for key in keys:
        numeric = all(isinstance(row[key], int | float) for row in rows)
        table.add_column(key, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[key]) for key in keys))
    # Piped output is read by programs: no width to fold to, no colour.
    Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)
