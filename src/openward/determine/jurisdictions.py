"""One transaction under several laws: decisions side by side, and duties that no conduct can meet together.

Decisions are never merged. Where one law forbids what another allows, both can be obeyed by not acting, and
nothing more is said. Duties are *incompatible* where a law forbids obeying another: a blocking rule against
a re-export control, a rule on information against a licence procedure. Rules are data
(``jurisdictions.yaml``), dated and cited; a fact they turn on that is not given leaves the incompatibility
*possible*, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Protocol

import yaml

from openward.book.model import Book
from openward.codes.groups import members
from openward.codes.terms import Status
from openward.determine.decision import Decision, Law, Question, Unresolved, Verdict
from openward.determine.facts import as_bool
from openward.determine.kleene import Truth
from openward.errors import MissingDataError, OpenwardError

_EUROPEAN = "EU27"
_NOT_ASKED = "not asked"
_TRADE_DUTIES = "import"


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


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """A rule of one law that forbids obeying another; see ``jurisdictions.yaml``."""

    id: str
    law: str
    against: tuple[str, ...]
    when: tuple[str, ...]
    protects: str
    fact: str
    asks: str
    duty: str
    consequence: str
    relief: str
    citation: str
    act: str
    start: date
    status: Status


@dataclass(frozen=True, slots=True)
class Incompatible:
    """Two duties that no conduct meets together.

    Attributes
    ----------
    rule : BlockingRule
    economy : str
        The economy whose law restricts.
    decision : Decision
        What it decided.
    truth : Truth
        True: incompatible; not known: possibly, ``missing`` would tell.
    missing : tuple of Unresolved
    """

    rule: BlockingRule
    economy: str
    decision: Decision
    truth: Truth
    missing: tuple[Unresolved, ...]

    @property
    def sentence(self) -> str:
        """Say both duties in one sentence."""
        possibly = "" if self.truth is Truth.TRUE else "Possibly: "
        unsure = "" if self.rule.status is Status.OFFICIAL else "; unverified"
        return (
            f"{possibly}{self.economy} restricts ({self.decision.sentence.rstrip('.')}), while under the law "
            f"of {self.rule.law} {self.rule.duty} [{self.rule.citation}{unsure}]; {self.rule.consequence}. "
            f"Way out: {self.rule.relief}."
        )

    def as_dict(self) -> dict[str, object]:
        """Give it as JSON prints it."""
        return {
            "rule": self.rule.id,
            "certain": self.truth is Truth.TRUE,
            "laws": [self.economy, self.rule.law],
            "sentence": self.sentence,
            "missing": [
                {"fact": u.fact, "why": u.why, "if_true": u.if_true, "if_false": u.if_false}
                for u in self.missing
            ],
            "citation": self.rule.citation,
            "status": self.rule.status.value,
        }


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


def incompatible(
    decisions: Iterable[Decision],
    *,
    economies: Mapping[str, str] | None = None,
    rules: Iterable[BlockingRule] | None = None,
) -> tuple[Incompatible, ...]:
    """Name the duties of different laws that no conduct meets together, certain ones first.

    Parameters
    ----------
    decisions : iterable of Decision
        Of one question (see :func:`decide_all`).
    economies : mapping from the name of a book, optional
        Whose law a book is; a book named like an economy (``usa``) needs none.
    rules : iterable of BlockingRule, optional
        Those that ship where none are given.
    """
    known = tuple(blocking_rules() if rules is None else rules)
    found = [
        one
        for decision in decisions
        for rule in known
        if (one := _held(decision, rule, _economy(decision, economies or {}))) is not None
    ]
    return tuple(sorted(found, key=lambda one: one.truth is not Truth.TRUE))


@cache
def blocking_rules() -> tuple[BlockingRule, ...]:
    """Give the rules that ship."""
    text = files("openward.determine").joinpath("jurisdictions.yaml").read_text(encoding="utf-8")
    return tuple(
        BlockingRule(
            **{
                **{key: value for key, value in row.items() if key != "from"},
                "against": tuple(row["against"]),
                "when": tuple(row["when"]),
                "start": row["from"],
                "status": Status(row["status"]),
            }
        )
        for row in yaml.load(text, Loader=yaml.CSafeLoader)["rules"]
    )


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
            notes=(f"law of {one.economy}: {one.part}", _NOT_ASKED),
        )
    note = f"law of {one.economy}: {one.part}"
    return replace(decision, notes=(note, *(n for n in decision.notes if n != note)))


def _held(decision: Decision, rule: BlockingRule, economy: str) -> Incompatible | None:
    question = decision.question
    if question.flow == _TRADE_DUTIES or _NOT_ASKED in decision.notes:
        return None
    if economy == rule.law or economy in _group(rule.law, question.on) or question.on < rule.start:
        return None
    if rule.against and economy not in rule.against:
        return None
    restricts = Truth.of(
        None if decision.verdict is Verdict.UNRESOLVED else decision.verdict.value in rule.when
    )
    protected = _protected(question, rule)
    given = question.facts.get(rule.fact)
    holds = Truth.of(None if given is None else as_bool(rule.fact, given))
    truth = restricts & protected & holds
    if truth is Truth.FALSE:
        return None
    return Incompatible(
        rule, economy, decision, truth, tuple(_missing(rule, economy, restricts, protected, holds))
    )


def _missing(
    rule: BlockingRule, economy: str, restricts: Truth, protected: Truth, holds: Truth
) -> Iterator[Unresolved]:
    both, neither = "the two duties are incompatible, if the rest holds too", "they are not"
    if restricts is Truth.UNKNOWN:
        yield Unresolved(f"decision of {economy}", f"the law of {economy} did not decide", both, neither)
    if protected is Truth.UNKNOWN:
        fact = f"{rule.protects.lower()}_party"
        yield Unresolved(
            fact, f"the rule protects citizens and organizations of {rule.protects}", both, neither
        )
    if holds is Truth.UNKNOWN:
        yield Unresolved(rule.fact, rule.asks, both, neither)


def _protected(question: Question, rule: BlockingRule) -> Truth:
    """Say whether the transaction touches those whom the rule protects: seller, buyer, or a named party."""
    if not rule.protects:
        return Truth.of(bool(question.parties))
    given = question.facts.get(f"{rule.protects.lower()}_party")
    if given is not None:
        return Truth.of(as_bool("party", given))
    if {question.importer, question.shipped_from} & ({rule.protects} | _group(rule.protects, question.on)):
        return Truth.TRUE
    return Truth.UNKNOWN if question.parties else Truth.FALSE


def _group(code: str, on: date) -> frozenset[str]:
    return frozenset(members(code, on)) if code == _EUROPEAN else frozenset()


def _economy(decision: Decision, economies: Mapping[str, str]) -> str:
    name = decision.law.book
    return economies.get(name, name.upper())


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
