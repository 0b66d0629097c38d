"""A party on a day: on which lists, with which effect, and who counts because of who owns whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from openward.book.model import Book
from openward.codes.terms import Status
from openward.determine.control.listing import State
from openward.determine.control.ownership import Holding, OwnershipRule, reached
from openward.determine.control.parties import EXACT_ONLY, ListedAs, can_screen, listed_as
from openward.determine.control.words import cite, party_doubt
from openward.determine.decision import Decision, Law, Question, Unresolved, Verdict, WhyNot
from openward.determine.kleene import Truth
from openward.determine.step import Step

_ORDER = (Verdict.FREE, Verdict.LICENCE, Verdict.REFUSED, Verdict.PROHIBITED)
_WORDS = {
    Verdict.FREE: "no restriction by these lists",
    Verdict.LICENCE: "licence conditions",
    Verdict.REFUSED: "licence in principle not granted",
    Verdict.PROHIBITED: "dealings prohibited",
}


def decide_party(
    book: Book,
    name: str,
    on: date,
    *,
    holdings: Sequence[Holding] = (),
    listed: Iterable[str] = (),
    rule: OwnershipRule | None = None,
) -> Decision:
    """Answer whether a party is listed on a day, and what that means.

    Parameters
    ----------
    book : Book
        Its listings are searched.
    name : str
    on : date
    holdings : sequence of Holding
        Who owns whom; read by ``rule``.
    listed : iterable of str
        Parties known to be listed under the law of ``rule``.
    rule : OwnershipRule, optional
        The rule on ownership to apply.

    Returns
    -------
    Decision
        ``free`` means: not restricted by the lists of the book. A name that is only alike, or a listing whose
        renewal is not known, is *unresolved*.
    """
    found = listed_as(book, name, on)
    firm = [one for one in found if one.binds is Truth.TRUE]
    doubtful = [one for one in found if one.binds is Truth.UNKNOWN]
    plain = max((one.effect.verdict for one in firm), key=_ORDER.index, default=Verdict.FREE)
    worse = [one for one in doubtful if _ORDER.index(one.effect.verdict) > _ORDER.index(plain)]
    owned, steps, doubt = _ownership(name, on, holdings, tuple(listed), rule)
    verdict = Verdict.PROHIBITED if owned else Verdict.UNRESOLVED if worse or doubt else plain
    return Decision(
        question=Question(flow="export", on=on, parties=(name,)),
        verdict=verdict,
        sentence=_sentence(name, on, verdict, firm, worse, owned),
        law=Law(book.name, on),
        unresolved=(
            *(party_doubt(one, _WORDS[one.effect.verdict], _WORDS[plain]) for one in worse),
            *doubt,
        ),
        why_not=tuple(
            WhyNot(one.measure.id, str(one.standing))
            for one in found
            if one.same is Truth.TRUE
            and one.standing.state in (State.SUSPENDED, State.STOPPED, State.REMOVED)
        ),
        trace=(*(_step(book, one) for one in found), *steps),
        unverified=tuple(one.measure.id for one in found if one.measure.status is Status.UNVERIFIED),
        notes=() if can_screen() else (EXACT_ONLY,),
    )


def _sentence(
    name: str, on: date, verdict: Verdict, firm: list[ListedAs], worse: list[ListedAs], owned: str
) -> str:
    if owned:
        return f"{name} counts as listed on {on}: {owned}."
    if verdict is Verdict.UNRESOLVED and worse:
        one = worse[0]
        if one.same is Truth.TRUE:
            return f"Unresolved: {name} is on {one.effect.name}, {one.standing}."
        return f"Unresolved: {name} may be {one.found} ({one.score:.2f}) on {one.effect.name}; confirm it."
    if verdict is Verdict.UNRESOLVED:
        return f"Unresolved: whether a rule on ownership reaches {name} on {on} is not known."
    if not firm:
        return f"{name} is on no list of the book that is in force on {on}."
    parts = [f"{one.effect.name} (since {one.standing.since}): {one.effect.effect}" for one in firm]
    return f"{name} is listed on {on}: {'; '.join(parts)}."


def _ownership(
    name: str, on: date, holdings: Sequence[Holding], listed: tuple[str, ...], rule: OwnershipRule | None
) -> tuple[str, list[Step], tuple[Unresolved, ...]]:
    if rule is None or not holdings:
        return "", [], ()
    hits = reached(rule, listed, holdings)
    steps = [
        Step(
            f"{rule.effect} (round {hit.round})",
            "",
            " + ".join(f"{one.owner} {one.share:%}" for one in hit.owners)
            + f" = {hit.share:%} of {hit.party}",
            f"{hit.party} counts as listed",
            rule.citation,
        )
        for hit in hits.values()
    ]
    hit = hits.get(name)
    applies = rule.in_force(on)
    if hit is None or applies is False:
        return "", steps, ()
    said = f"{', '.join(one.owner for one in hit.owners)} own {hit.share:%} of it [{rule.citation}]"
    if applies is None:
        doubt = Unresolved(
            fact=f"renewal of the suspension of {rule.id}",
            why=f"renewal not known: {rule.citation}",
            if_true="not reached by ownership",
            if_false=said,
        )
        return "", steps, (doubt,)
    return said, steps, ()


def _step(book: Book, one: ListedAs) -> Step:
    alike = (
        "the same name" if one.same is Truth.TRUE else f"alike ({one.score:.2f}): {'; '.join(one.reasons)}"
    )
    return Step(
        rule=f"{one.effect.name}: {one.effect.effect}",
        measure=one.measure.id,
        input=f"{one.asked} ~ {one.found}: {alike}",
        output=str(one.standing),
        citation=f"{cite(book, one.measure)}; {one.effect.citation}",
    )
