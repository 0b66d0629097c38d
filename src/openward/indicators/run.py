"""Run an indicator by name: read what it needs, compute, keep the rows asked for."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from openward.codes.economies import economy
from openward.errors import (
    InputError,
    InputErrors,
    MissingDataError,
    OpenwardError,
    UnknownCodeError,
    UsageError,
)
from openward.indicators.catalogue import Indicator, find
from openward.indicators.inputs import read_inputs
from openward.observe.merging import spans

WORLD = "WLD"
ECONOMY_KEYS = ("economy", "exporter", "importer", "reporter")
_GIVEN_BY_RUNNER = ("economies", "on")


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorTable:
    """Values of an indicator, and what they rest on.

    Attributes
    ----------
    indicator : Indicator
    frame : DataFrame
        Key columns and ``value``; with ``by``, the other keys and one column for each value of that key.
    by : str or None
        The key that was laid out in columns.
    unit : str
    vintage, source : str
        Of the inputs.
    notes : tuple of str
        What a reader of the numbers must know.
    """

    indicator: Indicator
    frame: pl.DataFrame
    by: str | None
    unit: str
    vintage: str
    source: str
    notes: tuple[str, ...]


def run(
    name: str,
    *,
    data: Path | None = None,
    economies: Sequence[str] = (),
    years: Sequence[int] = (),
    by: str | None = None,
    options: Mapping[str, Any] | None = None,
    book: str = "chn",
    on: date | None = None,
) -> IndicatorTable:
    """Compute an indicator.

    Parameters
    ----------
    name : str
        Of the catalogue.
    data : Path, optional
        Folder of data; None for the tables that ship.
    economies : sequence of str
        Rows to keep; all by default.
    years : sequence of int
        Rows to keep; all by default.
    by : str, optional
        Key whose values become columns.
    options : mapping, optional
        Options of the indicator itself.
    book : str
        Book that is scored, where one is.
    on : date, optional
        Day of the law; the last day the book covers by default.

    Raises
    ------
    UnknownCodeError
        No such indicator, economy or option; the hint names the nearest.
    MissingDataError
        An input is not had, or it has nothing for an economy or year asked for.
    """
    entry = find(name)
    chosen = _options(entry, options or {})
    _check_codes(economies)
    if by is not None and by not in entry.keys:
        raise UsageError(
            f"{name} has no key {by!r}", where="by", hint=f"its keys are {', '.join(entry.keys)}"
        )
    inputs = read_inputs(entry, data=data, years=years, book=book)
    accepted = inspect.signature(entry.compute).parameters
    given: dict[str, Any] = {}
    if "economies" in accepted and economies:
        given["economies"] = tuple(economies)
    if "on" in accepted and inputs.book is not None:
        given["on"] = on or inputs.book.covered_to
    result = entry.compute(**inputs.values, **given, **chosen)
    native = result.collect(backend="polars").to_native()
    frame, missing = _keep(native, entry, economies, years)
    day = (f"law of {given['on']}",) if "on" in given else ()
    return IndicatorTable(
        indicator=entry,
        frame=_lay_out(frame, entry, by),
        by=by,
        unit=entry.unit,
        vintage=inputs.vintage,
        source=inputs.source,
        notes=(*day, *missing, *inputs.notes),
    )


def option_names(entry: Indicator) -> dict[str, Any]:
    """Give the options of an indicator with their defaults."""
    inputs = {name.replace("-", "_") for name in entry.inputs}
    return {
        name: parameter.default
        for name, parameter in inspect.signature(entry.compute).parameters.items()
        if name not in inputs and name not in _GIVEN_BY_RUNNER
    }


def economy_key(entry: Indicator) -> str | None:
    """Give the key column that says whose value a row is."""
    return next((key for key in ECONOMY_KEYS if key in entry.keys), None)


def _options(entry: Indicator, options: Mapping[str, Any]) -> dict[str, Any]:
    known = option_names(entry)
    wrong = [name for name in options if name not in known]
    if wrong:
        hint = f"its options are {', '.join(known)}" if known else "it has no options"
        raise UnknownCodeError(f"{entry.name} has no option {', '.join(wrong)}", where="options", hint=hint)
    return dict(options)


def _check_codes(economies: Sequence[str]) -> None:
    errors: list[OpenwardError] = []
    for code in economies:
        if code == WORLD:
            continue
        try:
            economy(code)
        except UnknownCodeError as unknown:
            errors.append(unknown)
    if errors:
        raise InputErrors(errors)


def _keep(
    frame: pl.DataFrame, entry: Indicator, economies: Sequence[str], years: Sequence[int]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Keep what was asked for; what is not there at all is an error, a hole in between is a note."""
    if frame.is_empty():
        raise MissingDataError(
            f"{entry.name} has no value in these data",
            where=", ".join(entry.inputs),
            hint="the columns it reads are empty there; give other data with --data DIR",
        )
    if not frame["value"].is_finite().all():
        raise InputError(f"{entry.name} gave a value that is no number", hint="this is a fault of openward")
    whose = economy_key(entry)
    kept, errors = frame, list[OpenwardError]()
    if years and "year" in entry.keys:
        at_hand = set(frame["year"].to_list())
        absent = set(years) - at_hand
        if absent:
            errors.append(
                MissingDataError(
                    f"{entry.name} has no value for {spans(absent)}",
                    where="years",
                    hint=f"years at hand are {spans(at_hand)}",
                )
            )
        kept = kept.filter(pl.col("year").is_in(list(years)))
    if economies and whose is not None:
        errors += _absent_economies(frame, kept, entry, whose, economies)
        kept = kept.filter(pl.col(whose).is_in(list(economies)))
    if errors:
        raise InputErrors(errors)
    return kept.select(*entry.keys, "value").sort(entry.keys), _holes(kept, entry, whose, economies, years)


