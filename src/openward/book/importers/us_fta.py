"""Staging tables of United States trade agreements, both directions in one file, a column for each year.

A year has a rate in percent, or a duty in words beside it (``Alt_2012``: ``2.8 cents/kg``). Where both are
given and do not say the same, or a rate is given for a year before the agreement, the cell is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Final

from openward.book.duty import AdValorem, Duty, parse
from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.importers.stages import intervals, rate_at
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
from openward.errors import InputError, OpenwardError, UnknownCodeError

REQUIRED: Final = (
    "id",
    "tl",
    "hs6",
    "base_rate",
    "base_rate_alt",
    "partnername",
    "reportername",
    "stagingbasket",
)
_YEAR: Final = re.compile(r"y(?:ear)?(\d{1,4})")
_WORDS: Final = re.compile(r"alt_(\d{4})|year(\d{1,2})_alt")
_ALSO: Final = re.compile(
    r"tl_desc|hs6_desc|\w*id|sector_code|final_year|\w+_\w+|\w*name\d?|\w*type|link\w*|\w+year|\w+approved"
)
_ALIASES: Final = {"Korea": "KOR"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement: its act, title, first day; the year of the column ``YEAR1`` is that of the first day."""

    act: str
    title: str
    start: date


AGREEMENTS: Final[Mapping[frozenset[str], Agreement]] = {
    frozenset({"USA", "KOR"}): Agreement(
        "fta-usa-kor", "United States-Korea Free Trade Agreement", date(2012, 3, 15)
    ),
    frozenset({"USA", "AUS"}): Agreement(
        "fta-usa-aus", "United States-Australia Free Trade Agreement", date(2005, 1, 1)
    ),
    frozenset({"USA", "CAN"}): Agreement("usmca", "United States-Mexico-Canada Agreement", date(2020, 7, 1)),
    frozenset({"USA", "MEX"}): Agreement("usmca", "United States-Mexico-Canada Agreement", date(2020, 7, 1)),
    frozenset({"CAN", "MEX"}): Agreement("usmca", "United States-Mexico-Canada Agreement", date(2020, 7, 1)),
}


def draft(path: Path, *, encoding: str = "utf-8-sig") -> Draft:
    """Read a staging table into a drafted book; the reporter imposes, the partner is preferred.

    Parameters
    ----------
    path : Path
    encoding : str
    """
    source = Source(
        path,
        required=REQUIRED,
        encoding=encoding,
        rename=lambda name: name.strip().casefold(),
        padded=True,
        other_columns=lambda name: any(p.fullmatch(name) for p in (_YEAR, _WORDS, _ALSO)),
    )
    made = Draft(
        "us-fta-staging",
        "*",
        date(2005, 1, 1),
        date(2005, 1, 1),
        title="Staging of trade agreements of the United States",
        sources=(path.name,),
    )
    for row in source.rows():
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        try:
            reporter, partner = _economy(row["reportername"]), _economy(row["partnername"])
            agreement = _agreement(reporter, partner)
            code = _code(row["tl"], row["hs6"])
            stages = _stages(made, row, agreement.start)
        except OpenwardError as error:
            made.reject(row, error)
            continue
        made.act(LegalAct(agreement.act, "USA", "agreement", agreement.title, in_force=agreement.start))
        made.covered_from = agreement.start
        made.covered_to = max([made.covered_to, *(start for start, _ in stages)])
        found = intervals(stages)
        made.add(row, [_measure(row, reporter, partner, code, agreement, v, d) for v, d in found])
    made.notes += source.notes
    return made


@cache
def _by_name() -> Mapping[str, str]:
    return {one.name: one.code for one in economies().values()} | _ALIASES


def _economy(name: str) -> str:
    plain = name.removesuffix(" USMCA").strip()
    if plain not in _by_name():
        raise UnknownCodeError(f"no economy {name!r}", hint="write its English name")
    return _by_name()[plain]


def _agreement(reporter: str, partner: str) -> Agreement:
    found = AGREEMENTS.get(frozenset({reporter, partner}))
    if found is None:
        raise UnknownCodeError(
            f"no agreement of {reporter} and {partner} is known", hint="use --map with staging"
        )
    return found


