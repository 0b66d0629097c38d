"""Items of the negative lists for foreign investment, one row each with the editions it stands in.

Every item and action of an edition becomes a measure: a prohibition, a cap on the foreign share (a least
Chinese share of 34 % is a cap of 66 %), or a requirement of control, form or nationality in words. An edition
also gets the count of its items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.model import Book, Effect, Flow, Instrument, LegalAct, Measure, Scope
from openward.codes.industries import industries
from openward.codes.terms import Interval, Status
from openward.errors import InputError

COLUMNS: Final = (
    "key",
    "gbt4754_division",
    "measure_text_zh",
    "action",
    "parameter",
    "national_2021",
    "ftz_2021",
    "national_2024",
    "provenance",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition: its column, act, days, zone, title, and the rows that are one item in it."""

    column: str
    act: str
    valid: Interval
    zone: str
    title: str
    together: tuple[str, ...] = ()


EDITIONS: Final = (
    Edition(
        "national_2021", "fdi-list-2021", Interval(date(2022, 1, 1), date(2024, 11, 1)), "", "national, 2021"
    ),
    Edition(
        "ftz_2021",
        "fdi-list-2021-zones",
        Interval(date(2022, 1, 1)),
        "pilot-zones",
        "pilot free trade zones, 2021",
        ("market_survey", "social_survey"),
    ),
    Edition("national_2024", "fdi-list-2024", Interval(date(2024, 11, 1)), "", "national, 2024"),
)
_ACTIONS: Final[Mapping[str, tuple[Instrument, str]]] = {
    "prohibit": (Instrument.INVESTMENT_PROHIBITION, "closed to foreign investment"),
    "max_foreign_share": (Instrument.EQUITY_CAP, "highest foreign share"),
    "min_chinese_share": (
        Instrument.EQUITY_CAP,
        "highest foreign share: the rest of the least Chinese share",
    ),
    "max_single_foreign_share": (
        Instrument.EQUITY_CAP,
        "highest share of one foreign investor with its affiliates",
    ),
    "chinese_control": (Instrument.CONTROL_REQUIREMENT, "controlled by the Chinese side"),
    "chinese_relative_control": (Instrument.CONTROL_REQUIREMENT, "relatively controlled by the Chinese side"),
    "chinese_led": (Instrument.CONTROL_REQUIREMENT, "led by the Chinese side"),
    "jv_only": (Instrument.CONTROL_REQUIREMENT, "only as a joint venture"),
    "cooperation_only": (Instrument.CONTROL_REQUIREMENT, "only as Chinese-foreign cooperation"),
    "nationality": (Instrument.CONTROL_REQUIREMENT, "positions reserved to Chinese nationals"),
}
_SHARES: Final = {"max_foreign_share", "min_chinese_share", "max_single_foreign_share"}
_PERCENT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_DIVISIONS: Final[Mapping[str, str]] = {
    "A": "A", "B": "B", "C": "C", "D": "D", "E": "F", "F": "G", "G": "H", "H": "I", "I": "J", "J": "K",
    "K": "L", "L": "MN", "M": "M", "N": "E", "O": "S", "P": "P", "Q": "Q", "R": "R", "S": "O",
}  # fmt: skip
"""Sections of GB/T 4754 with the letters of ISIC sections they correspond to."""


def draft(path: Path, *, encoding: str = "utf-8-sig") -> Draft:
    """Read the items into a drafted book.

    Parameters
    ----------
    path : Path
        Tab-separated.
    encoding : str
    """
    source = Source(path, required=COLUMNS, encoding=encoding, delimiter="\t")
    made = Draft(
        "cn-negative-lists",
        "CHN",
        date(2022, 1, 1),
        date(2024, 11, 1),
        title="Negative lists for foreign investment, by item: 2021 national and pilot zones, 2024 national",
        note=(
            "Items were not read in the official texts: unverified. Sectors are those of the section an item "
            "falls in, wider than the item: its text decides (hint_only)."
        ),
        sources=(path.name,),
    )
    for edition in EDITIONS:
        title = f"Negative list for foreign investment, {edition.title}"
        days = edition.valid
        made.act(LegalAct(edition.act, "CHN", "list", title, in_force=days.start, status=Status.UNVERIFIED))
    counted: dict[str, list[str]] = {edition.column: [] for edition in EDITIONS}
    last: Line | None = None
    for row in source.rows():
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        try:
            measures = [m for e in EDITIONS if _stands(row, e) for m in _measures(row, e)]
        except InputError as error:
            made.reject(row, error)
            continue
        if not measures:
            made.ledger.nothing(row, "in no edition")
        made.add(row, measures)
        last = row
        for edition in EDITIONS:
            if _stands(row, edition):
                counted[edition.column].append(row["key"])
    if last is not None:
        made.add(last, [_count(edition, counted[edition.column]) for edition in EDITIONS])
    for edition in EDITIONS:
        keys = counted[edition.column]
        if set(edition.together) <= set(keys) and edition.together:
            rows, items = len(keys), _items(edition, keys)
            made.notes.append(
                f"{edition.column}: {rows} rows are {items} items "
                f"({' and '.join(edition.together)} are one there)"
            )
    made.notes += source.notes
    return made


