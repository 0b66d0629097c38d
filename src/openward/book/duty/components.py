"""Duties as TARIC stores them: components by duty expression, unit and qualifier.

Left to right, ``MIN`` (15) is a floor under and ``MAX`` (17, 35) a ceiling over everything before it; the
additions (04, 19, 20 ...) and deductions (02, 36) that follow a bound belong to the bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from openward.book.duty import taric_codes as codes
from openward.book.duty.cursor import check_code
from openward.book.duty.mistakes import DutySentenceError, Mistake, mistake
from openward.book.duty.numbers import plain, shifted
from openward.book.duty.tree import (
    AdValorem,
    Ceiling,
    Compound,
    Duty,
    Flat,
    Floor,
    Meursing,
    Minus,
    Nil,
    Reference,
    Specific,
    Supplementary,
)
from openward.errors import InputError, UnknownCodeError


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a measure; codes are empty and the amount is None where the source states none."""

    expression: str
    amount: Decimal | None = None
    currency: str = ""
    unit: str = ""
    qualifier: str = ""

    def __str__(self) -> str:
        amount = "" if self.amount is None else plain(self.amount)
        return " ".join(
            part for part in (self.expression, amount, self.currency, self.unit, self.qualifier) if part
        )


_COLUMNS = {
    "expression": "duty_expression_id",
    "amount": "duty_amount",
    "currency": "monetary_unit_code",
    "unit": "measurement_unit_code",
    "qualifier": "measurement_unit_qualifier_code",
}


def from_components(rows: Iterable[Component | Mapping[str, object]]) -> Duty:
    """Build the duty of one component set.

    Parameters
    ----------
    rows : iterable of Component or mapping
        Components of one measure in any order; mappings with the column names of TARIC.

    Raises
    ------
    DutySentenceError
        An expression is unknown, used twice or lacks its amount; a code is unknown; a qualifier does not go
        with its unit. ``at`` is the column in the printed components.
    """
    held = sorted((_component(row) for row in rows), key=lambda c: c.expression)
    text, places = "", []
    for component in held:
        places.append(len(text))
        text += f"{component}; "
    if not held:
        raise mistake(Mistake.EMPTY, text="", at=0, expected="a component", hint=_HINT)
    return build(list(zip(held, places, strict=True)), text=text.removesuffix("; "))


def build(held: list[tuple[Component, int]], *, text: str) -> Duty:
    """Build a duty of components and their places in a text."""
    seen: set[str] = set()
    whole: Duty | None = None
    bound = ""
    terms: list[Duty] = []
    for component, at in held:
        expression = codes.EXPRESSIONS.get(component.expression)
        if expression is None:
            raise _wrong(Mistake.UNKNOWN_EXPRESSION, text, at, "a duty expression such as 01 or 04")
        if component.expression in seen:
            raise _wrong(Mistake.EXPRESSION_TWICE, text, at, "each duty expression once")
        if seen and component.expression < max(seen):
            raise _wrong(Mistake.EXPRESSION_ORDER, text, at, "expressions in ascending order")
        seen.add(component.expression)
        if expression.sign in ("MIN", "MAX") and terms:
            whole, bound, terms = _bounded(whole, bound, terms), expression.sign, []
        elif expression.sign in ("MIN", "MAX"):
            raise _wrong(Mistake.AMOUNT_REQUIRED, text, at, "a duty before its bound")
        term = _term(component, expression.what, text, at)
        terms.append(Minus(term) if expression.sign == "-" and terms else term)
        if expression.sign == "-" and len(terms) == 1:
            raise _wrong(Mistake.AMOUNT_REQUIRED, text, at, "a duty before what is taken off")
    return _bounded(whole, bound, terms)


def _bounded(whole: Duty | None, bound: str, terms: list[Duty]) -> Duty:
    duty = terms[0] if len(terms) == 1 else Compound(tuple(terms))
    if whole is None:
        return duty
    return Floor(whole, duty) if bound == "MIN" else Ceiling(whole, duty)


def _term(component: Component, what: str, text: str, at: int) -> Duty:
    if what and what != "unit":
        if component.unit or component.currency:
            raise _wrong(Mistake.UNIT_NOT_PERMITTED, text, at, f"no unit after {what}")
        if component.amount is not None:
            raise _wrong(Mistake.UNIT_NOT_PERMITTED, text, at, f"no amount after {what}")
        if what == "NIHIL":
            return Nil()
        return Reference(what) if component.expression in codes.REFUNDS else Meursing(what)
    if what == "unit":
        if not component.unit:
            raise _wrong(Mistake.UNIT_REQUIRED, text, at, "a unit")
        unit = _measured(component, text, at)
        return Supplementary(Decimal(unit.per), unit.unit, unit.of)
    if component.amount is None:
        raise _wrong(Mistake.AMOUNT_REQUIRED, text, at, "an amount")
    if component.unit in codes.VALUES and not component.currency:
        return AdValorem(shifted(component.amount, -2), codes.VALUES[component.unit])
    currency = component.currency
    if component.unit == "SPQ":
        # The rate is money already: pounds per liter of pure alcohol.
        currency = currency or "GBP"
    if not currency:
        if component.unit:
            raise _wrong(Mistake.UNIT_NOT_PERMITTED, text, at, "a currency before a unit")
        return AdValorem(shifted(component.amount, -2))
    try:
        check_code("currency", currency)
    except UnknownCodeError as error:
        raise _wrong(Mistake.UNKNOWN_CURRENCY, text, at, f"a currency: {error.message}") from None
    if not component.unit:
        return Flat(component.amount, currency)
    unit = _measured(component, text, at)
    return Specific(component.amount, currency, Decimal(unit.per), unit.unit, unit.of, unit.times)


