"""Conditions on facts, as texts of law state them, read once and evaluated to true, false or not known.

Grammar::

    condition  = all { "or" all }
    all        = one { "and" one }
    one        = "not" one | "(" condition ")" | NAME [ comparison ]
    comparison = ( "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" ) value | "in" "(" value { "," value } ")"
    value      = number [ UNIT | "%" | CURRENCY "/" UNIT ] | 'text' | "text" | word | true | false |
    YYYY-MM-DD

A name alone asks whether the fact is true. A fact that is not given makes its comparison *not known*, never
false (Kleene's strong three-valued logic). Units convert; a unit of another kind is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from openward.determine.decision import Fact
from openward.determine.kleene import Truth
from openward.determine.quantities import Measured, in_unit, known_unit, measured
from openward.errors import InputError

Facts = Mapping[str, Fact]
Value = Measured | str | bool | date


@dataclass(frozen=True, slots=True)
class Condition:
    """Root of the tree; ``str(condition)`` is its canonical text."""

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


@lru_cache(maxsize=16384)
def parse(text: str) -> Condition:
    """Read a condition on facts.

    Raises
    ------
    InputError
        Where the text is not understood: names the character and what was expected there.
    """
    return _Reader(text).whole()


_TOKEN = re.compile(
    r"""\s*(?:(?P<date>\d{4}-\d{2}-\d{2}(?!\d))|(?P<number>[+-]?\d+(?:\.\d+)?\s*(?:%|[A-Za-z][A-Za-z0-9]*/[A-Za-z][A-Za-z0-9]*|[A-Z][A-Z0-9]{1,3}\b)?)
    |(?P<word>[A-Za-z_][A-Za-z0-9_.:-]*)|(?P<text>'[^']*'|"[^"]*")|(?P<sign><=|>=|==|!=|<|>|=)
    |(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<other>\S))""",
    re.VERBOSE,
)
_WORDS = frozenset({"and", "or", "not", "in"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Reader:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._scan(text)
        self.token = next(self.tokens)

    @staticmethod
    def _scan(text: str) -> Iterator[_Token]:
        for match in _TOKEN.finditer(text):
            kind, word = match.lastgroup or "other", match.group(match.lastgroup or "other")
            if kind == "word" and word in _WORDS:
                kind = word
            yield _Token(kind, word, match.start(match.lastgroup or "other"))
        while True:
            yield _Token("end", "", len(text))

    def whole(self) -> Condition:
        found = self._some()
        self._take("end", "'and', 'or' or the end")
        return found

    def _some(self) -> Condition:
        parts = self._parts("or", self._every)
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _every(self) -> Condition:
        parts = self._parts("and", self._one)
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _parts(self, word: str, read: Callable[[], Condition]) -> list[Condition]:
        parts = [read()]
        while self.token.kind == word:
            self._next()
            parts.append(read())
        return parts

    def _one(self) -> Condition:
        if self.token.kind == "not":
            self._next()
            return Not(self._one())
        if self.token.kind == "open":
            self._next()
            inner = self._some()
            self._take("close", "')'")
            return inner
        name = self._take("word", "the name of a fact, 'not' or '('").text
        if self.token.kind == "sign":
            sign = self._next().text
            return Comparison(name, "==" if sign == "=" else sign, (self._value(),))
        if self.token.kind == "in":
            self._next()
            return Comparison(name, "in", self._listed())
        return Holds(name)

    def _listed(self) -> tuple[Value, ...]:
        self._take("open", "'(' and the values")
        values = [self._value()]
        while self.token.kind == "comma":
            self._next()
            values.append(self._value())
        self._take("close", "',' or ')'")
        return tuple(values)

    def _value(self) -> Value:
        token = self.token
        if token.kind == "number":
            found = measured(self._next().text)
            assert found is not None
            if not known_unit(found.unit):
                raise InputError(
                    f"condition {self.text!r}, character {token.at + 1}: {found.unit!r} is neither a unit"
                    " nor a currency",
                    hint="units are codes of UN/ECE Recommendation 20 such as KGM, currencies of ISO 4217",
                )
            return found
        if token.kind == "date":
            found_day = as_fact(self._next().text)
            assert isinstance(found_day, date)
            return found_day
        if token.kind == "text":
            return self._next().text[1:-1]
        if token.kind == "word":
            word = self._next().text
            return word == "true" if word in {"true", "false"} else word
        self._fail("a number, a word, a day or a quoted text")
        raise AssertionError

    def _next(self) -> _Token:
        token, self.token = self.token, next(self.tokens)
        return token

    def _take(self, kind: str, expected: str) -> _Token:
        if self.token.kind != kind:
            self._fail(expected)
        return self._next()

    def _fail(self, expected: str) -> None:
        found = f"found {self.token.text!r}" if self.token.kind != "end" else "the condition ends"
        raise InputError(
            f"condition {self.text!r}, character {self.token.at + 1}: expected {expected}, {found}",
            hint="write for example purity >= 99.99 % and not (end_use == 'military')",
        )


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
