"""Rules about days of validity."""

from __future__ import annotations

from collections.abc import Iterator

from openward.book.rules.base import Finding, Rule
from openward.book.rules.index import Index


class WithinTheAct(Rule):
    """A measure is valid only on days on which the act that it cites is in force.

    Acts whose entry into force is not known are not judged.
    """

    number = "BR1"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give measures that begin before, or outlive, their act."""
        for measure in index.book.measures.values():
            act = index.book.acts.get(measure.act)
            days = act.validity if act is not None else None
            if act is None or days is None or measure.valid.empty:
                continue
            if measure.valid.start < days.start:
                yield self.found(
                    measure,
                    sentence=f"{measure.id} begins {measure.valid.start}, its act {act.id} {days.start}",
                    hint="correct a date, or cite the act that was in force",
                )
            elif days.end is not None and (measure.valid.end is None or measure.valid.end > days.end):
                ends = f"ends on {measure.valid.end}" if measure.valid.end else "has no end"
                yield self.found(
                    measure,
                    sentence=f"{measure.id} {ends}, but its act {act.id} is repealed on {days.end}",
                    hint="end the measure with its act, or split it and cite the act that follows",
                )


class SomeDay(Rule):
    """A measure is valid on at least one day."""

    number = "BR7"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give measures whose end is not after their beginning."""
        for measure in index.book.measures.values():
            if measure.valid.empty:
                yield self.found(
                    measure,
                    sentence=f"{measure.id} is valid on no day: [{measure.valid.start}, {measure.valid.end})",
                    hint="the end is the first day on which it no longer applies",
                )
