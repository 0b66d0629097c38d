"""Columns of the table of China's tariff in 2018-2019, and the table back from the measures of a book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from openward.book.duty import AdValorem
from openward.book.model import Book, Measure
from openward.codes.nomenclature import DECLARABLE
from openward.codes.ranges import significant

EDITION: Final = "CN2018"
START: Final = date(2018, 1, 1)
MFN: Final = "mfn_2018_01_01"
MFN_CHANGES: Final = {
    "mfn_2018_05_01_pharma": date(2018, 5, 1),
    "mfn_2018_07_01_consumer_autos_ita": date(2018, 7, 1),
    "mfn_2018_11_01_industrial": date(2018, 11, 1),
}
TEMPORARY: Final = "temp_mfn_2019_01_01"
ROUNDS: Final = {
    "ret232_2018_04_02": date(2018, 4, 2),
    "ret301_2018_07_06_34b": date(2018, 7, 6),
    "ret301_2018_08_23_16b": date(2018, 8, 23),
    "ret301_2018_09_24_60b": date(2018, 9, 24),
}
SUSPENSION: Final = "ret_suspend_autos_2019_01_01"
INCREASE: Final = "ret301_2019_06_01_increase"
RAISED: Final = "ret301_2018_09_24_60b"
SUSPENDED_ON: Final = date(2019, 1, 1)
INCREASED_ON: Final = date(2019, 6, 1)
TOTALS: Final = ("mfn_2019_06_01", "us_rate_2019_06_01")
COLUMNS: Final = (
    "hs10",
    "description",
    MFN,
    "ret232_2018_04_02",
    "mfn_2018_05_01_pharma",
    "mfn_2018_07_01_consumer_autos_ita",
    "ret301_2018_07_06_34b",
    "ret301_2018_08_23_16b",
    "ret301_2018_09_24_60b",
    "mfn_2018_11_01_industrial",
    TEMPORARY,
    SUSPENSION,
    INCREASE,
    *TOTALS,
)
DATES: Final = tuple(sorted({START, *MFN_CHANGES.values(), *ROUNDS.values(), SUSPENDED_ON, INCREASED_ON}))
"""Days on which something changes."""


def export(book: Book) -> list[dict[str, str]]:
    """Give the rows of the table from the measures of a book: the import backwards."""
    held: dict[str, dict[str, Measure]] = {}
    for measure in book.measures.values():
        code = measure.id.removeprefix("cn-").split("-", 1)[0]
        held.setdefault(code, {})[measure.article] = measure
    names = _descriptions(book)
    return [
        {"hs10": code, "description": names.get((significant(code[:10]), code[10:] or DECLARABLE), "")}
        | _points_of(measures)
        for code, measures in sorted(held.items())
    ]


def _points_of(held: Mapping[str, Measure]) -> dict[str, str]:
    points = {name: Decimal(0) for name in COLUMNS[2:]}
    rate = Decimal(0)
    for name in (MFN, *MFN_CHANGES, TEMPORARY):
        if name in held:
            points[name] = _percent(held[name]) - rate
            rate += points[name]
    points[TOTALS[0]] = rate
    for name in ROUNDS:
        if name in held:
            points[name] = _percent(held[name])
            if held[name].events:
                points[SUSPENSION] = -points[name]
    if INCREASE in held:
        points[INCREASE] = _percent(held[INCREASE]) - points[RAISED]
    points[TOTALS[1]] = rate + sum(points[name] for name in (*ROUNDS, SUSPENSION, INCREASE))
    return {name: f"{value:f}" for name, value in points.items()}


def _percent(measure: Measure) -> Decimal:
    assert isinstance(measure.effect.duty, AdValorem)
    return measure.effect.duty.rate.scaleb(2)


def _descriptions(book: Book) -> dict[tuple[str, str], str]:
    edition = book.nomenclatures.get(EDITION)
    return {} if edition is None else {(n.code, n.suffix): n.name for n in edition.nodes}
