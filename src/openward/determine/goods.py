"""The goods decision: what is due on one shipment on one day, every lawful way to pay, and what would change
it.

At tariff-line level where the book states duties for the code; else the average over the lines of its
industry, which the decision says. Facts the question does not give are assumed one way to print one figure;
each that matters is named in ``unresolved`` with the outcome for either value, and the verdict is then
*unresolved*:

* a preference in force is assumed claimed and its rules of origin met;
* goods are assumed outside quotas and zones, without special end uses and documents;
* additional duties that turn on an unknown fact are assumed due.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from openward.book.known import as_known
from openward.book.model import Book, Instrument
from openward.codes.correlation import EDITIONS
from openward.codes.economies import economy
from openward.determine.average import Average, average_of
from openward.determine.candidates import Candidate, gather
from openward.determine.charge import Basis, basis_of
from openward.determine.decision import Decision, Law, Question, Verdict
from openward.determine.goods_answer import answer_of
from openward.determine.goods_facts import asked, complete, not_excluded
from openward.determine.goods_named import check_claim
from openward.determine.kleene import Truth
from openward.determine.outcomes import explore
from openward.determine.precedence import precedence_on
from openward.determine.rate import check_day
from openward.determine.step import Step
from openward.determine.tally import Line
from openward.determine.value.customs import CustomsValue, customs_value
from openward.determine.value.frame import Frame, frame_of
from openward.errors import MissingDataError


@dataclass(frozen=True, slots=True)
class Priced:
    """What duties are charged on, and how it was built; ``value`` is None where none was asked about."""

    frame: Frame | None
    value: CustomsValue | None
    basis: Basis


def decide(question: Question, book: Book, *, known_at: date | None = None) -> Decision:
    """Answer a question about imported goods.

    Parameters
    ----------
    question : Question
        ``flow`` is ``import``; ``importer`` empty means the economy of the book; ``origin`` empty (or
        ``unknown``) means that it is not known; ``hs`` six to ten digits.
    book : Book
    known_at : date, optional
        Only what was recorded by this day is read.

    Raises
    ------
    UnknownCodeError
        An economy, code, unit, currency or preference that nobody defined.
    InputError
        A day before the book, a negative value or quantity, a unit of another kind than the duty's.
    """
    check_claim(question.claim, book)
    if known_at is not None:
        found = _decide(question, as_known(book, known_at))
        return replace(found, law=replace(found.law, known_at=known_at))
    return _decide(question, book)


def _decide(question: Question, book: Book) -> Decision:
    question = complete(question, book)
    check_day(book, question.on)
    what = asked(question)
    for code in (question.importer, *not_excluded(question), *((question.origin,) if what.partner else ())):
        economy(code)
    if what.partner == question.importer and question.shipped_from in {"", question.importer}:
        return _domestic(question, book)
    regime = precedence_on(book, question.importer, question.on)
    field = gather(book, question, sector=what.sector, partner=what.partner)
    priced = _priced(question, book)
    if field.has_line:
        suspected = _suspected(book, question, what.sector, regime.additions())
        ways = explore(Line(book, regime, field, priced.basis, question.hs, suspected))
        return answer_of(book, question, ways, field, frame=priced.frame, value=priced.value)
    if not what.sector:
        raise MissingDataError(
            f"the book states no duty for {question.hs} of {question.edition}, and its industry is not known",
            hint=f"ask with a code of {', '.join(EDITIONS)}",
            where="edition",
        )
    average: Average = average_of(book, question, what, field, regime, priced.basis)
    ways = explore(average.line, average.start)
    return answer_of(book, question, ways, field, frame=priced.frame, value=priced.value, average=average)


def _priced(question: Question, book: Book) -> Priced:
    frame = frame_of(book, question.importer, question.on)
    plain = basis_of(question, currency="" if frame is None else frame.currency)
    if frame is None:
        return Priced(None, None, plain)
    figures = any(method.item.fact in question.facts for method in frame.methods)
    if question.value is None and not figures:
        return Priced(frame, None, plain)
    value = customs_value(book, question, frame)
    if value.money is None:
        unpriced = replace(question, value=None)
        return Priced(frame, value, basis_of(unpriced, currency=frame.currency))
    return Priced(frame, value, basis_of(question, value.money))


def _suspected(
    book: Book, question: Question, sector: str, additions: frozenset[Instrument]
) -> tuple[Candidate, ...]:
    """Give the additional duties on goods of economies in which origin cannot be excluded."""
    found: dict[str, Candidate] = {}
    for other in not_excluded(question):
        for c in gather(book, question, sector=sector, partner=other).of(*additions):
            if c.measure.scope.partners and c.applies({}) is not Truth.FALSE:
                found[c.measure.id] = c
    return tuple(found.values())


def _domestic(question: Question, book: Book) -> Decision:
    step = Step("goods do not cross a customs border", "", f"{question.hs} of {question.origin}", "0 %", "")
    return Decision(
        question=question,
        verdict=Verdict.FREE,
        sentence=f"Goods of {question.origin} sold in {question.importer} cross no customs border: no duty.",
        law=Law(book.name, question.on),
        trace=(step,),
    )


def total_rate(decision: Decision) -> Decimal | None:
    """Give the sum of the rates of the duty lines; None where one of them is not known."""
    total = Decimal(0)
    for line in decision.duty:
        if line.rate is None:
            return None
        total += line.rate
    return total if decision.duty else None
