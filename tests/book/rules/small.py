"""A small book that breaks no rule, and its parts, for cases that break one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from openward.book.duty import parse
from openward.book.model import (
    Article,
    Book,
    Effect,
    Flow,
    Instrument,
    LegalAct,
    LineClass,
    ListingEvent,
    Measure,
    ProductScope,
    Quota,
    QuotaPeriod,
    Scope,
)
from openward.codes.membership import Membership
from openward.codes.nomenclature import Node, Nomenclature
from openward.codes.terms import Interval


def day(year: int, month: int = 1, number: int = 1) -> date:
    return date(year, month, number)


def days(start: int, end: int | None = None) -> Interval:
    return Interval(day(start), day(end) if end else None)


def goods(*ranges: str, edition: str = "HS2022") -> ProductScope:
    return ProductScope(edition, ranges)


LAW = LegalAct(
    "law",
    "CHN",
    "law",
    "A law",
    in_force=day(2020),
    repealed=day(2030),
    articles=(Article("1"), Article("2")),
)
M = Measure(
    id="m",
    instrument=Instrument.MFN_DUTY,
    imposed_by="CHN",
    flow=Flow.IMPORT,
    scope=Scope(products=goods("870323")),
    effect=Effect(duty=parse("5 %")),
    valid=days(2022, 2024),
    act="law",
    article="1",
    where="a.csv:2",
)
PREFERENCE = {"instrument": Instrument.PREFERENTIAL_DUTY}
MEMBERS = (
    Membership("GRP", "CHN", days(2020, 2025)),
    Membership("GRP", "KOR", days(2020, 2023)),
    Membership("GRP", "VNM", days(2020)),
    Membership("OLD", "USA", days(2000, 2010)),
)
Q = Quota(
    order_number="090001",
    imposed_by="CHN",
    periods=(
        QuotaPeriod(days(2022, 2023), Decimal(100), "TNE", balance=Decimal(40)),
        QuotaPeriod(days(2023, 2024), Decimal(100), "TNE"),
    ),
    origins=("GRP",),
    act="law",
)
IN_QUOTA = {
    "instrument": Instrument.TARIFF_QUOTA,
    "scope": Scope(products=goods("870323"), partners=("VNM",)),
    "effect": Effect(duty=parse("0 %"), quota="090001"),
}
ADD = ListingEvent("add", day(2022), "law")


def node(code: str, start: int = 2019, end: int | None = None, **rest: Any) -> Node:
    return Node(code, days(start, end), **rest)


NODES = (
    node("87", leaf=False),
    node("8703", leaf=False),
    node("870323", leaf=False, suffix="10"),
    node("87032310"),
    node("87032390", leaf=False),
    node("8703239010", end=2023),
    node("8703239020", start=2023),
)
NATIONAL = Nomenclature.of("CHN-2019", NODES)


def book(
    *measures: Measure,
    members: Iterable[Membership] = MEMBERS,
    acts: Iterable[LegalAct] = (LAW,),
    quotas: Iterable[Quota] = (),
    editions: Iterable[Nomenclature] = (NATIONAL,),
    filed: Mapping[str, LegalAct] | None = None,
    **rest: Any,
) -> Book:
    return Book(
        name="small",
        economy="CHN",
        covered_from=day(2020),
        covered_to=day(2026),
        measures=MappingProxyType({measure.id: measure for measure in measures}),
        acts=MappingProxyType({act.id: act for act in acts} | dict(filed or {})),
        memberships=tuple(members),
        lines=(LineClass("CHN", "B06", "free", 0.5, 1), LineClass("CHN", "B06", "dutiable", 0.5, 1)),
        quotas=MappingProxyType({quota.order_number: quota for quota in quotas}),
        nomenclatures=MappingProxyType({edition.edition: edition for edition in editions}),
        **rest,
    )


@dataclass(frozen=True)
class Case:
    """A book that keeps a rule, one that breaks it, and what the finding names."""

    number: str
    keeps: Book
    breaks: Book
    ids: tuple[str, ...] = ("m",)

    def __str__(self) -> str:
        return self.number
