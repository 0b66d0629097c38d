"""What is known of one consignment, and what a duty on it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from openward.book.duty.tree import Duty, Specific
from openward.errors import InputError

_NOTHING: Mapping[str, Decimal] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Basis:
    """Facts a duty is evaluated on; what is absent is not known, never zero and never false.

    Attributes
    ----------
    value : Decimal or None
        Customs value.
    currency : str
        Currency of all values and of the answer.
    quantities : mapping
        By unit (``"KGM": 1200``), or unit and what is measured (``"KGM of drained weight": 900``).
    contents : mapping
        Shares as fractions by name (``"sucrose": 0.80``, ``"alcohol": 0.40``, ``"copper content": 0.02``).
    values : mapping
        Values of parts and other values by name (``"case": 30``, ``"retail price": 1000``).
    counts : mapping
        Numbers of the goods by name (``"degrees": 96``, ``"jewels": 17``, ``"small producer rate": 5``).
    conditions : mapping
        Truth of conditions by their words (``"authorised use": True``).
    references : mapping
        Duties of other lines by name (``"applicable subheading": parse("5 %")``).
    meursing : mapping
        Duties by Meursing component for the goods' code (``"AC"``), or by component and additional code
        (``"AC 7111"``), which ``contents`` then decides.
    rates : mapping
        Exchange rates: one unit of the first currency in the second.
    entry_price : Specific or None
        Price for entry-price duties; without it the value per quantity is taken.
    programme : str or None
        Programme claimed, by its symbol; ``""`` claims none, None is not known.
    on : date or None
        Day of the declaration.
    """

    value: Decimal | None = None
    currency: str = ""
    quantities: Mapping[str, Decimal] = field(default_factory=lambda: _NOTHING)
    contents: Mapping[str, Decimal] = field(default_factory=lambda: _NOTHING)
    values: Mapping[str, Decimal] = field(default_factory=lambda: _NOTHING)
    counts: Mapping[str, Decimal] = field(default_factory=lambda: _NOTHING)
    conditions: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    references: Mapping[str, Duty] = field(default_factory=lambda: MappingProxyType({}))
    meursing: Mapping[str, Duty] = field(default_factory=lambda: MappingProxyType({}))
    rates: Mapping[tuple[str, str], Decimal] = field(default_factory=lambda: MappingProxyType({}))
    entry_price: Specific | None = None
    programme: str | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        numbers: dict[str, Decimal] = {} if self.value is None else {"the customs value": self.value}
        for label, held in (
            ("the quantity in", self.quantities),
            ("the content of", self.contents),
            ("the value of", self.values),
            ("the number of", self.counts),
        ):
            numbers |= {f"{label} {name}": number for name, number in held.items()}
        numbers |= {f"the rate {a} to {b}": number for (a, b), number in self.rates.items()}
        for what, number in numbers.items():
            if not number.is_finite() or number < 0:
                raise InputError(f"{what} is {number}", hint="give a number of zero or more")
        for name, share in self.contents.items():
            if share > 1:
                raise InputError(
                    f"the content of {name} is {share}", hint="contents are fractions: 40 % is 0.40"
                )
        for pair, rate in self.rates.items():
            if rate == 0:
                raise InputError(f"the exchange rate {pair} is zero", hint="give a positive rate")


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is needed and not given.

    Attributes
    ----------
    fact : str
        Stable name: ``value``, ``quantity KGM of copper content``, ``value of case``, ``condition AU``.
    why : str
        What needs it.
    if_true, if_false : str
        Where the fact is true or false: what either answer leads to; else empty.
    """

    fact: str
    why: str
    if_true: str = ""
    if_false: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One term of a duty: its amount (None: a fact is missing), and how it was reached."""

    term: Duty
    amount: Decimal | None
    currency: str
    how: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A duty taken apart, and its amount where the facts allow.

    Attributes
    ----------
    ad_valorem : Decimal
        Sum of the ad valorem terms, fraction of the customs value.
    specific : tuple of Specific
        Terms that need a unit value before they say anything about a rate; empty where the rate is whole.
    rest : tuple of Duty
        Terms that are neither: bounds, choices, references, values of parts.
    lines : tuple of Line
        The terms that apply, with amounts; a term taken off has a negative amount.
    total : Decimal or None
        The duty, unrounded; None where a fact is missing.
    currency : str
        Currency of the amounts; empty where neither the basis nor the duty names one.
    missing : tuple of Missing
        Facts that would have to be known; empty where ``total`` is.
    """

    ad_valorem: Decimal
    specific: tuple[Specific, ...]
    rest: tuple[Duty, ...] = ()
    lines: tuple[Line, ...] = ()
    total: Decimal | None = None
    currency: str = ""
    missing: tuple[Missing, ...] = ()

    @property
    def whole(self) -> bool:
        """True where ``ad_valorem`` is the whole duty."""
        return not self.specific and not self.rest
