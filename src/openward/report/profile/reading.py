"""Reading indicators for one economy: the latest year, its place among others, and why one is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from openward.codes.economies import ECONOMIES
from openward.errors import InputErrors, MissingDataError, OpenwardError
from openward.indicators.catalogue import find
from openward.indicators.inputs import read_inputs
from openward.indicators.run import economy_key
from openward.observe.tables import read
from openward.report.profile.model import Quantity, Source, Standing

FEW = 10
"""Fewer economies than these are no world to stand in."""
SHIPPED_INSTEAD = "not in the folder given: from what ships"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An indicator or table: its rows, and the number of its source."""

    frame: pl.DataFrame
    unit: str
    source: int


class Reader:
    """Reads for one economy; numbers the sources in the order they are first used.

    Parameters
    ----------
    economy : str
    data : Path or None
        Folder of data; what it lacks comes from what ships, and the source says so.
    year : int or None
        Nothing later is used.
    book : str
    on : date or None
        Day of the law; the last the book covers by default.
    """

    def __init__(
        self, economy: str, *, data: Path | None, year: int | None, book: str, on: date | None
    ) -> None:
        self.economy, self.data, self.year, self.book, self.on = economy, data, year, book, on
        self.day: date | None = None
        self._sources: dict[tuple[str, str], list[str]] = {}
        self._found: dict[object, Found | OpenwardError] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources used so far."""
        return tuple(
            Source(number, name, vintage, tuple(notes))
            for number, ((name, vintage), notes) in enumerate(self._sources.items(), start=1)
        )

    def note_source(self, name: str, vintage: str, notes: Sequence[str]) -> int:
        """Give the number of a source, new or known; its notes are kept once."""
        kept = self._sources.setdefault((name, vintage), [])
        kept += [note for note in dict.fromkeys(notes) if note not in kept]
        return list(self._sources).index((name, vintage)) + 1

    def indicator(
        self, name: str, *, data: Path | None, economies: Sequence[str] | None = None, **options: Any
    ) -> Found:
        """Compute an indicator for all economies, once; rows later than the year asked for are cut off.

        Raises
        ------
        OpenwardError
            As `openward.indicators.run.run`; the same error when asked again.
        """
        key = (name, data, tuple(economies or ()), tuple(options.items()))
        if key not in self._found:
            try:
                self._found[key] = self._compute(name, data, economies, options)
            except OpenwardError as error:
                self._found[key] = error
        return self._known(key)

    def table(self, name: str, *, data: Path | None) -> Found:
        """Read a table, cut off at the year asked for; errors as `openward.observe.tables.read`."""
        key = ("table", name, data)
        if key not in self._found:
            try:
                found = read(name, data)
                frame = self._until(found.frame.collect())
                kind = (f"products are {found.classification}",) if found.classification else ()
                number = self.note_source(found.source, found.vintage, (*found.notes, *kind))
                self._found[key] = Found(frame, "", number)
            except OpenwardError as error:
                self._found[key] = error
        return self._known(key)

    def quantity(
        self,
        name: str,
        *,
        label: str,
        basis: str,
        data: Path | None,
        where: Mapping[str, str] | None = None,
        economies: Sequence[str] | None = None,
        compare: bool = True,
    ) -> Quantity:
        """Give the latest value of the economy; a folder that has none for it falls back to what ships."""
        reasons: list[str] = []
        for place in dict.fromkeys((data, None)):
            try:
                found = self.indicator(name, data=place, economies=economies)
                told = basis if place == data else f"{basis} ({SHIPPED_INSTEAD})"
                return self._latest(name, found, label=label, basis=told, where=where or {}, compare=compare)
            except OpenwardError as error:
                reasons.append(reason(error))
        return missing(name, label, basis, reasons[0])

    def _latest(
        self, name: str, found: Found, *, label: str, basis: str, where: Mapping[str, str], compare: bool
    ) -> Quantity:
        rows = found.frame
        for key, wanted in where.items():
            rows = rows.filter(pl.col(key) == wanted)
        whose = economy_key(find(name))
        assert whose is not None
        own = rows.filter(pl.col(whose) == self.economy)
        if own.is_empty():
            raise MissingDataError(f"no figure for {name_of(self.economy)}" + self._until_said)
        year = int(own["year"].max()) if "year" in own.columns else None  # type: ignore[arg-type]
        if year is not None:
            own, rows = own.filter(pl.col("year") == year), rows.filter(pl.col("year") == year)
        value = float(own["value"][0])
        return Quantity(
            key=".".join((name, *where.values())),
            label=label,
            value=value,
            unit=found.unit,
            year=year,
            basis=basis,
            source=found.source,
            standing=standing(rows, whose, value) if compare else None,
        )

    def _compute(
        self, name: str, data: Path | None, economies: Sequence[str] | None, options: Mapping[str, Any]
    ) -> Found:
        entry = find(name)
        inputs = read_inputs(entry, data=data, years=(), book=self.book)
        given: dict[str, Any] = dict(options)
        if inputs.book is not None:
            given["on"] = self.day = self.on or inputs.book.covered_to
        if economies is not None:
            given["economies"] = tuple(economies)
        result = entry.compute(**inputs.values, **given)
        frame = self._until(result.collect(backend="polars").to_native())
        source = self.note_source(inputs.source, inputs.vintage, inputs.notes)
        return Found(frame, entry.unit, source)

    def _until(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self.year is None or "year" not in frame.columns:
            return frame
        return frame.filter(pl.col("year") <= self.year)

    @property
    def _until_said(self) -> str:
        return "" if self.year is None else f" up to {self.year}"

    def _known(self, key: object) -> Found:
        found = self._found[key]
        if isinstance(found, OpenwardError):
            raise found
        return found


def standing(rows: pl.DataFrame, whose: str, value: float) -> Standing | None:
    """Give the place of a value among the economies of the same year; aggregates are no economies."""
    others = rows.filter(pl.col(whose).is_in(list(ECONOMIES)))
    if others.height < FEW:
        return None
    middle = others["value"].median()
    assert isinstance(middle, float)
    return Standing(1 + others.filter(pl.col("value") > value).height, others.height, middle)


def missing(key: str, label: str, basis: str, why: str) -> Quantity:
    """Give a figure that is not there, with the reason."""
    return Quantity(key, label, None, "", None, basis, None, missing=why)


def reason(error: OpenwardError) -> str:
    """Give an error as part of a sentence."""
    if isinstance(error, InputErrors):
        return reason(error.errors[0])
    return error.message.rstrip(".")


def name_of(code: str) -> str:
    """Give the short name of an economy as running text has it."""
    if code not in ECONOMIES:
        return code
    name = ECONOMIES[code].name
    return SHORT.get(code, name)


SHORT = {
    "COD": "DR Congo",
    "KOR": "Korea",
    "PRK": "North Korea",
    "RUS": "Russia",
    "HKG": "Hong Kong",
    "MAC": "Macao",
    "STP": "São Tomé and Príncipe",
    "VCT": "Saint Vincent",
}
ARTICLE = ("United ", "Netherlands", "Philippines", "Bahamas", "Gambia", "Central African", "Dominican R")


def with_article(code: str) -> str:
    """Give a name as it stands inside a sentence: the United States."""
    name = name_of(code)
    return f"the {name}" if name.startswith(ARTICLE) else name


def owner(code: str) -> str:
    """Give a name as an owner at the start of a sentence: The United States'."""
    name = with_article(code)
    name = name[0].upper() + name[1:]
    return f"{name}'" if name.endswith("s") else f"{name}'s"
