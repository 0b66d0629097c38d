"""The applied duty on a whole industry as a decision: one average, its classes of lines in the notes.

Rules of origin are taken as met and every preference as claimed, unless the question claims none; the notes
say so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from openward.book.known import as_known
from openward.book.model import Book, Instrument
from openward.determine.answer import AppliedRate
from openward.determine.average import AVERAGE, in_decimals
from openward.determine.decision import Decision, DutyLine, Law, Question, Unresolved, Verdict, WhyNot
from openward.determine.goods_facts import UNKNOWN_ORIGIN, not_excluded
from openward.determine.goods_named import check_claim
from openward.determine.needs import NO_CLAIM
from openward.determine.rate import applied_rate
from openward.determine.step import percent
from openward.errors import UsageError


def decide_industry(question: Question, book: Book, *, known_at: date | None = None) -> Decision:
    """Say what duty was applied to a partner's goods of an industry on a day.

    Parameters
    ----------
    question : Question
        ``importer`` empty means the economy of the book; ``origin`` empty (or ``unknown``) means that it is
        not known; ``sector`` an industry; ``claim`` empty or ``none``.
    book : Book
    known_at : date, optional
        Only what was recorded by this day is read.

    Raises
    ------
    UnknownCodeError
        An economy or industry that nobody defined.
    UsageError
        The claim of one preference: an industry is answered with every preference or with none.
    InputError
        A day before the book.
    """
    check_claim(question.claim, book)
    refused = question.claim.strip().casefold() in NO_CLAIM
    if question.claim and not refused:
        raise UsageError(
            "an industry is answered with every preference, or with --claim none",
            hint="ask with --hs for one preference",
            where="claim",
        )
    law = as_known(book, known_at)
    origin = "" if question.origin.strip().casefold() in UNKNOWN_ORIGIN else question.origin.strip()
    question = replace(question, importer=question.importer or book.economy, origin=origin)
    answer = applied_rate(
        _without_preferences(law) if refused else law,
        importer=question.importer,
        partner=origin or None,
        sector=question.sector,
        on=question.on,
        not_excluded=not_excluded(question),
    )
    return Decision(
        question=question,
        verdict=_verdict(answer),
        sentence=answer.sentence,
        law=Law(book.name, question.on, known_at),
        duty=_duty(answer),
        unresolved=tuple(
            Unresolved(fact, "the average cannot be worked out without it", "a rate can be given", "no rate")
            for fact in answer.missing
        ),
        why_not=tuple(WhyNot(one.measure, _reason(one.rate, one.reason)) for one in answer.alternatives),
        trace=answer.trace,
        unverified=answer.unverified,
        notes=(
            *_classes(answer),
            *(("no preference is claimed",) if refused else ()),
            *(f"assumed: {text}" for text in answer.assumptions),
            *answer.notes,
        ),
    )


def _without_preferences(book: Book) -> Book:
    kept = {k: m for k, m in book.measures.items() if m.instrument is not Instrument.PREFERENTIAL_DUTY}
    return replace(book, measures=MappingProxyType(kept))


def _verdict(answer: AppliedRate) -> Verdict:
    if answer.rate is None:
        return Verdict.UNRESOLVED
    return Verdict.FREE if answer.rate == 0 else Verdict.PAY


def _duty(answer: AppliedRate) -> tuple[DutyLine, ...]:
    if not answer.lines:
        return ()
    by = ", ".join(answer.measures) or "no measures"
    citation = f"average over the lines of {answer.sector}: {by}"
    name = f"{AVERAGE}{answer.sector}"
    rate = in_decimals(answer.rate)
    return (DutyLine("industry-average", name, "average of the industry", rate, None, citation),)


def _classes(answer: AppliedRate) -> tuple[str, ...]:
    if len(answer.lines) < 2:
        return ()
    return tuple(
        f"{answer.sector}/{line.code}: {'not known' if line.rate is None else percent(line.rate)}"
        f" ({line.lines:,} lines, {percent(line.share)} of the industry's imports)"
        f" by {', '.join(line.measures) or 'no measures'}"
        for line in answer.lines
    )


def _reason(rate: float | None, reason: str) -> str:
    return reason if rate is None else f"{percent(rate)}: {reason}"
