"""The factor table: every factor of art 3.4, its figures, its trend, or that nothing was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from openward.calculate.injury.case import Finding, InjuryCase, Series
from openward.calculate.injury.factors import FACTORS, Factor

Trend = Literal["worse", "better", "steady", "in words", "not given", "not comparable"]
STEADY = Fraction(1, 100)
"""A change of less than 1 % of the first figure is called steady (ours; the Agreement has no figure)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One factor with its trend.

    Attributes
    ----------
    factor : Factor
    values : tuple of (str, Fraction or None)
        By period; None where no figure was given.
    unit : str
    change : Fraction or None
        Last over first less one; None where a figure is missing or the first is not above zero.
    turns : int
        How often the direction changes between periods: 0 is one way all along.
    trend : str
    finding : str
    """

    factor: Factor
    values: tuple[tuple[str, Fraction | None], ...]
    unit: str
    change: Fraction | None
    turns: int
    trend: Trend
    finding: str


@dataclass(frozen=True, slots=True)
class Triage:
    """A single number to sort files by; never a finding.

    Attributes
    ----------
    worse, better, judged : int
        Factors that point to injury, away from it, and those with a direction.
    score : Fraction or None
        ``(worse - better) / judged``; None where nothing can be judged.
    warning : str
    """

    worse: int
    better: int
    judged: int
    score: Fraction | None
    warning: str = "triage only: no factor or number decides (ADA art 3.4); the table is the evidence"


def factor_table(case: InjuryCase) -> tuple[Row, ...]:
    """Give a row for each of the fifteen factors, in the Agreement's order; none is left out."""
    return tuple(_row(factor, case.factors.get(factor.name), case.periods) for factor in FACTORS)


def triage(rows: Sequence[Row]) -> Triage:
    """Count directions."""
    worse = sum(row.trend == "worse" for row in rows)
    better = sum(row.trend == "better" for row in rows)
    judged = sum(row.trend in ("worse", "better", "steady") for row in rows)
    return Triage(worse, better, judged, Fraction(worse - better, judged) if judged else None)


def _row(factor: Factor, given: Series | Finding | None, periods: Sequence[str]) -> Row:
    if not isinstance(given, Series):
        words = given.finding if given is not None else ""
        trend: Trend = "in words" if given is not None else "not given"
        return Row(factor, tuple((period, None) for period in periods), "", None, 0, trend, words)
    values = tuple((period, given.values.get(period)) for period in periods)
    first, last = values[0][1], values[-1][1]
    if first is None or last is None:
        return Row(factor, values, given.unit, None, 0, "not comparable", "")
    gap = last - first
    change = gap / first if first > 0 else None
    known = [value for _, value in values if value is not None]
    return Row(factor, values, given.unit, change, _turns(known), _trend(factor, gap, first), "")


def _trend(factor: Factor, gap: Fraction, first: Fraction) -> Trend:
    if factor.bad == "none":
        return "not comparable"
    # A loss that grows is worse whatever its share: the size of the change is set against the first figure.
    if abs(gap) < STEADY * abs(first) or gap == 0:
        return "steady"
    return "worse" if (gap < 0) == (factor.bad == "down") else "better"


def _turns(values: Sequence[Fraction]) -> int:
    signs = [later > sooner for sooner, later in pairwise(values) if later != sooner]
    return sum(one != two for one, two in pairwise(signs))
