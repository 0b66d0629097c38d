"""What may happen next in a case: a pure function of its procedure and its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from openward.cases.clock import Deadline, deadlines, whole
from openward.cases.event import CORRECTED, FILED, PURGED, Event, effective
from openward.cases.guards import passes
from openward.cases.period import Period
from openward.cases.procedure import Limit, Procedure, Transition
from openward.cases.roles import Person
from openward.codes.tables import nearest
from openward.errors import InputErrors, OpenwardError, RefusedError, UsageError

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An action somebody wants to take."""

    action: str
    on: date
    person: Person
    facts: Mapping[str, Any]
    documents: tuple[str, ...] = ()


def state_of(procedure: Procedure, events: Sequence[Event]) -> str:
    """Give the state that the events lead to."""
    state = procedure.initial
    for event in events:
        step = procedure.transition(event.action)
        if step is not None and step.target:
            state = step.target
    return state


def actions(procedure: Procedure, state: str) -> tuple[Transition, ...]:
    """Give what may be done in a state."""
    return tuple(one for one in procedure.transitions if state in one.sources)


def facts_of(events: Sequence[Event]) -> dict[str, Any]:
    """Give the facts of a case: later events say more, or say it anew."""
    found: dict[str, Any] = {}
    for event in effective(events):
        if event.corrects is None:
            found.update(event.facts)
    return found


def check(procedure: Procedure, events: Sequence[Event], attempt: Attempt) -> Transition:
    """Give the transition that an attempt takes, or say everything that forbids it.

    Raises
    ------
    UsageError
        The procedure knows no such action.
    RefusedError
        State, role, four eyes, a limit or a missing document forbids it.
    InputErrors
        Several of these.
    """
    step = procedure.transition(attempt.action)
    if step is None:
        names = [one.action for one in actions(procedure, state_of(procedure, events))]
        close = nearest(attempt.action, [one.action for one in procedure.transitions], count=1)
        raise UsageError(
            f"the procedure {procedure.id} has no action {attempt.action!r}",
            hint=f"did you mean {close[0]}?" if close else f"now possible: {', '.join(names) or 'nothing'}",
            where=procedure.id,
        )
    problems = list(_problems(procedure, events, attempt, step))
    if problems:
        raise problems[0] if len(problems) == 1 else InputErrors(problems)
    return step


def _problems(
    procedure: Procedure, events: Sequence[Event], attempt: Attempt, step: Transition
) -> list[OpenwardError]:
    where = f"{procedure.id} {step.action}"
    found: list[OpenwardError] = []

    def refuse(message: str, hint: str) -> None:
        found.append(RefusedError(message, hint=hint, where=where))

    state = state_of(procedure, events)
    if state not in step.sources:
        names = ", ".join(one.action for one in actions(procedure, state)) or "nothing: the case is closed"
        refuse(f"{step.action} is not possible while the case is {state}", f"now possible: {names}")
    if attempt.person.role not in step.roles:
        who = ", ".join(one.value for one in step.roles)
        refuse(f"{attempt.person.role.value} may not {step.action}", f"roles that may: {who}")
    for event in events:
        if event.action in step.four_eyes and event.actor == attempt.person.name:
            refuse(
                f"{attempt.person.name} took the action {event.action} and may not also {step.action}",
                "the procedure asks for a second person",
            )
    kept = (CORRECTED, FILED, PURGED)
    last = max((e.on for e in effective(events) if e.action not in kept), default=attempt.on)
    if attempt.on < last:
        refuse(
            f"{attempt.on} is before the last event of the case ({last})",
            "give a later day, or correct the earlier event",
        )
    missing = sorted(set(step.documents) - set(attempt.documents))
    if missing:
        refuse(f"documents missing: {', '.join(missing)}", "attach each with --document KIND=FILE")
    known = facts_of(events) | dict(attempt.facts)
    for name, test in step.facts.items():
        why = passes(name, test, known)
        if why:
            refuse(why, f"{step.title}: {step.article}" if step.article else f"give --fact {name}=VALUE")
    found += _clocks(procedure, events, attempt, step, where)
    return found


def _clocks(
    procedure: Procedure, events: Sequence[Event], attempt: Attempt, step: Transition, where: str
) -> list[OpenwardError]:
    found: list[OpenwardError] = []
    stands = {one.limit: one for one in deadlines(procedure, events, as_of=attempt.on)}

    def refuse(one: Deadline, message: str) -> None:
        found.append(RefusedError(f"{one.title}: {message}", hint=f"{one.act} {one.article}", where=where))

    for name in step.not_before:
        one = stands.get(name)
        if one is not None and one.due is not None and attempt.on <= one.due:
            refuse(one, f"not until after {one.due}")
    for name in step.within:
        one = stands.get(name)
        if one is not None and one.due is not None and attempt.on > one.due:
            refuse(one, f"the last day was {one.due}")
    who = attempt.person
    draft = Event("", 0, attempt.action, attempt.on, _NEVER, who.name, who.role, attempt.facts)
    for limit in procedure.limits:
        problem = _too_long(limit, events, draft)
        if problem:
            found.append(RefusedError(problem, hint=f"{limit.act} {limit.article}", where=where))
    return found


def _too_long(limit: Limit, events: Sequence[Event], draft: Event) -> str:
    """Say where an action asks for more time than the law gives."""
    told = (*effective(events), draft)
    begun = max((k for k, e in enumerate(told) if e.action in limit.starts), default=None)
    if begun is None:
        return ""
    given = whole(told[begun], limit.length_fact) if limit.length_fact else None
    if begun == len(told) - 1:
        return f"{limit.title}: at most {limit.period}" if (given or 0) > limit.period.length else ""
    length = given or limit.period.length
    extension = next((one for one in limit.extensions if one.on == draft.action), None)
    if extension is None:
        return ""
    most = extension.period.length
    asked = [
        (whole(event, extension.fact) if extension.fact else None) or most
        for event in told[begun + 1 :]
        if event.action == extension.on
    ]
    if len(asked) > extension.most:
        times = "once" if extension.most == 1 else f"{extension.most} times"
        return f"{limit.title}: may be extended {times} at most"
    if asked[-1] > most:
        return f"{limit.title}: may be extended by {extension.period} at most"
    if extension.total is not None and length + sum(asked) > extension.total:
        return f"{limit.title}: at most {Period(extension.total, limit.period.unit)} in total"
    return ""
