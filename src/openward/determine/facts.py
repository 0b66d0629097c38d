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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from openward.determine.condition import (
    Comparison,
    Condition,
    Every,
    Facts,
    Holds,
    Not,
    Some,
    Value,
    as_bool,
    as_fact,
)
from openward.determine.quantities import known_unit, measured
from openward.errors import InputError

__all__ = [
    "Comparison",
    "Condition",
    "Every",
    "Facts",
    "Holds",
    "Not",
    "Some",
    "Value",
    "as_bool",
    "as_fact",
    "parse",
]


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
