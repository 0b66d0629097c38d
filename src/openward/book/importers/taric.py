"""Measures and components as TARIC stores them (European Union, United Kingdom)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from openward.book.duty import Component, component_sets, from_components, to_components
from openward.book.importers.areas import Areas, area_of
from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.importers.taric_cells import CODE, code_of, commodities, day
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
from openward.codes.economies import economies
from openward.codes.terms import Interval
from openward.errors import InputError, MissingDataError, OpenwardError, UnknownCodeError, UsageError

EDITION: Final = "EU-TARIC2019"
SID: Final = "measure_sid"
COLUMNS: Final = (
    SID,
    "measure_type_id",
    "geographical_area_id",
    CODE,
    "validity_start_date",
    "validity_end_date",
    "measure_generating_regulation_id",
)
_ALSO: Final = (
    "measure_generating_regulation_role",
    "justification_regulation_role",
    "justification_regulation_id",
    "stopped_flag",
    "geographical_area_sid",
    "goods_nomenclature_sid",
    "ordernumber",
    "additional_code_type_id",
    "additional_code_id",
    "additional_code_sid",
    "reduction_indicator",
)
_COMPONENT: Final = (
    SID,
    CODE,
    "duty_expression_id",
    "duty_amount",
    "monetary_unit_code",
    "measurement_unit_code",
    "measurement_unit_qualifier_code",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a measure type becomes."""

    instrument: Instrument
    fact: str
    by_origin: bool
    name: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Give the measure types that are understood."""
    text = (files("openward.book.importers") / "data" / "taric_types.csv").read_text(encoding="utf-8")
    return {
        row["type"]: Kind(Instrument(row["instrument"]), row["fact"], row["origin"] == "yes", row["name"])
        for row in csv.DictReader(text.splitlines())
    }


def draft(
    path: Path,
    *,
    components: Path | None = None,
    nodes: Path | None = None,
    areas: Path | None = None,
    imposed_by: str = "EU27",
    encoding: str = "utf-8-sig",
) -> Draft:
    """Read measures with their components into a drafted book.

    Parameters
    ----------
    path : Path
        Table of measures with the column names of TARIC.
    components : Path, optional
        Table of components; by default the file beside it, ``measures`` in its name read as ``components``.
    nodes : Path, optional
        Table of commodities with their days of validity.
    areas : Path, optional
        List of geographical areas with members (JSON); without it areas of several economies are rejected.
    imposed_by : str
        An economy or a group.
    encoding : str
    """
    table = components or path.with_name(path.name.replace("measures", "components"))
    if table == path:
        raise UsageError("the table of components is not named", hint="--components FILE")
    if not table.is_file():
        raise MissingDataError("no table of components", where=str(table), hint="--components FILE")
    held = _components(table, encoding)
    known = Areas.read(areas)
    rows = list(Source(path, required=COLUMNS, optional=_ALSO, encoding=encoding).rows())
    made = blank("taric", "Measures and components as TARIC stores them", imposed_by, known, path)
    starts = []
    for row in rows:
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        try:
            measure = _measure(row, held.pop((row[SID], row[CODE]), ()), known, imposed_by)
        except OpenwardError as error:
            made.reject(row, error)
            continue
        starts.append(measure.valid.start)
        _regulation(made, measure, imposed_by)
        made.add(row, (measure,))
    for (sid, code), _ in held.items():
        made.notes.append(
            f"components of measure {sid or '(no sid)'} on {code} belong to no measure in the table"
        )
    span(made, starts)
    if nodes is not None:
        made.nodes[EDITION] = list(commodities(nodes))
    return made


def blank(name: str, title: str, imposed_by: str, areas: Areas, path: Path) -> Draft:
    """Give a draft for an importer that may be a group."""
    made = Draft(
        name,
        imposed_by if imposed_by in economies() else "*",
        date(2019, 1, 1),
        date(2019, 12, 31),
        title=title,
        sources=(path.name,),
        memberships=areas.memberships(),
    )
    if areas.strangers():
        made.notes.append(f"members of areas that are no economy here: {', '.join(areas.strangers())}")
    return made


def span(made: Draft, starts: list[date]) -> None:
    """Set the days covered, from the first to the last first day; leave out areas that no measure names."""
    named = {code for m in made.measures.values() for code in (*m.scope.partners, *m.scope.exclude)}
    made.memberships = [one for one in made.memberships if one.group in named]
    if starts:
        made.covered_from, made.covered_to = min(starts), max(starts)


def _components(path: Path, encoding: str) -> dict[tuple[str, str], tuple[Component, ...]]:
    rows = []
    for row in Source(path, required=_COMPONENT, encoding=encoding).rows():
        if isinstance(row, Broken):
            raise row.error
        rows.append(row.cells)
    return component_sets(rows)


def _measure(row: Line, held: tuple[Component, ...], areas: Areas, imposed_by: str) -> Measure:
    kind = kinds().get(row["measure_type_id"])
    if kind is None:
        raise UnknownCodeError(
            f"measure type {row['measure_type_id']!r} is not understood", hint=f"one of {', '.join(kinds())}"
        )
    if row.cells.get("stopped_flag", "f") not in {"", "f", "false", "0"}:
        raise InputError(
            "the measure is stopped", hint="a stopped measure is not law; enter its days by hand"
        )
    if row.cells.get("reduction_indicator"):
        raise InputError("a reduction indicator is not understood", hint="enter the measure by hand")
    if not held:
        raise InputError(
            "no component of the table belongs to the measure", hint="add them to the components"
        )
    order = row.cells.get("ordernumber", "")
    additional = row.cells.get("additional_code_type_id", "") + row.cells.get("additional_code_id", "")
    start = day(row["validity_start_date"])
    until = row["validity_end_date"]
    conditions = [Condition("fact", kind.fact)] if kind.fact else []
    partners = areas.partners(row["geographical_area_id"])
    if kind.by_origin:
        conditions.insert(0, Condition("origin", "".join(partners) or "preferential"))
    if order:
        conditions.append(Condition("quota", f"inside {order}"))
    return Measure(
        id=f"taric-{row[SID] or 'nosid-' + row[CODE]}",
        instrument=kind.instrument,
        imposed_by=imposed_by,
        flow=Flow.IMPORT,
        scope=Scope(
            ProductScope(EDITION, (code_of(row[CODE]),)),
            partners,
            additional_codes=(additional,) if additional else (),
        ),
        effect=Effect(from_components(held)),
        valid=Interval(start, day(until) + timedelta(days=1) if until else None),
        act=row["measure_generating_regulation_id"],
        article=row["measure_type_id"],
        conditions=tuple(conditions),
    )


def _regulation(made: Draft, measure: Measure, imposed_by: str) -> None:
    act = made.acts.get(measure.act)
    start = (
        measure.valid.start if act is None or act.in_force is None else min(act.in_force, measure.valid.start)
    )
    title = f"Regulation {measure.act}"
    made.act(
        LegalAct(measure.act, imposed_by, "regulation", title, in_force=start, source="the table of measures")
    )


def export(book: Book) -> list[dict[str, str]]:
    """Give one row for each component, with the columns of its measure: the import backwards."""
    rows = []
    for measure in sorted(book.measures.values(), key=lambda m: m.id):
        if (
            not measure.id.startswith("taric-")
            or measure.effect.duty is None
            or measure.scope.products is None
        ):
            continue
        rows += [_row(measure, component) for component in to_components(measure.effect.duty)]
    return rows


def _row(measure: Measure, component: Component) -> dict[str, str]:
    assert measure.scope.products is not None
    sid = measure.id.removeprefix("taric-")
    end = measure.valid.end
    return {
        SID: "" if sid.startswith("nosid-") else sid,
        "measure_type_id": measure.article,
        "geographical_area_id": area_of(measure.scope.partners),
        CODE: measure.scope.products.ranges[0].ljust(10, "0"),
        "validity_start_date": measure.valid.start.isoformat(),
        "validity_end_date": (end - timedelta(days=1)).isoformat() if end else "",
        "measure_generating_regulation_id": measure.act,
        "duty_expression_id": component.expression,
        "duty_amount": _amount(component.amount),
        "monetary_unit_code": component.currency,
        "measurement_unit_code": component.unit,
        "measurement_unit_qualifier_code": component.qualifier,
    }


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
