"""What a question about an investment asks, checked against the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openward.book.model import Book, Flow, Instrument, Measure
from openward.codes.economies import economy
from openward.codes.gbt4754 import industries_of
from openward.codes.tables import nearest, unknown
from openward.determine.decision import Fact, Question
from openward.determine.investment.editions import Edition, editions_on, item_of, pilot_zones, places
from openward.determine.investment.facts import complete
from openward.determine.rate import check_day
from openward.errors import InputError, UsageError

OTHER = "other"
"""The activity of an investor whose business is in no item."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as read.

    Attributes
    ----------
    question : Question
    industries : tuple of str
        Industries the sector names; empty where no sector is given.
    activities : tuple of str
        The one given; else those of the items that point at the sector, and ``other``.
    place : str
        The zone, ``none`` for outside all; empty: not known.
    facts : mapping
        With what follows from them.
    editions : tuple of Edition
    pilots : frozenset of str
        Pilot zones of the day.
    laws : tuple of Measure
        Approvals of single sectors that the sector or the activity may need.
    """

    question: Question
    industries: tuple[str, ...]
    activities: tuple[str, ...]
    place: str
    facts: Mapping[str, Fact]
    editions: tuple[Edition, ...]
    pilots: frozenset[str]
    laws: tuple[Measure, ...]

    @property
    def activity(self) -> str:
        """The activity, where it is given."""
        return str(self.facts.get("activity", ""))


def read(question: Question, book: Book) -> Asked:
    """Check a question about an investment.

    Raises
    ------
    UsageError
        Neither a sector nor an activity is given, or the flow is another one.
    UnknownCodeError
        A sector, activity, zone or economy that nobody defined.
    InputError
        A day before the book, a share outside 0 to 100 %, an investor of the economy itself.
    """
    if question.flow != Flow.INWARD_INVESTMENT.value:
        raise UsageError(
            f"the flow of the question is {question.flow!r}",
            hint=f"ask with flow {Flow.INWARD_INVESTMENT.value}",
            where="investment",
        )
    check_day(book, question.on)
    facts = complete(question.facts)
    given = str(facts.get("activity", ""))
    if not question.sector and not given:
        raise UsageError(
            "neither a sector nor an activity is given",
            hint="for example --sector J61, or --activity value-added-telecom",
            where="investment",
        )
    _check_investor(facts, book)
    industries = industries_of(question.sector) if question.sector else ()
    editions = editions_on(book, question.on)
    laws = tuple(_laws(book, question))
    known = _activities(book)
    if given and given not in known:
        raise unknown("activity", given, nearest(given, known), f"one of {', '.join(sorted(known))}")
    return Asked(
        question=question,
        industries=industries,
        activities=(given,) if given else _candidates(editions, industries),
        place=_place(question, book),
        facts=facts,
        editions=editions,
        pilots=pilot_zones(book, question.on),
        laws=tuple(m for m in laws if _bears(m, industries, given)),
    )


def _activities(book: Book) -> frozenset[str]:
    inward = (m for m in book.measures.values() if m.flow is Flow.INWARD_INVESTMENT)
    return frozenset(name for m in inward if (name := item_of(m).activity)) | {OTHER}


def _candidates(editions: tuple[Edition, ...], industries: tuple[str, ...]) -> tuple[str, ...]:
    found = (
        item.activity
        for edition in editions
        if not edition.opening
        for item in edition.items
        if set(item.measure.scope.sectors) & set(industries)
    )
    return (*dict.fromkeys(found), OTHER)


def _laws(book: Book, question: Question) -> tuple[Measure, ...]:
    return tuple(
        m
        for m in book.measures.values()
        if m.instrument is Instrument.LICENCE and m.flow is Flow.INWARD_INVESTMENT and question.on in m.valid
    )


def _bears(measure: Measure, industries: tuple[str, ...], activity: str) -> bool:
    if activity:
        return item_of(measure).activity == activity
    return bool(set(measure.scope.sectors) & set(industries))


def _place(question: Question, book: Book) -> str:
    place = question.zone.strip().lower().replace(" ", "-")
    known = places(book)
    if place and place not in known:
        raise unknown("zone", question.zone, nearest(place, known), f"one of {', '.join(sorted(known))}")
    return place


def _check_investor(facts: Mapping[str, Fact], book: Book) -> None:
    investor = str(facts.get("investor", ""))
    if not investor:
        return
    economy(investor)
    if investor == book.economy:
        raise InputError(
            f"the investor is of {investor} itself",
            hint="the lists are about foreign investors",
            where="investor",
        )
