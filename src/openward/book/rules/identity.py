"""The rule that an id names one thing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from openward.book.model import Measure
from openward.book.rules.base import Finding, Rule
from openward.book.rules.index import Index
from openward.book.timeline import base_id


class OneIdEach(Rule):
    """An id names one measure; versions of it (``M``, ``M@2027-01-01``) are valid on different days."""

    number = "BR4"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give ids that stand for two measures, and versions that overlap."""
        seen: dict[str, Measure] = {}
        versions: dict[str, list[Measure]] = {}
        for key, measure in index.book.measures.items():
            if measure.id in seen or measure.id != key:
                yield self.found(
                    measure,
                    sentence=f"the id {measure.id!r} stands for two measures, or is filed under {key!r}",
                    hint="give each measure its own id",
                )
            seen[measure.id] = measure
            versions.setdefault(base_id(measure.id), []).append(measure)
        for name, several in versions.items():
            ordered = sorted(several, key=lambda m: m.valid.start)
            for one, other in pairwise(ordered):
                if one.id != other.id and one.valid.overlaps(other.valid):
                    yield self.found(
                        one,
                        other,
                        sentence=f"two versions of {name} are in force on {other.valid.start}",
                        hint="end the earlier version where the later begins",
                    )