def _code(line: str, hs6: str) -> str:
    """Give the code of a line with the leading zero that spreadsheets take away."""
    if not line.isdecimal() or len(line) > 10:
        raise InputError(f"{line!r} is not a tariff line", hint="eight or ten digits")
    code = line.zfill(8 if len(line) <= 8 else 10)
    if not code.startswith(hs6.zfill(6)):
        raise InputError(f"line {line} is not under subheading {hs6}", hint="check both cells")
    return code


def _stages(made: Draft, row: Line, start: date) -> list[tuple[date, Duty]]:
    found: list[tuple[date, Duty]] = []
    for name, cell in row.cells.items():
        match = _YEAR.fullmatch(name)
        if match is None:
            continue
        number = int(match[1])
        year = number if number > 1000 else start.year + number - 1
        words = row.cells.get(f"alt_{number}", "") or row.cells.get(f"year{number}_alt", "")
        if not cell and not words:
            continue
        try:
            if year < start.year:
                raise InputError(f"a rate for {year}, before the agreement", hint=f"it begins on {start}")
            duty = _duty(cell, words)
        except OpenwardError as error:
            made.reject(row, error, column=name)
            continue
        found.append((start if year == start.year else date(year, 1, 1), duty))
    found.sort(key=lambda one: one[0])
    kept = [one for k, one in enumerate(found) if k == 0 or one[0].year == found[k - 1][0].year + 1]
    if len(kept) != len(found):
        raise InputError(
            "years are missing between the first and the last", hint="a rate is not carried over a gap"
        )
    return found


def _duty(cell: str, words: str) -> Duty:
    number = AdValorem(_percent(cell)) if cell else None
    if not words:
        assert number is not None
        return number
    stated = parse(re.sub(r"(\d) cents", r"\1¢", words), "us-hts")
    if number is not None and number != stated:
        raise InputError(f"two rates: {cell} % and {words!r}", hint="keep the one the agreement states")
    return stated


def _percent(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise InputError(f"{text!r} is not a rate", hint="percent, with a decimal point") from None
    if not value.is_finite() or value < 0:
        raise InputError(f"{text!r} is not a rate", hint="zero or more")
    return value.scaleb(-2).normalize() + 0


def _measure(
    row: Line, reporter: str, partner: str, code: str, agreement: Agreement, valid: Interval, duty: Duty
) -> Measure:
    edition = f"{'US-HTS' if reporter == 'USA' else reporter}{agreement.start.year}"
    inside = row.cells.get("quotaname", "") == "In-Quota"
    origin = Condition("origin", agreement.act)
    quota = Condition("quota", "inside the quota of the agreement for this line")
    base = row["base_rate_alt"] or (f"{row['base_rate']} %" if row["base_rate"] else "not stated")
    return Measure(
        id=f"us-fta-{reporter}-{partner}-{row['id']}-{valid.start.year}",
        instrument=Instrument.TARIFF_QUOTA if inside else Instrument.PREFERENTIAL_DUTY,
        imposed_by=reporter,
        flow=Flow.IMPORT,
        scope=Scope(ProductScope(edition, (code,)), (partner,)),
        effect=Effect(duty),
        valid=valid,
        act=agreement.act,
        article=row["id"],
        conditions=(origin, quota) if inside else (origin,),
        note=f"base {base}; staging: {row['stagingbasket']}",
    )


def export(book: Book) -> list[dict[str, str]]:
    """Give one row for each line and direction, with its duty in each year, in the canonical sentence."""
    held: dict[tuple[str, str, str, str], list[Measure]] = {}
    for measure in book.measures.values():
        if measure.id.startswith("us-fta-") and measure.scope.products is not None:
            key = (
                measure.article,
                measure.imposed_by,
                measure.scope.partners[0],
                measure.scope.products.ranges[0],
            )
            held.setdefault(key, []).append(measure)
    rows = []
    for (number, reporter, partner, code), measures in sorted(held.items()):
        stages = [(m.valid, m.effect.duty) for m in measures if m.effect.duty is not None]
        first = min(valid.start for valid, _ in stages)
        years = dict(_shown(stages, first, book.covered_to.year))
        rows.append({"id": number, "reporter": reporter, "partner": partner, "tl": code, **years})
    return rows


def _shown(stages: list[tuple[Interval, Duty]], first: date, last: int) -> Iterator[tuple[str, str]]:
    for year in range(first.year, last + 1):
        duty = rate_at(stages, max(first, date(year, 1, 1)))
        yield f"y{year}", "" if duty is None else str(duty)
