"""Rules of one law that forbid obeying another: when a foreign decision meets one, and what would tell.

The rules are data (``blocking.yaml``), dated and cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from openward.codes.groups import members
from openward.codes.terms import Status
from openward.determine.decision import Decision, Question, Unresolved, Verdict
from openward.determine.facts import as_bool
from openward.determine.kleene import Truth

NOT_ASKED = "not asked"
"""Note of a decision that a law could not give."""
_EUROPEAN = "EU27"
_TRADE_DUTIES = "import"


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """A rule of one law that forbids obeying another; see ``blocking.yaml``."""

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
    text = files("openward.determine").joinpath("blocking.yaml").read_text(encoding="utf-8")
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


def _held(decision: Decision, rule: BlockingRule, economy: str) -> Incompatible | None:
    question = decision.question
    if question.flow == _TRADE_DUTIES or NOT_ASKED in decision.notes:
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