def _stands(row: Line, edition: Edition) -> bool:
    if row[edition.column] not in {"0", "1"}:
        told = f"{edition.column}: {row[edition.column]!r} is neither 0 nor 1"
        raise InputError(told, hint="1: the item stands in it")
    return row[edition.column] == "1"


def _items(edition: Edition, keys: list[str]) -> int:
    merged = len(set(edition.together) & set(keys))
    return len(keys) - max(0, merged - 1)


def _actions(text: str, *, zone: bool) -> list[str]:
    """Give the actions of an edition; ``prohibit | FTZ: ...`` says those of the zones after the bar."""
    national, bar, special = text.partition(" | FTZ:")
    chosen = special if bar and zone else national
    return [one.strip() for one in chosen.split(";") if one.strip()]


def _measures(row: Line, edition: Edition) -> Iterator[Measure]:
    division = row["gbt4754_division"]
    if division not in _DIVISIONS:
        raise InputError(f"no section {division!r} in GB/T 4754", hint="a letter from A to S")
    actions = _actions(row["action"], zone=bool(edition.zone))
    if not actions:
        raise InputError("the item says no action", hint=f"one of {', '.join(_ACTIONS)}")
    for action in actions:
        if action not in _ACTIONS:
            raise InputError(f"unknown action {action!r}", hint=f"one of {', '.join(_ACTIONS)}")
        instrument, words = _ACTIONS[action]
        share = _share(row, action, edition) if action in _SHARES else None
        yield Measure(
            id=f"{edition.act}-{row['key'].replace('_', '-')}-{action.replace('_', '-')}",
            instrument=instrument,
            imposed_by="CHN",
            flow=Flow.INWARD_INVESTMENT,
            scope=Scope(sectors=_sectors(division), hint_only=True),
            effect=Effect(
                text=f"{words}: {row['measure_text_zh']}", number=share, unit="" if share is None else "%"
            ),
            valid=edition.valid,
            act=edition.act,
            article=row["key"],
            zone=edition.zone,
            status=Status.UNVERIFIED,
            note=(
                f"GB/T 4754 {division}; action: {row['action']}; parameter: {row['parameter']}; "
                f"source: {row['provenance']}"
            ),
        )


def _share(row: Line, action: str, edition: Edition) -> Decimal | None:
    """Give the cap on the foreign share in percent; None where the row's words part it further."""
    found = [Decimal(number) for number in _PERCENT.findall(row["parameter"])]
    if len(found) != 1:
        raise InputError(
            f"parameter: {row['parameter']!r} does not state one share for {action}", hint="write it as 50%"
        )
    return 100 - found[0] if action == "min_chinese_share" else found[0]


def _sectors(division: str) -> tuple[str, ...]:
    letters = _DIVISIONS[division]
    return tuple(one.code for one in industries() if one.code[0] in letters)


def _count(edition: Edition, keys: list[str]) -> Measure:
    return Measure(
        id=f"{edition.act}-items",
        instrument=Instrument.NEGATIVE_LIST,
        imposed_by="CHN",
        flow=Flow.INWARD_INVESTMENT,
        scope=Scope(),
        effect=Effect(items=_items(edition, keys), text="foreign investment"),
        valid=edition.valid,
        act=edition.act,
        zone=edition.zone,
        status=Status.UNVERIFIED,
    )


_NOTE = re.compile(r"GB/T 4754 (\w); action: (.*?); parameter: (.*?); source: (.*)", re.DOTALL)


def export(book: Book) -> list[dict[str, str]]:
    """Give the rows from the measures of a book, in order: the import backwards."""
    rows: dict[str, dict[str, str]] = {}
    for edition in EDITIONS:
        for measure in book.measures.values():
            said = _NOTE.fullmatch(measure.note)
            if measure.act != edition.act or said is None:
                continue
            division, action, parameter, provenance = said.groups()
            text = measure.effect.text.partition(": ")[2]
            if measure.effect.text.startswith(_ACTIONS["min_chinese_share"][1]):
                text = text.partition(": ")[2]
            cells = (measure.article, division, text, action, parameter, "0", "0", "0", provenance)
            rows.setdefault(measure.article, dict(zip(COLUMNS, cells, strict=True)))[edition.column] = "1"
    return [rows[key] for key in sorted(rows)]
