"""Imports of the United States out of DataWeb, by HTS number, country and month."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from openward.codes import tables
from openward.codes.economies import ECONOMIES
from openward.errors import InputError, InputErrors, MissingDataError
from openward.observe.dictionary import dataset
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.model import Loaded, Option, Options, Request, Source
from openward.observe.sources.strict_csv import Column, check_header, read_csv
from openward.observe.sources.usitc_tariff import US_PUBLIC_DOMAIN

SOURCE = Source(
    name="usitc-dataweb",
    title="DataWeb, imports for consumption of the United States",
    publisher="United States International Trade Commission",
    page="https://dataweb.usitc.gov",
    licence=US_PUBLIC_DOMAIN,
    gives=("trade-monthly",),
    layout=(
        "csv of a report with HTS Number, Country, Year, Month and Customs Value in columns; lines before "
        "the header are passed over"
    ),
    options=(Option("vintage", "day of the report", "2025-06-30", required=True),),
)
_VALUE = "Customs Value"
_COLUMNS = (
    Column("HTS Number", pattern=r"\d{2}(\d{2}){1,4}", says="an HTS number, leading zeros kept"),
    Column("Country"),
    Column("Year", pattern=r"\d{4}", says="a year"),
    Column("Month", pattern=r"\d{1,2}", says="a month by number"),
    Column(_VALUE, pattern=r'"?-?[\d,]+(\.\d+)?"?', says="a number"),
)
_NAMES = {
    "burma": "MMR",
    "china": "CHN",
    "congo (dem. rep.)": "COD",
    "congo (kinshasa)": "COD",
    "congo (brazzaville)": "COG",
    "cote d`ivoire": "CIV",
    "czech republic": "CZE",
    "hong kong": "HKG",
    "korea": "KOR",
    "korea, south": "KOR",
    "laos": "LAO",
    "macau": "MAC",
    "north macedonia": "MKD",
    "russia": "RUS",
    "syria": "SYR",
    "taiwan": "TWN",
    "turkey": "TUR",
    "united kingdom": "GBR",
    "vietnam": "VNM",
}


def request(options: Options) -> Request:
    """Reports are made on the web site.

    Raises
    ------
    MissingDataError
        Always; the hint says how.
    """
    del options
    hint = f"make the report at {SOURCE.page} with country, year, month in rows; give its csv with --file"
    raise MissingDataError("DataWeb makes reports, not files", hint=hint)


def read(files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read reports.

    Raises
    ------
    InputError, InputErrors
        No header with these columns, a cell is not what it should be, or a country nobody knows.
    """
    del work
    frame = pl.concat([_one(path) for path in files])
    names = {name: _economy(name) for name in frame["Country"].unique().to_list()}
    strange = sorted(name for name, code in names.items() if not code)
    if strange:
        hint = "give the name as ISO 3166 has it, or as DataWeb writes it"
        raise InputErrors(
            [InputError(f"unknown country {name!r}", where=files[0].name, hint=hint) for name in strange]
        )
    month = pl.date(pl.col("Year").cast(pl.Int32), pl.col("Month").cast(pl.Int8), 1)
    table = frame.select(
        month=month,
        reporter=pl.lit("USA"),
        flow=pl.lit("import"),
        partner=pl.col("Country").replace_strict(names, return_dtype=pl.String),
        product=pl.col("HTS Number"),
        value=pl.col(_VALUE).str.replace_all(r'[",]', "").cast(pl.Float64),
        quantity=pl.lit(None, dtype=pl.Float64),
    )
    return (
        Loaded(
            dataset="trade-monthly",
            table=table.select(pl.col(f.name).cast(f.dtype) for f in dataset("trade-monthly").fields).lazy(),
            vintage=vintage_of(files[0], options),
            source="USITC DataWeb, imports for consumption, customs value",
            licence=SOURCE.licence.name,
            classification="HTS",
        ),
    )


def _one(path: Path) -> pl.DataFrame:
    skip = _preamble(path)
    check_header(path, _COLUMNS, skip=skip)
    frame = read_csv(path, _COLUMNS, skip=skip, encoding="utf8-lossy")
    bad = frame.filter(~pl.col("Month").cast(pl.Int32).is_between(1, 12))
    if bad.height:
        raise InputError(f"Month is {bad['Month'][0]!r}", where=path.name, hint="1 to 12")
    return frame


def _preamble(path: Path) -> int:
    """Count the lines before the header: title and choices of the report."""
    if not path.is_file():
        raise MissingDataError("no such file", where=str(path), hint="check the path")
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in zip(range(30), file, strict=False):
            if {"HTS Number", "Country"} <= {cell.strip().strip('"') for cell in line.split(",")}:
                return number
    return 0


def _economy(name: str) -> str:
    key = name.strip().casefold()
    if key in _NAMES:
        return _NAMES[key]
    return _iso_names().get(key, "")


def _iso_names() -> dict[str, str]:
    own = {row["name"].casefold(): row["code"] for row in tables.rows("economy_names.csv")}
    return {**{one.name.casefold(): one.code for one in ECONOMIES.values()}, **own}
