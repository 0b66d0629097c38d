"""Direct investment of UNCTADstat: inward and outward flows of every economy with the world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from openward.errors import InputError, MissingDataError
from openward.observe.sources.areas import WORLD, alpha3
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.macro_series import widen
from openward.observe.sources.model import Download, Licence, Loaded, Options, Request, Source, today
from openward.observe.sources.strict_csv import Column, read_csv

SOURCE = Source(
    name="fdi-unctad",
    title="Foreign direct investment: flows and stock (US.FdiFlowsStock)",
    publisher="UNCTAD",
    page="https://unctadstat.unctad.org/datacentre/dataviewer/US.FdiFlowsStock",
    licence=Licence(
        "UNCTADstat terms of use",
        "https://unctadstat.unctad.org/EN/FAQ.html",
        "Free to use and share if UNCTAD is named as the source.",
        "UNCTAD, UNCTADstat, Foreign direct investment: inward and outward flows and stock, annual",
    ),
    gives=("macro",),
    layout=(
        "csv with Year, Economy (M49, three digits; groups have four), Economy Label, Direction Label, "
        "Flow Label, Millions of US$ at current prices"
    ),
    address="https://unctadstat-api.unctad.org/bulkdownload/US.FdiFlowsStock/US_FdiFlowsStock",
)
_VALUE = "Millions of US$ at current prices"
_DIRECTIONS = {"Inward": "fdi_inflow", "Outward": "fdi_outflow"}
_COLUMNS = (
    Column("Year", pattern=r"\d{4}", says="a year"),
    Column("Economy", pattern=r"\d{3,4}", says="an M49 number, leading zeros kept"),
    Column("Direction Label", pattern="Inward|Outward", says="Inward or Outward"),
    Column("Flow Label", pattern="Flow|Stock", says="Flow or Stock"),
    Column(_VALUE, "number", nullable=True),
)


def request(options: Options) -> Request:
    """Give the address of the bulk file, a 7-Zip archive: it has to be unpacked by hand."""
    del options
    return Request(today(), (Download(SOURCE.address, "US_FdiFlowsStock.7z", "any"),), is_live=True)


def read(files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read the csv into `macro`; stocks have no column there and are left out.

    Raises
    ------
    InputError, InputErrors
        It is still packed, the layout is another, or a cell is not what it should be.
    """
    del work
    (path,) = files
    if not path.is_file():
        raise MissingDataError("no such file", where=str(path), hint="check the path")
    with path.open("rb") as file:
        if file.read(6) == b"7z\xbc\xaf\x27\x1c":
            raise InputError(
                f"{path.name} is a 7-Zip archive, which Python cannot unpack",
                where=str(path),
                hint="unpack it (7z x), then give the csv with --file",
            )
    frame = read_csv(path, _COLUMNS, encoding="utf8-lossy")
    flows = frame.filter((pl.col("Flow Label") == "Flow") & pl.col(_VALUE).is_not_null())
    codes = {number: _code(number) for number in frame["Economy"].unique().to_list()}
    rows = [
        (codes[number], int(year), _DIRECTIONS[direction], value)
        for year, number, direction, value in flows.select(
            "Year", "Economy", "Direction Label", _VALUE
        ).iter_rows()
        if codes[number]
    ]
    if not rows:
        raise MissingDataError("the file has no flows of an economy", where=path.name)
    stocks = frame.filter(pl.col("Flow Label") == "Stock").height
    groups = sorted(number for number, found in codes.items() if not found)
    notes = [f"{stocks} rows of stocks are left out"] if stocks else []
    if groups:
        notes.append(f"groups and former areas are left out: {', '.join(groups)}")
    return (
        Loaded(
            dataset="macro",
            table=widen(rows, where=path.name),
            vintage=vintage_of(path, options),
            source="UNCTADstat, US.FdiFlowsStock",
            licence=SOURCE.licence.name,
            notes=tuple(notes),
        ),
    )


def _code(number: str) -> str:
    if number in ("0000", "000"):
        return WORLD
    return alpha3(number) if len(number) == 3 else ""
