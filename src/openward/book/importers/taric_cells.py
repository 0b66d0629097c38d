"""Codes, days and commodities as TARIC writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from openward.book.importers.source import Broken, Source
from openward.codes.nomenclature import Node
from openward.codes.ranges import significant
from openward.codes.terms import Interval
from openward.errors import InputError

CODE: Final = "goods_nomenclature_item_id"


def code_of(text: str) -> str:
    """Give a ten-digit code without its filling zeros.

    Raises
    ------
    InputError
        It is not one.
    """
    if len(text) != 10 or not (text.isascii() and text.isdecimal()):
        raise InputError(f"{text!r} is not a ten-digit code", hint="digits only, with its filling zeros")
    return significant(text)


def day(text: str) -> date:
    """Read ``13/04/2019`` or ``2019-04-13``, with or without a time.

    Raises
    ------
    InputError
        For anything else.
    """
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text[:10], form).date()
        except ValueError:
            continue
    raise InputError(f"{text!r} is not a date", hint="write 13/04/2019 or 2019-04-13")


def commodities(path: Path) -> Iterator[Node]:
    """Read a table of commodities with their days of validity.

    Raises
    ------
    InputError
        A row that cannot be read.
    """
    columns = (
        "goods_nomenclature_sid",
        CODE,
        "producline_suffix",
        "validity_start_date",
        "validity_end_date",
    )
    more = ("description", "number_indents", "leaf", "chapter", "node", "significant_digits")
    for row in Source(path, required=columns, optional=more).rows():
        if isinstance(row, Broken):
            raise row.error
        start, until = day(row["validity_start_date"]), row["validity_end_date"]
        indent = row.cells.get("number_indents", "")
        yield Node(
            code_of(row[CODE]),
            Interval(start, day(until) + timedelta(days=1) if until else None),
            row.cells.get("description", ""),
            int(indent) if indent.isdecimal() else 0,
            row.cells.get("leaf", "") == "1",
            row["producline_suffix"],
            row["goods_nomenclature_sid"],
        )
