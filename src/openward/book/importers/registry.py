"""The formats that can be imported, by the name the command line uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from openward.book.importers.draft import Draft
from openward.book.importers.writing import Imported, write_book
from openward.book.model import Book
from openward.book.reading import nearest
from openward.errors import UsageError


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the module that reads it, what it is, and the options it takes."""

    module: str
    title: str
    options: tuple[str, ...] = ()
    suffix: str = ""

    def part(self, name: str) -> Callable[..., Any]:
        """Give a function of the module."""
        return cast(
            "Callable[..., Any]",
            getattr(import_module(f"openward.book.importers.{self.module}"), name + self.suffix),
        )


FORMATS: Final[Mapping[str, Format]] = {
    "cn-2018-2019": Format("china_2018_2019", "China's ten-digit tariff with the changes of 2018-2019"),
    "us-hts": Format("us_hts", "Harmonized Tariff Schedule of the United States, 2025, csv export"),
    "us-fta": Format("us_fta", "Staging tables of United States trade agreements, a column for each year"),
    "taric": Format(
        "taric",
        "Measures and components with the column names of TARIC",
        ("components", "nodes", "areas", "imposed_by"),
    ),
    "eu-preferences": Format(
        "eu_tables",
        "European preferences of one country: columns ad valorem, specific, ceiling, minimum",
        ("areas", "imposed_by"),
        "_preferences",
    ),
    "eu-gsp": Format(
        "eu_tables",
        "European general system of preferences: area, commodity, rate; or by HS8 with exclusions",
        ("areas", "imposed_by"),
        "_gsp",
    ),
    "cn-negative-list": Format("negative_list", "Negative lists for foreign investment, by item and edition"),
    "listing-events": Format("listing_events", "Events of listings of entities"),
    "table": Format("mapping", "Any table, by a YAML that says what its columns mean", ("map",)),
    "staging": Format(
        "staging", "Schedule of an agreement: yearly rates, or base rate and category", ("map",)
    ),
}


def import_file(format: str, path: Path, folder: Path, *, encoding: str = "", **options: Any) -> Imported:
    """Import a file into a new book folder.

    Parameters
    ----------
    format : str
        A name of :data:`FORMATS`.
    path : Path
    folder : Path
        Must not exist yet, or be empty; appears only when everything is written and loads.
    encoding : str
        UTF-8 unless said.
    **options
        Options of the format; None is not given.

    Raises
    ------
    UsageError
        Unknown format or option.
    InputError, InputErrors
        The file as a whole is not acceptable; single rows go to ``tables/rejected.csv`` instead.
    RefusedError
        The folder holds something.
    """
    one = find(format)
    given = {name: value for name, value in options.items() if value is not None}
    for name in given:
        if name not in one.options:
            takes = ", ".join(f"--{o.replace('_', '-')}" for o in one.options) or "no options"
            raise UsageError(f"format {format} takes no --{name.replace('_', '-')}", hint=f"it takes {takes}")
    if encoding:
        given["encoding"] = encoding
    draft = cast("Draft", one.part("draft")(path, **given))
    return write_book(draft, folder, format=format, source=path.name, sha256=fingerprint(path))


def export_rows(format: str, book: Book, *, map: Path | str | None = None) -> list[dict[str, str]]:
    """Give the rows of a format from a book that was imported from it.

    Parameters
    ----------
    format : str
    book : Book
    map : Path or str, optional
        For the formats that take one: what the columns mean.

    Raises
    ------
    UsageError
        Unknown format.
    """
    one = find(format)
    given = {"map": map} if "map" in one.options else {}
    return cast("list[dict[str, str]]", one.part("export")(book, **given))


def find(format: str) -> Format:
    """Give a format by name.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}", hint=nearest(format, FORMATS, listing="formats"))
    return FORMATS[format]


def fingerprint(path: Path) -> str:
    """Give the SHA-256 of a file."""
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()
