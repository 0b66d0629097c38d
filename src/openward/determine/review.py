"""Security review of foreign investment: whether it must be declared, in parallel to the negative lists.

The scope has a leg without any threshold (military industry and places near military sites) and a leg that
needs an important field *and* actual control. The last fields are open-ended ("other important fields"), so
an industry never excludes the review: only a fact does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openward.book.model import Book, Flow, Instrument, Measure
from openward.book.sentences import citation
from openward.codes.gbt4754 import industries_of
from openward.codes.terms import Status
from openward.determine.decision import Decision, Fact, Law, Obligation, Question, Unresolved, Verdict
from openward.determine.facts import parse
from openward.determine.investment.facts import complete
from openward.determine.kleene import Truth
from openward.determine.rate import check_day
from openward.determine.step import Step

_RULE = "security review runs beside admission (Foreign Investment Law 35)"
_WORDS = {Truth.TRUE: "must be declared", Truth.FALSE: "not caught", Truth.UNKNOWN: "not resolved"}


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of the scope: whether it catches the investment, and the facts it turns on."""

    measure: Measure
    truth: Truth
    missing: tuple[str, ...]
    named: bool


def legs(
    book: Book, question: Question, facts: Mapping[str, Fact], industries: Sequence[str]
) -> Iterator[Leg]:
    """Give the legs of the scope in force on the day; ``named`` where the text names the industries."""
    for measure in book.measures.values():
        if measure.instrument is not Instrument.SECURITY_REVIEW or question.on not in measure.valid:
            continue
        if measure.flow is not Flow.INWARD_INVESTMENT:
            continue
        conditions = [parse(c.value) for c in measure.conditions if c.kind == "fact"]
        truth = Truth.TRUE
        for condition in conditions:
            truth = truth & condition.evaluate(facts)
        missing = tuple(dict.fromkeys(name for c in conditions for name in c.missing(facts)))
        sectors = measure.scope.sectors
        yield Leg(measure, truth, missing, not sectors or bool(set(sectors) & set(industries)))


def decide(question: Question, book: Book) -> Decision:
    """Say whether a foreign investment must be declared for security review.

    Parameters
    ----------
    question : Question
        ``flow`` inward investment; facts ``military_field``, ``near_military_site``,
        ``important_for_security``, ``actual_control`` (it follows from a stake of half or more).
    book : Book

    Raises
    ------
    UnknownCodeError
        A sector that nobody defined.
    InputError
        A day before the book, facts that contradict each other.
    """
    check_day(book, question.on)
    industries = industries_of(question.sector) if question.sector else ()
    found = tuple(legs(book, question, complete(question.facts), industries))
    truth = Truth.FALSE
    for leg in found:
        truth = truth | leg.truth
    return Decision(
        question=question,
        verdict={Truth.TRUE: Verdict.REVIEW, Truth.FALSE: Verdict.FREE, Truth.UNKNOWN: Verdict.UNRESOLVED}[
            truth
        ],
        sentence=sentence(found, truth),
        law=Law(book.name, question.on),
        obligations=tuple(obligation_of(leg.measure, book) for leg in found if leg.truth is Truth.TRUE),
        unresolved=() if truth is Truth.TRUE else tuple(_unresolved(found)),
        trace=tuple(_step(leg, book) for leg in found),
        unverified=tuple(leg.measure.id for leg in found if leg.measure.status is Status.UNVERIFIED),
        notes=() if found else ("the book holds no rules of security review for this day",),
    )


def sentence(found: Sequence[Leg], truth: Truth) -> str:
    """Say the answer in one sentence."""
    if not found:
        return "The book holds no rules of security review for this day."
    if truth is Truth.TRUE:
        return "It must be declared for security review before it is made."
    if truth is Truth.FALSE:
        return "Security review does not catch it."
    missing = ", ".join(dict.fromkeys(name for leg in found for name in leg.missing))
    named = any(leg.named and leg.measure.scope.sectors for leg in found)
    fields = "the rules name fields of this sector" if named else "the rules do not name this sector"
    return f"Whether it must be declared for security review is not resolved: {missing} ({fields})."


def obligation_of(measure: Measure, book: Book, *, when: str = "") -> Obligation:
    """Read the obligation of a measure: what, by whom (``Authority:``) and how fast (``Clock:``)."""
    what, _, rest = measure.effect.text.partition("Authority:")
    authority, _, clock = rest.partition("Clock:")
    head = f"{when}: " if when else ""
    return Obligation(
        what=head + what.strip().rstrip("."),
        authority=authority.strip().rstrip("."),
        deadline=clock.strip().rstrip("."),
        measure=measure.id,
        citation=citation(measure, book),
    )


def _unresolved(found: Sequence[Leg]) -> Iterator[Unresolved]:
    for leg in found:
        if leg.truth is not Truth.UNKNOWN:
            continue
        for name in leg.missing:
            text = " and ".join(c.value for c in leg.measure.conditions if c.kind == "fact")
            yield Unresolved(
                fact=name,
                why=f"security review turns on: {text}",
                if_true="declare before investing" + ("" if " or " in text else ", if the rest holds too"),
                if_false="this leg does not catch it" + (", if the rest fails too" if " or " in text else ""),
                measures=(leg.measure.id,),
            )


def _step(leg: Leg, book: Book) -> Step:
    text = " and ".join(c.value for c in leg.measure.conditions if c.kind == "fact")
    return Step(_RULE, leg.measure.id, text, _WORDS[leg.truth], citation(leg.measure, book))
