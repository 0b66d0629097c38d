"""Rows that tables cannot answer, put to the interpreter: once for each distinct question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from openward.determine.batch.laws import Law
from openward.determine.batch.outcome import Outcome, outcome_of
from openward.determine.decision import Decision, Question
from openward.determine.goods import decide
from openward.errors import OpenwardError

KEPT = 200_000
"""Outcomes that are remembered."""
RATE_FACTS = ("originating", "rate of the line", "line:", "which applies")
"""Beginnings of open facts that do not turn on value or quantity."""

Answer = Outcome | str
"""An outcome, or the fault of the row."""


class Interpreter:
    """Answers questions one by one and remembers the outcomes."""

    def __init__(self) -> None:
        self.asked = 0
        self._known: OrderedDict[Hashable, Answer | None] = OrderedDict()

    def by_rate(self, question: Question, key: Hashable, law: Law) -> Answer | None:
        """Answer for all rows that share a key, whatever their value; None where value or quantity matter.

        Parameters
        ----------
        question : Question
            One of these rows.
        key : hashable
        law : Law
        """
        if key not in self._known:
            self._known[key] = self._by_rate(question, law)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    def _by_rate(self, question: Question, law: Law) -> Answer | None:
        if question.value is None or question.value.amount == 0:
            # Amounts of nothing are all alike, so that they rank duties otherwise than rates do.
            return None
        try:
            if not law.by_rate and not self._is_by_rate(question, law):
                return None
            return outcome_of(self._decide(question, law), by_rate=True)
        except OpenwardError as error:
            return error.message

    def _is_by_rate(self, question: Question, law: Law) -> bool:
        """Tell, by asking without value and quantity, whether they would change a rate."""
        blind = self._decide(replace(question, value=None, quantity=None, unit=""), law)
        rates = all(line.rate is not None for line in blind.duty)
        return rates and all(one.fact.startswith(RATE_FACTS) for one in blind.unresolved)

    def whole(self, question: Question, law: Law) -> Answer:
        """Answer one row with its value and quantity."""
        try:
            return outcome_of(self._decide(question, law), by_rate=False)
        except OpenwardError as error:
            return error.message

    def _decide(self, question: Question, law: Law) -> Decision:
        self.asked += 1
        return decide(question, law.book_for(question.claim))
