"""The rule that a duty is stated."""

from __future__ import annotations

from collections.abc import Iterator

from openward.book.instruments import instrument_entries
from openward.book.rules.base import Finding, Rule
from openward.book.rules.index import Index


class DutySays(Rule):
    """A measure states what its instrument is about (a duty, a count of items), or says in words why not."""

    number = "BR8"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give measures whose effect is empty, so that nobody reads them as zero."""
        entries = instrument_entries()
        for measure in index.book.measures.values():
            wanted = entries[measure.instrument.value].effect
            effect = measure.effect
            stated = {"duty": effect.duty is not None, "items": effect.items is not None}
            if wanted in stated and not stated[wanted] and not effect.text:
                yield self.found(
                    measure,
                    sentence=f"{measure.id} is a {measure.instrument.value} and states no {wanted}",
                    hint=f"state effect.{wanted}, or say in effect.text why it cannot be stated",
                )
