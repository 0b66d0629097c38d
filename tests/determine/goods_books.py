"""Books of lines for tests: measures on one line, rules of a shipped book."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from openward.book.duty import parse
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
from openward.codes.terms import Interval, Status
from openward.determine.decision import Decision, Money, Question

BOOKS = Path(__file__).resolve().parents[2] / "src" / "openward" / "books"
LINE = "70131000"
FIRST = date(2012, 1, 1)


def rules(name: str, file: str) -> dict[str, Any]:
    """Read precedence or valuation of a shipped book."""
    document: dict[str, Any] = yaml.safe_load((BOOKS / name / file).read_text(encoding="utf-8"))
    return document


def line(
    name: str,
    instrument: str = "mfn-duty",
    duty: str | None = "10 %",
    *,
    by: str = "CHN",
    hs: str = LINE,
    partners: Iterable[str] = (),
    exclude: Iterable[str] = (),
    conditions: Iterable[tuple[str, str]] = (),
    codes: Iterable[str] = (),
    act: str = "act",
    quota: str = "",
    text: str = "",
    zone: str = "",
    start: date = FIRST,
    end: date | None = None,
    status: Status = Status.OFFICIAL,
) -> Measure:
    """Make a measure on a tariff line."""
    return Measure(
        id=name,
        instrument=Instrument(instrument),
        imposed_by=by,
        flow=Flow.IMPORT,
        scope=Scope(
            products=ProductScope(ranges=(hs,)),
            partners=tuple(partners),
            exclude=tuple(exclude),
            additional_codes=tuple(codes),
        ),
        effect=Effect(duty=None if duty is None else parse(duty), quota=quota, text=text),
        valid=Interval(start, end),
        act=act,
        article="1",
        conditions=tuple(Condition(kind, value) for kind, value in conditions),
        zone=zone,
        status=status,
    )


def law(*measures: Measure, name: str = "chn", **changes: Any) -> Book:
    """Make a book of lines under the rules of a shipped book."""
    economy = {"chn": "CHN", "usa": "USA", "gbr": "GBR"}[name]
    acts = {m.act: LegalAct(m.act, economy, "law", f"Act {m.act}", in_force=FIRST) for m in measures}
    fields: dict[str, Any] = {
        "name": "lines",
        "economy": economy,
        "covered_from": FIRST,
        "covered_to": date(2026, 1, 1),
        "measures": MappingProxyType({m.id: m for m in measures}),
        "acts": MappingProxyType(acts),
        "meta": MappingProxyType(
            {
                "precedence": {economy: rules(name, "precedence.yaml")},
                "valuation": {economy: rules(name, "valuation.yaml")},
            }
        ),
    }
    return Book(**(fields | changes))


def ask(origin: str = "AUS", on: str = "2025-06-01", hs: str = LINE, **more: Any) -> Question:
    """Make a question about the line."""
    if "facts" in more:
        more["facts"] = MappingProxyType(dict(more["facts"]))
    return Question("import", date.fromisoformat(on), origin=origin, hs=hs, **more)


def money(amount: str, currency: str = "CNY") -> Money:
    """Make an amount."""
    return Money(Decimal(amount), currency)


def rate(decision: Decision) -> Decimal | None:
    """Give the sum of the rates as JSON prints it."""
    told = decision.as_dict()["duty"]["rate"]
    return None if told is None else Decimal(told)
