"""Check a solution from its tables alone, apart from the code that found it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.simulate.baseline import Array, Baseline


@dataclass(frozen=True, slots=True)
class Residuals:
    """Largest misses, each relative to the economy's value added.

    Attributes
    ----------
    goods : float
        Output that costs were paid for against what buyers buy.
    labor : float
        Value added of what is sold against the wage bill.
    spending : float
        Purchases against final demand out of income plus inputs.
    budget : float
        Imports less exports against the deficit.
    shares : float
        Sum of trade shares against one (a share, not relative to value added).
    """

    goods: float
    labor: float
    spending: float
    budget: float
    shares: float

    @property
    def worst(self) -> float:
        """The largest of them."""
        return max(self.goods, self.labor, self.spending, self.budget, self.shares)


def residuals(after: Baseline, *, output: Array, wage_bill: Array, log_share_sum: Array) -> Residuals:
    """Check market clearing, income = expenditure and shares.

    Parameters
    ----------
    after : Baseline
        The world after.
    output : [N, J]
        Output the solver believes in.
    wage_bill : [N]
    log_share_sum : [N, J]
        Logarithm of the sum of trade shares at the solver's prices.
    """
    sales = after.flows.sum(axis=0)
    taxes = np.einsum("nij,nij->nj", after.flows, after.tariffs)
    bought = after.flows.sum(axis=1)
    income = wage_bill + taxes.sum(axis=1) + after.deficits
    inputs = np.einsum("nkj,nj->nk", after.use, sales)
    net_imports = bought.sum(axis=1) - sales.sum(axis=1)

    def worst(gap: Array) -> float:
        scale = wage_bill if gap.ndim == 1 else wage_bill[:, None]
        return float((np.abs(gap) / scale).max())

    return Residuals(
        goods=worst(sales - output),
        labor=worst((after.value_added * sales).sum(axis=1) - wage_bill),
        spending=worst(bought + taxes - after.final * income[:, None] - inputs),
        budget=worst(net_imports - after.deficits),
        shares=float(np.abs(np.expm1(log_share_sum)).max()),
    )
