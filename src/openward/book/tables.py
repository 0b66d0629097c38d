"""The tables of a book (measures, acts, memberships, line classes) and how each row becomes a noun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from openward.book import duty as duties
from openward.book.fields import (
    additional_code,
    condition_kind,
    decimal,
    edition,
    flow,
    identifier,
    instrument,
    iso_date,
    product_range,
    status,
)
from openward.book.model import (
    Article,
    Condition,
    Effect,
    LegalAct,
    LineClass,
    ListingEvent,
    Measure,
    ProductScope,
    Scope,
)
from openward.book.rows import REQUIRED, Column, count, listed, number_between, read_table, truth
from openward.codes.membership import Membership
from openward.codes.terms import Interval, Status
from openward.errors import InputError, OpenwardError

_EVENT = re.compile(r"(add|suspend|resume|stop|remove) (\S+) (\S+?)(?: until (\S+))?")


@lru_cache(maxsize=4096)
def _ranges(text: str) -> tuple[str, ...]:
    return tuple(product_range(one) for one in listed(text))


@lru_cache(maxsize=4096)
def _conditions(text: str) -> tuple[Condition, ...]:
    found = []
    for one in listed(text):
        kind, sign, value = one.partition("=")
        if not sign or not value.strip():
            raise InputError(
                f"{one!r} is not a condition", hint="write kind=value, several with ';' between them"
            )
        found.append(Condition(condition_kind(kind.strip()), value.strip()))
    return tuple(found)


@lru_cache(maxsize=4096)
def _additional(text: str) -> tuple[str, ...]:
    return tuple(additional_code(one) for one in listed(text))


@lru_cache(maxsize=4096)
def _articles(text: str) -> tuple[Article, ...]:
    return tuple(Article(one) for one in listed(text))


@lru_cache(maxsize=4096)
def _events(text: str) -> tuple[ListingEvent, ...]:
    return tuple(_event(one) for one in listed(text))


def _event(text: str) -> ListingEvent:
    found = _EVENT.fullmatch(text)
    if found is None:
        raise InputError(
            f"{text!r} is not an event",
            hint="write 'suspend 2025-11-10 ACT until 2026-11-10'; 'until' may go",
        )
    kind, on, act, until = found.groups()
    return ListingEvent(kind, iso_date(on), act, iso_date(until) if until else None)


MEASURE: Mapping[str, Column] = {
    "id": Column(identifier, REQUIRED),
    "instrument": Column(instrument, REQUIRED),
    "imposed_by": Column(str, REQUIRED),
    "flow": Column(flow, REQUIRED),
    "partners": Column(listed, ()),
    "exclude": Column(listed, ()),
    "products": Column(_ranges, ()),
    "edition": Column(edition, "HS2022"),
    "sectors": Column(listed, ()),
    "duty": Column(duties.parse, None),
    "items": Column(count, None),
    "text": Column(),
    "quota": Column(),
    "number": Column(decimal, None),
    "unit": Column(),
    "exclude_products": Column(_ranges, ()),
    "additional_codes": Column(_additional, ()),
    "parties": Column(listed, ()),
    "end_uses": Column(listed, ()),
    "hint_only": Column(truth, False),
    "events": Column(_events, ()),
    "conditions": Column(_conditions, ()),
    "from": Column(iso_date, REQUIRED),
    "to": Column(iso_date, None),
    "act": Column(),
    "article": Column(),
    "zone": Column(),
    "recorded": Column(iso_date, None),
    "withdrawn": Column(iso_date, None),
    "status": Column(status, Status.OFFICIAL),
    "note": Column(),
}
ACT: Mapping[str, Column] = {
    "id": Column(identifier, REQUIRED),
    "jurisdiction": Column(str, REQUIRED),
    "kind": Column(str, REQUIRED),
    "title": Column(str, REQUIRED),
    "number": Column(),
    "signed": Column(iso_date, None),
    "published": Column(iso_date, None),
    "in_force": Column(iso_date, None),
    "repealed": Column(iso_date, None),
    "url": Column(),
    "source": Column(),
    "status": Column(status, Status.OFFICIAL),
    "articles": Column(_articles, ()),
    "recorded": Column(iso_date, None),
    "withdrawn": Column(iso_date, None),
}
MEMBERSHIP: Mapping[str, Column] = {
    "group": Column(str, REQUIRED),
    "economy": Column(str, REQUIRED),
    "from": Column(iso_date, REQUIRED),
    "to": Column(iso_date, None),
    "source": Column(),
    "status": Column(status, Status.OFFICIAL),
    "recorded": Column(iso_date, None),
    "withdrawn": Column(iso_date, None),
}
LINE_CLASS: Mapping[str, Column] = {
    "economy": Column(str, REQUIRED),
    "sector": Column(str, REQUIRED),
    "code": Column(str, REQUIRED),
    "share": Column(number_between(0, 1), REQUIRED),
    "lines": Column(count, REQUIRED),
    "source": Column(),
}


def measures(path: Path, label: str, errors: list[OpenwardError]) -> Iterator[Measure]:
    """Read measures from a table."""
    for row in read_table(path, label, MEASURE, errors):
        yield measure_of(row.values, where=row.where)


def measure_of(values: Mapping[str, Any], *, where: str = "") -> Measure:
    """Build a measure from the values of a row, one for each column of :data:`MEASURE`."""
    return Measure(
        id=values["id"],
        instrument=values["instrument"],
        imposed_by=values["imposed_by"],
        flow=values["flow"],
        scope=_scope(*(values[name] for name in _SCOPE)),
        effect=_effect(*(values[name] for name in _EFFECT)),
        valid=_days(values["from"], values["to"]),
        act=values["act"],
        article=values["article"],
        conditions=values["conditions"],
        zone=values["zone"],
        recorded=values["recorded"],
        withdrawn=values["withdrawn"],
        status=values["status"],
        note=values["note"],
        events=values["events"],
        where=where,
    )


_SCOPE = (
    "edition",
    "products",
    "partners",
    "exclude",
    "sectors",
    "parties",
    "end_uses",
    "hint_only",
    "exclude_products",
    "additional_codes",
)
_EFFECT = ("duty", "items", "text", "quota", "number", "unit")


@lru_cache(maxsize=16384)
def _scope(hs: str, ranges: tuple[str, ...], *rest: Any) -> Scope:
    return Scope(ProductScope(hs, ranges) if ranges else None, *rest)


@lru_cache(maxsize=16384)
def _effect(*said: Any) -> Effect:
    return Effect(*said)


@lru_cache(maxsize=16384)
def _days(start: Any, end: Any) -> Interval:
    return Interval(start, end)


def acts(path: Path, label: str, errors: list[OpenwardError]) -> Iterator[tuple[LegalAct, str]]:
    """Read acts from a table, with the place of each."""
    for row in read_table(path, label, ACT, errors):
        yield LegalAct(**row.values), row.where


def memberships(path: Path, label: str, errors: list[OpenwardError]) -> Iterator[tuple[Membership, str]]:
    """Read memberships from a table, with the place of each."""
    for row in read_table(path, label, MEMBERSHIP, errors):
        values = row.values
        days = _days(values["from"], values["to"])
        rest = (values[name] for name in ("source", "status", "recorded", "withdrawn"))
        yield Membership(values["group"], values["economy"], days, *rest), row.where


def line_classes(path: Path, label: str, errors: list[OpenwardError]) -> Iterator[tuple[LineClass, str]]:
    """Read classes of tariff lines from a table, with the place of each."""
    for row in read_table(path, label, LINE_CLASS, errors):
        yield LineClass(**row.values), row.where
