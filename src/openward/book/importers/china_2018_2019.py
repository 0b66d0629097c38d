"""China's tariff by ten-digit line with every change of 2018-2019: from deltas to dated measures.

The table (Bown, Jung and Zhang, PIIE, 12 June 2019) has the MFN rate of 2018-01-01, then one column for each
change, in percentage points. MFN changes become vintages, the temporary rate a provisional duty, each round
on goods of the United States a retaliatory duty; suspending for cars is an event of the round it suspends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from openward.book.duty import AdValorem
from openward.book.importers.china_columns import (
    COLUMNS,
    DATES,
    EDITION,
    INCREASE,
    INCREASED_ON,
    MFN,
    MFN_CHANGES,
    RAISED,
    ROUNDS,
    START,
    SUSPENDED_ON,
    SUSPENSION,
    TEMPORARY,
    TOTALS,
    export,
)
from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.importers.stacking import averages
from openward.book.importers.trees import with_headings
from openward.book.model import (
    Effect,
    Flow,
    Instrument,
    LegalAct,
    ListingEvent,
    Measure,
    ProductScope,
    Scope,
)
from openward.codes.nomenclature import Node
from openward.codes.ranges import bounds, significant
from openward.codes.terms import Interval, Status
from openward.errors import InputError

__all__ = ["draft", "export"]

_SOURCE = "Bown, Jung and Zhang, PIIE, 12 June 2019"
_PLACES = 4
# The changes are differences of binary numbers (-1.8e-15 for none); rates have three decimals at most.
_ROUNDING = Decimal("0.0005")


def draft(path: Path, *, encoding: str = "utf-8-sig") -> Draft:
    """Read the table into a drafted book.

    Parameters
    ----------
    path : Path
    encoding : str
    """
    source = Source(path, required=COLUMNS, encoding=encoding)
    made = Draft(
        "cn-2018-2019",
        "CHN",
        START,
        date(2019, 6, 12),
        title="China's tariff by ten-digit line with the changes of 2018-2019",
        note=(
            "A zero of the table may stand for a rate its authors left open (specific and quota duties): the "
            "table does not tell them apart. Changes are rounded to four decimals of a percentage point. "
            "Rates of some films are ad valorem equivalents. General rates and agreements are not in it."
        ),
        sources=(f"{_SOURCE} (cite)",),
        precedence="chn",
    )
    for act in _acts():
        made.act(act)
    rows = list(source.rows())
    lines = {row["hs10"][:10] for row in rows if isinstance(row, Line)}
    shared = Counter(code[:k] for code in lines for k in (4, 6, 8))
    for row in rows:
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        try:
            measures = tuple(_measures(row, shared))
        except InputError as error:
            made.reject(row, error)
            continue
        made.add(row, measures)
        _nodes(made, row, shared)
    made.nodes[EDITION] = with_headings(made.nodes.get(EDITION, ()), EDITION)
    made.notes += source.notes
    made.tables["hs6_averages.csv"] = averages(made.measures.values(), DATES, partner="USA")
    return made


def _acts() -> Iterator[LegalAct]:
    read = f"{_SOURCE}; numbers of the announcements not at hand"
    yield LegalAct(
        "chn-customs-tariff", "CHN", "tariff", "Customs Tariff, 2018-2019", in_force=START, source=read
    )
    for column, on in ROUNDS.items():
        title = f"Additional duties on goods of the United States, round of {on} ({column.split('_')[0]})"
        yield LegalAct(_round_act(on), "CHN", "announcement", title, in_force=on, source=read)
    for name, title, on in (
        ("chn-usa-suspension-2019-01-01", "Suspension of additional duties on cars and parts", SUSPENDED_ON),
        ("chn-usa-round-2019-06-01", "Increase of the additional duties of 2018-09-24", INCREASED_ON),
    ):
        yield LegalAct(name, "CHN", "announcement", title, in_force=on, source=read)


def _round_act(on: date) -> str:
    return f"chn-usa-round-{on}"


def _measures(row: Line, shared: Mapping[str, int]) -> Iterator[Measure]:
    code, additional = row["hs10"][:10], row["hs10"][10:]
    if len(code) < 10 or not code.isdecimal() or (additional and not additional.isalnum()):
        raise InputError(f"{row['hs10']!r} is not a ten-digit code", hint="digits, then at most a letter")
    points = {name: _points(row[name], name) for name in COLUMNS[2:]}
    scope = Scope(
        ProductScope(EDITION, (_written(code, shared),)),
        additional_codes=(additional.upper(),) if additional else (),
    )
    yield from _mfn(row["hs10"], points, scope)
    yield from _rounds(row["hs10"], points, scope)
    _agrees(row, points)


def _written(code: str, shared: Mapping[str, int]) -> str:
    """Give a code without filling zeros, unless that would cover other lines (``4804410000``)."""
    short = significant(code)
    return code if shared.get(short, 0) > 1 else short


def _points(text: str, column: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise InputError(
            f"{column}: {text!r} is not a number", hint="percentage points, 0 for no change"
        ) from None
    if not value.is_finite():
        raise InputError(f"{column}: {text!r} is not a number", hint="percentage points, 0 for no change")
    return round(value, _PLACES).normalize() + 0


def _mfn(code: str, points: Mapping[str, Decimal], scope: Scope) -> Iterator[Measure]:
    changes = [(START, MFN), *((on, name) for name, on in MFN_CHANGES.items() if points[name] != 0)]
    rate = Decimal(0)
    for k, (on, name) in enumerate(changes):
        rate += points[name]
        end = changes[k + 1][0] if k + 1 < len(changes) else None
        yield _measure(
            f"{code}-mfn-{on}",
            Instrument.MFN_DUTY,
            scope,
            rate,
            Interval(on, end),
            "chn-customs-tariff",
            name,
        )
    if points[TEMPORARY] != 0:
        days = Interval(SUSPENDED_ON)
        name = f"{code}-provisional-{SUSPENDED_ON}"
        rate += points[TEMPORARY]
        yield _measure(name, Instrument.PROVISIONAL_DUTY, scope, rate, days, "chn-customs-tariff", TEMPORARY)


def _rounds(code: str, points: Mapping[str, Decimal], scope: Scope) -> Iterator[Measure]:
    usa = Scope(scope.products, ("USA",), additional_codes=scope.additional_codes)
    kind = Instrument.RETALIATORY_DUTY
    suspended = _suspended(points)
    increase = points[INCREASE]
    if increase != 0 and points[RAISED] == 0:
        raise InputError(
            f"{INCREASE}: {increase} on a line that round {RAISED} left out", hint="check the row"
        )
    for name, on in ROUNDS.items():
        rate = points[name]
        if rate == 0:
            continue
        raised = increase != 0 and name == RAISED
        days = Interval(on, INCREASED_ON if raised else None)
        events: tuple[ListingEvent, ...] = ()
        if name == suspended:
            events = (ListingEvent("suspend", SUSPENDED_ON, "chn-usa-suspension-2019-01-01"),)
        yield _measure(f"{code}-usa-{on}", kind, usa, rate, days, _round_act(on), name, events)
        if raised:
            days, act = Interval(INCREASED_ON), "chn-usa-round-2019-06-01"
            yield _measure(f"{code}-usa-{INCREASED_ON}", kind, usa, rate + increase, days, act, INCREASE)


def _suspended(points: Mapping[str, Decimal]) -> str:
    """Give the round that the suspension switches off: the one of the same size."""
    off = -points[SUSPENSION]
    if off == 0:
        return ""
    same = [name for name in ROUNDS if points[name] == off]
    if len(same) != 1 or points[INCREASE] != 0:
        raise InputError(
            f"{SUSPENSION}: {-off} does not switch off exactly one round",
            hint="it should be minus the rate of one round",
        )
    return same[0]


def _measure(
    name: str,
    instrument: Instrument,
    scope: Scope,
    percent: Decimal,
    valid: Interval,
    act: str,
    article: str,
    events: tuple[ListingEvent, ...] = (),
) -> Measure:
    if percent < 0:
        raise InputError(f"{article}: the changes sum to {percent} %, below zero", hint="check the row")
    return Measure(
        id=f"cn-{name}",
        instrument=instrument,
        imposed_by="CHN",
        flow=Flow.IMPORT,
        scope=scope,
        effect=Effect(AdValorem(percent.scaleb(-2))),
        valid=valid,
        act=act,
        article=article,
        status=Status.OFFICIAL,
        events=events,
    )


def _agrees(row: Line, points: Mapping[str, Decimal]) -> None:
    mfn = points[MFN] + sum(points[name] for name in (*MFN_CHANGES, TEMPORARY))
    usa = mfn + sum(points[name] for name in (*ROUNDS, SUSPENSION, INCREASE))
    for column, total in zip(TOTALS, (mfn, usa), strict=True):
        if abs(points[column] - total) > _ROUNDING:
            raise InputError(
                f"{column}: {points[column]} where the changes sum to {total}",
                hint="a change is missing or wrong",
            )


def _nodes(made: Draft, row: Line, shared: Mapping[str, int]) -> None:
    code, additional = significant(row["hs10"][:10]), row["hs10"][10:]
    bounds(code)
    here = made.nodes.setdefault(EDITION, [])
    if not additional:
        leaf = shared.get(code, 0) <= 1
        here.append(Node(code, Interval(START), row["description"], leaf=leaf))
        return
    if not here or here[-1].code != code:
        here.append(Node(code, Interval(START)))
    here.append(Node(code, Interval(START), row["description"], leaf=False, suffix=additional))
