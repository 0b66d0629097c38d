"""The valuation law of an economy on a day, read from ``valuation.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from openward.book.model import Book
from openward.codes.terms import Interval
from openward.errors import InputError

SCHEMA = "openward.valuation/1"
_FIELDS = frozenset(
    {"from", "to", "act", "basis", "currency", "value", "carriage", "conditions", "additions", "deductions"}
    | {"methods", "swap", "taxes", "payment", "late", "exchange", "note"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """An element of the value: the fact that gives it, and the article that adds or deducts it."""

    fact: str
    article: str = ""
    text: str = ""
    days: int = 0
    rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Method:
    """A way to value goods without an acceptable price; ``less`` is deducted from its fact."""

    id: str
    item: Item
    less: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """How the dutiable value is built over one interval.

    Attributes
    ----------
    basis : str
        ``cif``: freight and insurance to entry are part of it; ``fob``: they are not.
    conditions : tuple of Item
        Facts each of which, where true, keeps the price from being accepted.
    swap : Item or None
        The fact by which the methods ``swapped`` change places.
    taxes : tuple of str
        Instruments that stand on the value, in cascading order.
    """

    economy: str
    valid: Interval
    act: str
    basis: str
    currency: str
    value: Item
    carriage: tuple[Item, ...] = ()
    conditions: tuple[Item, ...] = ()
    additions: tuple[Item, ...] = ()
    deductions: tuple[Item, ...] = ()
    methods: tuple[Method, ...] = ()
    swap: Item | None = None
    swapped: tuple[str, ...] = ()
    taxes: tuple[str, ...] = ()
    payment: Item | None = None
    late: Item | None = None
    exchange: Item | None = None
    note: str = ""


def frame_of(book: Book, economy: str, on: date) -> Frame | None:
    """Give the valuation law of an economy on a day; None where the book has none.

    Raises
    ------
    InputError
        The file is not understood.
    """
    raw = book.meta.get("valuation", {}).get(economy)
    if raw is None:
        return None
    return next((frame for frame in _frames(_Key(raw)) if on in frame.valid), None)


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """A parsed file, kept by identity."""

    raw: Mapping[str, Any]

    def __hash__(self) -> int:
        return id(self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.raw is other.raw


@lru_cache(maxsize=64)
def _frames(key: _Key) -> tuple[Frame, ...]:
    raw = key.raw
    economy = str(raw.get("economy", ""))
    where = f"valuation.yaml of {economy}"
    if raw.get("schema") != SCHEMA:
        raise InputError(f"schema is {raw.get('schema')!r}", hint=f"write `schema: {SCHEMA}`", where=where)
    return tuple(_frame(period, economy, where) for period in raw.get("periods") or ())


def _frame(raw: Mapping[str, Any], economy: str, where: str) -> Frame:
    for extra in sorted(set(raw) - _FIELDS):
        raise InputError(f"unknown field {extra!r}", hint=f"one of {', '.join(sorted(_FIELDS))}", where=where)
    if raw.get("basis") not in {"cif", "fob"}:
        raise InputError(f"basis is {raw.get('basis')!r}", hint="write cif or fob", where=where)
    swap = raw.get("swap") or {}
    return Frame(
        economy=economy,
        valid=Interval(raw.get("from") or date.min, raw.get("to")),
        act=str(raw.get("act", "")),
        basis=raw["basis"],
        currency=str(raw.get("currency", "")),
        value=_item(raw.get("value") or {}),
        carriage=_items(raw.get("carriage")),
        conditions=_items(raw.get("conditions")),
        additions=_items(raw.get("additions")),
        deductions=_items(raw.get("deductions")),
        methods=tuple(Method(m["id"], _item(m), _items(m.get("less"))) for m in raw.get("methods") or ()),
        swap=_item(swap) if swap else None,
        swapped=tuple(swap.get("methods", ())),
        taxes=tuple(raw.get("taxes") or ()),
        payment=_optional(raw.get("payment")),
        late=_optional(raw.get("late")),
        exchange=_optional(raw.get("exchange")),
        note=str(raw.get("note") or "").strip(),
    )


def _items(raw: Any) -> tuple[Item, ...]:
    return tuple(_item(one) for one in raw or ())


def _optional(raw: Any) -> Item | None:
    return _item(raw) if raw else None


def _item(raw: Mapping[str, Any]) -> Item:
    return Item(
        fact=str(raw.get("fact") or raw.get("start") or ""),
        article=str(raw.get("article") or ""),
        text=str(raw.get("text") or ""),
        days=int(raw.get("days") or 0),
        rate=Decimal(str(raw.get("rate") or 0)),
    )
