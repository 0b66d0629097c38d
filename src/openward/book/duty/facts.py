"""Look-up of facts in a basis: quantities in convertible units, contents, values of parts, prices, rates."""

from __future__ import annotations

from decimal import Decimal

from openward.book.duty.basis import Basis
from openward.book.duty.selectors import Count, Factor, Percent, PriceFrom
from openward.book.duty.tree import Specific
from openward.codes.units import unit as unit_of
from openward.errors import InputError, UnknownCodeError

_ALCOHOL = "alcohol"


def value_of(part: str, basis: Basis) -> Decimal | None:
    """Give the customs value, or the value of a part; ``case and strap`` may be given as its two parts."""
    if not part:
        return basis.value
    if part in basis.values:
        return basis.values[part]
    pieces = [basis.values.get(piece) for piece in part.split(" and ")]
    known = [piece for piece in pieces if piece is not None]
    return sum(known, Decimal(0)) if len(pieces) > 1 and len(known) == len(pieces) else None


def value_name(part: str) -> str:
    """Name the fact."""
    return f"value of {part}" if part else "value"


def quantity(unit: str, of: str, basis: Basis) -> Decimal | None:
    """Give a quantity in a unit, converted from what is given, or from a content; None: not known."""
    given = _converted(unit, of, basis)
    if given is not None or not (of or unit_of(unit).base == "LPA"):
        return given
    share = content(of or _ALCOHOL, basis)
    if share is None:
        return None
    if not of:
        liters = _converted("LTR", "", basis)
        return None if liters is None else liters * share / _factor(unit)
    whole = _converted(unit, "", basis)
    return None if whole is None else whole * share


def quantity_name(unit: str, of: str) -> str:
    """Name the fact."""
    return f"quantity {unit} of {of}" if of else f"quantity {unit}"


def why_no_quantity(duty: Specific, basis: Basis) -> str:
    """Say what needs a quantity, and which given ones measure something else."""
    need = unit_of(duty.unit)
    others = []
    for key in basis.quantities:
        code, _, measured = key.partition(" of ")
        other = unit_of(code)
        if other.base != need.base and measured == duty.of:
            others.append(f"{code} measures {other.quantity}")
    given = f"; {', '.join(others)}, {duty.unit} measures {need.quantity}" if others else ""
    return f"{duty} is charged on it{given}"


def content(name: str, basis: Basis) -> Decimal | None:
    """Give a share of content, by its name with or without the word content."""
    short = name.removesuffix(" content")
    for key in (name, short, f"{short} content"):
        if key in basis.contents:
            return basis.contents[key]
    if name == _ALCOHOL:
        pure, liters = _converted("LPA", "", basis), _converted("LTR", "", basis)
        return pure / liters if pure is not None and liters else None
    return None


def factor(times: Factor, basis: Basis) -> Decimal | None:
    """Give a factor: percentage points of a content, or a count within its bound."""
    if isinstance(times, Percent):
        share = content(times.name, basis)
        return None if share is None else share * 100
    number = basis.counts.get(times.name)
    return None if number is None else times.of(number)


def factor_name(times: Factor) -> str:
    """Name the fact."""
    return f"number of {times.name}" if isinstance(times, Count) else f"content of {times.name}"


def exchange(origin: str, target: str, basis: Basis) -> Decimal | None:
    """Give the value of one unit of a currency in another."""
    if origin == target:
        return Decimal(1)
    if (origin, target) in basis.rates:
        return basis.rates[origin, target]
    back = basis.rates.get((target, origin))
    return None if back is None else 1 / back


def price(asked: PriceFrom, basis: Basis) -> Decimal | None:
    """Give the entry price in the money and per the quantity asked for."""
    stated = basis.entry_price
    if stated is not None:
        if unit_of(stated.unit).base != unit_of(asked.unit).base:
            return None
        rate = exchange(stated.currency, asked.currency, basis)
        units = asked.per * _factor(asked.unit) / (stated.per * _factor(stated.unit))
        return None if rate is None else stated.amount * rate * units
    amount = quantity(asked.unit, "", basis)
    rate = exchange(basis.currency, asked.currency, basis)
    if basis.value is None or not amount or rate is None:
        return None
    return basis.value * rate / (amount / asked.per)


def _factor(code: str) -> Decimal:
    return Decimal(repr(unit_of(code).factor))


def _converted(unit: str, of: str, basis: Basis) -> Decimal | None:
    suffix = f" of {of}" if of else ""
    exact = basis.quantities.get(unit + suffix)
    if exact is not None:
        return exact
    for key in sorted(basis.quantities):
        code, _, measured = key.partition(" of ")
        if measured != of:
            continue
        try:
            given = unit_of(code)
        except UnknownCodeError as error:
            raise InputError(f"quantity {key!r}: {error.message}", hint=error.hint) from None
        if given.base == unit_of(unit).base:
            return basis.quantities[key] * Decimal(repr(given.factor)) / _factor(unit)
    return None
