"""What a measure turns on beyond importer, origin, code and day: each need true, false or not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openward.book.model import Book, Measure
from openward.book.query import party_name
from openward.determine.decision import Fact, Question
from openward.determine.facts import as_bool, parse
from openward.determine.kleene import Truth
from openward.determine.quota import draws_on, state

NO_CLAIM = frozenset({"none", "mfn", "no"})


class NeedKind(StrEnum):
    """What kind of thing would have to be known."""

    ORIGIN = "origin"
    QUOTA = "quota"
    FACT = "fact"
    CODE = "additional code"
    USE = "end use"
    PARTY = "party"
    ZONE = "zone"
    PAPER = "document"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a measure turns on.

    Attributes
    ----------
    fact : str
        Its name, as a question would give it.
    truth : Truth
        Whether the measure has what it needs, by the question and the book.
    why : str
        In words: what must be so, or why it is not.
    kind : NeedKind
    sense : bool
        False where the measure needs the fact to be false (beyond a quota).
    """

    fact: str
    truth: Truth
    why: str
    kind: NeedKind
    sense: bool = True

    def under(self, assumed: Mapping[str, bool]) -> Truth:
        """Give the truth with some facts assumed; what is known stays."""
        if self.truth is not Truth.UNKNOWN or self.fact not in assumed:
            return self.truth
        return Truth.of(assumed[self.fact] is self.sense)


def needs_of(
    book: Book, measure: Measure, question: Question, facts: Mapping[str, Fact], *, line: bool
) -> Iterator[Need]:
    """Give what a measure turns on.

    Parameters
    ----------
    book : Book
    measure : Measure
    question : Question
    facts : mapping
        The facts of the question and those that follow from it (:func:`known_facts`).
    line : bool
        The measure names tariff lines; a quantity that a broad measure mentions in words is then an
        assumption.
    """
    scope = measure.scope
    if measure.zone:
        yield _one_of(
            "zone", NeedKind.ZONE, question.zone, (measure.zone,), f"the goods enter {measure.zone}"
        )
    if scope.end_uses:
        words = ", ".join(scope.end_uses)
        yield _one_of("end_use", NeedKind.USE, question.end_use, scope.end_uses, f"the goods are for {words}")
    if scope.additional_codes:
        yield from _codes(question, scope.additional_codes)
    if scope.parties:
        known = Truth.of(bool(set(question.parties) & set(scope.parties)) if question.parties else None)
        yield Need("parties", known, f"one of the parties is {', '.join(scope.parties)}", NeedKind.PARTY)
    if scope.hint_only:
        fact = f"covered:{measure.id}"
        yield Need(fact, _given(facts, fact), "its text decides; the code is a pointer only", NeedKind.TEXT)
    for draw in draws_on(measure):
        if draw.order_number or line:
            found = state(book, draw, question)
            yield Need(draw.fact, found.applies, found.why, NeedKind.QUOTA, draw.inside)
    for condition in measure.conditions:
        if condition.kind == "origin":
            yield _origin(book, measure, condition.value, question, facts)
        elif condition.kind in {"fact", "threshold"}:
            told = parse(condition.value)
            yield Need(str(told), told.evaluate(facts), f"the text asks for {told}", NeedKind.FACT)
        elif condition.kind in {"document", "certificate"}:
            yield _paper(condition.kind, condition.value, question, facts)
        elif condition.kind == "coverage" and line:
            fact = f"covered:{measure.id}"
            yield Need(fact, _given(facts, fact), f"it covers {condition.value}", NeedKind.TEXT)


def known_facts(question: Question) -> dict[str, Fact]:
    """Give the facts of a question and those that follow: quantity, value, price, end use, places."""
    facts: dict[str, Fact] = {}
    for name in ("origin", "importer", "shipped_from", "end_use", "zone", "hs"):
        told = getattr(question, name)
        if told:
            facts[name] = told
    if question.quantity is not None:
        facts["quantity"] = f"{question.quantity:f} {question.unit}".strip()
    if question.value is not None:
        facts["value"] = f"{question.value.amount:f}"
        if question.quantity and question.unit:
            price: Decimal = question.value.amount / question.quantity
            facts["price"] = f"{price:f} {question.value.currency}/{question.unit}"
    return facts | dict(question.facts)


def _origin(book: Book, measure: Measure, value: str, question: Question, facts: Mapping[str, Fact]) -> Need:
    title, name = party_name(value), value
    if title == value and measure.act in book.acts:
        # A rule named in words only is told apart by its act: two programmes have two rules.
        title, name = book.acts[measure.act].title, measure.act
    fact = f"originating:{name}"
    why = f"the goods meet the rules of origin of {title} and a proof is shown"
    truth = _given(facts, fact)
    claim = question.claim.strip()
    if claim.casefold() in NO_CLAIM:
        return Need(fact, Truth.FALSE, "no preference is claimed", NeedKind.ORIGIN)
    if claim and claim not in {value, measure.id, measure.act, *measure.scope.partners}:
        return Need(fact, Truth.FALSE, f"the claim is for {claim}", NeedKind.ORIGIN)
    if truth is Truth.UNKNOWN and "originating" in facts:
        truth = Truth.of(as_bool("originating", facts["originating"]))
    if truth is Truth.FALSE:
        return Need(fact, truth, f"the goods do not meet the rules of origin of {title}", NeedKind.ORIGIN)
    if question.proof or truth is Truth.TRUE:
        truth = Truth.TRUE
    return Need(fact, truth, why, NeedKind.ORIGIN)


def _codes(question: Question, codes: tuple[str, ...]) -> Iterator[Need]:
    why = f"the additional code is {' or '.join(codes)}"
    if question.additional_code:
        yield Need(
            f"additional_code:{codes[0]}", Truth.of(question.additional_code in codes), why, NeedKind.CODE
        )
    else:
        yield Need(f"additional_code:{codes[0]}", Truth.UNKNOWN, why, NeedKind.CODE)


def _paper(kind: str, code: str, question: Question, facts: Mapping[str, Fact]) -> Need:
    fact = f"{kind}:{code}"
    truth = _given(facts, fact)
    if truth is Truth.UNKNOWN and code in question.proof.replace(",", " ").split():
        truth = Truth.TRUE
    verb = "shown" if kind == "document" else "held"
    return Need(fact, truth, f"{kind} {code} is {verb}", NeedKind.PAPER)


def _one_of(fact: str, kind: NeedKind, told: str, wanted: tuple[str, ...], why: str) -> Need:
    return Need(f"{fact}:{wanted[0]}", Truth.of(told in wanted if told else None), why, kind)


def _given(facts: Mapping[str, Fact], name: str) -> Truth:
    return Truth.of(as_bool(name, facts[name])) if name in facts else Truth.UNKNOWN
