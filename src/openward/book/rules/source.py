"""The rule that the law is cited."""

from __future__ import annotations

from collections.abc import Iterator

from openward.book.reading import nearest
from openward.book.rules.base import Finding, Rule
from openward.book.rules.index import Index


class SourceNamed(Rule):
    """Every measure cites an act that the book holds."""

    number = "BR5"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give measures without an act, or with one that the book does not hold."""
        for measure in index.book.measures.values():
            if measure.act in index.book.acts:
                continue
            if not measure.act:
                sentence = f"{measure.id} cites no act"
                hint = "name the act, or an act that stands for the data set it was computed from"
            else:
                sentence = f"{measure.id} cites {measure.act!r}, which is not among the acts"
                hint = nearest(measure.act, index.book.acts, otherwise="add the act to acts.yaml")
            yield self.found(measure, sentence=sentence, hint=hint)
