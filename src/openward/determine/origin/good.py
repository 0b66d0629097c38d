"""A good, the materials it is made of, and the facts of its production."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from openward.determine.origin.rule import Basis
from openward.determine.origin.truth import Truth

NOTHING: Mapping[str, bool] = MappingProxyType({})


def normal(text: str) -> str:
    """Give words as facts are compared: lower case, one blank, no closing punctuation."""
    return re.sub(r"\s+", " ", text).strip(" .,;:-").lower()


def _within(text: str, on: date) -> bool:
    """Say whether a day is in "in force [2021-01-01, ...)"."""
    start, _, end = text.removeprefix("in force [").rstrip(")").partition(", ")
    return (start == "..." or start <= on.isoformat()) and (end == "..." or on.isoformat() < end)


@dataclass(frozen=True, slots=True)
class Material:
    """One material used.

    Attributes
    ----------
    code : str
        Tariff code of 2 to 10 digits; a short code decides what it can.
    origin : str
        Economy it originates in (ISO alpha-3); empty: not known, so neither originating nor foreign.
    value, weight : Decimal or None
        In the currency and unit of the good; None: not known.
    made_in : str
        Where it was produced, for full cumulation; ``components`` are what it was produced from.
    wholly_obtained : bool or None
        Whether it was grown, caught, mined ... in the territory it originates in.
    described : mapping
        Whether it is what a rule calls it (``{"yarn": True}``); a name that is absent is not known.
    """

    code: str
    origin: str = ""
    value: Decimal | None = None
    weight: Decimal | None = None
    name: str = ""
    made_in: str = ""
    wholly_obtained: bool | None = None
    components: tuple[Material, ...] = ()
    described: Mapping[str, bool] = field(default_factory=lambda: NOTHING)

    def is_a(self, description: str) -> Truth:
        """Say whether it is what a rule calls it; None where nobody said."""
        if not self.described:
            return None
        wanted = normal(description)
        for name, truth in self.described.items():
            if normal(name) == wanted:
                return truth
        return None


@dataclass(frozen=True, slots=True)
class Good:
    """A good whose origin is asked, as it is produced in one economy.

    Attributes
    ----------
    code : str
        Tariff code, 6 to 10 digits.
    made_in : str
        Economy of production.
    ex_works, fob, net_cost : Decimal or None
        Values in ``currency``. A rule that speaks of "the value of the good" takes ``fob``, else
        ``ex_works``.
    weight : Decimal or None
        Net weight, in the unit of the materials' weights.
    facts : mapping
        Processes and conditions in the words of the rule; one that is absent is not known.
    minimal_operations_only, transported_directly : bool or None
        General conditions of an agreement: known to fail, they decide; not known, they are named with the
        answer.
    on : date or None
        Day of importation, for rules and schemes that hold in a period.
    """

    code: str
    made_in: str
    materials: tuple[Material, ...] = ()
    currency: str = ""
    ex_works: Decimal | None = None
    fob: Decimal | None = None
    net_cost: Decimal | None = None
    weight: Decimal | None = None
    name: str = ""
    wholly_obtained: bool | None = None
    minimal_operations_only: bool | None = None
    transported_directly: bool | None = None
    facts: Mapping[str, bool] = field(default_factory=lambda: NOTHING)
    on: date | None = None

    def amount(self, basis: Basis) -> Decimal | None:
        """Give the value that a share is taken of; None where it is not known."""
        if basis is Basis.EX_WORKS:
            return self.ex_works
        if basis is Basis.FOB:
            return self.fob
        if basis is Basis.NET_COST:
            return self.net_cost
        return self.fob if self.fob is not None else self.ex_works

    def fact(self, text: str) -> Truth:
        """Say whether a condition in words holds; None where nobody said (``made in JPN`` is known)."""
        if text.startswith("in force ["):
            return None if self.on is None else _within(text, self.on)
        if not self.facts and text[:8].lower() != "made in ":
            return None
        wanted = normal(text)
        if wanted.startswith("made in "):
            return wanted == f"made in {self.made_in.lower()}"
        for name, truth in self.facts.items():
            if normal(name) == wanted:
                return truth
        return None
