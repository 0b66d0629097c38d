"""Values of indicators that no catalogue indicator gives: small readings of public tables.

A measure takes the data folder and its options and gives one row an economy and year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from openward.errors import InputError, MissingDataError, UnknownCodeError

Measure = Callable[..., pl.DataFrame]

COLUMNS = ("economy", "year", "value")


def measure(name: str, *, data: Path | None, options: Mapping[str, Any]) -> pl.DataFrame:
    """Give the values of a measure.

    Parameters
    ----------
    name : str
        One of `MEASURES`.
    data : Path, optional
        Data folder; None for what ships.
    options : mapping

    Returns
    -------
    DataFrame
        economy, year, value; no missing values.

    Raises
    ------
    UnknownCodeError
        No measure of that name.
    MissingDataError
        Its table is not there.
    InputError
        Options it does not take.
    """
    if name not in MEASURES:
        raise UnknownCodeError(f"no measure is called {name!r}", hint=f"known are {', '.join(MEASURES)}")
    try:
        found = MEASURES[name](data, **options)
    except TypeError as error:
        raise InputError("the measure does not take these options", where=name, hint=str(error)) from error
    return found.select(
        pl.col("economy").cast(pl.String), pl.col("year").cast(pl.Int64), pl.col("value").cast(pl.Float64)
    ).filter(pl.col("value").is_finite())


def macro_ratio(data: Path | None, *, numerator: str, denominator: str) -> pl.DataFrame:
    """Give one column of `macro` over another; left out where the denominator is not positive."""
    from openward.observe.tables import read

    frame = read("macro", data).frame
    for column in (numerator, denominator):
        if column not in frame.collect_schema().names():
            raise InputError(
                f"macro has no column {column!r}", where="macro-ratio", hint="see its dictionary"
            )
    return (
        frame.filter(pl.col(denominator) > 0)
        .select("economy", "year", value=pl.col(numerator) / pl.col(denominator))
        .drop_nulls()
        .collect()
    )


def trade_profile(data: Path | None, *, series: str, group: str, percent: bool) -> pl.DataFrame:
    """Give one series of the WITS country profiles, percentages as fractions."""
    from openward.codes.economies import economies
    from openward.observe.dictionary import dataset

    public = dataset("wits-summary")
    options = public.recipe.options if public.recipe is not None else {}
    return (
        pl.scan_parquet(_file(data, public.file))
        .with_columns(pl.col("economy", "indicator", "product_group").cast(pl.String))
        .filter(pl.col("indicator") == series, pl.col("product_group") == group)
        .with_columns(pl.col("economy").replace(dict(options.get("economies", {}))))
        .filter(pl.col("economy").is_in(list(economies())))
        .group_by("economy", "year")
        .agg(value=pl.col("value").first() / (100.0 if percent else 1.0))
        .collect()
    )


def agreement_partners(data: Path | None) -> pl.DataFrame:
    """Count the economies that one has a notified trade agreement in force with, year by year.

    Withdrawals are not taken out, and the list of treaties ends in 2020.
    """
    rows = (
        pl.scan_parquet(_file(data, "economy/desta_treaty_members.parquet"))
        .filter((pl.col("wto_listed") == 1).any().over("base_treaty"))
        .filter(pl.col("entry_type").is_in(["base_treaty", "accession"]))
        .select("number", "iso3", since=pl.coalesce("year_force", "year_signed"))
        .drop_nulls()
    )
    pairs = (
        rows.join(rows.select("number", other="iso3"), on="number")
        .filter(pl.col("iso3") != pl.col("other"))
        .group_by("iso3", "other")
        .agg(pl.col("since").min())
        .group_by(economy="iso3", year="since")
        .agg(value=pl.len())
        .collect()
    )
    years = pl.DataFrame({"year": range(1990, 2021)}, schema={"year": pl.Int64})
    grid = pairs.select("economy").unique().join(years, how="cross")
    return (
        grid.join(pairs.with_columns(since=pl.col("year").cast(pl.Int64)).drop("year"), on="economy")
        .filter(pl.col("since") <= pl.col("year"))
        .group_by("economy", "year")
        .agg(pl.col("value").sum())
    )


def visa_freedom(data: Path | None, *, side: str, as_of: int) -> pl.DataFrame:
    """Give the share of passports an economy admits (``host``), or of destinations its own opens.

    Open means without a visa, with one on arrival, or with an electronic authorization; an electronic visa
    has to be applied for and is not. The table is one snapshot: `as_of` is the year it is counted under.
    ``holder`` asks for the latter.
    """
    from openward.codes.economies import economies

    if side not in ("host", "holder"):
        raise InputError(f"side {side!r}", where="visa-freedom", hint="host or holder")
    column = "Destination" if side == "host" else "Passport"
    names = {one.name: code for code, one in economies().items()} | dict(VISA_NAMES)
    rows = (
        pl.scan_parquet(_file(data, "economy/visa_requirements.parquet"))
        .with_columns(pl.all().cast(pl.String))
        .filter(pl.col("Requirement") != "-1")
        .collect()
    )
    is_open = pl.col("Requirement").is_in(["visa free", "visa on arrival", "eta"]) | pl.col(
        "Requirement"
    ).str.contains(r"^\d+$")
    return (
        rows.group_by(column)
        .agg(value=is_open.mean())
        .with_columns(economy=pl.col(column).replace_strict(names, default=None), year=pl.lit(as_of))
        .drop_nulls()
    )


VISA_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Bosnia and Herzegovina": "BIH",
        "Czech Republic": "CZE",
        "DR Congo": "COD",
        "Hong Kong": "HKG",
        "Ivory Coast": "CIV",
        "Laos": "LAO",
        "Macao": "MAC",
        "North Korea": "PRK",
        "Saint Kitts and Nevis": "KNA",
        "Saint Lucia": "LCA",
        "Saint Vincent and the Grenadines": "VCT",
        "Sao Tome and Principe": "STP",
        "South Korea": "KOR",
        "Swaziland": "SWZ",
        "Taiwan": "TWN",
        "Turkey": "TUR",
        "Vatican": "VAT",
        "Vietnam": "VNM",
    }
)
"""Names of the passport table that are not ours; Kosovo has no ISO code and is left out."""


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "macro-ratio": macro_ratio,
        "trade-profile": trade_profile,
        "agreement-partners": agreement_partners,
        "visa-freedom": visa_freedom,
    }
)


def _file(data: Path | None, path: str) -> Path:
    """Find a public file at its path in the data folder, or by its name alone."""
    if data is not None:
        for place in (data / path, data / Path(path).name):
            if place.is_file():
                return place
    raise MissingDataError(
        "the table is not there",
        where=path if data is None else str(data / path),
        hint="name its folder with --data",
    )
