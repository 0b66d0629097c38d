"""The answer to one question of origin."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from openward.determine.decision import plain
from openward.determine.origin.finding import Change, Missing
from openward.determine.step import Step

SCHEMA = "openward.origin/1"


class OriginVerdict(StrEnum):
    """What a good is under a scheme."""

    ORIGINATING = "originating"
    NOT = "not originating"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class OriginAnswer:
    """Whether a good originates, by which rule, and what would change it (``openward.origin/1``).

    Attributes
    ----------
    verdict, sentence : the answer, and the answer in one sentence.
    scheme, product, made_in, cumulation : what was asked.
    heading, rule : the entry of the list and its published text.
    failed : numbers of the materials that failed, as in the bill.
    missing : facts without which the answer stays open.
    changes : ways to make it originate; the actions of one way are taken together.
    conditions : what the agreement asks for besides the rule and nobody stated.
    trace : one step a node of the rule.
    citation : where the rule was read.
    """

    verdict: OriginVerdict
    sentence: str
    scheme: str
    product: str
    made_in: str
    cumulation: str
    heading: str
    rule: tuple[str, ...]
    failed: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    changes: tuple[Change, ...] = ()
    conditions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    trace: tuple[Step, ...] = ()
    citation: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give the answer as JSON prints it."""
        return {"schema": SCHEMA, **{f.name: plain(getattr(self, f.name)) for f in fields(self)}}

    def as_text(self) -> str:
        """Give the answer as a terminal prints it: the sentence, what to know and do, then the trace."""
        lines = [self.sentence]
        lines += [f"  rule of {self.heading}: {text}" for text in self.rule]
        lines += [f"  missing: {each.fact}" + (f" ({each.why})" if each.why else "") for each in self.missing]
        lines += [f"  it would originate if you {' and '.join(way)}" for way in self.changes]
        lines += [f"  also required, not stated: {each}" for each in self.conditions]
        lines += [f"  note: {each}" for each in self.notes]
        lines += ["  trace:"] if self.trace else []
        lines += [f"    {step}" for step in self.trace]
        return "\n".join(lines)