def _absent_economies(
    frame: pl.DataFrame, kept: pl.DataFrame, entry: Indicator, whose: str, economies: Sequence[str]
) -> list[OpenwardError]:
    """Say of each economy without a value whether it has none at all, or in which years it has one."""
    known, left = set(frame[whose].to_list()), set(kept[whose].to_list())
    errors: list[OpenwardError] = []
    for code in economies:
        if code not in known:
            names = sorted(known)
            more = " ..." if len(names) > 12 else ""
            hint = f"{len(names)} economies at hand: {', '.join(names[:12])}{more}"
            errors.append(
                MissingDataError(f"{entry.name} has no value for {code}", where="economies", hint=hint)
            )
        elif code not in left and not kept.is_empty():
            at_hand = spans(set(frame.filter(pl.col(whose) == code)["year"].to_list()))
            errors.append(
                MissingDataError(
                    f"{entry.name} has no value for {code} in these years",
                    where="economies",
                    hint=f"years of {code} at hand are {at_hand}",
                )
            )
    return errors


def _holes(
    frame: pl.DataFrame, entry: Indicator, whose: str | None, economies: Sequence[str], years: Sequence[int]
) -> tuple[str, ...]:
    """Name the years that an economy lacks among those asked for."""
    if whose is None or not economies or not years or "year" not in entry.keys:
        return ()
    notes = []
    for code in economies:
        had = set(frame.filter(pl.col(whose) == code)["year"].to_list())
        lacking = set(years) - had
        if lacking:
            notes.append(f"no value for {code} in {spans(lacking)}")
    return tuple(notes)


def _lay_out(frame: pl.DataFrame, entry: Indicator, by: str | None) -> pl.DataFrame:
    if by is None:
        return frame
    index = [key for key in entry.keys if key != by]
    if not index:
        raise UsageError(f"{by} is the only key of {entry.name}", where="by", hint="leave it out")
    return frame.pivot(on=by, index=index, values="value").sort(index)
