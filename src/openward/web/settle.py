"""What a click on an unresolved fact asks: the same question with that fact known.

A value is offered only where asking again with it works and settles the fact: a text such as *renewal of the
suspension* cannot be given, and a bound such as ``purity >= 99.99 %`` says of the other side only that it is
lower, so that there the reader writes the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openward.determine.decision import Decision, Unresolved
from openward.determine.facts import Comparison, Condition, Every, Holds, Not, Some, Value, parse
from openward.determine.investment.editions import NOWHERE
from openward.errors import OpenwardError
from openward.web.asked import Asked

Changes = Mapping[str, str]
_PLACE = re.compile(r"\s*\(in [^()]*\)$")
_MOST = 6


@dataclass(frozen=True, slots=True)
class Way:
    """A value to click: what is then known, where the answer is, and its sentence."""

    label: str
    url: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """An unresolved fact with the values that settle it; ``write`` is a fact whose value can be written."""

    about: Unresolved
    if_true: tuple[Way, ...]
    if_false: tuple[Way, ...]
    write: str


def doubts(asked: Asked, decision: Decision, ask: Callable[[Asked], Decision]) -> tuple[Doubt, ...]:
    """Give each unresolved fact of a decision with what can be clicked.

    Parameters
    ----------
    asked : Asked
    decision : Decision
        Its answer.
    ask : callable
        Answers a question.
    """
    return tuple(_doubt(asked, one, ask) for one in decision.unresolved)


def _doubt(asked: Asked, about: Unresolved, ask: Callable[[Asked], Decision]) -> Doubt:
    if asked.form.field("fact") is None:
        return Doubt(about, (), (), "")
    try:
        condition = parse(_PLACE.sub("", about.fact))
    except OpenwardError:
        return Doubt(about, (), (), "")

    def settled(found: tuple[Changes, ...]) -> tuple[Way, ...]:
        plain = [c for c in found if not any(_unwritten(asked, *change) for change in c.items())]
        ways = (_way(asked, about, changes, ask) for changes in plain[:_MOST])
        return tuple(way for way in ways if way is not None)

    outside = ({"zone": NOWHERE},) if condition.names() == ("zone",) else ()
    yes = settled(changes_for(condition, wanted=True))
    no = settled(changes_for(condition, wanted=False) or outside)
    free = [name for name in condition.names() if asked.form.field(name) is None]
    return Doubt(about, yes, no, free[0] if free and not (yes and no) else "")


def _unwritten(asked: Asked, name: str, value: str) -> bool:
    """Tell a field that holds a word, such as the end use: true or false says nothing of it."""
    return value in {"true", "false"} and asked.form.field(name) is not None


def _way(asked: Asked, about: Unresolved, changes: Changes, ask: Callable[[Asked], Decision]) -> Way | None:
    again = asked.told(changes)
    try:
        answer = ask(again)
    except OpenwardError:
        return None
    if any(one.fact == about.fact for one in answer.unresolved):
        return None
    label = ", ".join(f"{name} = {value}" for name, value in changes.items())
    return Way(label, again.url(), answer.sentence)


def changes_for(condition: Condition, *, wanted: bool) -> tuple[Changes, ...]:
    """Give the ways to make a condition true, or false, by plain values; none where there is no plain one."""
    match condition:
        case Holds(name):
            return ({name: "true" if wanted else "false"},)
        case Not(inner):
            return changes_for(inner, wanted=not wanted)
        case Comparison(name, sign, values):
            return tuple({name: _text(value)} for value in _meeting(sign, values, wanted=wanted))
        case Every(parts):
            return _together(parts, wanted=True) if wanted else _any(parts, wanted=False)
        case Some(parts):
            return _any(parts, wanted=True) if wanted else _together(parts, wanted=False)
    return ()


def _meeting(sign: str, values: tuple[Value, ...], *, wanted: bool) -> tuple[Value, ...]:
    """Give the values of a comparison that meet it, or that do not."""
    met = {"==": True, "in": True, ">=": True, "<=": True, "!=": False, ">": False, "<": False}
    return values if met[sign] is wanted else ()


def _any(parts: tuple[Condition, ...], *, wanted: bool) -> tuple[Changes, ...]:
    return tuple(changes for part in parts for changes in changes_for(part, wanted=wanted))


def _together(parts: tuple[Condition, ...], *, wanted: bool) -> tuple[Changes, ...]:
    merged: dict[str, str] = {}
    for part in parts:
        found = changes_for(part, wanted=wanted)
        if not found or any(merged.get(name, value) != value for name, value in found[0].items()):
            return ()
        merged |= found[0]
    return (merged,)


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
