"""Sales in the ordinary course of trade: enough of them, and not below cost in quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from openward.calculate.dumping.case import Cost
from openward.calculate.dumping.prices import Priced, average, quantity
from openward.calculate.jurisdiction import Rules
from openward.calculate.step import Trail
from openward.errors import MissingDataError


def viable(home: Fraction, export: Fraction, rules: Rules, trail: Trail, *, subject: str) -> bool:
    """Say whether home sales are enough: at least 5 % of the quantity exported to the importing economy."""
    share = home / export
    passed = share >= rules.viability.value
    trail.note(
        passed,
        subject=subject,
        name="viable home sales",
        formula="home quantity / export quantity >= least share",
        inputs={
            "home quantity": home,
            "export quantity": export,
            "share": share,
            "least share": rules.viability.value,
        },
        citation=rules.viability.citation,
    )
    return passed


def above_cost(
    sales: Sequence[Priced], costs: Mapping[str, Cost], pcn: str, rules: Rules, trail: Trail, *, firm: str
) -> list[Priced]:
    """Leave out sales below cost where they are substantial.

    They are where 20 % or more of the quantity is sold below the unit cost of the period, or where the
    average price is below it (ADA note 5). The cost is that of the whole period, so a price above it has
    recovered cost within it (ADA art 2.2.1).

    Raises
    ------
    MissingDataError
        The product has no cost; a missing cost is never zero.
    """
    if pcn not in costs:
        raise MissingDataError(
            f"no cost of production for {pcn}",
            where=f"{firm}: costs",
            hint="state manufacture, selling_general and finance per unit; no sale is tested without",
        )
    cost = costs[pcn].total
    below = quantity(one for one in sales if one.net < cost)
    share, mean = below / quantity(sales), average(sales)
    dropped = share >= rules.below_cost.value or mean < cost
    trail.note(
        dropped,
        subject=f"{firm} {pcn}",
        name="below-cost sales left out",
        formula="quantity below cost / quantity >= limit, or average price < cost",
        inputs={
            "cost": cost,
            "quantity below cost": below,
            "quantity": quantity(sales),
            "share": share,
            "limit": rules.below_cost.value,
            "average price": mean,
        },
        citation=rules.below_cost.citation,
    )
    return [one for one in sales if one.net >= cost] if dropped else list(sales)
