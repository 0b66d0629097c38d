"""``openward explain``: one row of a table of shipments, decided again with every step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from openward.cli.options import BookOption, Format, FormatOption
from openward.errors import InputError, MissingDataError


def explain(
    row: Annotated[str, typer.Argument(help="The row: its `row` cell, else its place, from 1.")],
    table: Annotated[Path, typer.Option("--in", help="Shipments, CSV or Parquet.")],
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Explain the decision on one row of a table of shipments, step by step."""
    from openward.book import load
    from openward.cli.decisions import print_decision
    from openward.determine.goods import decide
    from openward.determine.shipment import question_of

    question = question_of(_row(table, row), where=f"{table.name}, row {row}")
    print_decision(decide(question, load(book)), format, explain=True)


def _row(table: Path, wanted: str) -> dict[str, Any]:
    import polars as pl

    if not table.is_file():
        raise MissingDataError(f"no file {table}", hint="give the table of shipments", where="--in")
    try:
        if table.suffix == ".parquet":
            frame = pl.scan_parquet(table)
        else:
            frame = pl.scan_csv(table, infer_schema=False)
        names = frame.collect_schema().names()
        if "row" in names:
            found = frame.filter(pl.col("row").cast(pl.String) == wanted).head(1).collect()
        elif wanted.isdecimal() and int(wanted) > 0:
            found = frame.slice(int(wanted) - 1, 1).collect()
        else:
            found = frame.head(0).collect()
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"{table} cannot be read: {str(error).splitlines()[0]}",
            hint="CSV with a header, or Parquet",
            where="--in",
        ) from error
    if found.is_empty():
        raise InputError(f"{table.name} has no row {wanted}", hint="rows are counted from 1", where="ROW")
    return found.row(0, named=True)
