"""What an economy loses when its largest suppliers stop: the price of leaning on few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.caliendo_parro import Closure, solve

SUPPLIERS = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """Loss of one economy; ``loss_pct`` is positive and in percent of real income."""

    economy: str
    suppliers: tuple[str, ...]
    loss_pct: float


def largest_suppliers(world: Baseline, economy: int, *, count: int = SUPPLIERS) -> tuple[int, ...]:
    """Give the indices of the largest foreign suppliers of an economy, all sectors together."""
    bought: Array = world.flows[economy].sum(axis=1)
    bought[economy] = 0.0
    order = np.argsort(-bought, kind="stable")[:count]
    return tuple(int(i) for i in order if bought[i] > 0)


def supplier_stop(world: Baseline, economy: int, suppliers: tuple[int, ...], *, closure: Closure) -> Loss:
    """Solve the world in which some suppliers sell nothing more to one economy.

    Other buyers still trade with them, and every price and wage adjusts: a medium-run loss. The short run,
    before anybody can switch, is worse; nothing here says how much.
    """
    costs = np.ones_like(world.flows)
    costs[economy, list(suppliers), :] = np.inf
    outcome = solve(world, Shock(name="supplier-stop", trade_costs=costs), closure=closure, tolerance=1e-8)
    return Loss(
        economy=world.economies[economy],
        suppliers=tuple(world.economies[i] for i in suppliers),
        loss_pct=-float(outcome.real_income_pct[economy]),
    )
