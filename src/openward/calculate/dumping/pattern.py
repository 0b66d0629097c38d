"""The gate to average-to-transaction: do prices differ between purchasers, regions or periods?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from openward.calculate.dumping.conditions import Conditions, conditions
from openward.calculate.dumping.prices import Priced, PricedExport, average, by_pcn, quantity
from openward.calculate.jurisdiction import Pattern, Rules
from openward.calculate.step import Trail
from openward.errors import InputErrors, MissingDataError

Scope = Literal["none", "part", "whole"]


@dataclass(frozen=True, slots=True)
class Group:
    """One test group set against the other sales of its product.

    Attributes
    ----------
    pcn, dimension, key : str
        Product; purchaser, region or period; which one.
    tested : bool
        Both groups have the observations, and the comparison group the share of quantity, the test needs.
    d : float or None
        Effect size; infinite where prices do not vary inside groups that differ; None if not tested.
    passed : bool
        ``|d| >= 0.8``, compared exactly as ``2 (mean difference)^2 >= 0.64 (variance + variance)``.
    conditions : Conditions or None
        What the judgment of 2025 asks of the data.
    """

    pcn: str
    dimension: str
    key: str
    tested: bool
    d: float | None
    passed: bool
    conditions: Conditions | None


@dataclass(frozen=True, slots=True)
class Differential:
    """What the gate says.

    Attributes
    ----------
    groups : tuple of Group
    passing : frozenset of str
        Ids of export sales in a group that passed; each counts once.
    share : Fraction
        Their part of the value of all export sales.
    scope : str
        ``none`` (33 % or less), ``part`` (between), ``whole`` (66 % or more).
    reliable : bool
        Every group that passed meets the conditions of the judgment; without it the gate stays shut.
    """

    groups: tuple[Group, ...]
    passing: frozenset[str]
    share: Fraction
    scope: Scope
    reliable: bool


def scope_of(share: Fraction, rule: Pattern) -> Scope:
    """Apply the ratio test: 66 % or more is the whole, more than 33 % a part."""
    assert rule.high_share is not None
    assert rule.low_share is not None
    return "whole" if share >= rule.high_share else "part" if share > rule.low_share else "none"


def meaningful(standard: Fraction, alternative: Fraction, de_minimis: Fraction, rule: Pattern) -> bool:
    """Say whether the methods differ meaningfully.

    They do if the margin crosses the de minimis threshold, or if both are at or above it and the relative
    change is at least 25 %.
    """
    assert rule.meaningful is not None
    if (standard < de_minimis) != (alternative < de_minimis):
        return True
    return standard >= de_minimis and abs(alternative - standard) / standard >= rule.meaningful


def differential(exports: Sequence[Priced], rules: Rules, trail: Trail, *, firm: str) -> Differential:
    """Run Cohen's d and the ratio test over purchasers, regions and quarters.

    ``d = (mean of test group - mean of the others) / sqrt((variance + variance) / 2)``; means and variances
    are weighted by quantity, variances divided by the sum of weights.

    Raises
    ------
    InputErrors
        The law has no such figures, or sales lack a region or a day.
    """
    rule = rules.pattern
    if rule.cohen_d is None:
        raise MissingDataError(
            f"{rules.name} has no figures for a pattern of prices",
            where="method",
            hint=f"choose a method yourself and give reasons ({rule.citation})",
        )
    _complete(exports, firm)
    groups: list[Group] = []
    passing: set[str] = set()
    for pcn, sales in by_pcn(exports).items():
        for dimension, key_of in _DIMENSIONS.items():
            for key in dict.fromkeys(key_of(one) for one in sales):
                test = [one for one in sales if key_of(one) == key]
                rest = [one for one in sales if key_of(one) != key]
                group = _test(pcn, dimension, key, test, rest, rule)
                groups.append(group)
                if group.passed:
                    passing.update(one.sale.id for one in test)
                trail.note(
                    group.passed,
                    subject=f"{firm} {pcn} {dimension} {key}",
                    name="Cohen's d",
                    formula="|mean - mean of others| / sqrt((variance + variance) / 2) >= limit",
                    inputs=_inputs(group, test, rest, rule),
                    citation=rule.citation,
                )
    total = sum((one.net * one.quantity for one in exports), Fraction(0))
    passed = sum((one.net * one.quantity for one in exports if one.sale.id in passing), Fraction(0))
    share = passed / total
    reliable = all(one.conditions is not None and one.conditions.met for one in groups if one.passed)
    scope = scope_of(share, rule)
    trail.note(
        scope,
        subject=firm,
        name="ratio test",
        formula="value of sales in groups that pass / value of all: whole >= high, part > low",
        inputs={
            "passing": passed,
            "all": total,
            "share": share,
            "high": rule.high_share or 0,
            "low": rule.low_share or 0,
        },
        citation=rule.citation,
    )
    trail.note(
        reliable,
        subject=firm,
        name="data fit for Cohen's d",
        formula="every passing group: normal, equally variable, equally and sufficiently numerous",
        inputs=tuple(
            (f"{one.pcn} {one.dimension} {one.key}", "; ".join(one.conditions.reasons) or "met")
            for one in groups
            if one.passed and one.conditions is not None
        ),
        citation=rule.court_limit,
    )
    return Differential(tuple(groups), frozenset(passing), share, scope, reliable)


def quarter(day: date) -> str:
    """Name the quarter of a day."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _region(one: Priced) -> str:
    return one.sale.region if isinstance(one, PricedExport) else ""


