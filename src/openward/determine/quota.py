"""Is a tariff quota open on a day? What its periods say, else a fact the question must give.

A measure is inside a quota by ``effect.quota`` (the order number), or by a condition of kind ``quota``:

===================================  ==============================================================
``quota: inside 054003``             applies while the quantity lasts
``quota: beyond CHN-BEEF-BRA``       applies once the quantity is used up
``quota: beyond X + 3 days``         applies from the third day after the day it was used up
any other words                      turns on the fact ``in_quota``
===================================  ==============================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from openward.book.model import Book, Measure, Quota
from openward.determine.decision import Question
from openward.determine.facts import as_bool
from openward.determine.kleene import Truth

IN_QUOTA = "in_quota"
_WORDS = re.compile(r"(inside|beyond)\s+(\S+?)(?:\s*\+\s*(\d+)\s+days?)?")


@dataclass(frozen=True, slots=True)
class Draw:
    """How a measure draws on a quota.

    Attributes
    ----------
    order_number : str
        Empty where the book names none.
    inside : bool
        True: applies while the quantity lasts; False: once it is used up.
    delay : int
        Days after the one on which it was used up, from which it applies beyond.
    text : str
        As the measure writes it.
    """

    order_number: str
    inside: bool = True
    delay: int = 0
    text: str = ""

    @property
    def fact(self) -> str:
        """Name of the fact that decides where the book does not."""
        return f"{IN_QUOTA}:{self.order_number}" if self.order_number else IN_QUOTA


def draws_on(measure: Measure) -> tuple[Draw, ...]:
    """Give the quotas a measure turns on."""
    found = []
    if measure.effect.quota:
        found.append(Draw(measure.effect.quota, text=measure.effect.quota))
    for condition in measure.conditions:
        if condition.kind != "quota":
            continue
        match = _WORDS.fullmatch(condition.value.strip())
        if match is None:
            if not found:
                found.append(Draw("", text=condition.value))
            continue
        place, number, days = match.groups()
        draw = Draw(number, place == "inside", int(days or 0), condition.value)
        found = [one for one in found if one.order_number != number] + [draw]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a draw on a day, and why."""

    applies: Truth
    why: str


def state(book: Book, draw: Draw, question: Question) -> State:
    """Say whether a measure that draws on a quota applies to a transaction.

    The fact ``in_quota`` (or ``in_quota:ORDER``) of the question decides first, then the quota's periods:
    past the day it was filled it is used up; with a balance that holds the quantity it is open.
    """
    for name in (draw.fact, IN_QUOTA):
        if name in question.facts:
            inside = as_bool(name, question.facts[name])
            return State(
                Truth.of(inside is draw.inside), f"the question says {name} is {str(inside).lower()}"
            )
    quota = book.quotas.get(draw.order_number)
    if quota is None:
        return State(
            Truth.UNKNOWN, f"whether the goods are inside the quota ({draw.text}) is not in the question"
        )
    return _by_periods(quota, draw, question)


def _by_periods(quota: Quota, draw: Draw, question: Question) -> State:
    on = question.on
    period = quota.period(on)
    name = quota.order_number
    if period is None:
        return State(Truth.FALSE, f"quota {name} has no period on {on.isoformat()}")
    filled = period.filled_on
    if filled is not None:
        since = filled + timedelta(days=draw.delay)
        if on >= since:
            return State(Truth.of(not draw.inside), f"quota {name} was filled on {filled.isoformat()}")
        if on < filled or not draw.inside:
            told = f", its effect begins on {since.isoformat()}" if draw.delay else ""
            return State(Truth.of(draw.inside), f"quota {name} was filled on {filled.isoformat()} only{told}")
    left = period.balance
    if left is not None and left <= 0:
        return State(Truth.of(not draw.inside), f"quota {name} has nothing left")
    if left is not None and question.quantity is not None and question.unit == period.unit:
        if question.quantity <= left:
            return State(Truth.of(draw.inside), f"quota {name} has {left} {period.unit} left")
        over = question.quantity - left
        return State(Truth.UNKNOWN, f"quota {name} has {left} {period.unit} left, {over} less than asked")
    critical = ", critical" if period.critical else ""
    known = (
        "its balance is not in the book"
        if left is None
        else f"{_plain(left)} {period.unit} are left{critical}"
    )
    return State(Truth.UNKNOWN, f"quota {name}: {known}; whether it holds these goods is not in the question")


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
