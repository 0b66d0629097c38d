"""How far a figure may be from a claim, and whether a relation holds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from openward.errors import InputError

ABOUT = 0.05
"""What "about" allows where a ledger says nothing: 5 percent of the claimed value."""
ROUNDING = 1e-9
"""Slack for binary fractions, relative to the claim, so that exactly half a printed digit is inside."""

_SPELLING = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """An allowed distance.

    Attributes
    ----------
    amount : float
        In the claim's unit, or a fraction of the claimed value.
    relative : bool
    """

    amount: float
    relative: bool = False

    @property
    def text(self) -> str:
        """As a ledger writes it: ``0.05`` or ``5 %``."""
        return f"{self.amount * 100:.12g} %" if self.relative else f"{self.amount:.12g}"

    def around(self, value: float) -> float:
        """Give the allowed distance from a claimed value, in its unit."""
        return self.amount * abs(value) if self.relative else self.amount


EXACT = Tolerance(0.0)


def read_tolerance(text: str, *, where: str = "") -> Tolerance:
    """Read ``0.05`` (in the claim's unit) or ``5 %`` (of the claimed value).

    Raises
    ------
    InputError
        It is neither.
    """
    found = _SPELLING.fullmatch(text)
    if found is None:
        raise InputError(f"{text!r} is not a tolerance", where=where, hint="write 0.05, or 5 %")
    amount, percent = float(found[1]), bool(found[2])
    return Tolerance(amount / 100 if percent else amount, relative=percent)


def default_tolerance(relation: str, value: str) -> Tolerance:
    """Give half the last printed digit for ``=``, 5 percent for ``~=``, none for inequalities.

    Parameters
    ----------
    relation, value : str
        The value as printed: ``9.7`` allows 0.05, ``9.70`` 0.005, ``23`` 0.5. Words allow nothing.
    """
    if relation == "~=":
        return Tolerance(ABOUT, relative=True)
    if relation != "=" or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return EXACT
    digits = len(value.partition(".")[2])
    return Tolerance(0.5 * 10.0**-digits)


def holds(computed: float, relation: str, value: float, tolerance: Tolerance) -> bool:
    """Tell whether a computed figure stands in the relation to the claimed one.

    An inequality is widened by its tolerance, which is nothing unless the ledger says otherwise.
    """
    return _TESTS[relation](computed - value, tolerance.around(value), ROUNDING * max(1.0, abs(value)))


def missed_by(computed: float, relation: str, value: float) -> float:
    """Give how far an inequality is missed, as a fraction of the claimed value; zero where it holds."""
    gap = value - computed if relation.startswith(">") else computed - value
    if gap <= 0:
        return 0.0
    return gap / abs(value) if value else math.inf


def worst(values: Mapping[int, float], relation: str, value: float) -> int:
    """Name the year whose figure is nearest to failing the relation, or fails it most."""

    def room(year: int) -> float:
        gap = values[year] - value
        return gap if relation.startswith(">") else -gap if relation.startswith("<") else -abs(gap)

    return min(values, key=room)


_TESTS: Mapping[str, Callable[[float, float, float], bool]] = MappingProxyType(
    {
        "=": lambda gap, allowed, slack: abs(gap) <= allowed + slack,
        "~=": lambda gap, allowed, slack: abs(gap) <= allowed + slack,
        ">=": lambda gap, allowed, slack: gap >= -allowed - slack,
        "<=": lambda gap, allowed, slack: gap <= allowed + slack,
        # Strictly: a figure that equals the limit to rounding is not above it.
        ">": lambda gap, allowed, slack: gap > slack - allowed,
        "<": lambda gap, allowed, slack: gap < allowed - slack,
    }
)
RELATIONS = tuple(_TESTS)