_DIMENSIONS: dict[str, Callable[[Priced], str]] = {
    "purchaser": lambda one: one.sale.customer,
    "region": _region,
    "period": lambda one: quarter(one.sale.on) if one.sale.on else "",
}


def _complete(exports: Sequence[Priced], firm: str) -> None:
    lacking = [
        (one.sale.id, what) for one in exports for what, key_of in _DIMENSIONS.items() if not key_of(one)
    ]
    if lacking:
        raise InputErrors(
            [
                MissingDataError(
                    f"no {what}", where=f"{firm}: export sale {id}", hint="the gate groups sales by it"
                )
                for id, what in lacking
            ]
        )


def variance(sales: Sequence[Priced]) -> Fraction:
    """Variance of prices weighted by quantity, divided by the sum of weights."""
    mean = average(sales)
    return sum(((one.net - mean) ** 2 * one.quantity for one in sales), Fraction(0)) / quantity(sales)


def _test(
    pcn: str, dimension: str, key: str, test: Sequence[Priced], rest: Sequence[Priced], rule: Pattern
) -> Group:
    least = rule.least_observations or 2
    enough = len(test) >= least and len(rest) >= least
    if enough and rule.comparison_share is not None:
        enough = quantity(rest) >= rule.comparison_share * (quantity(test) + quantity(rest))
    if not enough or rule.cohen_d is None:
        return Group(pcn, dimension, key, False, None, False, None)
    gap = average(test) - average(rest)
    spread = variance(test) + variance(rest)
    passed = gap != 0 and 2 * gap**2 >= rule.cohen_d**2 * spread
    d = float(2 * gap**2 / spread) ** 0.5 if spread else (float("inf") if gap else 0.0)
    return Group(pcn, dimension, key, True, d, passed, conditions(test, rest))


def _inputs(
    group: Group, test: Sequence[Priced], rest: Sequence[Priced], rule: Pattern
) -> dict[str, Fraction | str]:
    if not group.tested:
        return {
            "not tested": f"{len(test)} sales against {len(rest)}, or too little quantity among the others"
        }
    return {
        "mean": average(test),
        "mean of others": average(rest),
        "variance": variance(test),
        "variance of others": variance(rest),
        "d": "infinite" if group.d == float("inf") else f"{group.d:.6g}",
        "limit": rule.cohen_d or Fraction(0),
    }
