"""Gather the indicators of a spec from the catalogue and from measures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from openward.codes.economies import economies
from openward.errors import InputErrors, MissingDataError, OpenwardError
from openward.indicators.composite.data import IndexData, read_table
from openward.indicators.composite.measures import measure
from openward.indicators.composite.spec import IndexSpec, Member, Origin


def gather(spec: IndexSpec, data: Path | None, *, year: int | None = None) -> IndexData:
    """Give the values a spec asks for.

    Every economy with at least one indicator is in; what has nothing for the year comes from the latest of
    `years_back` years before, and the notes count how much.

    Parameters
    ----------
    spec : IndexSpec
    data : Path, optional
        Data folder; None for what ships.
    year : int, optional
        In place of the spec's.

    Raises
    ------
    MissingDataError
        No year is given; an indicator has no value at all.
    InputErrors
        Everything that could not be read.
    """
    if spec.table is not None:
        if data is None:
            raise MissingDataError(
                "the spec reads a table", where=spec.table.file, hint="name its folder with --data"
            )
        return read_table(spec, data, year=year)
    wanted = spec.year if year is None else year
    if wanted is None:
        raise MissingDataError("the spec names no year", where=spec.name, hint="add year: or give --year")
    columns, notes, faults = {}, [], []
    for member in spec.available:
        try:
            columns[member.code], note = _column(spec, member, data, wanted)
            notes.append(note)
        except OpenwardError as error:
            faults.append(error)
    if faults:
        once = {(error.where, error.message): error for error in faults}
        raise InputErrors(list(once.values()))
    known = economies()
    units = tuple(sorted({unit for column in columns.values() for unit in column} & set(known)))
    codes = tuple(member.code for member in spec.available)
    values = np.array([[columns[code].get(unit, np.nan) for code in codes] for unit in units])
    return IndexData(
        units=units,
        codes=codes,
        values=values,
        groups={
            "region": tuple(known[unit].region for unit in units),
            "continent": tuple(known[unit].continent for unit in units),
        },
        names={unit: known[unit].name for unit in units},
        notes=tuple(notes),
    )


def _column(spec: IndexSpec, member: Member, data: Path | None, year: int) -> tuple[dict[str, float], str]:
    if member.origin is None:
        raise MissingDataError(
            "the indicator has neither an origin nor a table",
            where=f"{spec.name}: {member.code}",
            hint="add one",
        )
    span = member.origin.mean_of
    rows = _rows(member.origin, data).filter(
        pl.col("year").is_between(year - spec.years_back - span + 1, year)
    )
    if rows.is_empty():
        raise MissingDataError(
            f"no value from {year - spec.years_back} to {year}",
            where=f"{spec.name}: {member.code}",
            hint="other years",
        )
    latest = pl.col("year").max().over("economy")
    taken = (
        rows.filter(pl.col("year") > latest - span, latest >= year - spec.years_back)
        .group_by("economy")
        .agg(pl.col("value").mean(), pl.col("year").max())
        .sort("economy")
    )
    old = [used for used in taken["year"].to_list() if used < year]
    since = f", {len(old)} of them from {min(old)}-{max(old)}" if old else ""
    mean = "" if span == 1 else f", means of up to {span} years"
    note = f"{member.code}: {taken.height} economies{since}{mean}"
    return dict(zip(taken["economy"], taken["value"], strict=True)), note


def _rows(origin: Origin, data: Path | None) -> pl.DataFrame:
    if origin.measure is not None:
        return measure(origin.measure, data=data, options=origin.options)
    from openward.indicators.run import run

    assert origin.catalogue is not None
    frame = run(origin.catalogue, data=data, options=origin.options).frame
    for key, value in origin.keys.items():
        frame = frame.filter(pl.col(key) == value)
    return frame.select(
        pl.col("economy").cast(pl.String), pl.col("year").cast(pl.Int64), pl.col("value").cast(pl.Float64)
    )
