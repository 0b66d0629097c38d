"""The rules by name: threshold, window, materiality (``rules.yaml``), and a user's own values for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from openward.errors import InputError, UnknownCodeError


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a monitor.

    Attributes
    ----------
    name, family, reads : str
    flow : str
        ``import``, ``export`` or ``any``.
    window : int
        Months it looks at.
    threshold : float
        At or above it the rule speaks.
    statistic : str
        What is compared with the threshold, in words.
    materiality : float
        Least mean value in USD a month; below it the rule is silent.
    options : mapping
        The rest of its parameters.
    says : str
    """

    name: str
    family: str
    reads: str
    flow: str
    window: int
    threshold: float
    statistic: str
    materiality: float
    options: Mapping[str, float]
    says: str


@cache
def rules() -> Mapping[str, Rule]:
    """Give the rules as shipped, by name."""
    text = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")
    found = []
    for entry in yaml.safe_load(text)["rules"]:
        options = MappingProxyType({key: float(value) for key, value in entry.pop("options").items()})
        found.append(Rule(options=options, **entry))
    return MappingProxyType({one.name: one for one in found})


def rule(name: str, **changes: Any) -> Rule:
    """Give a rule, with a user's threshold, window, materiality or options.

    Raises
    ------
    UnknownCodeError
        No rule has that name.
    InputError
        A parameter the rule does not have, or a value that is no number.
    """
    known = rules()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "rules are " + ", ".join(known)
        raise UnknownCodeError(f"no rule {name!r}", hint=hint)
    base = known[name]
    fields = {"threshold": float, "window": int, "materiality": float}
    taken: dict[str, Any] = {}
    options = dict(base.options)
    for key, value in changes.items():
        if key not in fields and key not in options:
            hint = "it has " + ", ".join([*fields, *options])
            raise InputError(f"{name} has no parameter {key!r}", hint=hint)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{name}: {key} is no number: {value!r}", hint="write a number")
        if key in fields:
            taken[key] = fields[key](value)
        else:
            options[key] = float(value)
    return replace(base, options=MappingProxyType(options), **taken)
