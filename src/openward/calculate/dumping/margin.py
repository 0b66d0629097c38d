"""From comparisons to a margin: weighted by value, or the simple mean of the products' own margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from openward.calculate.dumping.comparison import Comparison
from openward.calculate.exact import rounded
from openward.calculate.jurisdiction import Rules
from openward.calculate.step import Trail


@dataclass(frozen=True, slots=True)
class Margin:
    """A dumping margin, as fractions of the denominator.

    Attributes
    ----------
    weighted : Fraction
        Sum of amounts over sum of values; never below zero.
    simple : Fraction
        Mean of the products' margins, each never below zero without offsets; never below zero itself.
    offsets : bool
        Comparisons that show no dumping offset those that do.
    amount, value : Fraction
        What the weighted margin divides; the amount may be negative with offsets.
    """

    weighted: Fraction
    simple: Fraction
    offsets: bool
    amount: Fraction
    value: Fraction

    def pct(self, rules: Rules) -> Decimal:
        """Give the weighted margin in percent, rounded half up to the places of the jurisdiction."""
        return percent(self.weighted, rules)


def percent(rate: Fraction, rules: Rules) -> Decimal:
    """Print a fraction as percent, rounded half up to the places of the jurisdiction."""
    return rounded(rate * 100, int(rules.places.value))


def margin(
    comparisons: Sequence[Comparison], rules: Rules, trail: Trail, *, offsets: bool, firm: str, label: str
) -> Margin:
    """Put comparisons together; rounding happens only when the margin is printed."""
    amounts = [one.amount(offsets=offsets) for one in comparisons]
    amount = sum(amounts, Fraction(0))
    value = sum((one.value for one in comparisons), Fraction(0))
    weighted = max(amount / value, Fraction(0))
    products = by_product(comparisons, amounts)
    simple = max(sum(products.values(), Fraction(0)) / len(products), Fraction(0))
    how = f"{label}, {'with' if offsets else 'without'} offsets"
    base = f"{rules.denominator.value} export value"
    trail.note(
        weighted,
        subject=firm,
        name=f"margin, weighted, {how}",
        formula=f"max(sum(amount) / sum({base}), 0)",
        inputs={"sum(amount)": amount, f"sum({base})": value},
        unit="fraction",
        citation=rules.denominator.citation,
    )
    trail.note(
        simple,
        subject=firm,
        name=f"margin, simple, {how}",
        formula="max(mean of products' amount / value, 0)",
        inputs=tuple(products.items()),
        unit="fraction",
        citation="no law uses it; shown beside the weighted margin",
    )
    return Margin(weighted, simple, offsets, amount, value)


def by_product(comparisons: Sequence[Comparison], amounts: Sequence[Fraction]) -> dict[str, Fraction]:
    """Give each product's amount over its value; a product compared in two parts counts once."""
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for one, amount in zip(comparisons, amounts, strict=True):
        before = sums.get(one.pcn, (Fraction(0), Fraction(0)))
        sums[one.pcn] = (before[0] + amount, before[1] + one.value)
    return {pcn: amount / value for pcn, (amount, value) in sums.items()}
