"""What one duty comes to on a shipment: a rate, an amount, or the facts that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from openward.book.duty import Basis as DutyBasis
from openward.book.duty import Duty, evaluate
from openward.codes.currencies import currency as find_currency
from openward.codes.units import unit as find_unit
from openward.determine.decision import Fact, Money, Question
from openward.determine.facts import as_bool
from openward.determine.quantities import PERCENT, measured
from openward.errors import InputError

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Basis:
    """What duties are charged on.

    Attributes
    ----------
    value : Money or None
        Customs value.
    currency : str
        Currency of amounts; empty where neither a value nor the law of the importer names one.
    held : DutyBasis
        The same for the evaluation of duties, with quantities, contents and exchange rates.
    """

    value: Money | None = None
    currency: str = ""
    held: DutyBasis = field(default_factory=DutyBasis)


@dataclass(frozen=True, slots=True)
class Charge:
    """A duty taken apart.

    Attributes
    ----------
    rate : Decimal or None
        Fraction of the customs value; None where the duty is not ad valorem and no value turns it into a
        rate.
    amount : Decimal or None
        In the currency of the basis, not rounded; None where a fact is missing.
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


def basis_of(question: Question, value: Money | None = None, *, currency: str = "") -> Basis:
    """Give the basis of a question.

    Facts with these beginnings are read: ``quantity:UNIT``, ``content:NAME``, ``value:NAME``, ``count:NAME``,
    ``condition:WORDS``, ``exchange_rate:EUR/CNY`` (yuan for one euro).

    Parameters
    ----------
    question : Question
    value : Money, optional
        Takes the place of the question's value (the customs value built from a price).
    currency : str
        Currency of amounts where there is no value.

    Raises
    ------
    InputError
        A negative value or quantity, a quantity without a unit, a fact that is not a number.
    UnknownCodeError
        A currency or unit that nobody defined.
    """
    money = value or question.value
    if money is not None:
        find_currency(money.currency)
        if not money.amount.is_finite() or money.amount < 0:
            raise InputError(
                f"the value is {money.amount}", hint="a customs value is zero or more", where="value"
            )
        currency = money.currency
    held = DutyBasis(
        value=None if money is None else money.amount,
        currency=currency,
        quantities=_quantities(question),
        contents=dict(_numbers(question.facts, "content:", share=True)),
        values=dict(_numbers(question.facts, "value:")),
        counts=dict(_numbers(question.facts, "count:")),
        conditions={
            name.partition(":")[2]: as_bool(name, fact)
            for name, fact in question.facts.items()
            if name.startswith("condition:")
        },
        rates=_rates(question.facts),
        programme=question.claim or None,
        on=question.on,
    )
    return Basis(money, currency, held)


def _quantities(question: Question) -> dict[str, Decimal]:
    found = dict(_numbers(question.facts, "quantity:"))
    if question.quantity is None:
        return found
    if not question.quantity.is_finite() or question.quantity < 0:
        raise InputError(
            f"the quantity is {question.quantity}", hint="a quantity is zero or more", where="quantity"
        )
    if not question.unit:
        raise InputError("the quantity has no unit", hint="say its unit, for example KGM", where="unit")
    find_unit(question.unit)
    return found | {question.unit: question.quantity}


def _numbers(
    facts: Mapping[str, Fact], beginning: str, *, share: bool = False
) -> Iterator[tuple[str, Decimal]]:
    for name, fact in facts.items():
        if not name.startswith(beginning):
            continue
        found = measured(str(fact)) if not isinstance(fact, bool) else None
        if found is None or (found.unit and not (share and found.unit == PERCENT)):
            raise InputError(f"{name} is {fact}, not a number", hint=f"write {name}=12.5", where=name)
        yield name.removeprefix(beginning), found.number / 100 if found.unit else found.number


def _rates(facts: Mapping[str, Fact]) -> dict[tuple[str, str], Decimal]:
    rates: dict[tuple[str, str], Decimal] = {}
    for name in facts:
        if name.startswith("exchange_rate:"):
            source, _, goal = name.partition(":")[2].partition("/")
            rate = exchange_rate(source, goal, facts)
            if rate is not None:
                rates |= {(source, goal): rate, (goal, source): 1 / rate}
    return rates


def charge_of(duty: Duty | None, basis: Basis) -> Charge:
    """Charge a duty on a basis."""
    if duty is None:
        return Charge(None, None, ("its rate, which is not in the book",))
    found = evaluate(duty, basis.held)
    amount = found.total if basis.currency in {"", found.currency} or not found.currency else None
    missing = tuple(m.fact for m in found.missing)
    rate: Decimal | None = found.ad_valorem if found.whole else None
    if rate is not None and basis.value is None:
        return Charge(rate, ZERO if rate == 0 else None)
    if rate is None and amount is not None and basis.value is not None and basis.value.amount > 0:
        rate = amount / basis.value.amount
    return Charge(rate, amount, missing)


def exchange_rate(source: str, goal: str, facts: Mapping[str, Fact]) -> Decimal | None:
    """Give units of ``goal`` for one of ``source`` by the facts; None where they hold no such rate.

    Raises
    ------
    InputError
        The rate given is not a positive number.
    UnknownCodeError
        A currency that no economy uses.
    """
    find_currency(source)
    find_currency(goal)
    if source == goal:
        return Decimal(1)
    for name, inverted in (
        (f"exchange_rate:{source}/{goal}", False),
        (f"exchange_rate:{goal}/{source}", True),
    ):
        if name in facts:
            found = measured(str(facts[name]))
            if found is None or found.unit or found.number <= 0:
                raise InputError(
                    f"{name} is {facts[name]}", hint="an exchange rate is a positive number", where=name
                )
            return 1 / found.number if inverted else found.number
    return None


def rounded(amount: Decimal, currency: str) -> Money:
    """Give an amount in the minor unit of its currency, half away from zero."""
    places = Decimal(1).scaleb(-find_currency(currency).minor)
    return Money(amount.quantize(places, rounding=ROUND_HALF_UP), currency)


def percent_text(rate: Decimal) -> str:
    """Print a fraction in percent without filling zeros, at most four decimals."""
    text = f"{(100 * rate).quantize(Decimal('0.0001')):f}".rstrip("0").rstrip(".")
    return f"{'0' if text in {'', '-0'} else text} %"
