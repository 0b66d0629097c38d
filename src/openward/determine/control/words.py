"""Sentences of a decision on export control."""

from __future__ import annotations

from collections.abc import Sequence

from openward.book.model import Book, Measure
from openward.determine.control.listing import State
from openward.determine.control.match import CODE, Match
from openward.determine.control.parties import ListedAs
from openward.determine.decision import Question, Unresolved, Verdict
from openward.determine.kleene import Truth
from openward.determine.step import Step

PHRASES = {
    Verdict.FREE: "not caught",
    Verdict.LICENCE: "licence needed",
    Verdict.REFUSED: "licence needed and in principle not granted",
    Verdict.PROHIBITED: "prohibited",
}
_SENTENCES = {
    Verdict.FREE: "No export licence is needed for {hs} to {to} on {on}: no item of the book catches it.",
    Verdict.LICENCE: "An export licence is needed for {hs} to {to} on {on}{by}.",
    Verdict.REFUSED: "An export licence for {hs} to {to} on {on} is needed and in principle not granted{by}.",
    Verdict.PROHIBITED: "Export of {hs} to {to} on {on} is prohibited{by}.",
}


def cite(book: Book, measure: Measure) -> str:
    """Give act and article of a measure."""
    act = book.acts.get(measure.act)
    name = (act.number or act.title) if act is not None else measure.act
    return f"{name}, {measure.article}" if measure.article else name


def describe(
    book: Book,
    verdict: Verdict,
    plain: Verdict,
    destination: str,
    question: Question,
    items: Sequence[Match],
    unresolved: Sequence[Unresolved],
) -> str:
    """Give the one sentence that answers."""
    where = {"hs": question.hs, "to": destination, "on": question.on}
    if verdict is Verdict.UNRESOLVED:
        first = unresolved[0]
        return (
            f"Unresolved for {question.hs} to {destination} on {question.on}: it turns on {first.fact}; "
            f"if so {first.if_true}, if not {first.if_false}."
        )
    caught = [one for one in items if one.binds is Truth.TRUE]
    by = f" ({cite(book, caught[0].measure)}: {caught[0].measure.effect.text})" if caught else ""
    return _SENTENCES[verdict].format(**where, by=by)


def step_of(book: Book, match: Match) -> Step:
    """Give what a control did with the question."""
    output = {Truth.TRUE: "applies", Truth.FALSE: "does not apply", Truth.UNKNOWN: "not known"}[match.applies]
    if match.standing.state is not State.IN_FORCE:
        output += f"; {match.standing}"
    return Step(
        rule=match.measure.effect.text,
        measure=match.measure.id,
        input=match.condition or "goods by their code",
        output=output,
        citation=cite(book, match.measure),
    )


def goods_doubt(match: Match, yes: str, no: str) -> Unresolved:
    """Say which parameter must be confirmed, and both outcomes."""
    fact = match.condition if CODE not in match.missing else " and ".join(
        part for part in ("product code to ten digits", match.condition) if part
    )  # fmt: skip
    why = f"the text of {match.measure.id} reads: {match.measure.effect.text}"
    if match.standing.state is State.RENEWAL_UNKNOWN:
        why += f"; {match.standing}"
    return Unresolved(
        fact=fact or "whether the goods are those of the text",
        why=why,
        if_true=yes,
        if_false=no,
        measures=(match.measure.id,),
    )


def renewal_doubt(match: Match, applies: str, renewed: str) -> Unresolved:
    """Say that a suspension ended and nothing is known of its renewal."""
    return Unresolved(
        fact=f"renewal of the suspension of {match.measure.id}",
        why=f"renewal not known: {match.standing}",
        if_true=renewed,
        if_false=applies,
        measures=(match.measure.id,),
    )


def use_doubt(match: Match, yes: str, no: str) -> Unresolved:
    """Say what only the exporter can know of use and user."""
    facts = [fact for fact in match.missing if fact != "dual_use"]
    return Unresolved(
        fact=" or ".join(facts),
        why=f"{match.measure.effect.text} [{match.measure.act}, {match.measure.article}]",
        if_true=yes,
        if_false=no,
        measures=(match.measure.id,),
    )


def party_doubt(one: ListedAs, yes: str, no: str) -> Unresolved:
    """Say that a party may be a listed one, or that its listing may be in force again."""
    if one.same is Truth.TRUE:
        return Unresolved(
            fact=f"renewal of the suspension of {one.measure.id}",
            why=f"{one.asked} is on {one.effect.name}; {one.standing}",
            if_true=no,
            if_false=yes,
            measures=(one.measure.id,),
        )
    return Unresolved(
        fact=f"whether {one.asked} is {one.found}",
        why=f"names alike ({one.score:.2f}: {'; '.join(one.reasons[:3])}); {one.effect.name}; {one.standing}",
        if_true=yes,
        if_false=no,
        measures=(one.measure.id,),
    )
