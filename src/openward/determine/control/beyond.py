"""Movements that are not a plain export: transit, re-export, bonded areas, and items made abroad.

Dual-use Regulations article 48 (transit, re-export, bonded areas follow the same rules; between and into
bonded areas no licence is needed) and article 49 (transfers abroad: the ministry *may require* operators to
follow the Regulations, for three kinds of items).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openward.determine.decision import Fact, Question, Unresolved
from openward.determine.facts import parse
from openward.determine.kleene import Truth
from openward.determine.step import Step

REGULATIONS = date(2024, 12, 1)
SAME_RULES = frozenset({"transit", "transshipment", "through-transport", "re-export", "out-of-bonded-area"})
NO_LICENCE = frozenset({"between-bonded-areas", "into-bonded-area"})
_ABROAD = "contains_chinese_items or made_with_chinese_technology or chinese_origin"


@dataclass(frozen=True, slots=True)
class Movement:
    """How the goods move, and whether the law reaches it; ``key`` names the doubt."""

    kind: str
    reached: Truth
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    key: str = "movement"

    def doubt(self, yes: str, no: str) -> Unresolved:
        """Say what would have to be known of the movement."""
        required = "whether the Ministry of Commerce requires it for these items, destinations or parties"
        return Unresolved(
            fact=", ".join((*self.missing, "required_by_ministry")),
            why=f"article 49 of the Dual-use Regulations reaches transfers abroad on demand: {required}",
            if_true=yes,
            if_false=no,
        )


def movement(question: Question, facts: Mapping[str, Fact], *, home: str) -> Movement:
    """Read how goods move from ``facts['movement']`` and ``shipped_from``.

    A question that names no other place of dispatch is an export from home.
    """
    kind = str(facts.get("movement", "export"))
    if kind in NO_LICENCE:
        step = Step("no licence between or into bonded areas; customs supervises", "", kind, "not an export",
                    "Dual-use Regulations 48(2)")  # fmt: skip
        return Movement(kind, Truth.FALSE, (step,))
    if question.shipped_from in ("", home):
        if kind in SAME_RULES:
            step = Step(
                "follows the rules of an export",
                "",
                kind,
                "export",
                "Export Control Law 45; Regulations 48(1)",
            )
            return Movement(kind, Truth.TRUE, (step,))
        return Movement(kind, Truth.TRUE)
    return _abroad(question, facts)


def _abroad(question: Question, facts: Mapping[str, Fact]) -> Movement:
    from_to = f"{question.shipped_from} to {question.importer}"
    if question.on < REGULATIONS:
        step = Step(
            "no rule on transfers abroad yet", "", from_to, "not reached", "Dual-use Regulations 49, 50"
        )
        return Movement("transfer-abroad", Truth.FALSE, (step,))
    connected = parse(_ABROAD)
    required = parse("required_by_ministry")
    reached = connected.evaluate(facts) & required.evaluate(facts)
    step = Step(
        "transfers abroad follow the Regulations where the ministry so requires: items with Chinese dual-use "
        "items in them, made with Chinese technology, or of Chinese origin",
        "",
        from_to,
        {Truth.TRUE: "reached", Truth.FALSE: "not reached", Truth.UNKNOWN: "not known"}[reached],
        "Dual-use Regulations 49",
    )
    return Movement("transfer-abroad", reached, (step,), connected.missing(facts))
