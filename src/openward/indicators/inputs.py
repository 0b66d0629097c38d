"""What an indicator reads: tables of the dictionary, an input-output table, the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from openward.book import load
from openward.book.model import Book
from openward.indicators.catalogue import Indicator
from openward.observe.input_output import InputOutput
from openward.observe.input_output_wiod import read_wiod_archive, read_wiod_table
from openward.observe.input_output_world import read_icio_2022, world_table
from openward.observe.tables import read

WIOD_YEAR = 2011
_WIOD_FILE, _ICIO_FILE = "wiod2011_Z.parquet", "icio2022_Z.parquet"


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What an indicator is called with, and where it is from.

    Attributes
    ----------
    values : dict
        Keyword arguments: Narwhals frames, an input-output table, a book.
    book : Book or None
        The book among them.
    vintage, source : str
    notes : tuple of str
    """

    values: dict[str, Any]
    book: Book | None
    vintage: str
    source: str
    notes: tuple[str, ...]


def read_inputs(entry: Indicator, *, data: Path | None, years: Sequence[int], book: str) -> Inputs:
    """Read everything an indicator needs.

    Parameters
    ----------
    entry : Indicator
    data : Path, optional
        As for `openward.observe.tables.read`; None for what ships.
    years : sequence of int
        Choose between input-output tables; empty for the latest.
    book : str
        Name or folder of the book, for indicators that score it.
    """
    values: dict[str, Any] = {}
    law: Book | None = None
    vintages: list[str] = []
    sources: list[str] = []
    notes: list[str] = []
    for name in entry.inputs:
        key = name.replace("-", "_")
        if name == "book":
            law = load(book)
            values[key] = law
            vintages.append(f"book {law.name} to {law.covered_to}")
            sources.append(f"openward book {law.name}")
        elif name == "input-output":
            table = _input_output(data, years)
            values[key] = table
            vintages.append(str(table.year))
            sources.append(table.source)
            notes += table.notes
        else:
            found = read(name, data)
            values[key] = nw.from_native(found.frame)
            vintages.append(found.vintage)
            sources.append(found.source)
            notes += found.notes
            if found.classification:
                notes.append(f"products are {found.classification}")
    return Inputs(
        values=values,
        book=law,
        vintage="; ".join(dict.fromkeys(vintages)),
        source="; ".join(dict.fromkeys(sources)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _input_output(data: Path | None, years: Sequence[int]) -> InputOutput:
    """Take the table of the year asked for where a folder has it, else the world that ships."""
    folders = () if data is None else (data / "economy", data)
    if data is not None and len(years) == 1:
        archive = data / "simulation" / "wiod" / f"wiot_{years[0]}.RData"
        if archive.is_file():
            return read_wiod_archive(archive).table
    for folder in folders:
        if list(years) == [WIOD_YEAR] and (folder / _WIOD_FILE).is_file():
            return read_wiod_table(folder, year=WIOD_YEAR).table
        if (folder / _ICIO_FILE).is_file():
            return read_icio_2022(folder)
    return world_table()
