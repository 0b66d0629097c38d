"""Services from abroad: which list governs the mode of supply, and what only its text can say.

Modes 1 (across the border), 2 (consumed abroad) and 4 (natural persons) are governed by the lists for
cross-border services; mode 3 (commercial presence) is an investment and goes to
:mod:`openward.determine.investment`. The book holds the number of items of each list, not the items:
whether a service is on a list is a fact of the question (``listed_national``, ``listed_zones``,
``listed_hainan``), and not known until it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from openward.book.known import as_known
from openward.book.model import Book, Flow, Instrument, Measure
from openward.book.sentences import citation
from openward.codes.gbt4754 import industries_of
from openward.codes.industries import industry
from openward.codes.tables import nearest, unknown
from openward.codes.terms import Status
from openward.determine.decision import Decision, Fact, Law, Obligation, Question, Unresolved, Verdict
from openward.determine.facts import as_bool, parse
from openward.determine.investment import decide as decide_investment
from openward.determine.investment.editions import NOWHERE, PILOT, pilot_zones, places
from openward.determine.kleene import Truth
from openward.determine.rate import check_day
from openward.determine.review import obligation_of
from openward.determine.step import Step
from openward.errors import InputError

MODES = {
    Flow.SERVICES_MODE_1: "supplied across the border",
    Flow.SERVICES_MODE_2: "consumed abroad",
    Flow.SERVICES_MODE_3: "supplied through a commercial presence",
    Flow.SERVICES_MODE_4: "supplied by natural persons abroad",
}
_LIST_FACTS = {"": "listed_national", PILOT: "listed_zones"}
_FREE = "free: domestic and foreign suppliers are treated alike"
_BOUND = "prohibited or conditioned, as the item says"
_RULES = frozenset({Instrument.SERVICES_PROHIBITION, Instrument.SERVICES_CONDITION})
_COMMITMENTS = (
    "commitments under the General Agreement on Trade in Services and exemptions from most-favored-nation "
    "treatment (its article II) are not at hand: another economy's suppliers may have been promised more"
)


@dataclass(frozen=True, slots=True)
class ListRuling:
    """An edition of the list: the fact that decides it, and whether the service is on it."""

    measure: Measure
    fact: str
    listed: Truth


def decide(question: Question, book: Book, *, known_at: date | None = None) -> Decision:
    """Answer a question about a service supplied from abroad.

    Parameters
    ----------
    question : Question
        ``flow`` one of ``services-mode-1`` to ``services-mode-4``; ``sector`` an industry, ``GBT:...`` or
        ``ISIC:...``; ``zone`` a pilot zone, ``none`` outside all, empty if not known.
    book : Book
    known_at : date, optional
        Only what was recorded by this day.

    Raises
    ------
    UnknownCodeError
        A sector or zone that nobody defined.
    InputError
        Another flow, a sector of goods only, a day before the book.
    """
    mode = _mode(question)
    check_day(book, question.on)
    industries = industries_of(question.sector)
    if all(industry(code).goods for code in industries):
        raise InputError(
            f"{question.sector} makes goods, and the question is about a service",
            hint="ask about the goods, or about investment",
            where="sector",
        )
    if mode is Flow.SERVICES_MODE_3:
        investment = replace(question, flow=Flow.INWARD_INVESTMENT.value)
        decision = decide_investment(investment, book, known_at=known_at)
        notes = ("mode 3 is an investment: the lists for foreign investment govern it", *decision.notes)
        return replace(decision, question=question, notes=(*notes, _COMMITMENTS))
    seen = as_known(book, known_at)
    place = _place(question, seen)
    found = tuple(_rulings(question, seen, place))
    conditions = tuple(_conditions(question, seen, mode, industries))
    decision = _decision(question, seen, mode, place, found, conditions)
    return replace(decision, law=Law(book.name, question.on, known_at))


def _mode(question: Question) -> Flow:
    try:
        mode = Flow(question.flow)
    except ValueError:
        mode = Flow.IMPORT
    if mode not in MODES:
        raise unknown("mode of supply", question.flow, [], f"one of {', '.join(MODES)}")
    return mode


def _place(question: Question, book: Book) -> str:
    place = question.zone.strip().lower()
    known = places(book)
    if place and place not in known:
        raise unknown("zone", question.zone, nearest(place, known), f"one of {', '.join(sorted(known))}")
    return place


def _rulings(question: Question, book: Book, place: str) -> Iterator[ListRuling]:
    pilots = pilot_zones(book, question.on)
    for measure in book.measures.values():
        if measure.instrument is not Instrument.NEGATIVE_LIST or measure.flow is not Flow.SERVICES_MODE_1:
            continue
        if question.on not in measure.valid:
            continue
        zone = measure.zone
        if zone and place and zone != place and not (zone == PILOT and place in pilots):
            continue
        name = _LIST_FACTS.get(zone, f"listed_{zone}")
        yield ListRuling(measure, name, _given(question.facts, name))


def _given(facts: Mapping[str, Fact], name: str) -> Truth:
    return Truth.of(as_bool(name, facts[name])) if name in facts else Truth.UNKNOWN


def _conditions(
    question: Question, book: Book, mode: Flow, industries: tuple[str, ...]
) -> Iterator[tuple[Measure, Truth]]:
    for measure in book.measures.values():
        if measure.instrument not in _RULES or measure.flow is not mode or question.on not in measure.valid:
            continue
        if set(measure.scope.sectors) & set(industries):
            truth = Truth.TRUE
            for condition in measure.conditions:
                if condition.kind == "fact":
                    truth = truth & parse(condition.value).evaluate(question.facts)
            if truth is not Truth.FALSE:
                yield measure, truth


def _decision(
    question: Question,
    book: Book,
    mode: Flow,
    place: str,
    found: tuple[ListRuling, ...],
    conditions: tuple[tuple[Measure, Truth], ...],
) -> Decision:
    everywhere = [r for r in found if not r.measure.zone or place]
    free = any(r.listed is Truth.FALSE for r in everywhere)
    bound = bool(found) and all(r.listed is Truth.TRUE for r in found)
    what = f"{question.sector} {MODES[mode]}"
    where = "" if place in {"", NOWHERE} else f" in {place}"
    asked = f"{what}{where} on {question.on}"
    if not found:
        told = f"The book holds no list for cross-border services in force on {question.on}."
    elif free:
        told = f"A service of {asked} is free: a list that may be relied on does not name it."
    elif bound:
        told = f"A service of {asked} is restricted: every list names it; its text is not at hand."
    else:
        counts = ", ".join(f"{r.measure.effect.items} items {r.measure.zone or 'nationwide'}" for r in found)
        told = f"Whether a service of {asked} is free turns on whether a list names it ({counts})."
    used = [r.measure for r in found] + [m for m, _ in conditions]
    return Decision(
        question=question,
        verdict=Verdict.FREE if free else Verdict.UNRESOLVED,
        sentence=told,
        law=Law(book.name, question.on),
        obligations=tuple(_obligation(m, truth, book) for m, truth in conditions),
        unresolved=tuple(_unresolved(found, free=free, place=place)),
        trace=tuple(_step(r, book) for r in found),
        unverified=tuple(m.id for m in used if m.status is Status.UNVERIFIED),
        notes=(_COMMITMENTS, "laws of single sectors apply beside the lists; only some are in the book"),
    )


def _unresolved(found: tuple[ListRuling, ...], *, free: bool, place: str) -> Iterator[Unresolved]:
    if free:
        return
    for ruling in found:
        measure = ruling.measure
        within = f" (in {measure.zone})" if measure.zone and not place else ""
        if ruling.listed is Truth.UNKNOWN:
            yield Unresolved(
                fact=ruling.fact + within,
                why=f"{measure.id} has {measure.effect.items} items; they are not in the book",
                if_true=_BOUND + ("; another list may be better" if len(found) > 1 else ""),
                if_false=_FREE,
                measures=(measure.id,),
            )
        elif ruling.listed is Truth.FALSE and within:
            why = f"{measure.id} does not name it"
            yield Unresolved(f"zone: {measure.zone}", why, _FREE, "as outside the zones")
        elif ruling.listed is Truth.TRUE:
            yield Unresolved(
                fact=f"the text of the item in {measure.act}",
                why="the item prohibits or sets conditions; its text is not at hand",
                if_true="prohibited, if the item prohibits",
                if_false="allowed under the conditions of the item",
                measures=(measure.id,),
            )
    if not found:
        yield Unresolved("the rules in force", "no list is in the book", "as the rules say", _FREE)


def _obligation(measure: Measure, truth: Truth, book: Book) -> Obligation:
    facts = " and ".join(c.value for c in measure.conditions if c.kind == "fact")
    return obligation_of(measure, book, when=f"if {facts}" if truth is Truth.UNKNOWN else "")


def _step(ruling: ListRuling, book: Book) -> Step:
    outcome = {Truth.TRUE: _BOUND, Truth.FALSE: _FREE, Truth.UNKNOWN: "not known"}[ruling.listed]
    return Step(
        "what the list does not name is treated alike; the most favorable list may be relied on",
        ruling.measure.id,
        ruling.fact,
        outcome,
        citation(ruling.measure, book),
    )
