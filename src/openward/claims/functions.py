"""What formulas can call: tables, macro figures, ranks, cited facts, groups, and sums over years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

import polars as pl

from openward.claims.at_hand import AtHand, as_codes, cited, day
from openward.claims.series import Series, Value, Years, each
from openward.errors import InputError, MissingDataError, UnknownCodeError

Missing = Literal["error", "skip"]
Codes = str | int | tuple[Any, ...] | frozenset[str]


def macro(
    at: AtHand, column: str, *, economy: str, year: int | Years, missing: Missing = "error"
) -> float | Series:
    """Give a figure of an economy (or ``WLD``, the world as published) from the table ``macro``."""
    frame = at.frame("macro")
    _known(column, frame, "macro")
    rows = frame.filter(pl.col("economy") == economy).drop_nulls(column)
    found = dict(zip(rows["year"].to_list(), rows[column].to_list(), strict=True))
    return _at_years(at, found, year, f"{column} of {economy}", missing)


def table(
    at: AtHand,
    name: str,
    column: str,
    *,
    year: int | Years | None = None,
    missing: Missing = "error",
    **where: Codes,
) -> float | Series:
    """Sum a column of a table over the rows whose columns have the given values."""
    frame = _where(at.frame(name), where, name)
    _known(column, frame, name)
    keys = ", ".join(str(value) for value in where.values() if isinstance(value, str))
    what = f"{column} of {keys} ({name})" if keys else f"{column} ({name})"
    if year is None:
        if frame.is_empty():
            raise MissingDataError(what, where=name)
        return float(frame[column].sum())
    _known("year", frame, name)
    sums = frame.drop_nulls(column).group_by("year").agg(pl.col(column).sum().cast(pl.Float64))
    return _at_years(at, dict(sums.iter_rows()), year, what, missing)


def trade_rank(
    at: AtHand,
    economy: str,
    *,
    year: int | Years,
    side: Literal["both", "export", "import"] = "both",
    missing: Missing = "error",
) -> float | Series:
    """Rank an economy among all by its goods trade; 1 is the largest."""
    frame = at.frame("trade-total")
    ends = {"both": ("exporter", "importer"), "export": ("exporter",), "import": ("importer",)}
    if side not in ends:
        raise InputError(f"{side!r} is no side of trade", hint="both, export or import")
    wanted = list(year) if isinstance(year, Years) else [year]
    parts = (
        frame.filter(pl.col("year").is_in(wanted)).select("year", code=end, value="value")
        for end in ends[side]
    )
    totals = pl.concat(parts).group_by("year", "code").agg(pl.col("value").sum())
    ranks = totals.with_columns(
        rank=pl.col("value").rank("min", descending=True).over("year").cast(pl.Float64)
    ).filter(pl.col("code") == economy)
    found = dict(ranks.select("year", "rank").iter_rows())
    return _at_years(at, found, year, f"goods trade of all economies and {economy}", missing)


def fact(at: AtHand, name: str, *, economy: str = "", year: int | str = "", edition: str = "") -> float:
    """Give a cited figure that ships with the ledgers."""
    keys = {"economy": economy, "year": str(year), "edition": edition}
    return at.fact(name, {key: value for key, value in keys.items() if value})


def editions(at: AtHand, name: str, first: int, last: int) -> frozenset[str]:
    """Give the editions of a publication that cited figures know, from one year to another."""
    rows = [row for row in cited() if row["name"] == name and row["edition"]]
    if not rows:
        raise UnknownCodeError(f"no cited publication is called {name!r}", hint="openness-report is one")
    found = [row for row in rows if first <= int(row["edition"]) <= last]
    for row in found:
        at.fact(name, {"edition": row["edition"]})
    return frozenset(row["edition"] for row in found)


def indicator(
    at: AtHand, name: str, *, economy: str, year: int | Years, missing: Missing = "error", **options: Any
) -> float | Series:
    """Give an indicator of the catalogue for an economy and a year, in its own unit."""
    from openward.claims.from_indicators import by_year

    found = by_year(
        at, name, economy=economy, years=tuple(year) if isinstance(year, Years) else (year,), **options
    )
    return _at_years(at, found, year, f"{name} of {economy}", missing)


def members(at: AtHand, group: str, *, on: str) -> frozenset[str]:
    """Give the members of a group of the book on a day."""
    if group not in at.book.groups():
        raise UnknownCodeError(f"the book has no group {group!r}", hint="openward book list names groups")
    return at.book.members(group, day(on))


def listed(at: AtHand, name: str, column: str, **where: Codes) -> frozenset[str]:
    """Give the codes that stand in a column of a table, for the rows that have the given values."""
    frame = _where(at.frame(name), where, name)
    _known(column, frame, name)
    return frozenset(str(value) for value in frame[column].drop_nulls().to_list())


def without(at: AtHand, codes: frozenset[str], *left_out: str) -> frozenset[str]:
    """Leave codes out of a set."""
    return codes - set(left_out)


def years(at: AtHand, first: int, last: int) -> Years:
    """Name the years from one to another, both in."""
    if not 1800 <= first <= last <= 2200:
        raise InputError(f"years({first}, {last}) are no years", hint="first, then last: years(2016, 2024)")
    return Years(first, last)


def percent(at: AtHand, fraction: float | Series) -> Value:
    """Turn a fraction into percent."""
    from openward.claims.series import combine

    return combine(fraction, 100.0, lambda a, b: a * b)


def size(at: AtHand, codes: frozenset[str]) -> float:
    """Count the members of a set."""
    return float(len(codes))


def distinct(at: AtHand, name: str, column: str, **where: Codes) -> float:
    """Count the different values of a column of a table."""
    frame = _where(at.frame(name), where, name)
    _known(column, frame, name)
    return float(frame[column].drop_nulls().n_unique())


def _over(compute: Callable[[tuple[float | bool, ...]], float | bool], says: str) -> Callable[..., Any]:
    def over(at: AtHand, *values: float | Series) -> float | bool:
        numbers = tuple(number for value in values for number in each(value))
        if not numbers:
            raise InputError("nothing to compute over", hint="name a figure or a series of years")
        return compute(numbers)

    over.__doc__ = says
    return over


FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "macro": macro,
        "table": table,
        "trade_rank": trade_rank,
        "fact": fact,
        "editions": editions,
        "indicator": indicator,
        "members": members,
        "listed": listed,
        "without": without,
        "size": size,
        "distinct": distinct,
        "years": years,
        "percent": percent,
        "sum": _over(lambda v: float(sum(v)), "Add up figures, or the years of a series."),
        "min": _over(min, "Take the smallest of figures, or of the years of a series."),
        "max": _over(max, "Take the largest of figures, or of the years of a series."),
        "mean": _over(lambda v: sum(v) / len(v), "Average figures, or the years of a series."),
        "count": _over(
            lambda v: float(sum(bool(x) for x in v)), "Count the years in which a comparison is true."
        ),
        "all": _over(lambda v: all(bool(x) for x in v), "Tell whether a comparison is true in every year."),
        "any": _over(lambda v: any(bool(x) for x in v), "Tell whether a comparison is true in some year."),
    }
)


def _known(column: str, frame: pl.DataFrame, name: str) -> None:
    if column not in frame.columns:
        raise UnknownCodeError(
            f"{name} has no column {column!r}", hint=f"columns are {', '.join(frame.columns)}"
        )


def _where(frame: pl.DataFrame, where: Mapping[str, Codes], name: str) -> pl.DataFrame:
    for column, value in where.items():
        _known(column, frame, name)
        frame = frame.filter(pl.col(column).is_in(as_codes(value)))
    return frame


def _at_years(
    at: AtHand, found: Mapping[int, float], year: int | Years, what: str, missing: str
) -> float | Series:
    if missing not in ("error", "skip"):
        raise InputError(f"missing={missing!r} is not known", hint='"error" or "skip"')
    if not isinstance(year, Years):
        if year not in found:
            raise MissingDataError(f"{what} in {year}")
        return float(found[year])
    absent = [one for one in year if one not in found]
    present = {one: float(found[one]) for one in year if one in found}
    if absent and (missing == "error" or not present):
        raise MissingDataError(f"{what} in {in_words(absent)}")
    if absent:
        at.skipped.append(f"{what} in {in_words(absent)}")
    return Series(present)


def in_words(years: list[int]) -> str:
    """Write years as ranges: ``2013-2015, 2017``."""
    parts: list[list[int]] = []
    for year in sorted(years):
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)
