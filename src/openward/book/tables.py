"""The tables of a book (measures, acts, memberships, line classes) and how each row becomes a noun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from openward.book import duty as duties
from openward.book.fields import (
    condition_kind,
    edition,
    flow,
    identifier,
    instrument,
    iso_date,
    product_range,
    status,
)
from openward.book.model import Condition, Effect, LegalAct, LineClass, Measure, ProductScope, Scope
from openward.book.rows import REQUIRED, Column, count, number_between, read_table
from openward.codes.membership import Membership
from openward.codes.terms import Interval, Status
from openward.errors import InputError, OpenwardError


@lru_cache(maxsize=65536)
def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@lru_cache(maxsize=4096)
def _ranges(text: str) -> tuple[str, ...]:
    return tuple(product_range(one) for one in _listed(text))


@lru_cache(maxsize=4096)
def _conditions(text: str) -> tuple[Condition, ...]:
    found = []
    for one in _listed(text):
        kind, sign, value = one.partition("=")
        if not sign or not value.strip():
            raise InputError(
                f"{one!r} is not a condition", hint="write kind=value, several with ';' between them"
            )
        found.append(Condition(condition_kind(kind.strip()), value.strip()))
    return tuple(found)


MEASURE: Mapping[str, Column] = {
    "id": Column(identifier, REQUIRED),
    "instrument": Column(instrument, REQUIRED),
    "imposed_by": Column(str, REQUIRED),
    "flow": Column(flow, REQUIRED),
    "partners": Column(_listed, ()),
    "exclude": Column(_listed, ()),
    "products": Column(_ranges, ()),
    "edition": Column(edition, "HS2022"),
    "sectors": Column(_listed, ()),
    "duty": Column(duties.parse, None),
    "items": Column(count, None),
    "text": Column(),
    "conditions": Column(_conditions, ()),
    "from": Column(iso_date, REQUIRED),
    "to": Column(iso_date, None),
    "act": Column(),
    "article": Column(),
    "zone": Column(),
    "recorded": Column(iso_date, None),
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
}
MEMBERSHIP: Mapping[str, Column] = {
    "group": Column(str, REQUIRED),
    "economy": Column(str, REQUIRED),
    "from": Column(iso_date, REQUIRED),
    "to": Column(iso_date, None),
    "source": Column(),
    "status": Column(status, Status.OFFICIAL),
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
        values = row.values
        yield Measure(
            id=values["id"],
            instrument=values["instrument"],
            imposed_by=values["imposed_by"],
            flow=values["flow"],
            scope=_scope(
                values["edition"],
                values["products"],
                values["partners"],
                values["exclude"],
                values["sectors"],
            ),
            effect=_effect(values["duty"], values["items"], values["text"]),
            valid=_days(values["from"], values["to"]),
            act=values["act"],
            article=values["article"],
            conditions=values["conditions"],
            zone=values["zone"],
            recorded=values["recorded"],
            status=values["status"],
            note=values["note"],
            where=row.where,
        )


@lru_cache(maxsize=16384)
def _scope(hs: str, ranges: tuple[str, ...], partners: Any, exclude: Any, sectors: Any) -> Scope:
    products = ProductScope(hs, ranges) if ranges else None
    return Scope(products=products, partners=partners, exclude=exclude, sectors=sectors)


@lru_cache(maxsize=16384)
def _effect(duty: duties.Duty | None, items: int | None, text: str) -> Effect:
    return Effect(duty=duty, items=items, text=text)


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
        member = Membership(values["group"], values["economy"], days, values["source"], values["status"])
        yield member, row.where


def line_classes(path: Path, label: str, errors: list[OpenwardError]) -> Iterator[tuple[LineClass, str]]:
    """Read classes of tariff lines from a table, with the place of each."""
    for row in read_table(path, label, LINE_CLASS, errors):
        yield LineClass(**row.values), row.where
