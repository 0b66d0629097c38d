"""Short words for tests of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from openward.cases.clock import deadlines
from openward.cases.event import Event
from openward.cases.machine import Attempt, actions, check, facts_of, state_of
from openward.cases.procedure import Procedure, Transition
from openward.cases.roles import Person, Role

FACTS: dict[str, Any] = {
    "rates": [{"origin": "USA", "rate": "25 %"}],
    "products": ["2801"],
    "parties": ["Example Corporation"],
    "years": 3,
    "more_years": 2,
}


def event(seq: int, action: str, on: date, facts: dict[str, Any] | None = None, **more: Any) -> Event:
    """Make an event without a chain, recorded on its day."""
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC) + timedelta(seconds=seq)
    return Event("test", seq, action, on, at, "somebody", Role.OFFICER, facts or {}, **more)


def log(*steps: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> list[Event]:
    """Make a record of ``(action, day)`` or ``(action, day, facts)``."""
    return [event(k, one[0], date.fromisoformat(one[1]), *one[2:]) for k, one in enumerate(steps, start=1)]


def stand(procedure: Procedure, events: Sequence[Event], limit: str, as_of: str) -> Any:
    """Give one limit."""
    return {d.limit: d for d in deadlines(procedure, events, as_of=date.fromisoformat(as_of))}[limit]


def passing(step: Transition, on: date) -> dict[str, Any]:
    """Give facts that pass the tests of a step."""
    facts: dict[str, Any] = {}
    for name, test in step.facts.items():
        sign, _, wanted = test.partition(" ")
        if name == "effective":
            facts[name] = (on + timedelta(days=1)).isoformat()
        elif name in FACTS:
            facts[name] = FACTS[name]
        elif wanted == "true":
            facts[name] = True
        elif sign == "in":
            facts[name] = wanted.split(",")[0]
        elif sign in (">=", ">"):
            facts[name] = float(wanted) + (sign == ">") * 0.01
        else:
            facts[name] = "given"
    return facts


def take(procedure: Procedure, events: list[Event], step: Transition) -> list[Event]:
    """Take a step on the first day on which its clocks let it be taken; everybody acts once."""
    on = events[-1].on + timedelta(days=1)
    for name in step.not_before:
        one = {d.limit: d for d in deadlines(procedure, events, as_of=on)}.get(name)
        if one is not None and one.due is not None and on <= one.due:
            on = one.due + timedelta(days=1)
    person = Person(f"person-{len(events)}", step.roles[0])
    facts = passing(step, on)
    check(procedure, events, Attempt(step.action, on, person, facts, step.documents))
    return [*events, event(len(events) + 1, step.action, on, facts)]


def opened(procedure: Procedure, on: date = date(2024, 3, 1)) -> list[Event]:
    """Give the record of a case just opened."""
    return [event(1, procedure.opens.action, on, {"products": ["2801"]})]


__all__ = ["actions", "event", "facts_of", "log", "opened", "passing", "stand", "state_of", "take"]
