"""The investment decision: admission under the negative lists, approvals of single sectors, security review.

The verdict is that of admission (*free*, *capped*: within limits, *prohibited*, *unresolved*); where
admission is free and review must be declared it is *review*. Review that is not resolved is named in
``unresolved`` and in the sentence and leaves the verdict of admission as it is: it runs beside the lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from openward.book.known import as_known
from openward.book.model import Book, Instrument
from openward.book.sentences import citation
from openward.codes.terms import Status
from openward.determine import review
from openward.determine.decision import (
    Decision,
    Law,
    Obligation,
    Option,
    Question,
    Unresolved,
    Verdict,
    WhyNot,
)
from openward.determine.investment import words
from openward.determine.investment.admission import Admission, Ruling, across, rulings
from openward.determine.investment.asked import OTHER, Asked, read
from openward.determine.investment.editions import NOWHERE, item_of
from openward.determine.step import Step

_REPORT = Obligation(
    what="report the investment through the systems of company registration and credit information",
    authority="departments of commerce",
    deadline="",
    measure="",
    citation="Foreign Investment Law 外商投资法, article 34",
)


def decide(question: Question, book: Book, *, known_at: date | None = None) -> Decision:
    """Answer a question about a foreign investment.

    Parameters
    ----------
    question : Question
        ``flow`` inward investment; ``sector`` an industry, ``GBT:...`` or ``ISIC:...``; ``zone`` a pilot
        zone or other place with openings, ``none`` outside all, empty if not known; facts ``activity``,
        ``stake``, ``investor`` and those the items turn on.
    book : Book
    known_at : date, optional
        Only what was recorded by this day.

    Raises
    ------
    UsageError
        Neither a sector nor an activity is given.
    UnknownCodeError, InputError
        See :func:`openward.determine.investment.asked.read`.
    """
    seen = as_known(book, known_at)
    asked = read(question, seen)
    decision = _Case(asked, seen).decision() if asked.editions else _no_list(asked, seen)
    if asked.editions:
        decision = _with_review(decision, review.decide(_for_review(asked), seen))
    return replace(decision, law=Law(book.name, question.on, known_at))


class _Case:
    """One question with what every candidate activity comes to in every place."""

    def __init__(self, asked: Asked, book: Book) -> None:
        self.asked = asked
        self.book = book
        self.here = asked.place or NOWHERE
        self.found = {activity: self._rulings(activity, self.here) for activity in asked.activities}
        self.best = {activity: across(given) for activity, given in self.found.items()}

    def _rulings(self, activity: str, place: str) -> tuple[Ruling, ...]:
        return rulings(
            self.asked.editions,
            activity=activity,
            place=place,
            pilots=self.asked.pilots,
            facts=self.asked.facts,
        )

    def decision(self) -> Decision:
        """Put the decision together, without security review."""
        asked, book = self.asked, self.book
        zones = tuple(self.zones())
        treaties = words.treaties(book, asked) if self.restricted else ()
        admissions = {best.admission for best in self.best.values()}
        open_question = len(admissions) > 1 or (not asked.place and bool(zones))
        verdict = Verdict.UNRESOLVED if open_question or treaties else next(iter(admissions)).verdict
        unresolved = (
            *self.activities(),
            *self.missing(),
            *(words.zone_unresolved(*zone) for zone in zones if not asked.place),
            *(words.treaty_unresolved(name) for name in treaties),
        )
        items = {item.measure.id: item.measure for best in self.best.values() for item in best.items}
        return Decision(
            question=asked.question,
            verdict=verdict,
            sentence=words.sentence(asked, verdict, self.best, treaties),
            law=Law(book.name, asked.question.on),
            options=tuple(self.options(zones)),
            obligations=tuple(self.obligations()),
            unresolved=unresolved,
            why_not=tuple(self.why_not()),
            trace=tuple(self.trace()),
            unverified=tuple(name for name, m in items.items() if m.status is Status.UNVERIFIED),
            notes=words.notes(book, asked, self.best),
        )

    @property
    def restricted(self) -> bool:
        """True where some activity is closed for good or not admitted as asked."""
        return any(
            best.admission in {Admission.CLOSED, Admission.OPEN_QUESTION} for best in self.best.values()
        )

    def zones(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give what is better elsewhere: the outcome, and the places."""
        for activity, best in self.best.items():
            better: dict[tuple[str, Admission], list[str]] = {}
            for place in sorted(words.known_places(self.asked)):
                there = across(self._rulings(activity, place))
                if there.admission < best.admission:
                    better.setdefault((words.outcome(there), there.admission), []).append(place)
            for (text, _), found in better.items():
                label = activity if len(self.best) > 1 else ""
                yield (f"{label}: {text}" if label else text), tuple(found)

    def activities(self) -> Iterator[Unresolved]:
        """Name the activities that would decide, where none is given."""
        if len(self.best) == 1:
            return
        for activity, best in self.best.items():
            if activity == OTHER:
                continue
            yield Unresolved(
                fact=f"activity == '{activity}'",
                why="; ".join(item.text for item in best.items)
                or "the items in force do not name it any more",
                if_true=words.outcome(best),
                if_false="this item does not bear; if none does, admission is free",
                measures=tuple(item.measure.id for item in best.items),
            )

    def missing(self) -> Iterator[Unresolved]:
        """Name the facts that the items of the given activity turn on."""
        if len(self.best) > 1:
            return
        for best in self.best.values():
            for one in best.missing:
                yield words.fact_unresolved(one, best)

    def options(self, zones: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[Option]:
        """Give lawful ways to invest where the answer is no."""
        if self.asked.place or len(self.best) > 1:
            for text, places in zones:
                yield Option(text, None, None, None, (f"zone in ({', '.join(places)})",), ())
        for best in self.best.values():
            if best.admission is Admission.CLOSED and len(self.best) == 1:
                needs = tuple(str(item.requires) for item in best.items if item.requires is not None)
                if needs and all(item.requires is not None for item in best.items):
                    ids = tuple(item.measure.id for item in best.items)
                    yield Option("within the limits of the list", None, None, None, needs, ids)

    def obligations(self) -> Iterator[Obligation]:
        """Give approvals of single sectors, and the report."""
        given = self.asked.activity
        for law in self.asked.laws:
            activity = item_of(law).activity
            yield review.obligation_of(law, self.book, when="" if given else f"if activity == '{activity}'")
        if all(best.admission is not Admission.CLOSED for best in self.best.values()):
            yield _REPORT

    def why_not(self) -> Iterator[WhyNot]:
        """Give the editions that are less favorable."""
        if len(self.best) > 1:
            return
        for activity, best in self.best.items():
            losers = (r for r in self.found[activity] if r.edition is not best.edition)
            for ruling in sorted(losers, key=lambda r: r.admission)[:2]:
                if ruling.admission > best.admission:
                    reason = f"less favorable: {words.outcome(ruling)}"
                    yield WhyNot(ruling.edition.measure.id, reason)

    def trace(self) -> Iterator[Step]:
        """Say edition by edition what its items do, then which edition is relied on."""
        for activity, given in self.found.items():
            for ruling in given:
                yield self._edition_step(activity, ruling)
            best = self.best[activity]
            if len(given) > 1:
                yield Step(
                    "the most favorable edition or treaty (Foreign Investment Law 4 and 13)",
                    best.edition.measure.id,
                    f"{len(given)} editions on {activity}",
                    words.outcome(best),
                    citation(best.edition.measure, self.book),
                )

    def _edition_step(self, activity: str, ruling: Ruling) -> Step:
        cited = ruling.items[0].measure if ruling.items else ruling.edition.measure
        return Step(
            "what zones open (Foreign Investment Law 13)"
            if ruling.edition.opening
            else "the most restrictive item of an edition (Foreign Investment Law 28)",
            cited.id,
            f"{activity} in {ruling.edition.measure.id}",
            words.outcome(ruling),
            citation(cited, self.book),
        )


def _for_review(asked: Asked) -> Question:
    """Ask about review with the industries that the activity lies in, where no sector is given."""
    if asked.question.sector:
        return asked.question
    sectors = [
        code
        for edition in asked.editions
        for item in edition.items
        if item.activity == asked.activity
        for code in item.measure.scope.sectors
    ]
    return replace(asked.question, sector=sectors[0]) if sectors else asked.question


def _with_review(decision: Decision, found: Decision) -> Decision:
    """Put security review beside admission; what is closed needs none."""
    if decision.verdict is Verdict.PROHIBITED:
        return decision
    free = decision.verdict is Verdict.FREE and found.verdict is Verdict.REVIEW
    return replace(
        decision,
        verdict=Verdict.REVIEW if free else decision.verdict,
        sentence=f"{decision.sentence} {found.sentence}",
        obligations=(*decision.obligations, *found.obligations),
        unresolved=(*decision.unresolved, *found.unresolved),
        trace=(*decision.trace, *found.trace),
        unverified=(*decision.unverified, *found.unverified),
        notes=(*decision.notes, *found.notes),
    )


def _no_list(asked: Asked, book: Book) -> Decision:
    day = asked.question.on
    first = min(
        (m.valid.start for m in book.measures.values() if m.instrument is Instrument.NEGATIVE_LIST),
        default=None,
    )
    since = f"; its lists begin on {first}" if first else ""
    return Decision(
        question=asked.question,
        verdict=Verdict.UNRESOLVED,
        sentence=f"The book {book.name} holds no list for foreign investment on {day}{since}.",
        law=Law(book.name, day),
        unresolved=(
            Unresolved(
                "the list in force", "no edition is in the book", "as the list says", "admission is free"
            ),
        ),
    )
