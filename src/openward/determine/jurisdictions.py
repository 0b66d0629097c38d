"""One transaction under several laws: decisions side by side, and duties that no conduct can meet together.

Decisions are never merged. Where one law forbids what another allows, both can be obeyed by not acting, and
nothing more is said. Duties are *incompatible* where a law forbids obeying another: a blocking rule against
a re-export control, a rule on information against a licence procedure. Rules are data
(``blocking.yaml``), dated and cited; a fact they turn on that is not given leaves the incompatibility
*possible*, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from openward.book.model import Book
from openward.determine.blocking import (
    NOT_ASKED,
    BlockingRule,
    Incompatible,
    blocking_rules,
    incompatible,
)
from openward.determine.decision import Decision, Law, Question, Unresolved, Verdict
from openward.errors import MissingDataError, OpenwardError

__all__ = [
    "BlockingRule",
    "Decider",
    "Incompatible",
    "Jurisdiction",
    "blocking_rules",
    "decide_all",
    "incompatible",
    "jurisdictions_of",
]


class Decider(Protocol):
    """Answers a question under one law."""

    def __call__(self, question: Question) -> Decision:
        """Give the decision."""
        ...


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A law to ask: the economy whose law it is, the part of it (``export`` ...), and who answers."""

    economy: str
    part: str
    decide: Decider


def decide_all(question: Question, laws: Iterable[Book | Jurisdiction]) -> tuple[Decision, ...]:
    """Answer one question under every law, in the order given.

    Parameters
    ----------
    question : Question
        ``shipped_from`` and ``importer`` say which part of a book's law is asked: its export control, its
        duties, or what it says of re-exports.
    laws : iterable of Book or Jurisdiction
        A book is asked through :func:`jurisdictions_of`.

    Returns
    -------
    tuple of Decision
        One for each part of each law. A law that cannot answer gives an *unresolved* decision that says
        why: it is never left out.
    """
    return tuple(_asked(question, one) for law in laws for one in _parts(question, law))


def jurisdictions_of(question: Question, book: Book) -> tuple[Jurisdiction, ...]:
    """Give the parts of a book's law that a question falls under.

    Trade: export control where the goods leave the economy, duties where they enter it, export control
    again as a law of re-exports where they do neither. Investment and services have one part.
    """
    economy = book.economy
    if question.flow == "inward-investment":
        return (Jurisdiction(economy, "investment", lambda q: _investment(q, book)),)
    if question.flow.startswith("services-"):
        return (Jurisdiction(economy, "services", lambda q: _services(q, book)),)
    leaves = question.shipped_from == economy or (not question.shipped_from and question.origin == economy)
    enters = question.importer == economy
    parts: list[Jurisdiction] = []
    if leaves or not enters:
        part = "export" if leaves else "re-export"
        parts.append(Jurisdiction(economy, part, lambda q: _export(replace(q, flow="export"), book)))
    if enters:
        parts.append(Jurisdiction(economy, "import", lambda q: _goods(replace(q, flow="import"), book)))
    return tuple(parts)


def _parts(question: Question, law: Book | Jurisdiction) -> tuple[Jurisdiction, ...]:
    return (law,) if isinstance(law, Jurisdiction) else jurisdictions_of(question, law)


def _asked(question: Question, one: Jurisdiction) -> Decision:
    try:
        decision = one.decide(question)
    except OpenwardError as error:
        return Decision(
            question=question,
            verdict=Verdict.UNRESOLVED,
            sentence=f"The law of {one.economy} ({one.part}) could not be asked: {error.message}.",
            law=Law(one.economy.lower(), question.on),
            unresolved=(
                Unresolved(error.hint or error.message, error.message, "asked again", "not decided"),
            ),
            notes=(f"law of {one.economy}: {one.part}", NOT_ASKED),
        )
    note = f"law of {one.economy}: {one.part}"
    return replace(decision, notes=(note, *(n for n in decision.notes if n != note)))


def _goods(question: Question, book: Book) -> Decision:
    from openward.determine.goods import decide

    return decide(question, book)


def _investment(question: Question, book: Book) -> Decision:
    from openward.determine.investment import decide

    return decide(question, book)


def _services(question: Question, book: Book) -> Decision:
    from openward.determine.services import decide

    return decide(question, book)


def _export(question: Question, book: Book) -> Decision:
    """Ask the export control of a book: of China through its measures, of the United States by ECCN."""
    asked: Mapping[str, Callable[[], Decision]] = {
        "CHN": lambda: _export_chn(question, book),
        "USA": lambda: _export_usa(question),
    }
    if book.economy not in asked:
        raise MissingDataError(
            f"the book {book.name} holds no export control", hint="give a Jurisdiction that answers"
        )
    return asked[book.economy]()


def _export_chn(question: Question, book: Book) -> Decision:
    from openward.determine.control.export import decide_export

    return decide_export(book, question)


def _export_usa(question: Question) -> Decision:
    from openward.determine.control.ear import decide_ear

    return decide_ear(question, eccn=str(question.facts.get("eccn", "")))
