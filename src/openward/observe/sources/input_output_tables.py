"""Inter-country input-output tables of the OECD (ICIO) and of WIOD, into `openward.observe.input_output`."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from openward.errors import InputError, MissingDataError
from openward.observe.input_output_csv import read_icio, read_wiod_2016
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.model import (
    Content,
    Download,
    Licence,
    Loaded,
    Option,
    Options,
    Request,
    Source,
)
from openward.observe.sources.strict_csv import check_end

ICIO = Source(
    name="icio",
    title="Inter-Country Input-Output tables",
    publisher="OECD",
    page="https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
    licence=Licence(
        "CC BY 4.0 (data since July 2024), OECD terms and conditions",
        "https://www.oecd.org/en/about/terms-conditions.html",
        "Free to use and share if the OECD and the edition are named; adaptations must be called so.",
        "OECD, Inter-Country Input-Output tables, edition",
    ),
    gives=("input-output",),
    layout=(
        "zip of yearly csv such as 2022_SML.csv: rows and columns AUS_A01, final demand AUS_HFCE, "
        "AUS_NPISH, AUS_GGFC, AUS_GFCF, AUS_INVNT, AUS_DPABR, column OUT, rows TLS, VA, OUT"
    ),
    options=(
        Option("year", "calendar year", "2022", required=True),
        Option("vintage", "edition", "2025", required=True),
        Option("url", "address of the zip on the page of the edition", "https://..."),
    ),
)

WIOD = Source(
    name="wiod",
    title="World Input-Output Database, release 2016",
    publisher="University of Groningen",
    page="https://www.rug.nl/ggdc/valuechain/wiod/wiod-2016-release",
    licence=Licence(
        "CC BY 4.0",
        "https://www.rug.nl/ggdc/valuechain/wiod/",
        "Free to use and share if the paper is cited.",
        "Timmer et al. (2015), An Illustrated User Guide to the WIOD, Review of International Economics 23",
    ),
    gives=("input-output",),
    layout="csv or zip of it: IndustryCode, IndustryDescription, Country, RNr, Year, AUS1 ... ROW61, TOT",
    options=(
        Option("year", "calendar year", "2014", required=True),
        Option("url", "address of the file", "https://..."),
    ),
)


def request(source: Source, options: Options) -> Request:
    """Give the address the user named: these publishers have no lasting one.

    Raises
    ------
    MissingDataError
        None was named; the hint says where a person finds the file.
    """
    url = options.get("url", "")
    if not url:
        hint = (
            f"download it from {source.page} and give it with --file, or give its address: --option url=..."
        )
        raise MissingDataError(f"{source.publisher} has no lasting address for {source.name}", hint=hint)
    name = (
        re.sub(r"[^A-Za-z0-9._-]", "-", url.rstrip("/").rpartition("/")[2].partition("?")[0]) or "table.zip"
    )
    content: Content = "zip" if name.lower().endswith(".zip") else "any"
    return Request(options.get("vintage", "2016"), (Download(url, name, content),))


def read(source: Source, files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read one year.

    Raises
    ------
    MissingDataError
        The year is not in the archive.
    InputError
        The layout is another, a cell is blank or a text, the file is cut off; file named.
    """
    (path,) = files
    year = int(options["year"])
    work.mkdir(parents=True, exist_ok=True)
    table = _unpacked(path, year, work)
    try:
        check_end(table)
        made = read_icio(table, year=year) if source.name == "icio" else read_wiod_2016(table)
    finally:
        if table != path:
            table.unlink(missing_ok=True)
    if made.year != year:
        raise InputError(f"the table is of {made.year}, not {year}", where=path.name)
    return (
        Loaded(
            dataset="input-output",
            table=made,
            vintage=vintage_of(path, options),
            source=made.source,
            licence=source.licence.name,
            notes=made.notes,
        ),
    )


def _unpacked(path: Path, year: int, work: Path) -> Path:
    if not path.is_file():
        raise MissingDataError("no such file", where=str(path), hint="check the path")
    if path.suffix.lower() == ".csv":
        return path
    if path.suffix.lower() in (".xlsb", ".xlsx", ".xls"):
        raise InputError("this is a workbook", where=path.name, hint="save its sheet as csv first")
    try:
        with zipfile.ZipFile(path) as bundle:
            names = [n for n in bundle.namelist() if n.lower().endswith(".csv") and str(year) in Path(n).name]
            if len(names) != 1:
                held = ", ".join(Path(n).name for n in bundle.namelist()[:12])
                what = "no table" if not names else f"{len(names)} tables"
                raise MissingDataError(
                    f"{what} of {year} in the archive", where=path.name, hint=f"it has {held}"
                )
            target = work / Path(names[0]).name
            with bundle.open(names[0]) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, 1 << 20)
    except zipfile.BadZipFile as broken:
        raise InputError(
            f"the zip archive is not whole: {broken}", where=path.name, hint="fetch it again"
        ) from None
    return target
