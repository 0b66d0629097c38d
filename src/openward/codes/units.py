"""Units of quantity: the codes of UN/ECE Recommendation 20 that tariffs and trade data use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from openward.codes import tables
from openward.errors import InputError


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of quantity.

    Attributes
    ----------
    code : str
        Code of Recommendation 20.
    name : str
        English name.
    quantity : str
        What is measured; only units of the same quantity convert.
    base : str
        Code of the base unit of the quantity.
    factor : float
        Base units in one of this unit.
    """

    code: str
    name: str
    quantity: str
    base: str
    factor: float


@cache
def units() -> Mapping[str, Unit]:
    """Give every unit by its code."""
    return {
        row["code"]: Unit(row["code"], row["name"], row["quantity"], row["base"], float(row["factor"]))
        for row in tables.rows("units.csv")
    }


def unit(code: str) -> Unit:
    """Find a unit by its code.

    Raises
    ------
    UnknownCodeError
        No such unit here.
    """
    found = units().get(code)
    if found is None:
        word = str(code).strip()
        near = [u.code for u in units().values() if word.casefold() in (u.code.casefold(), u.name.casefold())]
        near = near or tables.nearest(word.upper(), units())
        raise tables.unknown("unit", code, near, "units are UN/ECE Recommendation 20 codes such as KGM")
    return found


def convert(quantity: float, origin: str, target: str) -> float:
    """Express a quantity given in one unit in another unit of the same kind.

    Raises
    ------
    UnknownCodeError
        One of the units is not known.
    InputError
        The units measure different things.
    """
    source, goal = unit(origin), unit(target)
    if source.base != goal.base:
        raise InputError(
            f"{origin} measures {source.quantity}, {target} measures {goal.quantity}",
            hint="give the quantity in a unit of the same kind",
        )
    return quantity * source.factor / goal.factor
