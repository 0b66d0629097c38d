"""A decision that makes law proposes a reform of the book: the loop closes here.

The reform is data. Nothing changes in any book until somebody applies it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from openward.book.duty import parse
from openward.book.edits import Add, Amend, Citation, Edit, Reform, Repeal
from openward.book.model import Effect, Flow, Instrument, ListingEvent, Measure, ProductScope, Scope
from openward.cases.clock import Deadline, deadlines
from openward.cases.event import Event
from openward.cases.machine import facts_of
from openward.cases.procedure import Procedure, Transition
from openward.codes.calendars import DAY
from openward.codes.terms import Interval
from openward.errors import InputError


@dataclass(frozen=True, slots=True)
class Rate:
    """A duty for one origin, or one party of it."""

    origin: str
    duty: str
    party: str = ""


def proposal(procedure: Procedure, events: Sequence[Event], *, act: str) -> Reform | None:
    """Give the reform that the last decision of a record proposes; None where it makes no law.

    Parameters
    ----------
    procedure : Procedure
    events : sequence of Event
        Up to and including the decision.
    act : str
        Id of the act in the book that the measures cite: the announcement of the decision.

    Raises
    ------
    InputError
        A fact that the measure needs is missing or cannot be read.
    """
    decision = events[-1]
    step = procedure.transition(decision.action)
    if step is None or not step.proposes:
        return None
    facts = facts_of(events)
    edits = tuple(_edits(procedure, events, step, facts, act))
    name = f"{decision.case}-{decision.action}"
    title = f"{step.title}: {facts.get('title', decision.case)}"
    return Reform(name=name, edits=edits, title=MappingProxyType({"en": title}), source=Citation(act=act))


def _edits(
    procedure: Procedure, events: Sequence[Event], step: Transition, facts: Mapping[str, Any], act: str
) -> list[Edit]:
    what = step.proposes
    case = events[-1].case
    start = _day(facts, "effective", events[-1].on)
    standing = _standing(procedure, events[:-1])
    if what.get("repeal"):
        return [Repeal(name, start) for name in standing]
    if what.get("event"):
        history = _history(procedure, events, act)
        return [Amend(name, {"events": history}, start) for name in standing]
    term = _term(procedure, events, str(what.get("term", "")))
    if what.get("prolong"):
        # The measure goes on past its end: its validity is stated anew from the day it would have ended.
        whole = _begun(procedure, events)
        until = None if term is None or term.due is None else (term.due + DAY).isoformat()
        return [Amend(name, {"valid": {"from": whole.isoformat(), "to": until}}, whole) for name in standing]
    end = None if term is None or term.due is None else term.due + DAY
    instrument = Instrument(str(what["instrument"]))
    replaced = [Repeal(name, start) for name in standing] if what.get("change") else []
    made = _measures(procedure, case, instrument, facts, step, Interval(start, end), act, len(events))
    return [*replaced, *made]


def _measures(
    procedure: Procedure, case: str, instrument: Instrument, facts: Mapping[str, Any],
    step: Transition, valid: Interval, act: str, seq: int,
) -> list[Add]:  # fmt: skip
    what = step.proposes
    common: dict[str, Any] = {
        "instrument": instrument,
        "imposed_by": str(what.get("imposed_by", procedure.economy)),
        "flow": Flow(str(what.get("flow", "import"))),
        "valid": valid,
        "act": act,
        "article": str(what.get("article", "")),
        "note": f"proposed by case {case}",
    }
    if instrument is Instrument.ENTITY_LISTING:
        return [
            Add(
                Measure(
                    id=f"{case}-{seq}-{k}", scope=Scope(parties=(name,)),
                    effect=Effect(text=str(facts["measures"])),
                    events=(ListingEvent("add", valid.start, act),), **common,
                )
            )
            for k, name in enumerate(_texts(facts, "parties"), start=1)
        ]  # fmt: skip
    products = ProductScope(str(facts.get("edition", "HS2022")), _texts(facts, "products"))
    if instrument is Instrument.LICENCE:
        return [Add(Measure(id=f"{case}-{seq}", scope=Scope(products=products), effect=Effect(), **common))]
    return [
        Add(
            Measure(
                id=f"{case}-{seq}-{one.origin.lower()}-{k}", effect=Effect(duty=parse(one.duty)),
                scope=Scope(
                    products=products,
                    partners=(one.origin,) if one.origin else (),
                    parties=(one.party,) if one.party else (),
                ),
                **common,
            )
        )
        for k, one in enumerate(rates(facts), start=1)
    ]  # fmt: skip


def rates(facts: Mapping[str, Any]) -> tuple[Rate, ...]:
    """Read the fact ``rates``: a list of ``{origin, rate, party}``; a number is a fraction, text a duty.

    Raises
    ------
    InputError
    """
    given = facts.get("rates")
    if not isinstance(given, list) or not given:
        raise InputError(
            "rates: give a list of origins with their rates",
            hint='for example [{"origin": "USA", "rate": 0.254}]',
            where="rates",
        )
    found = []
    for one in given:
        if not isinstance(one, dict) or one.keys() - {"origin", "rate", "party"} or "rate" not in one:
            raise InputError(f"rates: {one!r} is not origin, rate and party", where="rates")
        found.append(Rate(str(one.get("origin", "")), _duty(one["rate"]), str(one.get("party", ""))))
    return tuple(found)


def _duty(rate: object) -> str:
    if (isinstance(rate, str) and "%" in rate) or (isinstance(rate, str) and "/" in rate):
        return rate
    try:
        fraction = Decimal(str(rate))
    except InvalidOperation as bad:
        raise InputError(f"rates: {rate!r} is not a rate", hint='0.254 or "25.4 %"', where="rates") from bad
    if not 0 <= fraction <= 100:
        raise InputError(f"rates: {rate} is out of range", hint="a fraction: 0.254 is 25.4 %", where="rates")
    return f"{(fraction * 100).normalize():f} %"


def _standing(procedure: Procedure, events: Sequence[Event]) -> list[str]:
    """Give the ids of the measures that earlier decisions of the case proposed and none ended."""
    found: list[str] = []
    for k, event in enumerate(events, start=1):
        step = procedure.transition(event.action)
        if step is None or not step.proposes:
            continue
        for edit in _edits(procedure, events[:k], step, facts_of(events[:k]), ""):
            if isinstance(edit, Repeal):
                found.remove(edit.measure_id)
            elif isinstance(edit, Add) and str(step.proposes.get("term", "")) != "provisional":
                found.append(edit.measure.id)
    return found


def _history(procedure: Procedure, events: Sequence[Event], act: str) -> list[dict[str, str]]:
    found = []
    for event in events:
        step = procedure.transition(event.action)
        if step is None or not step.proposes:
            continue
        kind = str(step.proposes.get("event", "add"))
        found.append({"kind": kind, "on": _day(event.facts, "effective", event.on).isoformat(), "act": act})
    return found


def _begun(procedure: Procedure, events: Sequence[Event]) -> date:
    starts = [
        _day(event.facts, "effective", event.on)
        for event in events
        if (step := procedure.transition(event.action)) and step.proposes and not step.proposes.get("prolong")
    ]
    return starts[-1]


def _term(procedure: Procedure, events: Sequence[Event], name: str) -> Deadline | None:
    found = deadlines(procedure, events, as_of=events[-1].on)
    return next((one for one in found if one.limit == name), None)


def _day(facts: Mapping[str, Any], name: str, otherwise: date) -> date:
    value = facts.get(name)
    if value is None:
        return otherwise
    try:
        return date.fromisoformat(str(value))
    except ValueError as bad:
        raise InputError(f"{name}: {value!r} is not a date", hint="YYYY-MM-DD", where=name) from bad


def _texts(facts: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = facts.get(name)
    many = [value] if isinstance(value, str) else value
    if not isinstance(many, list) or not many:
        raise InputError(f"{name}: give at least one", where=name)
    return tuple(str(one) for one in many)
