"""A decision as the look-up page shows it, whatever was asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openward.book.model import Book
from openward.determine.charge import percent_text
from openward.determine.decision import Decision, DutyLine, Landed, Money, Verdict
from openward.determine.goods import total_rate
from openward.determine.step import Step
from openward.web.asked import Asked
from openward.web.questions import decide
from openward.web.settle import doubts

VERDICTS = {
    Verdict.FREE: "Free",
    Verdict.PAY: "To pay",
    Verdict.LICENCE: "Licence needed",
    Verdict.REFUSED: "Refused in principle",
    Verdict.PROHIBITED: "Prohibited",
    Verdict.REVIEW: "Security review",
    Verdict.CAPPED: "Within limits",
    Verdict.UNRESOLVED: "Unresolved",
}
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures under the sentence."""

    label: str
    value: str
    note: str = ""


def money(amount: Money | None) -> str:
    """Print an amount with its currency."""
    return NOT_KNOWN if amount is None else f"{amount.amount:,f} {amount.currency}"


def rate(value: Decimal | None) -> str:
    """Print a rate; empty where there is none."""
    return "" if value is None else percent_text(value)


def view(asked: Asked, decision: Decision, book: Book) -> dict[str, Any]:
    """Give what the template of a decision shows."""
    return {
        "decision": decision,
        "figures": tuple(_figures(decision)),
        "doubts": doubts(asked, decision, lambda again: decide(again, book)),
        "lines": _lines(decision),
        "steps": _steps(decision),
        "links": _links(book, decision),
        "money": money,
        "rate": rate,
    }


def _figures(decision: Decision) -> Iterator[Figure]:
    yield Figure("Verdict", VERDICTS[decision.verdict])
    if decision.duty:
        whole = total_rate(decision)
        amount = "" if decision.total is None else money(decision.total)
        yield Figure("Duty", rate(whole) or amount or NOT_KNOWN, amount if whole is not None else "")
    if decision.landed is not None:
        yield from _landed(decision.landed)
    known = decision.law.known_at
    note = f"book {decision.law.book}" + (f", as known on {known}" if known is not None else "")
    yield Figure("Law of", decision.law.as_of.isoformat(), note)


def _landed(landed: Landed) -> Iterator[Figure]:
    yield Figure("Customs value", money(landed.customs_value))
    due = "" if landed.due is None else f"by {landed.due}"
    yield Figure("To pay", money(landed.payable), due)
    yield Figure("Landed total", money(landed.total), "value, duty and taxes")
    if landed.interest is not None:
        yield Figure("Interest", money(landed.interest), "of late payment")


def _lines(decision: Decision) -> tuple[DutyLine, ...]:
    return (*decision.duty, *(decision.landed.taxes if decision.landed is not None else ()))


def _steps(decision: Decision) -> tuple[Step, ...]:
    return (*(decision.landed.steps if decision.landed is not None else ()), *decision.trace)


def _links(book: Book, decision: Decision) -> dict[str, str]:
    """Give the address of the act of each measure that has one."""
    named = {line.measure for line in _lines(decision)}
    named |= {one.measure for one in decision.obligations} | {step.measure for step in _steps(decision)}
    found = {}
    for name in named & book.measures.keys():
        act = book.acts.get(book.measures[name].act)
        if act is not None and act.url.startswith(("https://", "http://")):
            found[name] = act.url
    return found