def _measured(component: Component, text: str, at: int) -> codes.Measured:
    if component.unit not in codes.UNITS:
        raise _wrong(Mistake.UNKNOWN_UNIT, text, at, f"a measurement unit, not {component.unit!r}")
    if component.qualifier and component.qualifier not in codes.QUALIFIERS:
        raise _wrong(Mistake.UNKNOWN_QUALIFIER, text, at, f"a qualifier, not {component.qualifier!r}")
    found = codes.measured(component.unit, component.qualifier)
    if found is None and component.qualifier:
        pair = f"{component.unit} {component.qualifier}"
        raise _wrong(
            Mistake.QUALIFIER_NOT_PERMITTED, text, at, f"a qualifier that goes with the unit, not {pair}"
        )
    if found is None:
        raise _wrong(Mistake.UNKNOWN_QUALIFIER, text, at, f"a qualifier after {component.unit}")
    return found


_HINT = "give the components of one measure, for example 01 5.8; 04 93.3 EUR DTN"


def _wrong(kind: Mistake, text: str, at: int, expected: str) -> DutySentenceError:
    return mistake(kind, text=text, at=at, expected=expected, hint=_HINT)


def _component(row: Component | Mapping[str, object]) -> Component:
    if isinstance(row, Component):
        return row
    said = {name: str(row.get(column) or "").strip() for name, column in _COLUMNS.items()}
    raw = row.get(_COLUMNS["amount"])
    amount = "" if raw is None else str(raw).strip()
    try:
        number = Decimal(amount) if amount else None
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not (number.is_finite() and number >= 0):
        raise mistake(Mistake.BAD_NUMBER, text=amount, at=0, expected="an amount of zero or more", hint=_HINT)
    return Component(said["expression"], number, said["currency"], said["unit"], said["qualifier"])


def component_sets(
    rows: Iterable[Mapping[str, object]],
) -> dict[tuple[str, str], tuple[Component, ...]]:
    """Group rows of a components table by measure.

    The key is the measure's sid and its commodity code, because a table may leave sids out.
    """
    found: dict[tuple[str, str], list[Component]] = {}
    for row in rows:
        key = (str(row.get("measure_sid") or ""), str(row.get("goods_nomenclature_item_id") or ""))
        found.setdefault(key, []).append(_component(row))
    return {key: tuple(held) for key, held in found.items()}


def to_components(duty: Duty) -> tuple[Component, ...]:
    """Give the components of a duty: :func:`from_components` backwards.

    Raises
    ------
    InputError
        TARIC has no components for such a duty (seasons, programmes, values of parts ...).
    """
    found: list[Component] = []
    for sign, term in _signed(duty, ""):
        last = found[-1].expression if found else ""
        found.append(_coded(term, sign, last))
    return tuple(found)


def _signed(duty: Duty, sign: str) -> list[tuple[str, Duty]]:
    if isinstance(duty, Floor):
        return [*_signed(duty.duty, sign), *_signed(duty.least, "MIN")]
    if isinstance(duty, Ceiling):
        return [*_signed(duty.duty, sign), *_signed(duty.most, "MAX")]
    if isinstance(duty, Compound):
        first, *rest = duty.parts
        signed = [("-", term.duty) if isinstance(term, Minus) else ("+", term) for term in rest]
        return [(sign, first), *signed]
    return [(sign, duty)]


def _coded(term: Duty, sign: str, last: str) -> Component:
    def free(what: str = "") -> str:
        for code, expression in codes.EXPRESSIONS.items():
            fits = expression.what == what and (bool(what) or expression.sign == sign)
            if code > last and fits:
                return code
        raise InputError(
            f"TARIC has no expression for {sign or 'a duty'} {term} after {last or 'nothing'}",
            hint="a measure takes each duty expression once, in ascending order",
        )

    match term:
        case Nil():
            return Component(free("NIHIL"))
        case Meursing():
            return Component(free(term.component))
        case Reference() if term.to in codes.REFUNDS.values():
            return Component(free(term.to))
        case AdValorem() if not term.of and term.exact is None:
            return Component(free(), shifted(term.rate, 2))
        case AdValorem() if term.of in codes.VALUES.values() and term.exact is None:
            unit = next(unit for unit, value in codes.VALUES.items() if value == term.of)
            return Component(free(), shifted(term.rate, 2), "", unit)
        case Flat():
            return Component(free(), term.amount, term.currency)
        case Specific() if (key := (term.unit, term.per, term.of, term.times)) in _codes():
            return Component(free(), term.amount, term.currency, *_codes()[key])
        case Supplementary() if (key := (term.unit, term.per, term.of, None)) in _codes():
            return Component(free("unit"), None, "", *_codes()[key])
    raise InputError(
        f"TARIC has no component for {term}", hint="write it as a measure of its own, or as a condition"
    )


_codes = cache(codes.coded)
