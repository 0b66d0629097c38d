"""The rule about memberships."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from openward.book.rules.base import Finding, Rule
from openward.book.rules.index import Index
from openward.codes.membership import Membership


class MembershipsApart(Rule):
    """Memberships of one economy in one group do not overlap, and each holds at least one day."""

    number = "BR6"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give memberships that overlap or are empty."""
        gathered: dict[tuple[str, str], list[Membership]] = {}
        for membership in index.book.memberships:
            gathered.setdefault((membership.group, membership.economy), []).append(membership)
        for (group, economy), several in gathered.items():
            ordered = sorted(several, key=lambda m: m.valid.start)
            for one in ordered:
                if one.valid.empty:
                    yield self._found(group, economy, f"is empty: [{one.valid.start}, {one.valid.end})")
            for one, other in pairwise(ordered):
                if one.valid.overlaps(other.valid):
                    yield self._found(group, economy, f"is stated twice on {other.valid.start}")

    def _found(self, group: str, economy: str, what: str) -> Finding:
        return Finding(
            self.number,
            (group, economy),
            f"the membership of {economy} in {group} {what}",
            "state each membership once, [from, to), one after the other",
        )
