"""Amounts: a duty on a consignment, or the facts that are missing for it.

Three-valued: a fact that is not given leaves the amount open, unless every answer leads to the same amount.
A rate or an amount of zero needs no fact. A sum from which something is taken off is never less than nothing.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from functools import lru_cache

from openward.book.duty import facts
from openward.book.duty.apart import rates
from openward.book.duty.basis import Basis, Evaluated, Line, Missing
from openward.book.duty.meursing import CONTENTS, meursing_codes
from openward.book.duty.numbers import plain
from openward.book.duty.selectors import PriceFrom, Programmes, Season, Selector, Until, When
from openward.book.duty.tree import (
    AdValorem,
    Ceiling,
    Choice,
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

_ZERO = Decimal(0)
_PRECISION = 40


def evaluate(duty: Duty, basis: Basis | None = None) -> Evaluated:
    """Evaluate a duty on a consignment.

    Parameters
    ----------
    duty : Duty
    basis : Basis, optional
        What is known; without it the duty is only taken apart, and every fact it needs is missing.

    Returns
    -------
    Evaluated
        Amounts are exact or to 40 digits, not rounded to money.
    """
    return _alone(duty) if basis is None else _evaluate(duty, basis)


@lru_cache(maxsize=4096)
def _alone(duty: Duty) -> Evaluated:
    return _evaluate(duty, Basis())


def _evaluate(duty: Duty, basis: Basis) -> Evaluated:
    apart = rates(duty)
    currency = basis.currency or next(iter(_currencies(duty)), "")
    with localcontext() as context:
        context.prec = _PRECISION
        reader = _Reader(basis, currency)
        total = reader.amount(duty)
        lines = _Reader(basis, currency).lines(duty)
    missing = () if total is not None else tuple(dict.fromkeys(reader.missing))
    return Evaluated(apart.ad_valorem, apart.specific, apart.rest, lines, total, currency, missing)


class _Reader:
    """Walks a tree and notes what is missing on the way."""

    def __init__(self, basis: Basis, currency: str) -> None:
        self.basis = basis
        self.currency = currency
        self.missing: list[Missing] = []

    def amount(self, duty: Duty) -> Decimal | None:
        match duty:
            case Nil() | Supplementary():
                return _ZERO
            case AdValorem():
                return self._ad_valorem(duty)
            case Specific():
                return self._specific(duty)
            case Flat():
                return self._money(duty.amount, duty.currency)
            case Compound():
                parts = [self.amount(part) for part in duty.parts]
                return None if None in parts else max(_ZERO, sum((p for p in parts if p is not None), _ZERO))
            case Minus():
                less = self.amount(duty.duty)
                return None if less is None else -less
            case Floor() | Ceiling():
                return self._bounded(duty)
            case Choice():
                return self._choice(duty)
            case Reference():
                return self._reference(duty)
            case Meursing():
                return self._meursing(duty)
        raise AssertionError(f"no amount is defined for {type(duty).__name__}")

    def lines(self, duty: Duty) -> tuple[Line, ...]:
        """Give the terms that apply; a choice that is open is one line without amount."""
        while isinstance(duty, Choice) and (chosen := self._chosen(duty)) is not None:
            duty = chosen
        found = []
        for term in duty.terms():
            amount = self.amount(term)
            found.append(Line(term, amount, self.currency, self._how(term)))
        return tuple(found)

    def _lack(self, fact: str, why: str, if_true: str = "", if_false: str = "") -> None:
        self.missing.append(Missing(fact, why, if_true, if_false))

    def _ad_valorem(self, duty: AdValorem) -> Decimal | None:
        if duty.rate == 0:
            return _ZERO
        value = facts.value_of(duty.of, self.basis)
        if value is None:
            self._lack(facts.value_name(duty.of), f"{duty} is charged on it")
            return None
        if self.currency != self.basis.currency:
            self._lack("currency", f"the value has none, and other terms are in {self.currency}")
            return None
        if duty.exact is not None:
            return value * duty.exact.numerator / duty.exact.denominator
        return value * duty.rate

    def _specific(self, duty: Specific) -> Decimal | None:
        if duty.amount == 0:
            return _ZERO
        quantity = facts.quantity(duty.unit, duty.of, self.basis)
        if quantity is None:
            self._lack(facts.quantity_name(duty.unit, duty.of), facts.why_no_quantity(duty, self.basis))
        times = Decimal(1) if duty.times is None else facts.factor(duty.times, self.basis)
        if times is None and duty.times is not None:
            self._lack(facts.factor_name(duty.times), f"{duty} is multiplied with it")
        money = self._money(duty.amount, duty.currency)
        if quantity is None or times is None or money is None:
            return None
        return money * (quantity / duty.per) * times

    def _money(self, amount: Decimal, currency: str) -> Decimal | None:
        if currency == self.currency or amount == 0:
            return amount
        rate = facts.exchange(currency, self.currency, self.basis)
        if not self.currency:
            self._lack("currency", f"{plain(amount)} {currency} is charged in it")
            return None
        if rate is None:
            self._lack(f"exchange rate {currency} {self.currency}", f"{plain(amount)} {currency} is charged")
            return None
        return amount * rate

    def _bounded(self, duty: Floor | Ceiling) -> Decimal | None:
        other = duty.least if isinstance(duty, Floor) else duty.most
        amount, bound = self.amount(duty.duty), self.amount(other)
        # No duty is below zero, so a ceiling of nothing leaves nothing, whatever is missing.
        if isinstance(duty, Ceiling) and _ZERO in (amount, bound):
            return _ZERO
        if amount is None or bound is None:
            return None
        return max(amount, bound) if isinstance(duty, Floor) else min(amount, bound)

    def _reference(self, duty: Reference) -> Decimal | None:
        other = self.basis.references.get(duty.to)
        if other is None:
            self._lack(f"duty of {duty.to}", "the duty is stated by reference")
            return None
        known = {name: held for name, held in self.basis.references.items() if name != duty.to}
        basis = replace(self.basis, references=known)
        if duty.on:
            value = self.basis.values.get(duty.on)
            if value is None:
                self._lack(f"value of {duty.on}", f"{duty} is charged on it")
                return None
            if rates(other).specific or rates(other).rest:
                self._lack(f"amount of {duty}", f"{other} is not a rate, and how it is divided is not stated")
                return None
            basis = replace(basis, value=value)
        return self._under(basis, other)

    def _meursing(self, duty: Meursing) -> Decimal | None:
        possible = meursing_codes(self.basis.contents)
        code = possible[0] if len(possible) == 1 else ""
        other = self.basis.meursing.get(f"{duty.component} {code}", self.basis.meursing.get(duty.component))
        if other is None:
            why = f"the goods may have {len(possible)} additional codes by {', '.join(CONTENTS)}"
            self._lack(
                f"Meursing {duty.component} {code}".rstrip(), f"additional code {code}" if code else why
            )
            return None
        return self._under(self.basis, other)

    def _under(self, basis: Basis, duty: Duty) -> Decimal | None:
        inner = _Reader(basis, self.currency)
        amount = inner.amount(duty)
        self.missing += inner.missing
        return amount

    def _choice(self, duty: Choice) -> Decimal | None:
        for k, case in enumerate(duty.cases):
            held = self._holds(case.when)
            if held:
                return self.amount(case.duty)
            if held is None:
                return self._open(duty, k)
        if duty.otherwise is not None:
            return self.amount(duty.otherwise)
        said = "; ".join(f"({case.when})" for case in duty.cases)
        self._lack("applicable duty", f"none is stated outside {said}")
        return None

    def _chosen(self, duty: Choice) -> Duty | None:
        for case in duty.cases:
            held = self._holds(case.when)
            if held is None or held:
                return case.duty if held else None
        return duty.otherwise

    def _open(self, duty: Choice, k: int) -> Decimal | None:
        case, later = duty.cases[k], duty.cases[k + 1 :]
        rest = Choice(later, duty.otherwise) if later else duty.otherwise
        here, there = _Reader(self.basis, self.currency), _Reader(self.basis, self.currency)
        first = here.amount(case.duty)
        second = None if rest is None else there.amount(rest)
        if first is not None and first == second:
            return first
        fact, why = _asked(case.when)
        self._lack(fact, why, str(case.duty), "no duty is stated" if rest is None else str(rest))
        return None

    def _holds(self, when: Selector) -> bool | None:
        basis = self.basis
        match when:
            case When():
                return basis.conditions.get(when.condition)
            case Programmes():
                return None if basis.programme is None else basis.programme in when.codes
            case Season():
                return None if basis.on is None else when.holds(basis.on)
            case Until():
                return None if basis.on is None else basis.on < when.end
            case PriceFrom():
                price = facts.price(when, basis)
                return None if price is None else price >= when.least

    def _how(self, term: Duty) -> str:
        basis = self.basis
        match term:
            case Minus():
                return f"less {self._how(term.duty)}"
            case AdValorem() if (value := facts.value_of(term.of, basis)) is not None:
                return f"{term} on {plain(value)} {basis.currency}".rstrip()
            case Specific() if (quantity := facts.quantity(term.unit, term.of, basis)) is not None:
                times = None if term.times is None else facts.factor(term.times, basis)
                times_said = "" if times is None else f" x {plain(times)}"
                return f"{term} on {plain(quantity)} {term.unit}{times_said}"
            case Floor() | Ceiling():
                other = term.least if isinstance(term, Floor) else term.most
                amount, bound = self.amount(term.duty), self.amount(other)
                if amount is None or bound is None:
                    return str(term)
                binds = bound > amount if isinstance(term, Floor) else bound < amount
                return f"{other} binds" if binds else f"{term.duty}, inside its bound {other}"
            case Reference() if (duty := basis.references.get(term.to)) is not None:
                return f"{term}: {duty}"
        return str(term)


def _asked(when: Selector) -> tuple[str, str]:
    match when:
        case When():
            return f"condition {when.condition}", "the duty depends on it"
        case Programmes():
            return "programme", f"a duty is stated for {when}"
        case PriceFrom():
            return f"price {when.currency}/{when.unit}", f"a duty is stated for {when}"
    return "date", f"a duty is stated for {when}"


def _currencies(duty: Duty) -> list[str]:
    match duty:
        case Specific() | Flat():
            return [duty.currency]
        case Compound():
            return [code for part in duty.parts for code in _currencies(part)]
        case Minus():
            return _currencies(duty.duty)
        case Floor():
            return [*_currencies(duty.duty), *_currencies(duty.least)]
        case Ceiling():
            return [*_currencies(duty.duty), *_currencies(duty.most)]
        case Choice():
            inner = [case.duty for case in duty.cases] + ([duty.otherwise] if duty.otherwise else [])
            return [code for one in inner for code in _currencies(one)]
    return []
