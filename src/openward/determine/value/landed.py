"""The landed total: customs value, duty, consumption tax, VAT, fees; when due, and interest if late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openward.book.model import Book, Instrument
from openward.determine.candidates import Candidate
from openward.determine.charge import Basis, charge_of, percent_text, rounded
from openward.determine.decision import DutyLine, Fact, Landed, Money, Question, Unresolved
from openward.determine.kleene import Truth
from openward.determine.order import cited
from openward.determine.quantities import measured
from openward.determine.step import Step
from openward.determine.value.customs import total_of
from openward.determine.value.frame import Frame, Item
from openward.errors import InputError

RATE_FACTS = {
    Instrument.CONSUMPTION_TAX: "consumption_tax_rate",
    Instrument.VALUE_ADDED_TAX: "vat_rate",
}
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Taxes:
    """Taxes on one way to pay.

    Attributes
    ----------
    lines : tuple of DutyLine
    payable : Decimal or None
        Duty and taxes, not rounded; None where one of them is not known.
    """

    lines: tuple[DutyLine, ...]
    payable: Decimal | None
    steps: tuple[Step, ...]
    unresolved: tuple[Unresolved, ...]


@dataclass(frozen=True, slots=True)
class _Rate:
    rate: Decimal | None
    measure: str
    text: str
    citation: str


def taxes_on(
    book: Book,
    frame: Frame,
    question: Question,
    candidates: Sequence[Candidate],
    *,
    value: Money,
    duty: Decimal | None,
) -> Taxes:
    """Charge the taxes of importing on customs value and duty, each on the base the law cascades.

    Consumption tax by value is part of its own base: base = (value + duty) / (1 - rate). Value added tax
    stands on value, duty and consumption tax.

    Parameters
    ----------
    book : Book
    frame : Frame
    question : Question
        ``facts`` may hold ``vat_rate`` and ``consumption_tax_rate`` where the book has no rate for the line.
    candidates : sequence of Candidate
        The tax measures that fall on the line.
    value : Money
        Customs value.
    duty : Decimal or None
        Duties and remedies in the currency of the value.
    """
    lines: list[DutyLine] = []
    steps: list[Step] = []
    unresolved: list[Unresolved] = []
    amounts: list[Decimal | None] = [duty]
    currency = value.currency
    for name in frame.taxes:
        instrument = Instrument(name)
        found = _rate(book, question, candidates, instrument)
        if found is None:
            if instrument is Instrument.VALUE_ADDED_TAX:
                amounts.append(None)
                unresolved.append(_no_rate(instrument))
            elif instrument is Instrument.IMPORT_FEE:
                amounts.append(None)
                unresolved.append(_no_fee())
            continue
        base = total_of((value.amount, *amounts))
        if (
            base is not None
            and instrument is Instrument.CONSUMPTION_TAX
            and found.rate is not None
            and found.rate < 1
        ):
            base = base / (ONE - found.rate)
        amount = None if base is None or found.rate is None else base * found.rate
        amounts.append(amount)
        money = None if amount is None else rounded(amount, currency)
        lines.append(DutyLine(name, found.measure, found.text, found.rate, money, found.citation))
        if base is not None and amount is not None:
            told = f"{_words(instrument)} on customs value, duty and the taxes before it"
            steps.append(
                Step(
                    told,
                    found.measure,
                    f"{found.text} of {rounded(base, currency).amount} {currency}",
                    f"{rounded(amount, currency).amount} {currency}",
                    found.citation,
                )
            )
    return Taxes(tuple(lines), total_of(amounts), tuple(steps), tuple(unresolved))


def _rate(
    book: Book, question: Question, candidates: Sequence[Candidate], instrument: Instrument
) -> _Rate | None:
    fact = RATE_FACTS.get(instrument, "")
    if fact in question.facts:
        told = question.facts[fact]
        found = measured(str(told))
        if found is None or found.number < 0:
            raise InputError(f"{fact} is {told}", hint=f"write it as {fact}='13 %'", where=fact)
        rate = found.number / 100 if found.unit == "%" else found.number
        if rate >= 1:
            raise InputError(
                f"{fact} is {told}",
                hint=f"a rate is a fraction below one or in percent: {fact}='13 %'",
                where=fact,
            )
        return _Rate(rate, "", percent_text(rate), "given in the question")
    fitting = [c for c in candidates if c.measure.instrument is instrument and c.applies({}) is Truth.TRUE]
    if not fitting:
        return None
    best = max(fitting, key=lambda c: (c.level, c.measure.id))
    charge = charge_of(best.measure.effect.duty, Basis())
    return _Rate(charge.rate, best.measure.id, str(best.measure.effect.duty), cited(book, best.measure))


def _no_rate(instrument: Instrument) -> Unresolved:
    fact = RATE_FACTS[instrument]
    words = _words(instrument)
    return Unresolved(
        fact,
        f"the book holds no {words} rate for the line",
        f"{words} is that rate of value, duty and taxes",
        f"the total is known without {words} only",
    )


def _no_fee() -> Unresolved:
    return Unresolved(
        "import_fees",
        "processing fees are due, and the book holds no cited figure for them",
        "they are added to the total",
        "the total is known without fees only",
    )


def landed(
    book: Book,
    frame: Frame,
    question: Question,
    *,
    value: Money,
    duty: Decimal | None,
    taxes: Taxes,
    steps: Sequence[Step],
) -> Landed:
    """Put the parts together, with the day of payment and the interest of late payment.

    Facts: the day the clock starts on (``declared_on``, or as the frame names it; else the day of the
    question) and ``paid_on``.
    """
    currency = value.currency
    payable = taxes.payable
    total = total_of((value.amount, payable))
    start = _day(question.facts, frame.payment.fact if frame.payment is not None else "", question.on)
    due = None if frame.payment is None else start + timedelta(days=frame.payment.days)
    clock = (
        []
        if due is None or frame.payment is None
        else [_step(book, frame, frame.payment, start.isoformat(), f"due by {due.isoformat()}")]
    )
    interest = None
    if due is not None and frame.late is not None and "paid_on" in question.facts:
        paid = _day(question.facts, "paid_on", due)
        days = max(0, (paid - due).days)
        if payable is not None:
            interest = rounded(payable * frame.late.rate * days, currency)
            clock.append(
                _step(
                    book,
                    frame,
                    frame.late,
                    f"paid on {paid.isoformat()}, {days} days late",
                    f"{interest.amount} {currency}",
                )
            )
    return Landed(
        customs_value=rounded(value.amount, currency),
        duty=None if duty is None else rounded(duty, currency),
        taxes=taxes.lines,
        payable=None if payable is None else rounded(payable, currency),
        total=None if total is None else rounded(total, currency),
        due=due,
        interest=interest,
        steps=(*steps, *taxes.steps, *clock),
    )


def _step(book: Book, frame: Frame, item: Item, before: str, after: str) -> Step:
    act = book.acts.get(frame.act)
    title = act.title if act is not None else frame.act
    return Step(item.text, "", before, after, f"{title}, art. {item.article}" if item.article else title)


def _day(facts: Mapping[str, Fact], name: str, otherwise: date) -> date:
    found = facts.get(name)
    if found is None:
        return otherwise
    if isinstance(found, date):
        return found
    try:
        return date.fromisoformat(str(found))
    except ValueError:
        raise InputError(f"{name} is {found}", hint="write it as YYYY-MM-DD", where=name) from None


def _words(instrument: Instrument) -> str:
    return instrument.value.replace("-", " ")
