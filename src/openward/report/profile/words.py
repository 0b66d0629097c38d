"""Figures of a profile in words: percent where a fraction is meant, a place among others, a basis."""

from __future__ import annotations

from openward.report.numbers import EMPTY, MINUS, decimals_for, number
from openward.report.profile.model import Quantity, Standing

FRACTIONS = ("fraction", "share")
COUNTED = ("products", "industries", "markets", "suppliers", "economies")


def is_fraction(unit: str) -> bool:
    """Whether a unit is a fraction of something, printed in percent."""
    return unit.startswith(FRACTIONS)


def share(value: float | None, *, signed: bool = False) -> str:
    """Print a fraction in percent: 37.2 %, 0.08 %."""
    if value is None:
        return EMPTY
    small = 0 < abs(value) < 0.001
    places = decimals_for((100.0 * value,), significant=2) if small else 1
    return f"{number(100.0 * value, places, signed=signed)} %"


def plain(value: float, unit: str) -> str:
    """Print a figure in its unit, without naming it."""
    if is_fraction(unit):
        return share(value)
    if unit in COUNTED:
        return number(value, 0)
    text = f"{abs(value):.2f}"
    return (MINUS if value < 0 and float(text) else "") + text


def figure(one: Quantity) -> str:
    """Print a figure, or a dash."""
    return EMPTY if one.value is None else plain(one.value, one.unit)


def unit_words(one: Quantity) -> str:
    """Name what the figure is measured in: ``of GDP``, ``index, 0 to 1``."""
    if one.value is None:
        return ""
    for word in FRACTIONS:
        one_unit = one.unit.removeprefix(f"{word} ")
        if one_unit != one.unit:
            return one_unit
    return "" if is_fraction(one.unit) or one.unit in COUNTED else one.unit


def place(one: Standing | None, unit: str) -> str:
    """Print a place: rank 151 of 187, median 80.1 %."""
    return "" if one is None else f"rank {one.rank} of {one.of}, median {plain(one.median, unit)}"


def explained(one: Quantity) -> str:
    """Print what stands under a figure: year, unit, basis, place; or why there is none."""
    if one.value is None:
        return f"not at hand: {one.missing}"
    parts = ("" if one.year is None else str(one.year), unit_words(one), one.basis)
    said = " · ".join(part for part in parts if part)
    where = place(one.standing, one.unit)
    return f"{said}; {where}" if where else said


def more_than(one: Quantity) -> str:
    """Say where a figure stands: more than 36 of 187 economies."""
    if one.standing is None:
        return ""
    below, above = one.standing.of - one.standing.rank, one.standing.rank - 1
    if above >= below:
        return f"less than {above} of the other {one.standing.of - 1} economies"
    return f"more than {below} of the other {one.standing.of - 1} economies"


def unbroken(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return text.replace(" %", "\u00a0%")
