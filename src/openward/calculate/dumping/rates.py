"""Rates for firms: their own, the sample's average, all others, and the residual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from openward.calculate.dumping.case import Other
from openward.calculate.jurisdiction import Proceeding, Rules
from openward.calculate.step import Trail
from openward.calculate.thresholds import de_minimis

Kind = Literal["examined", "cooperating", "facts-available", "non-cooperating", "all others"]


@dataclass(frozen=True, slots=True)
class Examined:
    """The margin of a firm examined by itself, and the export value that weighs it."""

    name: str
    margin: Fraction
    value: Fraction


@dataclass(frozen=True, slots=True)
class Rate:
    """A firm's rate.

    Attributes
    ----------
    name : str
    kind : str
        ``examined``, ``cooperating``, ``facts-available``, ``non-cooperating`` or ``all others``.
    rate : Fraction
        Margin as a fraction of the denominator.
    de_minimis : bool
    """

    name: str
    kind: Kind
    rate: Fraction
    de_minimis: bool


def all_others(
    examined: Sequence[Examined],
    others: Sequence[Other],
    rules: Rules,
    trail: Trail,
    *,
    proceeding: Proceeding,
) -> Fraction:
    """Average the margins of the examined firms by export value, without zero and de minimis ones.

    Rates on facts available do not enter (ADA art 9.4). Where nothing is left, the law asks for a reasonable
    method: the simple mean of all rates found, facts available among them, and the step says so.
    """
    counted = [one for one in examined if not de_minimis(one.margin, rules, proceeding=proceeding)]
    if counted:
        value = sum((one.value for one in counted), Fraction(0))
        rate = sum((one.margin * one.value for one in counted), Fraction(0)) / value
        formula = "sum(margin * value) / sum(value), zero and de minimis left out"
        inputs = tuple((one.name, one.margin) for one in counted)
    else:
        found = [(one.name, one.margin) for one in examined]
        found += [(one.name, one.rate) for one in others if one.rate is not None]
        rate = sum((rate for _, rate in found), Fraction(0)) / len(found)
        formula = "mean of all rates: every one is zero, de minimis or on facts available"
        inputs = tuple(found)
    trail.note(
        rate,
        subject="all others",
        name="rate",
        formula=formula,
        inputs=inputs,
        unit="fraction",
        citation=f"{rules.all_others.citation}; ADA art 9.4",
    )
    return rate


def firm_rates(
    examined: Sequence[Examined],
    others: Sequence[Other],
    rules: Rules,
    trail: Trail,
    *,
    proceeding: Proceeding,
) -> tuple[Rate, ...]:
    """Give every firm its rate, then all others; the residual is that of firms that do not cooperate."""

    def rate_of(name: str, kind: Kind, value: Fraction) -> Rate:
        return Rate(name, kind, value, de_minimis(value, rules, proceeding=proceeding))

    average = all_others(examined, others, rules, trail, proceeding=proceeding)
    known = [one.margin for one in examined] + [one.rate for one in others if one.rate is not None]
    residual = max(known) if rules.residual.value == "highest" else average
    if rules.residual.value == "highest":
        trail.note(
            residual,
            subject="non-cooperating",
            name="rate",
            formula="highest rate found",
            unit="fraction",
            citation=rules.residual.citation,
        )
    rates = [rate_of(one.name, "examined", one.margin) for one in examined]
    for other in others:
        value = {"cooperating": average, "non-cooperating": residual}.get(other.kind, other.rate)
        assert value is not None
        rates.append(rate_of(other.name, other.kind, value))
    rates.append(rate_of("all others", "all others", residual))
    return tuple(rates)
