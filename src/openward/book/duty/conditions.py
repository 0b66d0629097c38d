"""Conditions of TARIC measures: documents with actions and duties, and entry prices.

A sentence is ``Cond: A cert: D-018 (01):0.000 GBP DTN Z; A (01):172.200 GBP DTN Z``: condition code,
document, action code, duty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openward.book.duty.components import Component, build, from_components
from openward.book.duty.mistakes import DutySentenceError, Mistake, mistake
from openward.book.duty.selectors import PriceFrom
from openward.book.duty.taric import read_components
from openward.book.duty.tree import Case, Choice, Duty, Specific
from openward.errors import InputError

_HINT = "write for example 'Cond: A cert: D-018 (01):0.000 GBP DTN Z; A (01):172.200 GBP DTN Z'"
_START = re.compile(r"\s*Cond:\s*")
_CODE = re.compile(r"\s*([A-Z]{1,2})\b\s*")
_DOCUMENT = re.compile(r"cert:\s*([A-Z0-9])-?([A-Z0-9]{3})\b\s*")
_PRICE = re.compile(r"(?=\d)([^(;]+)")
_ACTION = re.compile(r"\((\d{2,3})\)\s*:")
_DUTY = re.compile(r"\s*([^;]*?)\s*(?:;\s*|$)")


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition: its code, the document or price it asks for, the action, and the duty that then applies.

    ``document`` is empty and ``price`` None where none is asked for; ``components`` is empty where the action
    has no duty.
    """

    code: str
    document: str
    action: str
    components: tuple[Component, ...] = ()
    price: PriceFrom | None = None

    @property
    def duty(self) -> Duty | None:
        """The duty that applies; None where the action has none."""
        return build([(one, 0) for one in self.components], text="") if self.components else None


def parse_conditions(text: str) -> tuple[ConditionLine, ...]:
    """Read a sentence of conditions.

    Raises
    ------
    DutySentenceError
        With the place in the sentence.
    """
    start = _START.match(text)
    if start is None:
        raise _wrong(text, 0, "'Cond:'")
    at, found = start.end(), []
    while at < len(text):
        line, at = _line(text, at)
        found.append(line)
    if not found:
        raise _wrong(text, at, "a condition code")
    return tuple(found)


def _line(text: str, at: int) -> tuple[ConditionLine, int]:
    code = _CODE.match(text, at)
    if code is None:
        raise _wrong(text, at, "a condition code")
    at, document, asked = code.end(), "", None
    if held := _DOCUMENT.match(text, at):
        at, document = held.end(), held[1] + held[2]
    elif stated := _PRICE.match(text, at):
        (component,) = _read(stated[1].rstrip(), text, at)
        at, asked = stated.end(), _price(component)
    action = _ACTION.match(text, at)
    if action is None:
        raise _wrong(text, at, "'cert:' and a document, a price, or an action code such as (01):")
    duty = _DUTY.match(text, action.end())
    assert duty is not None
    components = _read(duty[1], text, duty.start(1)) if duty[1] else ()
    return ConditionLine(code[1], document, action[1], components, asked), duty.end()


def _read(part: str, text: str, at: int) -> tuple[Component, ...]:
    try:
        return read_components(part)
    except DutySentenceError as error:
        raise mistake(
            error.kind, text=text, at=at + error.at - 1, expected=error.expected, hint=error.hint
        ) from None


def _wrong(text: str, at: int, expected: str) -> DutySentenceError:
    return mistake(Mistake.UNKNOWN_EXPRESSION, text=text, at=at, expected=expected, hint=_HINT)


def entry_price(steps: Iterable[tuple[PriceFrom, Duty]]) -> Choice:
    """Build an entry-price duty: the step with the highest price that the goods reach is charged."""
    cases = sorted(steps, key=lambda step: -step[0].least)
    return Choice(tuple(Case(duty, when) for when, duty in cases))


def from_conditions(rows: Iterable[Mapping[str, object]]) -> Choice:
    """Build an entry-price duty from condition rows of a tariff service.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of one measure; those of condition ``V`` are taken: ``condition_duty_amount``,
        ``condition_monetary_unit_code``, ``condition_measurement_unit_code``,
        ``measure_condition_components``.

    Raises
    ------
    InputError
        No row states an entry price.
    """
    steps = []
    for row in rows:
        if row.get("condition_code") != "V":
            continue
        asked = Component(
            "01",
            Decimal(str(row["condition_duty_amount"])),
            str(row.get("condition_monetary_unit_code") or ""),
            str(row.get("condition_measurement_unit_code") or ""),
            str(row.get("condition_measurement_unit_qualifier_code") or ""),
        )
        parts = row["measure_condition_components"]
        assert isinstance(parts, list)
        steps.append((_price(asked), from_components(parts)))
    if not steps:
        raise InputError("no condition states an entry price", hint="give the rows of condition V")
    return entry_price(steps)


def _price(component: Component) -> PriceFrom:
    duty = from_components([component])
    if not isinstance(duty, Specific) or duty.of or duty.times is not None:
        raise InputError(f"{duty} is no price", hint="give money per quantity, for example 52.6 EUR DTN")
    return PriceFrom(duty.amount, duty.currency, duty.per, duty.unit)
