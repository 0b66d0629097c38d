"""The decision put together: lines, options, obligations, reasons, notes, landed total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from openward.book.model import Book, Instrument, Measure
from openward.codes.terms import Status
from openward.codes.units import unit as find_unit
from openward.codes.units import units
from openward.determine.average import AVERAGE, Average
from openward.determine.candidates import Field
from openward.determine.charge import ZERO, rounded
from openward.determine.decision import (
    Decision,
    DutyLine,
    Landed,
    Law,
    Money,
    Obligation,
    Option,
    Question,
    Unresolved,
    Verdict,
    WhyNot,
)
from openward.determine.goods_words import sentence_of
from openward.determine.kleene import Truth
from openward.determine.needs import NeedKind
from openward.determine.order import cited
from openward.determine.outcomes import Way, Ways
from openward.determine.shelves import CONTROLS, TAXES
from openward.determine.tally import Applied, Tally, act_title, rank
from openward.determine.value.customs import CustomsValue
from openward.determine.value.frame import Frame
from openward.determine.value.landed import Taxes, landed, taxes_on
from openward.errors import InputError

LOSERS = 2
NO_BASE = DutyLine("base-duty", "", "not in the book", None, None, "")


def answer_of(
    book: Book,
    question: Question,
    ways: Ways,
    field: Field,
    *,
    frame: Frame | None,
    value: CustomsValue | None,
    average: Average | None = None,
) -> Decision:
    """Put a decision together.

    Parameters
    ----------
    book : Book
    question : Question
    ways : Ways
    field : Field
        Everything that could fall on the line.
    frame, value : optional
        Valuation law and the customs value, where a value is known.
    average : Average, optional
        Where the base is an average over an industry.
    """
    lead = ways.lead
    _same_kind(question, lead)
    money = value.money if value is not None else None
    unresolved = [*ways.unresolved, *(average.unresolved(field.narrower, question.hs) if average else ())]
    unresolved += _missing(lead)
    verdict = _verdict(lead, unresolved, field)
    taxes = _taxes(book, question, field, frame, money, lead)
    paid: Landed | None = None
    if frame is not None and value is not None:
        unresolved += value.unresolved
        if money is not None and taxes is not None:
            unresolved += taxes.unresolved
            paid = landed(
                book, frame, question, value=money, duty=lead.total.amount, taxes=taxes, steps=value.steps
            )
    currency = ways.line.basis.currency
    return Decision(
        question=question,
        verdict=verdict,
        sentence=sentence_of(book, question, ways),
        law=Law(book.name, question.on),
        duty=(*(() if lead.taken else (NO_BASE,)), *(_line(book, a, currency) for a in lead.applied)),
        total=_money(lead.total.amount, currency),
        options=_options(book, question, ways, field, frame, money),
        obligations=tuple(_obligations(book, question, ways, field, frame, paid)),
        unresolved=tuple(unresolved),
        why_not=_why_not(book, ways, field),
        trace=tuple(lead.steps),
        unverified=_unverified(lead, average, field, paid),
        notes=(*_notes(book, question, ways, average), *(value.notes if value is not None else ())),
        landed=paid,
    )


def _line(book: Book, applied: Applied, currency: str) -> DutyLine:
    measure = applied.candidate.measure
    averaged = measure.id.startswith(AVERAGE)
    text = str(measure.effect.duty or ("average of the industry" if averaged else "not in the book"))
    amount = applied.charge.amount
    return DutyLine(
        kind="industry-average" if averaged else measure.instrument.value,
        measure=measure.id,
        duty=text,
        rate=applied.charge.rate,
        amount=_money(amount, currency),
        citation=cited(book, measure),
    )


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None or not currency else rounded(amount, currency)


def _missing(run: Tally) -> Iterator[Unresolved]:
    for applied in run.applied:
        for fact in applied.charge.missing:
            yield Unresolved(
                fact,
                _needing(applied.candidate.measure),
                "the amount can be worked out",
                "no amount, and no rate on the value, can be given",
                (applied.id,),
            )
    if not run.taken:
        yield Unresolved(
            "base duty", "the book holds no base duty for these goods", "it is due", "nothing can be said"
        )


def _needing(measure: Measure) -> str:
    duty = measure.effect.duty
    return f"{measure.id} needs it: {duty if duty is not None else measure.effect.text or 'no rate'}"


def _same_kind(question: Question, run: Tally) -> None:
    """Refuse a quantity that measures something else than the duty asks for.

    Raises
    ------
    InputError
    """
    if question.quantity is None:
        return
    given = find_unit(question.unit)
    for applied in run.applied:
        for fact in applied.charge.missing:
            kind, _, asked = fact.partition(" ")
            code = asked.partition(" of ")[0]
            if kind != "quantity" or code not in units() or units()[code].base == given.base:
                continue
            raise InputError(
                f"the quantity is given in {question.unit}, and {applied.id}"
                f" ({applied.candidate.measure.effect.duty}) asks for {code}",
                hint=f"{question.unit} measures {given.quantity}, {code} {units()[code].quantity}:"
                f" give quantity:{code} as a fact",
                where="quantity",
            )


def _verdict(run: Tally, unresolved: list[Unresolved], field: Field) -> Verdict:
    controls = [c for c in field.of(*CONTROLS) if c.applies({}) is Truth.TRUE]
    if any(c.measure.instrument is Instrument.PROHIBITION for c in controls):
        return Verdict.PROHIBITED
    if unresolved or not run.applied:
        return Verdict.UNRESOLVED
    if controls:
        return Verdict.LICENCE
    return Verdict.FREE if ZERO in (run.total.rate, run.total.amount) else Verdict.PAY


def _taxes(
    book: Book, question: Question, field: Field, frame: Frame | None, money: Money | None, run: Tally
) -> Taxes | None:
    if frame is None or money is None:
        return None
    return taxes_on(book, frame, question, field.of(*TAXES), value=money, duty=run.total.amount)


def _options(
    book: Book, question: Question, ways: Ways, field: Field, frame: Frame | None, money: Money | None
) -> tuple[Option, ...]:
    """Give every way to pay, the cheapest first; amounts are duty and taxes where both are known."""
    lead = _payable(book, question, field, frame, money, ways.lead)
    found = []
    for way in ways.ways:
        paid = _payable(book, question, field, frame, money, way.tally) if way.tally.applied else None
        found.append((way, paid))
    found.sort(key=lambda x: (*_order(x[0]), x[0].name))
    currency = ways.line.basis.currency
    options = [
        Option(
            name=way.name,
            rate=way.tally.total.rate if way.tally.applied else None,
            amount=_money(paid, currency),
            saving=_money(None if paid is None or lead is None else lead - paid, currency),
            requires=way.requires,
            measures=tuple(a.id for a in way.tally.applied) or way.measures,
        )
        for way, paid in found
    ]
    return tuple(options) if len(options) > 1 else ()


def _order(way: Way) -> tuple[int, Decimal]:
    return rank(way.tally.total) if way.tally.applied else (2, ZERO)


def _payable(
    book: Book, question: Question, field: Field, frame: Frame | None, money: Money | None, run: Tally
) -> Decimal | None:
    taxes = _taxes(book, question, field, frame, money, run)
    return run.total.amount if taxes is None or taxes.payable is None else taxes.payable


def _obligations(
    book: Book, question: Question, ways: Ways, field: Field, frame: Frame | None, paid: Landed | None
) -> Iterator[Obligation]:
    authority = f"customs of {question.importer}"
    for applied in ways.lead.applied:
        measure = applied.candidate.measure
        for need in applied.candidate.needs:
            if need.kind is NeedKind.ORIGIN:
                what = f"claim {act_title(book, measure.act)} and show its proof of origin"
            elif need.kind is NeedKind.QUOTA and need.sense:
                what = "hold a share of the tariff quota"
            elif need.kind in (NeedKind.PAPER, NeedKind.USE):
                what = f"show that {need.why}"
            else:
                continue
            yield Obligation(what, authority, "with the declaration", measure.id, cited(book, measure))
    for c in field.of(*CONTROLS):
        if c.applies({}) is not Truth.FALSE:
            what = c.measure.effect.text or c.measure.instrument.value
            yield Obligation(what, "", "before importation", c.measure.id, cited(book, c.measure))
    if paid is not None and paid.due is not None and frame is not None and frame.payment is not None:
        title = act_title(book, frame.act)
        yield Obligation(
            "pay duty and taxes",
            authority,
            paid.due.isoformat(),
            "",
            f"{title}, art. {frame.payment.article}",
        )


def _why_not(book: Book, ways: Ways, field: Field) -> tuple[WhyNot, ...]:
    """Give the best losers: those that lost by a rule, the cheapest first, then those that cannot apply."""
    used = {a.id for a in ways.lead.applied}
    lost = {one.candidate.measure.id: one for one in ways.lead.lost if one.candidate.measure.id not in used}
    ranked = sorted(lost.values(), key=lambda one: (*rank(one.charge), one.candidate.measure.id))
    found = [
        WhyNot(one.candidate.measure.id, f"{one.candidate.measure.effect.duty or 'no rate'}: {one.reason}")
        for one in ranked
    ]
    barred = [c for c in field.candidates if c.barrier() and c.measure.instrument not in TAXES | CONTROLS]
    found += [WhyNot(c.measure.id, f"{c.measure.effect.duty or 'no rate'}: {c.barrier()}") for c in barred]
    found += [
        WhyNot(m.id, f"{m.effect.duty or 'no rate'}: {act_title(book, m.act)} states the line itself")
        for m in field.shadowed
    ]
    return tuple(found[:LOSERS])


def _unverified(run: Tally, average: Average | None, field: Field, paid: Landed | None) -> tuple[str, ...]:
    own = [a.id for a in run.applied if a.candidate.measure.status is Status.UNVERIFIED]
    taxed = {line.measure for line in paid.taxes} if paid is not None else set()
    own += [
        c.measure.id
        for c in field.of(*TAXES)
        if c.measure.id in taxed and c.measure.status is Status.UNVERIFIED
    ]
    inside = list(average.claimed.unverified) if average is not None else []
    return tuple(dict.fromkeys([*inside, *own]))


def _notes(book: Book, question: Question, ways: Ways, average: Average | None) -> tuple[str, ...]:
    lead = ways.lead
    notes = [ways.line.regime.note] if ways.line.regime.note else []
    if average is not None and average.claimed.measures:
        notes.append(
            f"an average over the lines of {average.claimed.sector}, not the rate of {question.hs}:"
            " the book states no duty for the line"
        )
    notes += lead.notes
    notes += [a.candidate.remark for a in lead.applied if a.candidate.remark]
    notes += [f"{a.id}: {a.candidate.measure.note}" for a in lead.applied if a.candidate.measure.note]
    if question.on > book.covered_to:
        notes.append(
            f"the book was recorded up to {book.covered_to.isoformat()}:"
            f" this is the law of {question.on.isoformat()} as known then"
        )
    return tuple(dict.fromkeys(note for note in notes if note))
