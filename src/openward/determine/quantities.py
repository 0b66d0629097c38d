"""Numbers with a unit, as facts and texts of law write them: ``99.99 %``, ``12 KGM``, ``52.60 EUR/DTN``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from openward.codes.currencies import currencies
from openward.codes.units import units
from openward.errors import InputError

_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(%|[A-Za-z][A-Za-z0-9]*(?:/[A-Za-z][A-Za-z0-9]*)?)?")
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and its unit: empty, ``%``, a unit, a currency, or a currency per unit."""

    number: Decimal
    unit: str = ""

    def __str__(self) -> str:
        text = format(self.number, "f")
        return f"{text} {self.unit}" if self.unit else text


def measured(text: str) -> Measured | None:
    """Read a number with its unit; None where the text is something else."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    return Measured(Decimal(match.group(1)), match.group(2) or "")


def in_unit(value: Measured, unit: str, *, name: str) -> Decimal:
    """Express a value in the unit a text of law uses.

    Parameters
    ----------
    value : Measured
    unit : str
    name : str
        What is measured; named in errors.

    Raises
    ------
    InputError
        The units measure different things, or the value says none and none can be taken as meant.
    """
    if value.unit == unit:
        return value.number
    if not value.unit:
        if unit == PERCENT and abs(value.number) > 1:
            return value.number
        raise InputError(
            f"{name} = {value.number} says no unit, and the text asks for {unit}",
            hint=f"write {name}={value.number} {unit}, or the unit that is meant",
            where=name,
        )
    factor = _factor(value.unit, unit)
    if factor is None:
        raise InputError(
            f"{name} is given in {value.unit}, and the text asks for {unit or 'a number without unit'}",
            hint=f"give {name} in {unit}" if unit else f"give {name} without unit",
            where=name,
        )
    return value.number * factor


@lru_cache(maxsize=1024)
def _factor(source: str, goal: str) -> Decimal | None:
    """Units of ``goal`` in one of ``source``; None where they measure different things."""
    one, _, below = source.partition("/")
    other, _, under = goal.partition("/")
    if bool(below) != bool(under):
        return None
    if below:
        if one != other:
            return None
        factor = _factor(below, under)
        return None if factor is None else 1 / factor
    known = units()
    if one not in known or other not in known or known[one].base != known[other].base:
        return None
    return Decimal(repr(known[one].factor)) / Decimal(repr(known[other].factor))


def known_unit(unit: str) -> bool:
    """True where each part of a unit is a percent sign, a unit or a currency."""
    return all(
        not part or part == PERCENT or part in units() or part in currencies() for part in unit.split("/")
    )
