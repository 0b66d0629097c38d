"""What one duty comes to on a shipment: a rate, an amount, or the fact that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openward.book.duty import AdValorem, Duty, Specific, evaluate
from openward.codes.currencies import currency as find_currency
from openward.determine.decision import Fact, Money, Question
from openward.determine.quantities import Measured, in_unit
from openward.errors import InputError

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Basis:
    """What duties are charged on.

    Attributes
    ----------
    value : Money or None
        Customs value.
    quantity : Measured or None
        Quantity in its unit.
    facts : mapping
        Further facts: ``exchange_rate:EUR/CNY`` is yuan for one euro.
    """

    value: Money | None = None
    quantity: Measured | None = None
    facts: Mapping[str, Fact] | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A duty taken apart.

    Attributes
    ----------
    rate : Decimal or None
        Fraction of the customs value; None where the duty is not ad valorem (and no value turns it into a
        rate).
    amount : Decimal or None
        In the currency of the customs value, not rounded; None where a fact is missing.
    missing : tuple of str
        Facts without which there is no amount (or, without a value, no rate).
    """

    rate: Decimal | None
    amount: Decimal | None
    missing: tuple[str, ...] = ()

    def __add__(self, other: Charge) -> Charge:
        """Add two charges; what is not known in one is not known in the sum."""
        return Charge(
            None if self.rate is None or other.rate is None else self.rate + other.rate,
            None if self.amount is None or other.amount is None else self.amount + other.amount,
            tuple(dict.fromkeys(self.missing + other.missing)),
        )

    @property
    def valued(self) -> bool:
        """True where a rate or an amount is known."""
        return self.rate is not None or self.amount is not None


NOTHING = Charge(ZERO, ZERO)


def basis_of(question: Question, value: Money | None = None) -> Basis:
    """Give the basis of a question; ``value`` replaces its value (the customs value built from a price).

    Raises
    ------
    InputError
        A negative value or quantity, or a quantity without a unit.
    UnknownCodeError
        A currency that no economy uses.
    """
    money = value or question.value
    if money is not None:
        find_currency(money.currency)
        if not money.amount.is_finite() or money.amount < 0:
            raise InputError(
                f"the value is {money.amount}", hint="a customs value is zero or more", where="value"
            )
    quantity = None
    if question.quantity is not None:
        if not question.quantity.is_finite() or question.quantity < 0:
            raise InputError(
                f"the quantity is {question.quantity}", hint="a quantity is zero or more", where="quantity"
            )
        if not question.unit:
            raise InputError("the quantity has no unit", hint="say its unit, for example KGM", where="unit")
        from openward.codes.units import unit

        unit(question.unit)
        quantity = Measured(question.quantity, question.unit)
    return Basis(money, quantity, question.facts)


def charge_of(duty: Duty | None, basis: Basis) -> Charge:
    """Charge a duty on a basis.

    Raises
    ------
    InputError
        The quantity is in a unit of another kind than the duty's.
    """
    if duty is None:
        return Charge(None, None, ("its rate is not in the book",))
    taken = evaluate(duty)
    rate: Decimal | None = taken.ad_valorem if taken.whole else None
    terms = [_term(term, basis) for term in duty.terms()]
    missing = tuple(dict.fromkeys(m for _, m in terms if m))
    known = [amount for amount, _ in terms if amount is not None]
    amount = sum(known, ZERO) if len(known) == len(terms) else None
    if rate is None and amount is not None and basis.value is not None and basis.value.amount > 0:
        rate = amount / basis.value.amount
    return Charge(rate, amount, missing if rate is None or basis.value is not None else ())


def _term(term: Duty, basis: Basis) -> tuple[Decimal | None, str]:
    if isinstance(term, AdValorem):
        return (None, "the customs value") if basis.value is None else (term.rate * basis.value.amount, "")
    if isinstance(term, Specific):
        if term.amount == 0:
            return ZERO, ""
        if basis.quantity is None:
            return None, f"the quantity in {term.unit}"
        try:
            quantity = in_unit(basis.quantity, term.unit, name="quantity")
        except InputError as error:
            raise InputError(
                f"the quantity is given in {basis.quantity.unit}, and the duty {str(term)!r} asks for"
                f" {term.unit}",
                hint=f"give the quantity in {term.unit}",
                where="quantity",
            ) from error
        return _exchanged(term.amount / term.per * quantity, term.currency, basis)
    return None, f"what {str(term)!r} turns on"


def _exchanged(amount: Decimal, currency: str, basis: Basis) -> tuple[Decimal | None, str]:
    if basis.value is None:
        return None, "the customs value (its currency)"
    rate = exchange_rate(currency, basis.value.currency, basis.facts or {})
    if rate is None:
        return None, f"the exchange rate {currency}/{basis.value.currency}"
    return amount * rate, ""


def exchange_rate(source: str, goal: str, facts: Mapping[str, Fact]) -> Decimal | None:
    """Give units of ``goal`` for one of ``source`` by the facts; None where they hold no such rate.

    Raises
    ------
    InputError
        The rate given is not a positive number.
    """
    if source == goal:
        return Decimal(1)
    for name, invert in ((f"exchange_rate:{source}/{goal}", False), (f"exchange_rate:{goal}/{source}", True)):
        if name in facts:
            try:
                rate = Decimal(str(facts[name]))
            except ArithmeticError:
                rate = ZERO
            if not rate.is_finite() or rate <= 0:
                raise InputError(
                    f"{name} is {facts[name]}", hint="an exchange rate is a positive number", where=name
                )
            return 1 / rate if invert else rate
    return None


def rounded(amount: Decimal, currency: str) -> Money:
    """Give an amount in the minor unit of its currency, half away from zero."""
    from decimal import ROUND_HALF_UP

    places = Decimal(1).scaleb(-find_currency(currency).minor)
    return Money(amount.quantize(places, rounding=ROUND_HALF_UP), currency)


def percent_text(rate: Decimal) -> str:
    """Print a fraction in percent without filling zeros, at most four decimals."""
    text = f"{(100 * rate).quantize(Decimal('0.0001')):f}".rstrip("0").rstrip(".")
    return f"{'0' if text in {'', '-0'} else text} %"
