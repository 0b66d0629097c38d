"""A baseline as one sector: trade by pair, one elasticity, tariffs as costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from openward.errors import InputError
from openward.simulate.accounts import account, tidy
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.models.border import read_border
from openward.simulate.models.protocol import Options
from openward.simulate.shocked import check_shock, fill

NOTE = "One sector: tariffs count as costs without revenue."


@dataclass(frozen=True, slots=True, eq=False)
class OneSector:
    """What one-sector gravity needs.

    Attributes
    ----------
    world : Baseline
        One sector, no tariffs.
    theta : float
        ``sigma - 1``.
    cost_change : [N, N]
        Buyer by seller: the change in ``t ** -theta``, productivity of the seller included; 0 forbids.
    productivity : [N]
    """

    world: Baseline
    theta: float
    cost_change: Array
    productivity: Array


def one_sector(baseline: Baseline, shock: Shock, options: Options) -> OneSector:
    """Aggregate a baseline and a shock.

    Parameters
    ----------
    baseline : Baseline
    shock : Shock
        Costs are averaged over sectors with the pair's purchases, as powers; productivity with output.
    options : Options
        ``sigma``; by default one plus the mean of trade elasticities, weighted by foreign trade.

    Raises
    ------
    InputError
        New deficits or elasticities, export taxes or quotas, which have no place here.
    """
    baseline = tidy(baseline)
    account(baseline)
    if shock.deficits is not None or shock.theta is not None or read_border(baseline, shock, closure="fixed"):
        raise InputError(
            "one-sector gravity takes tariffs, trade costs and productivity",
            hint="use armington or caliendo-parro for deficits, elasticities, export taxes or quotas",
            where=f"shock {shock.name or '(no name)'}",
        )
    check_shock(baseline, shock)
    theta = _theta(baseline, options)
    bought = baseline.flows * (1.0 + baseline.tariffs)
    change = fill(baseline, shock, stop_factor=np.inf)
    factor = np.ones_like(bought) if change.price_factor is None else change.price_factor
    pairs = bought.sum(axis=2)
    seen = (bought * factor**-theta).sum(axis=2)
    cost_change = np.divide(seen, pairs, out=np.ones_like(pairs), where=pairs > 0)
    output = baseline.flows.sum(axis=0)
    made = np.ones(len(output))
    if change.productivity is not None:
        made = (output * change.productivity).sum(axis=1) / output.sum(axis=1)
    return OneSector(_flat(baseline, theta), theta, cost_change * made**theta, made)


def _theta(baseline: Baseline, options: Options) -> float:
    if options.sigma is not None:
        if not 1.0 < options.sigma < np.inf:
            raise InputError(f"sigma is {options.sigma:g}", hint="it must be above 1", where="sigma")
        return options.sigma - 1.0
    weights = baseline.flows.sum(axis=(0, 1)) - np.einsum("nnj->j", baseline.flows)
    if weights.sum() <= 0:
        weights = baseline.flows.sum(axis=(0, 1))
    return float(weights @ baseline.theta / weights.sum())


def _flat(baseline: Baseline, theta: float) -> Baseline:
    flows = baseline.flows.sum(axis=2, keepdims=True)
    N = len(flows)
    return replace(
        baseline,
        name=f"{baseline.name}, one sector",
        sectors=("TOTAL",),
        tradable=np.ones(1, dtype=bool),
        flows=flows,
        tariffs=np.zeros((N, N, 1)),
        value_added=np.ones((N, 1)),
        use=np.zeros((N, 1, 1)),
        final=np.ones((N, 1)),
        theta=np.array([theta]),
        deficits=flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    )


def one_sector_outcome(
    problem: OneSector,
    *,
    model: str,
    closure: str,
    shock: Shock,
    flows: Array,
    price: Array,
    index: Array,
    real_income: Array,
    iterations: int,
    residual: float,
    notes: tuple[str, ...],
) -> Outcome:
    """Put a solution in the common form; arrays as new over old, ``flows`` [N, N] buyer by seller."""
    from openward.simulate.decomposition import first_order

    world = problem.world
    cost = (price / problem.productivity)[:, None]
    after = replace(
        world,
        name=f"{world.name} after {shock.name or model}",
        flows=flows[:, :, None],
        deficits=flows.sum(axis=1) - flows.sum(axis=0),
    )
    terms = first_order(
        flows=world.flows,
        tariffs=world.tariffs,
        flows_after=after.flows,
        unit_cost_hat=cost,
        income=world.flows.sum(axis=(1, 2)),
    )
    output = flows.sum(axis=0) / world.flows.sum(axis=(0, 2))
    zeros = np.zeros(len(price))
    return Outcome(
        model=model,
        closure=closure,
        numeraire="world output",
        converged=True,
        iterations=iterations,
        residual=residual,
        seconds=0.0,
        shock_name=shock.name,
        baseline=world,
        after=after,
        real_income_pct=100.0 * (real_income - 1.0),
        terms_of_trade_pct=terms.terms_of_trade_pct,
        volume_of_trade_pct=terms.volume_of_trade_pct,
        path_integrated_pct=None,
        real_wage_pct=100.0 * (price / index - 1.0),
        price_index_pct=100.0 * (index - 1.0),
        wage_hat=price,
        price_hat=index[:, None],
        unit_cost_hat=cost,
        output_hat=output[:, None],
        output_volume_pct=100.0 * (output[:, None] / cost - 1.0),
        tariff_revenue_before=zeros,
        tariff_revenue_after=zeros,
        notes=(NOTE, f"The elasticity of substitution is {1 + problem.theta:.4g}.", *notes),
    )
