"""What formulas can ask of the book: lists counted, zones, agreements, partners, lines free of duty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from openward.book.model import Book, Instrument, Measure
from openward.book.query import find
from openward.claims.at_hand import AtHand, day
from openward.claims.claim import Datum
from openward.codes.terms import Status
from openward.determine.investment.editions import RESTRICTIONS, pilot_zones
from openward.errors import InputError, MissingDataError


def count(at: AtHand, *, list: str, on: str, section: str = "") -> float:
    """Count the items of a negative list in force on a day: as its edition counts them, or by ISIC section.

    With a section letter the items themselves are read, so the book must hold the list item by item.
    """
    measure, when = find(at.book, list), day(on)
    if measure.instrument is not Instrument.NEGATIVE_LIST:
        raise InputError(
            f"{list} is not a negative list", hint="openward book list --instrument negative-list"
        )
    if when not in measure.valid:
        raise InputError(f"{list} was not in force on {on}", hint="name a day on which it was")
    if not section:
        _note(at, [measure])
        if measure.effect.items is None:
            raise MissingDataError(f"the number of items of {list}")
        return float(measure.effect.items)
    items = [m for m in at.book.measures.values() if m.act == measure.act and m.instrument in RESTRICTIONS]
    if not items:
        raise MissingDataError(f"the items of {list}")
    _note(at, [measure, *items])
    return float(len({m.article for m in items if any(s.startswith(section) for s in m.scope.sectors)}))


def zones(at: AtHand, *, on: str) -> float:
    """Count the pilot free trade zones on a day."""
    when = day(on)
    _note(
        at,
        [m for m in at.book.measures.values() if m.instrument is Instrument.PILOT_ZONE and when in m.valid],
    )
    return float(len(pilot_zones(at.book, when)))


def agreements(at: AtHand, *, on: str, economy: str = "", without: Any = ()) -> float:
    """Count the groups of the book an economy is a member of on a day (the book's own by default).

    All of them are agreements unless left out by name: ``without="APTA"``.
    """
    return float(len(_agreements(at, economy or at.book.economy, on, without)))


def partners(at: AtHand, *, on: str, economy: str = "", without: Any = ()) -> frozenset[str]:
    """Give the economies that share a trade agreement with one on a day."""
    own = economy or at.book.economy
    groups = _agreements(at, own, on, without)
    return frozenset().union(*(at.book.members(group, day(on)) for group in groups)) - {own}


def free_lines(at: AtHand, *, partners: str, on: str) -> float:
    """Give the share of tariff lines that enter free from every member of a group on a day (a fraction).

    Lines are those of the book's classes; quotas are taken as not exhausted.
    """
    free, lines = _free(at, partners, on)
    return float((free * lines).sum(axis=1).min() / lines.sum())


def free_partners(at: AtHand, *, group: str, on: str) -> frozenset[str]:
    """Give the members of a group whose goods all enter free on a day; quotas taken as not exhausted."""
    free, _ = _free(at, group, on)
    names = sorted(at.book.members(group, day(on)) - {at.book.economy})
    return frozenset(name for name, row in zip(names, free, strict=True) if row.all())


def _free(at: AtHand, group: str, on: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Whether each class of lines is free, [members, classes], and how many lines each class has."""
    from openward.codes.industries import industries
    from openward.determine.table import rate_table

    when, own = day(on), at.book.economy
    names = sorted(at.book.members(group, when) - {own})
    if not names:
        raise MissingDataError(f"members of {group} on {on}", hint="the book knows none on that day")
    sectors = [industry.code for industry in industries() if industry.goods]
    rates = rate_table(at.book, on=when, economies=[own, *names], sectors=sectors)
    lines = rates.lines[0]
    counted = lines > 0
    if not counted.any():
        raise MissingDataError("tariff lines by class", hint="the book does not count them")
    free = (rates.rates[0, 1:] == 0.0) & rates.known[0, 1:]
    preferences = [
        m
        for m in at.book.measures.values()
        if m.instrument is Instrument.PREFERENTIAL_DUTY and group in m.scope.partners and when in m.valid
    ]
    _note(at, preferences)
    return free[:, counted], lines[counted]


def _agreements(at: AtHand, economy: str, on: str, without: Any) -> list[str]:
    when = day(on)
    left_out = {without} if isinstance(without, str) else set(without)
    unknown = left_out - at.book.groups()
    if unknown:
        raise InputError(f"the book has no group {', '.join(sorted(unknown))}", hint="check its spelling")
    groups = [g for g in sorted(at.book.groups() - left_out) if economy in at.book.members(g, when)]
    held = [m for m in at.book.memberships if m.group in groups and when in m.valid]
    unsure = any(m.status is Status.UNVERIFIED for m in held)
    at.use(_datum(at.book, "groups of the law", unsure))
    return groups


def _note(at: AtHand, measures: list[Measure]) -> None:
    unsure = any(measure.status is Status.UNVERIFIED for measure in measures)
    acts = dict.fromkeys(at.book.acts[m.act].title for m in measures if m.act in at.book.acts)
    at.use(_datum(at.book, "; ".join(list_few(tuple(acts))) or "measures", unsure))


def list_few(titles: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the first three of a list, and say how many more there are."""
    return titles if len(titles) <= 3 else (*titles[:3], f"and {len(titles) - 3} more acts")


def _datum(book: Book, title: str, unsure: bool) -> Datum:
    return Datum(
        title=title,
        source=f"the openward book {book.name}",
        vintage=f"law recorded to {book.covered_to.isoformat()}",
        status="unverified" if unsure else "official",
    )


BOOK: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "book.count": count,
        "book.zones": zones,
        "book.agreements": agreements,
        "book.partners": partners,
        "book.free_lines": free_lines,
        "book.free_partners": free_partners,
    }
)
