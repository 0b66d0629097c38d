"""Tests of facts, written as data: ``>= 0.02``, ``= true``, ``in a, b``; an empty one asks for the fact."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from openward.errors import InputError

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}
_TEST = re.compile(r"\s*(>=|<=|!=|>|<|=|in\b)\s*(.+?)\s*")


def passes(name: str, test: str, facts: Mapping[str, Any]) -> str:
    """Say why a fact does not pass its test; empty where it does.

    Raises
    ------
    InputError
        The test itself cannot be read.
    """
    value = facts.get(name)
    if value is None:
        return f"the fact {name} is not given"
    if not test:
        return ""
    match = _TEST.fullmatch(test)
    if match is None:
        raise InputError(f"{test!r} is not a test", hint="write >= 0.02, = true, or in a, b", where=name)
    sign, wanted = match.groups()
    if sign == "in":
        allowed = [one.strip() for one in wanted.split(",")]
        return "" if str(value) in allowed else f"{name} is {value}; it must be one of {', '.join(allowed)}"
    holds = _holds(sign, value, wanted)
    if holds is None:
        return f"{name} is {value!r}, which cannot be compared with {wanted}"
    return "" if holds else f"{name} is {_text(value)}; it must be {sign} {wanted}"


def _holds(sign: str, value: Any, wanted: str) -> bool | None:
    if isinstance(value, bool) or wanted in ("true", "false"):
        return _COMPARE[sign](_text(value), wanted) if sign in ("=", "!=") else None
    try:
        # Decimal, not float: a margin of exactly 2 % must not fall on the wrong side.
        return _COMPARE[sign](Decimal(str(value)), Decimal(wanted))
    except InvalidOperation:
        return _COMPARE[sign](str(value), wanted) if sign in ("=", "!=") else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
