"""What a rule is and what it finds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from openward.book.model import Book, Measure


@dataclass(frozen=True, slots=True)
class Finding:
    """A break of a rule: which rule, by which measures (or acts, groups), in a sentence, and what to do."""

    rule: str
    ids: tuple[str, ...]
    sentence: str
    hint: str
    where: str = ""


class Rule(ABC):
    """An integrity rule. Its docstring is its text; ``number`` is how findings name it."""

    number: ClassVar[str]

    @property
    def text(self) -> str:
        """The rule in words."""
        return " ".join((type(self).__doc__ or "").split())

    @abstractmethod
    def findings(self, book: Book) -> Iterator[Finding]:
        """Give every break of the rule."""

    def found(self, *measures: Measure, sentence: str, hint: str) -> Finding:
        """Build a finding about measures."""
        where = "; ".join(m.where for m in measures if m.where)
        return Finding(self.number, tuple(m.id for m in measures), sentence, hint, where)
