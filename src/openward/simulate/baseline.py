"""A calibrated world, a change to it, and what follows: the arrays every model shares.

All arrays are float64 in the order ``[importer, exporter, sector]`` or ``[economy, sector]``.
Notation: N economies, J sectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """A calibrated world (``openward.baseline/1``).

    Attributes
    ----------
    name, year, currency, scale, source, licence
        What it is; ``scale`` multiplies the values to give currency units (1e6: millions).
    economies, sectors : tuple of str
        Codes, in array order.
    tradable : bool array [J]
    flows : [N, N, J]
        Purchases of importer n from exporter i at the exporter's price, net of tariff, domestic
        sales included, in ``scale * currency``.
    tariffs : [N, N, J]
        Ad valorem rates as fractions, on the exporter's price.
    value_added : [N, J]
        Share of gross output.
    use : [N, J, J]
        ``use[n, k, j]``: spending on input k (tariff included) per unit of gross output of j.
        ``value_added[n, j] + use[n, :, j].sum() == 1`` where output is positive.
    final : [N, J]
        Share of final spending (tariff included); rows sum to one.
    theta : [J]
        Trade elasticities.
    deficits : [N]
        Imports minus exports (net of tariff), same unit as flows; sums to zero.
    """

    name: str
    year: int
    currency: str
    scale: float
    source: str
    licence: str
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    tradable: NDArray[np.bool_]
    flows: Array
    tariffs: Array
    value_added: Array
    use: Array
    final: Array
    theta: Array
    deficits: Array


@dataclass(frozen=True, slots=True, eq=False)
class Shock:
    """A change of policy or circumstance against a baseline. ``None`` leaves that part as it is.

    Attributes
    ----------
    name : str
    tariffs : [N, N, J], optional
        New rates: the rate that gives the revenue.
    price_wedge : [N, N, J], optional
        Factor on the price the buyer pays for the goods of one exporter, from tariffs alone. None: it is
        ``(1 + new) / (1 + old)`` of ``tariffs``. Given where an average over lines has another price effect
        than its revenue (DESIGN section 3, "Law -> shock").
    trade_costs : [N, N, J], optional
        Factor on iceberg costs; ``inf`` stops the flow.
    productivity : [N, J], optional
        Factor on productivity.
    deficits : [N], optional
        New deficits, in the baseline's unit; they sum to zero.
    theta : [J], optional
        Elasticities to solve with instead of the baseline's.
    export_taxes : [N, N, J], optional
        Taxes (subsidies where negative) that the exporter levies, as fractions of the producer's price; the
        baseline has none. Revenue goes to the exporter.
    quotas, export_quotas : [N, N, J], optional
        Most volume over the baseline's volume; ``inf`` where there is no quota. The rent goes to the
        importer, to the exporter.

    Notes
    -----
    The last three are solved by the models of `openward.simulate.models`; the kernel alone refuses them.
    """

    name: str = ""
    tariffs: Array | None = None
    price_wedge: Array | None = None
    trade_costs: Array | None = None
    productivity: Array | None = None
    deficits: Array | None = None
    theta: Array | None = None
    export_taxes: Array | None = None
    quotas: Array | None = None
    export_quotas: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a shock does, with the evidence that it was solved (``openward.outcome/1``).

    Percent fields are in percent (``*_pct``); hats are factors (new over old).

    Attributes
    ----------
    baseline : Baseline
        The world before.
    after : Baseline
        The world after, itself a baseline: shocks can be chained.
    real_income_pct : [N]
        Exact change in final spending (wL + R + D) over the final price index.
    terms_of_trade_pct, volume_of_trade_pct : [N]
        First-order terms (Caliendo and Parro 2015, eq. 17), as papers print them.
    path_integrated_pct : [N] or None
        Sum of first-order terms over small steps of the shock; None where not asked for.
    real_wage_pct, price_index_pct : [N]
    wage_hat : [N]
    price_hat : [N, J]
        Change in the price of the sector composite at the buyer.
    output_hat : [N, J]
        Change in the value of gross output; 1 where output was and stays zero.
    output_volume_pct : [N, J]
        Change in the volume of output (value over unit cost).
    tariff_revenue_before, tariff_revenue_after : [N]
        In the baseline's unit; the numeraire is world value added.
    empty_cells : int
        Cells (buyer, sector) or producers without any flow, left out of the solution.
    """

    model: str
    closure: str
    numeraire: str
    converged: bool
    iterations: int
    residual: float
    seconds: float
    shock_name: str
    baseline: Baseline
    after: Baseline
    real_income_pct: Array
    terms_of_trade_pct: Array
    volume_of_trade_pct: Array
    path_integrated_pct: Array | None
    real_wage_pct: Array
    price_index_pct: Array
    wage_hat: Array
    price_hat: Array
    unit_cost_hat: Array
    output_hat: Array
    output_volume_pct: Array
    tariff_revenue_before: Array
    tariff_revenue_after: Array
    empty_cells: int = 0
    notes: tuple[str, ...] = ()

    @property
    def first_order_pct(self) -> Array:
        """Terms of trade plus volume of trade, in percent: the welfare figure papers print."""
        return self.terms_of_trade_pct + self.volume_of_trade_pct

    def as_dict(self, *, include_bilateral: bool = False) -> dict[str, Any]:
        """Give the outcome in the form of CONTRACTS ``openward.outcome/1``."""
        from openward.simulate.outcome_json import outcome_dict

        return outcome_dict(self, include_bilateral=include_bilateral)
