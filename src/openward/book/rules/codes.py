"""The rule that every code is defined."""

from __future__ import annotations

from collections.abc import Iterator

from openward.book.rules.base import Finding, Rule
from openward.book.rules.index import Index


class KnownCodes(Rule):
    """Every economy, group, industry, class of lines and product that a measure names is defined."""

    number = "BR3"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give measures with a code that nobody defined."""
        known = index.vocabulary
        for measure in index.book.measures.values():
            for unknown in known.unknown(measure):
                yield self.found(
                    measure,
                    sentence=f"{measure.id} names {unknown.code!r} in {unknown.field}, which nobody defined",
                    hint=unknown.hint,
                )
