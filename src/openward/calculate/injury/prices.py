"""Price effects: undercutting, the price without injury, underselling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.injury.case import PriceRow
from openward.calculate.step import Trail
from openward.errors import MissingDataError

PRACTICE = "practice of the European Commission and others; the Agreement has no formula"


@dataclass(frozen=True, slots=True)
class PriceEffects:
    """Effects on price over all products compared, as fractions.

    Attributes
    ----------
    undercutting : Fraction
        Of the domestic price; products not undercut count as zero in `positive_only`.
    undercutting_positive_only : Fraction
    underselling : Fraction
        Of the CIF value: what would remove the injury.
    """

    undercutting: Fraction
    undercutting_positive_only: Fraction
    underselling: Fraction


def price_without_injury(cost: Fraction, target_profit: Fraction) -> Fraction:
    """Give the non-injurious price: cost over one less the target profit on turnover."""
    return cost / (1 - target_profit)


def price_effects(rows: Sequence[PriceRow], trail: Trail) -> PriceEffects:
    """Compare prices product by product, weighted by the quantity imported.

    Raises
    ------
    MissingDataError
        There are no rows.
    """
    if not rows:
        raise MissingDataError("no prices to compare", where="prices", hint="state them by product")
    under = positive = turnover = selling = value = Fraction(0)
    for row in rows:
        gap = (row.domestic - row.imported) * row.quantity
        target = price_without_injury(row.cost, row.target_profit)
        short = (target - row.imported) * row.quantity
        under, positive = under + gap, positive + max(gap, Fraction(0))
        turnover += row.domestic * row.quantity
        selling, value = selling + max(short, Fraction(0)), value + row.cif * row.quantity
        trail.note(
            (row.domestic - row.imported) / row.domestic,
            subject=row.pcn,
            name="undercutting",
            formula="(domestic price - landed import price) / domestic price",
            inputs={"domestic price": row.domestic, "landed import price": row.imported},
            unit="fraction",
            citation="ADA art 3.2",
        )
        trail.note(
            target,
            subject=row.pcn,
            name="price without injury",
            formula="cost / (1 - target profit)",
            inputs={"cost": row.cost, "target profit": row.target_profit},
            unit="per unit",
            citation=PRACTICE,
        )
        trail.note(
            max(target - row.imported, Fraction(0)) / row.cif,
            subject=row.pcn,
            name="underselling",
            formula="max(price without injury - landed import price, 0) / CIF value",
            inputs={
                "price without injury": target,
                "landed import price": row.imported,
                "CIF value": row.cif,
            },
            unit="fraction",
            citation=PRACTICE,
        )
    found = PriceEffects(under / turnover, positive / turnover, selling / value)
    for name, amount, base, rate in (
        ("undercutting", under, turnover, found.undercutting),
        ("undercutting, positive only", positive, turnover, found.undercutting_positive_only),
        ("underselling", selling, value, found.underselling),
    ):
        trail.note(
            rate,
            subject="all products",
            name=name,
            formula="sum(amount * quantity) / sum(base * quantity)",
            inputs={"amount": amount, "base": base},
            unit="fraction",
            citation="ADA art 3.2" if name != "underselling" else PRACTICE,
        )
    return found
