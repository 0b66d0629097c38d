"""Figures as people read them: a sign, as many digits as tell the rows apart, a unit."""

from __future__ import annotations

import math
from collections.abc import Iterable

MINUS = "−"
EMPTY = "–"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_DECIMALS = 6


def decimals_for(values: Iterable[float | None], *, significant: int = 3, most: int = MOST_DECIMALS) -> int:
    """Give the decimals that show the largest of ``values`` with ``significant`` digits.

    One number of decimals for a whole column keeps its figures comparable at a glance.
    """
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    if largest == 0.0:
        return 0
    return min(most, max(0, significant - 1 - math.floor(math.log10(largest))))


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Print a number with thousands separators; a missing one is a dash, a rounded zero has no sign."""
    if value is None:
        return EMPTY
    text = f"{abs(value):,.{decimals}f}"
    if not any(c in "123456789" for c in text):
        return "0" if value == 0 else text
    return (MINUS if value < 0 else "+" if signed else "") + text


def percent(value: float | None, decimals: int | None = None, *, signed: bool = True) -> str:
    """Print a percent change with its sign and unit."""
    if value is None:
        return EMPTY
    places = decimals_for((value,), significant=2) if decimals is None else decimals
    return f"{number(value, max(places, 1) if value else 0, signed=signed)} %"


def rate(value: float) -> str:
    """Print a tariff rate (a fraction) in percent."""
    return f"{number(100.0 * value, 0 if value == 0 else 1)} %"


def money(value_musd: float, *, signed: bool = False) -> str:
    """Print million USD as people say them: USD 1.2 tn, USD 62.5 bn, USD 340 m."""
    size = abs(value_musd)
    if size >= 1e6:
        scaled, unit = value_musd / 1e6, "tn"
    elif size >= 1e3:
        scaled, unit = value_musd / 1e3, "bn"
    else:
        scaled, unit = value_musd, "m"
    text = number(scaled, min(2, decimals_for((scaled,))), signed=signed)
    sign = text[0] if text[0] in (MINUS, "+") else ""
    return f"{sign}USD {text.removeprefix(sign)} {unit}"


def scientific(value: float) -> str:
    """Print a small number as 3.1 × 10⁻¹¹, with no place to break the line."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}"


def count(n: int, one: str, many: str = "") -> str:
    """Print a number with its noun in the right form."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listing(items: Iterable[str], *, most: int = 6) -> str:
    """Join words with commas and a final 'and', naming how many are left out."""
    words = list(items)
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}" if words else "none"
