"""The tree of a condition on facts, evaluated to true, false or not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openward.determine.decision import Fact
from openward.determine.kleene import Truth
from openward.determine.quantities import Measured, in_unit, measured
from openward.errors import InputError

Facts = Mapping[str, Fact]
Value = Measured | str | bool | date


@dataclass(frozen=True, slots=True)
class Condition:
    """Root of the tree; ``str(condition)`` is its canonical text.

    Every node defines ``evaluate`` and ``names``; the root itself is never made.
    """

    def evaluate(self, facts: Facts) -> Truth:
        """Say whether the condition holds.

        Raises
        ------
        InputError
            A fact is of another kind or unit than the text compares it with.
        """
        raise NotImplementedError

    def names(self) -> tuple[str, ...]:
        """Give the names of the facts it turns on, each once, in order."""
        raise NotImplementedError

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """Give the facts that would have to be known; none where the answer is already decided."""
        if self.evaluate(facts) is not Truth.UNKNOWN:
            return ()
        return tuple(name for name in self.names() if name not in facts)


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """A fact compared with values; several values only with ``in``."""

    name: str
    sign: str
    values: tuple[Value, ...]

    def evaluate(self, facts: Facts) -> Truth:
        """Compare the fact; not known where it is not given."""
        if self.name not in facts:
            return Truth.UNKNOWN
        given = facts[self.name]
        if self.sign == "in":
            return Truth.of(any(_compare(self.name, given, "==", value) for value in self.values))
        return Truth.of(_compare(self.name, given, self.sign, self.values[0]))

    def names(self) -> tuple[str, ...]:
        """Give the one name."""
        return (self.name,)

    def __str__(self) -> str:
        shown = [_shown(value) for value in self.values]
        return (
            f"{self.name} in ({', '.join(shown)})"
            if self.sign == "in"
            else f"{self.name} {self.sign} {shown[0]}"
        )


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """A fact that is simply true or not."""

    name: str

    def evaluate(self, facts: Facts) -> Truth:
        """Give the fact; not known where it is not given."""
        return Truth.UNKNOWN if self.name not in facts else Truth.of(as_bool(self.name, facts[self.name]))

    def names(self) -> tuple[str, ...]:
        """Give the one name."""
        return (self.name,)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The opposite; not known stays not known."""

    inner: Condition

    def evaluate(self, facts: Facts) -> Truth:
        """Give the opposite."""
        return ~self.inner.evaluate(facts)

    def names(self) -> tuple[str, ...]:
        """Give the names inside."""
        return self.inner.names()

    def __str__(self) -> str:
        return f"not {_inside(self.inner)}"


@dataclass(frozen=True, slots=True)
class Every(Condition):
    """All parts hold."""

    parts: tuple[Condition, ...]

    def evaluate(self, facts: Facts) -> Truth:
        """False as soon as one part is; every part is read, so that a wrong unit is found."""
        truth = Truth.TRUE
        for part in self.parts:
            truth = truth & part.evaluate(facts)
        return truth

    def names(self) -> tuple[str, ...]:
        """Give the names of all parts."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names()))

    def __str__(self) -> str:
        return " and ".join(_inside(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Some(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def evaluate(self, facts: Facts) -> Truth:
        """True as soon as one part is; every part is read, so that a wrong unit is found."""
        truth = Truth.FALSE
        for part in self.parts:
            truth = truth | part.evaluate(facts)
        return truth

    def names(self) -> tuple[str, ...]:
        """Give the names of all parts."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names()))

    def __str__(self) -> str:
        return " or ".join(_inside(part) for part in self.parts)


def as_bool(name: str, fact: Fact) -> bool:
    """Read a fact that is true or false.

    Raises
    ------
    InputError
        It is something else.
    """
    word = str(fact).strip().casefold()
    if word in {"true", "yes"}:
        return True
    if word in {"false", "no"}:
        return False
    raise InputError(
        f"{name} is {fact}, and the text asks whether it is true",
        hint=f"write {name}=true or {name}=false",
        where=name,
    )


def as_fact(text: str) -> Fact:
    """Read a fact written on the command line: true and false, a day, a bare number, else text."""
    word = text.strip()
    if word in {"true", "false"}:
        return word == "true"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        try:
            return date.fromisoformat(word)
        except ValueError:
            raise InputError(f"the day {word} does not exist", hint="check month and day") from None
    found = measured(word)
    return found.number if found is not None and not found.unit and word == word.lstrip("+") else word


def _compare(name: str, given: Fact, sign: str, value: Value) -> bool:
    if isinstance(value, bool):
        return _ordered(name, as_bool(name, given), sign, value)
    if isinstance(value, Measured):
        fact = Measured(given) if isinstance(given, Decimal) else measured(str(given))
        if fact is None or isinstance(given, bool):
            raise _kind(name, given, f"a number in {value.unit}" if value.unit else "a number")
        return _ordered(name, in_unit(fact, value.unit, name=name), sign, value.number)
    if isinstance(value, date):
        day = given if isinstance(given, date) else as_fact(str(given))
        if not isinstance(day, date):
            raise _kind(name, given, "a day, YYYY-MM-DD")
        return _ordered(name, day, sign, value)
    return _ordered(name, str(given).strip().casefold(), sign, value.casefold())


def _ordered(
    name: str, one: bool | Decimal | date | str, sign: str, other: bool | Decimal | date | str
) -> bool:
    if sign in {"==", "!="}:
        return (one == other) is (sign == "==")
    if isinstance(one, bool | str):
        raise InputError(
            f"{name} is compared with {sign}, which needs numbers or days", hint="use == or !=", where=name
        )
    low, high = (one, other) if sign.startswith("<") else (other, one)
    return low < high or (sign.endswith("=") and low == high)  # type: ignore[operator]


def _kind(name: str, given: Fact, expected: str) -> InputError:
    return InputError(
        f"{name} is {str(given)!r}, and the text asks for {expected}",
        hint=f"give {name} as {expected}",
        where=name,
    )


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        quote = '"' if "'" in value else "'"
        return f"{quote}{value}{quote}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _inside(condition: Condition) -> str:
    return f"({condition})" if isinstance(condition, Every | Some) else str(condition)
