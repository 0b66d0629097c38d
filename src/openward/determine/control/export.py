"""Item x destination x end use x every party x ownership x day, under China's export control.

The verdict follows from what is known of goods and parties. What only the exporter can know of use and user
(military use, the catch-all clause) does not hide that answer: it is listed as unresolved, with what it would
change. Where the goods or a suspension are in doubt, the verdict itself is *unresolved*, with both outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openward.book.model import Book, Instrument
from openward.codes.economies import economy
from openward.codes.ranges import bounds
from openward.codes.terms import Status
from openward.determine.control.beyond import movement
from openward.determine.control.case import Case, unresolved
from openward.determine.control.licence import LicenceKind, licence_kinds, licence_obligations
from openward.determine.control.listing import State
from openward.determine.control.match import Match, matches
from openward.determine.control.ownership import Holding, Reached, ownership_rules, reached
from openward.determine.control.parties import EXACT_ONLY, WATCH, ListedAs, can_screen, listed_as
from openward.determine.control.words import cite, describe, step_of
from openward.determine.decision import Decision, Fact, Law, Obligation, Question, Verdict, WhyNot
from openward.determine.kleene import Truth
from openward.determine.step import Step
from openward.errors import UsageError

_FEWEST = 6
JURISDICTION = "CHN"


def decide_export(book: Book, question: Question, *, holdings: Sequence[Holding] = ()) -> Decision:
    """Answer whether goods may leave China for a destination, and what must be applied for.

    Parameters
    ----------
    book : Book
    question : Question
        ``hs`` (6 to 10 digits), ``importer`` (the destination), ``on``, ``end_use``, ``parties``, and in
        ``facts`` the parameters that texts name (``purity`` ...); ``shipped_from`` where not China.
    holdings : sequence of Holding
        Who owns whom, for the rules on ownership.

    Raises
    ------
    UsageError
        No product code, or one shorter than six digits.
    UnknownCodeError
        The destination is no economy.
    """
    if not question.hs or len(question.hs) < _FEWEST:
        raise UsageError(
            "export control asks for a product code of six digits or more",
            hint="give --hs, for example 28258000",
            where="determine export",
        )
    bounds(question.hs)
    destination = economy(question.importer)
    facts: dict[str, Fact] = dict(question.facts)
    if question.end_use:
        facts.setdefault("end_use", question.end_use)
    barred, ownership_steps = _owned(book, question, holdings)
    facts = barred | facts
    found = tuple(matches(book, question, facts, imposer=JURISDICTION))
    case = Case(
        question=question,
        facts=facts,
        items=tuple(one for one in found if _is_item(one)),
        others=tuple(one for one in found if not _is_item(one)),
        listed=tuple(one for name in question.parties for one in listed_as(book, name, question.on)),
        movement=movement(question, facts, home=JURISDICTION),
    )
    hard, _ = case.doubts()
    plain = case.outcome({})
    verdict = Verdict.UNRESOLVED if hard else plain
    watch = _watch(case)
    open_ = unresolved(case)
    obligations = _obligations(book, case, verdict, watch)
    kinds = licence_kinds(facts, on=question.on, watch_listed=watch) if obligations else ()
    used = [one for one in found if one.applies is not Truth.FALSE]
    read = [one.measure for one in used] + [one.measure for one in case.listed]
    unverified = tuple(dict.fromkeys(one.id for one in read if one.status is Status.UNVERIFIED))
    return Decision(
        question=question,
        verdict=verdict,
        sentence=describe(book, verdict, plain, destination.name, question, case.items, open_),
        law=Law(book.name, question.on),
        obligations=obligations,
        unresolved=open_,
        why_not=tuple(_why_not(case)),
        trace=(
            *case.movement.steps,
            *(step_of(book, one) for one in found if one.about_goods or one.binds is not Truth.FALSE),
            *(_party_step(book, one) for one in case.listed),
            *ownership_steps,
        ),
        unverified=unverified,
        notes=_notes(book, case, kinds),
    )


def _is_item(match: Match) -> bool:
    """An item names goods and asks for a licence on its own, not because another item catches them."""
    return (
        match.about_goods
        and match.measure.instrument is Instrument.LICENCE
        and "dual_use" not in match.condition
    )


def _watch(case: Case) -> Truth:
    truth = Truth.FALSE
    for one in case.listed:
        if one.effect.code == WATCH:
            truth = truth | one.binds
    return truth


def _obligations(book: Book, case: Case, verdict: Verdict, watch: Truth) -> tuple[Obligation, ...]:
    possible = [one for one in (*case.items, *case.others) if one.binds is not Truth.FALSE]
    licensed = [one for one in possible if one.measure.instrument is Instrument.LICENCE and one.about_goods]
    if verdict in (Verdict.FREE, Verdict.PROHIBITED) or not licensed:
        return ()
    first = licensed[0]
    cited = cite(book, first.measure)
    return tuple(licence_obligations(first.measure.id, cited, on=case.question.on, watch_listed=watch))


def _why_not(case: Case) -> list[WhyNot]:
    out = []
    for one in (*case.items, *case.others):
        if not one.about_goods:
            continue
        if one.applies is Truth.FALSE:
            out.append(WhyNot(one.measure.id, f"its text asks {one.condition}, and that is not so"))
        elif one.standing.state is State.SUSPENDED:
            out.append(WhyNot(one.measure.id, str(one.standing)))
    return out[:2]


def _party_step(book: Book, one: ListedAs) -> Step:
    alike = "the same name" if one.same is Truth.TRUE else f"alike ({one.score:.2f})"
    return Step(
        rule=f"{one.effect.name}: {one.effect.effect}",
        measure=one.measure.id,
        input=f"{one.asked} ~ {one.found}: {alike}",
        output=str(one.standing),
        citation=f"{cite(book, one.measure)}; {one.effect.citation}",
    )


def _owned(book: Book, question: Question, holdings: Sequence[Holding]) -> tuple[dict[str, Fact], list[Step]]:
    """Apply China's rule on enterprises owned by listed parties (article 20): it closes kinds of licence."""
    if not holdings:
        return {}, []
    rule = ownership_rules()["chn-wholly-owned-in-china"]
    owners = {one.owner for one in holdings}
    listed = [
        owner
        for owner in owners
        if any(
            one.effect.code in rule.lists and one.binds is Truth.TRUE
            for one in listed_as(book, owner, question.on)
        )
    ]
    found = reached(rule, listed, holdings) if rule.in_force(question.on) else {}
    steps = [
        Step(rule.effect, "", _held(hit), f"{hit.party} counts", rule.citation) for hit in found.values()
    ]
    return ({"owned_by_control_listed": True} if found else {}), steps


def _held(hit: Reached) -> str:
    return f"{', '.join(one.owner for one in hit.owners)}: {_pct(hit.share)} of {hit.party}"


def _pct(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def _notes(book: Book, case: Case, kinds: Sequence[LicenceKind]) -> tuple[str, ...]:
    notes = [] if can_screen() or not case.question.parties else [EXACT_ONLY]
    if not case.question.parties:
        notes.append("no party was named: lists of parties were not searched")
    if case.question.on > book.covered_to:
        notes.append(f"the book records the law to {book.covered_to}; later days follow what it holds")
    notes.append(
        "the list of dual-use items of 2024-12-01 (announcement 2024-51) and some announcements are not at "
        "hand: 'not caught' means not caught by the items in the book"
    )
    notes += [_kind(kind) for kind in kinds]
    return tuple(notes)


def _kind(kind: LicenceKind) -> str:
    words = {Truth.TRUE: "open", Truth.FALSE: "not open", Truth.UNKNOWN: "not known whether open"}[kind.open]
    asked = f" (turns on {', '.join(dict.fromkeys(kind.missing))})" if kind.open is Truth.UNKNOWN else ""
    return f"{kind.name}: {words}{asked}; {kind.why} [{kind.citation}]"
