"""A question about one transaction and the decision that answers it (``openward.decision/1``).

The same nouns serve goods, export control, parties, investment and services: to a user they are one question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from openward.determine.step import Step

SCHEMA = "openward.decision/1"
Fact = str | Decimal | bool | date


class Verdict(StrEnum):
    """What the decision comes to."""

    FREE = "free"
    PAY = "pay"
    LICENCE = "licence"
    REFUSED = "refused-in-principle"
    PROHIBITED = "prohibited"
    REVIEW = "review"
    CAPPED = "capped"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Question:
    """One transaction on one day (a row of ``openward.shipments/1``).

    ``origin`` is where goods come from, ``shipped_from`` where they are sent from; ``facts`` holds what else
    is known (``purity``, ``stake``, ``proof`` ...), and a fact that is absent is not known, never false.
    """

    flow: str
    on: date
    importer: str = ""
    origin: str = ""
    shipped_from: str = ""
    hs: str = ""
    edition: str = "HS2022"
    additional_code: str = ""
    sector: str = ""
    zone: str = ""
    value: Money | None = None
    quantity: Decimal | None = None
    unit: str = ""
    claim: str = ""
    proof: str = ""
    parties: tuple[str, ...] = ()
    end_use: str = ""
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty that is due, or would be: its text, and its amount where value and quantity allow."""

    kind: str
    measure: str
    duty: str
    rate: Decimal | None
    amount: Money | None
    citation: str


@dataclass(frozen=True, slots=True)
class Option:
    """Another lawful way to pay, with what it saves against the answer (negative: it costs more)."""

    name: str
    rate: Decimal | None
    amount: Money | None
    saving: Money | None
    requires: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that must be applied for, shown or kept, by whom it is granted and within which time."""

    what: str
    authority: str
    deadline: str
    measure: str
    citation: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A fact that would have to be known, and what each answer would lead to."""

    fact: str
    why: str
    if_true: str
    if_false: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A measure that lost, and why."""

    measure: str
    reason: str


@dataclass(frozen=True, slots=True)
class Landed:
    """What is paid in all, amounts in the minor unit of the currency.

    Attributes
    ----------
    customs_value : Money
    duty : Money or None
        Duties and remedies; None where a fact is missing.
    taxes : tuple of DutyLine
        Consumption tax, value added tax, fees.
    payable, total : Money or None
        Duty and taxes; these and the customs value.
    due : date or None
        Last day of payment.
    interest : Money or None
        Of late payment, where the question says when it was paid.
    steps : tuple of Step
        How each part was built, with its article.
    """

    customs_value: Money
    duty: Money | None
    taxes: tuple[DutyLine, ...]
    payable: Money | None
    total: Money | None
    due: date | None
    interest: Money | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """The law that was read: book, law time, record time (None: all that is recorded)."""

    book: str
    as_of: date
    known_at: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. ``sentence`` comes first; ``trace`` says how it was reached; ``law`` which law was read."""

    question: Question
    verdict: Verdict
    sentence: str
    law: Law
    duty: tuple[DutyLine, ...] = ()
    total: Money | None = None
    options: tuple[Option, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    why_not: tuple[WhyNot, ...] = ()
    trace: tuple[Step, ...] = ()
    unverified: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    landed: Landed | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the decision as JSON prints it: dates and decimals as text."""
        document = {f.name: plain(getattr(self, f.name)) for f in fields(self)}
        rates = [line.rate for line in self.duty]
        known = [rate for rate in rates if rate is not None]
        whole = str(sum(known, Decimal(0))) if rates and len(known) == len(rates) else None
        duty = {"rate": whole, "amount": document.pop("total"), "lines": document.pop("duty")}
        return {"schema": SCHEMA, **document, "duty": duty}


def plain(value: Any) -> Any:
    """Give a value as JSON can hold it; records become objects."""
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
