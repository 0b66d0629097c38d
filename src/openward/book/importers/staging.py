"""Schedules of an agreement: a base rate with yearly rates, or with a category, compiled to dated measures.

What the columns mean is data (``openward.staging/1``, a small YAML); the schedules of RCEP come with theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from openward.book.duty import AdValorem, Duty
from openward.book.fields import Day, Edition, Identifier, Strict, explain
from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.importers.stages import anniversary, by_category, intervals, rate_at
from openward.book.importers.trees import Printed, nodes, with_headings
from openward.book.model import (
    Book,
    Condition,
    Effect,
    Flow,
    Instrument,
    LegalAct,
    Measure,
    ProductScope,
    Scope,
)
from openward.book.reading import parse_yaml, read_text
from openward.book.schema import ConditionDoc
from openward.codes.economies import economies
from openward.codes.ranges import bounds
from openward.codes.terms import Interval
from openward.errors import InputError, InputErrors, OpenwardError, UsageError

_PLACES: Final = 8
Cuts = Annotated[int, Field(ge=1)] | Literal["excluded"]


class ActLine(Strict):
    """The act behind a schedule."""

    id: Identifier
    kind: str = "agreement"
    title: str
    in_force: Day


class Columns(Strict):
    """Names of the columns; ``excluded`` is true where nothing was committed."""

    code: str
    description: str = ""
    base: str = ""
    base_text: str = ""
    category: str = ""
    excluded: str = ""


class Years(Strict):
    """Yearly rates: ``y{n}`` counts from 1, ``Y{year}`` names the year; the first begins on ``first``."""

    columns: str = ""
    first: Day
    last: int = Field(default=0, ge=0)


class StagingDoc(Strict):
    """What the columns of a schedule mean (``openward.staging/1``).

    ``categories`` gives the number of equal annual cuts, or ``excluded``.
    """

    schema_: Literal["openward.staging/1"] = Field(alias="schema")
    name: Identifier
    title: str = ""
    imposed_by: str
    partners: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    edition: Edition
    act: ActLine
    article: str = ""
    conditions: tuple[ConditionDoc, ...] = ()
    columns: Columns
    rates: Literal["fraction", "percent"]
    years: Years
    categories: dict[str, Cuts] = Field(default_factory=dict)
    decimals: int = Field(default=6, ge=0, le=6)
    precedence: str = ""
    note: str = ""
    other_columns: tuple[str, ...] = ()


def shipped() -> tuple[str, ...]:
    """Give the names of the schedules whose meaning is shipped."""
    folder = files("openward.book.importers") / "data" / "staging"
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir()))


def read_map(map: Path | str | None) -> StagingDoc:
    """Read what columns mean: a file, or the name of a shipped one.

    Raises
    ------
    UsageError
        None is named.
    InputErrors
        All that is wrong in it, with lines.
    """
    if map is None:
        raise UsageError(
            "what the columns mean is not said", hint=f"--map FILE, or one of {', '.join(shipped())}"
        )
    if str(map) in shipped():
        text = (files("openward.book.importers") / "data" / "staging" / f"{map}.yaml").read_text("utf-8")
    else:
        text = read_text(Path(map), str(map))
    document = parse_yaml(text, str(map))
    try:
        return StagingDoc.model_validate(document.data)
    except ValidationError as error:
        raise InputErrors(explain(error.errors(), document.where, StagingDoc)) from None


def draft(path: Path, *, map: Path | str | None = None, encoding: str = "utf-8-sig") -> Draft:
    """Read a schedule into a drafted book.

    Parameters
    ----------
    path : Path
        CSV, TSV or Parquet.
    map : Path or str
        See :func:`read_map`.
    encoding : str
    """
    said = read_map(map)
    years = _years(said)
    columns = said.columns
    named = (columns.description, columns.base, columns.base_text, columns.category, columns.excluded)
    required = [columns.code, *(name for name in named if name), *years.values()]
    source = Source(path, required=required, optional=said.other_columns, encoding=encoding)
    made = Draft(
        said.name,
        said.imposed_by if said.imposed_by in economies() else "*",
        said.years.first,
        max(years) if years else said.years.first,
        title=said.title,
        note=said.note,
        sources=(path.name,),
        precedence=said.precedence,
    )
    act = said.act
    made.act(LegalAct(act.id, said.imposed_by, act.kind, act.title, in_force=act.in_force))
    printed = []
    for row in source.rows():
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        try:
            stages = _stages(row, said, years, made)
        except OpenwardError as error:
            made.reject(row, error)
            continue
        printed.append(
            Printed(row[columns.code], row.cells.get(columns.description, ""), sid=row[columns.code])
        )
        made.add(row, [_measure(row, said, valid, duty) for valid, duty in intervals(stages)])
    tree = nodes(printed, Interval(date(said.years.first.year - 10, 1, 1)))
    made.nodes[said.edition] = with_headings(tree, said.edition)
    made.notes += source.notes
    return made


def _years(said: StagingDoc) -> dict[date, str]:
    """Give the first day of each stage with its column."""
    pattern, first = said.years.columns, said.years.first
    return {
        anniversary(first, k): pattern.format(n=k + 1, year=first.year + k)
        for k in range(said.years.last if pattern else 0)
    }


def _stages(row: Line, said: StagingDoc, years: Mapping[date, str], made: Draft) -> list[tuple[date, Duty]]:
    columns = said.columns
    bounds(row[columns.code])
    category = row[columns.category] if columns.category else ""
    excluded = columns.excluded and row[columns.excluded].casefold() in {"true", "1", "yes", "u"}
    if excluded or said.categories.get(category) == "excluded":
        made.ledger.nothing(row, "no commitment")
        return []
    if years:
        stated = [(start, name) for start, name in years.items() if row[name]]
        missing = [name for name in years.values() if not row[name]]
        if missing:
            told = row[columns.base_text] if columns.base_text else ""
            error = InputError(
                f"no rate in {missing[0]}" + (f" to {missing[-1]}" if len(missing) > 1 else ""),
                hint=f"the base is said in words: {told}" if told else "fill the cells",
            )
            made.reject(row, error, column=missing[0])
        return _without_gaps([(start, _rate(row, name, said)) for start, name in stated], years)
    if category not in said.categories:
        known = ", ".join(said.categories) or "none"
        raise InputError(f"unknown category {category!r}", hint=f"the map has {known}")
    cuts = said.categories[category]
    assert isinstance(cuts, int)
    return by_category(_rate(row, columns.base, said).rate, cuts, said.years.first, decimals=said.decimals)


def _without_gaps(stated: list[tuple[date, Duty]], years: Mapping[date, str]) -> list[tuple[date, Duty]]:
    """Keep the stages that follow each other to the last; a rate must not be carried over an empty cell."""
    order = list(years)
    kept: list[tuple[date, Duty]] = []
    for start, duty in reversed(stated):
        expected = order[order.index(kept[-1][0]) - 1] if kept else order[-1]
        if start != expected:
            break
        kept.append((start, duty))
    return kept[::-1]


def _rate(row: Line, name: str, said: StagingDoc) -> AdValorem:
    text = row[name]
    try:
        value = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        raise InputError(
            f"{name}: {text!r} is not a rate", hint=f"a {said.rates}, with a decimal point"
        ) from None
    if not value.is_finite() or value < 0:
        raise InputError(f"{name}: {text!r} is not a rate", hint="zero or more")
    rate = round(value if said.rates == "fraction" else value.scaleb(-2), _PLACES)
    return AdValorem(rate.normalize() + 0)


def _measure(row: Line, said: StagingDoc, valid: Interval, duty: Duty) -> Measure:
    columns = said.columns
    code = row[columns.code]
    base = row[columns.base] if columns.base else ""
    told = [f"base {_rate(row, columns.base, said)}"] if base else []
    words = row[columns.base_text] if columns.base_text else ""
    told += [f"base in words: {words}"] if words and not base else []
    told += [f"category {row[columns.category]}"] if columns.category else []
    return Measure(
        id=f"{said.name}-{code}-{valid.start.year}",
        instrument=Instrument.PREFERENTIAL_DUTY,
        imposed_by=said.imposed_by,
        flow=Flow.IMPORT,
        scope=Scope(ProductScope(said.edition, (code,)), said.partners, said.exclude),
        effect=Effect(duty),
        valid=valid,
        act=said.act.id,
        article=said.article,
        conditions=tuple(Condition(kind, value) for one in said.conditions for kind, value in one.items()),
        note="; ".join(told),
    )


def export(book: Book, *, map: Path | str | None = None) -> list[dict[str, str]]:
    """Give code, description, base and yearly rates from the measures of a book: the import backwards."""
    said = read_map(map or (book.name if book.name in shipped() else None))
    years = _years(said)
    held: dict[str, list[Measure]] = {}
    for measure in book.measures.values():
        if measure.id.startswith(f"{said.name}-") and measure.scope.products is not None:
            held.setdefault(measure.scope.products.ranges[0], []).append(measure)
    edition = book.nomenclatures.get(said.edition)
    names = {node.sid: node.name for node in edition.nodes} if edition is not None else {}
    rows = []
    for code, measures in sorted(held.items()):
        stages = [(m.valid, m.effect.duty) for m in measures if m.effect.duty is not None]
        row = {said.columns.code: code}
        if said.columns.description:
            row[said.columns.description] = names.get(code, "")
        if said.columns.base:
            row[said.columns.base] = _base(measures[0].note, said)
        rows.append(row | {name: _shown(rate_at(stages, start), said) for start, name in years.items()})
    return rows


def _base(note: str, said: StagingDoc) -> str:
    if not note.startswith("base ") or note.startswith("base in words"):
        return ""
    percent = Decimal(note.removeprefix("base ").partition(" %")[0])
    return _plain(percent if said.rates == "percent" else percent.scaleb(-2))


def _shown(duty: Duty | None, said: StagingDoc) -> str:
    if duty is None:
        return ""
    assert isinstance(duty, AdValorem)
    return _plain(duty.rate.scaleb(2) if said.rates == "percent" else duty.rate)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
