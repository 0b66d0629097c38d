"""What a rule is and what it finds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from openward.book.model import Book, LegalAct, Measure, Quota
from openward.book.rules.index import Index


class Severity(StrEnum):
    """An error breaks the book; a warning is something a person should look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """A break of a rule: which rule, by which measures (or acts, groups), in a sentence, and what to do."""

    rule: str
    ids: tuple[str, ...]
    sentence: str
    hint: str
    where: str = ""
    severity: Severity = Severity.ERROR


class Rule(ABC):
    """An integrity rule. Its docstring is its text; ``number`` is how findings name it."""

    number: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR

    @property
    def text(self) -> str:
        """The rule in words."""
        return " ".join((type(self).__doc__ or "").split())

    @abstractmethod
    def findings(self, index: Index) -> Iterator[Finding]:
        """Give every break of the rule."""

    def check(self, book: Book) -> tuple[Finding, ...]:
        """Give every break of this rule in a book."""
        return tuple(self.findings(Index(book)))

    def found(self, *measures: Measure, sentence: str, hint: str) -> Finding:
        """Build a finding about measures."""
        where = "; ".join(m.where for m in measures if m.where)
        return Finding(self.number, tuple(m.id for m in measures), sentence, hint, where, self.severity)

    def about(self, *ids: str, sentence: str, hint: str, where: str = "") -> Finding:
        """Build a finding about something that is not a measure."""
        return Finding(self.number, ids, sentence, hint, where, self.severity)


class MeasureRule(Rule):
    """A rule that looks at one measure at a time; its sentences go on after the measure's id."""

    hint: ClassVar[str]

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give every measure that breaks the rule."""
        for measure in index.measures:
            for said in self.breaks(measure, index):
                yield self.found(measure, sentence=f"{measure.id} {said}", hint=self.hint)

    @abstractmethod
    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say every way in which the measure breaks the rule."""


class QuotaRule(Rule):
    """A rule that looks at one quota at a time."""

    hint: ClassVar[str]

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give every quota that breaks the rule."""
        for quota in index.book.quotas.values():
            for said in self.breaks(quota, index):
                sentence = f"quota {quota.order_number} {said}"
                yield self.about(quota.order_number, sentence=sentence, hint=self.hint, where=quota.where)

    @abstractmethod
    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say every way in which the quota breaks the rule."""


class ActRule(Rule):
    """A rule that looks at one act at a time."""

    hint: ClassVar[str]

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give every act that breaks the rule."""
        for act in index.book.acts.values():
            for said in self.breaks(act):
                yield self.about(act.id, sentence=f"the act {act.id} {said}", hint=self.hint)

    @abstractmethod
    def breaks(self, act: LegalAct) -> Iterator[str]:
        """Say every way in which the act breaks the rule."""
