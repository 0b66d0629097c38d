r"""Structural gravity in one sector, full endowment (Anderson and van Wincoop 2003; Yotov and others 2016).

.. math::

    \hat p_i Y_i = \sum_n \frac{\lambda_{ni} \hat\phi_{ni} \hat p_i^{1-\sigma}}
        {\sum_k \lambda_{nk} \hat\phi_{nk} \hat p_k^{1-\sigma}} E_n', \qquad \hat\phi = \hat t^{1-\sigma} \\
    \hat P_n^{1-\sigma} = \sum_i \lambda_{ni} \hat\phi_{ni} \hat p_i^{1-\sigma}

Closures: expenditure over output stays (``share``), deficits stay in world output (``fixed``), or trade is
balanced before the shock and after (``balanced``; Dekle, Eaton and Kortum 2007). The baseline is aggregated.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from openward.errors import NotConvergedError
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.gravity import GravityOutcome, solve_gravity
from openward.simulate.models.one_sector import OneSector, one_sector, one_sector_outcome
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.reachable import refuse_cut_off

Deficits = Literal["share", "fixed", "balanced"]
NEWTON_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Gravity(Card):
    """One-sector endowment gravity."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        began = time.perf_counter()
        closure, options = self.settle(closure, options)
        problem = one_sector(baseline, shock, options)
        owed = problem.world.deficits if closure != "balanced" else np.zeros(len(problem.world.deficits))
        refuse_cut_off(baseline, shock, deficits=owed)
        notes: tuple[str, ...] = ()
        if closure == "balanced":
            still = _solve(problem, np.ones_like(problem.cost_change), closure)
            flows = still.flows.T[:, :, None]
            world = replace(problem.world, flows=flows, deficits=np.zeros(len(flows)))
            problem = replace(problem, world=world)
            notes = ("Trade deficits were removed first: effects are against that world.",)
        found = _solve(problem, problem.cost_change, closure)
        outcome = one_sector_outcome(
            problem,
            model=self.name,
            closure=closure,
            shock=shock,
            flows=found.flows.T,
            price=found.price,
            index=found.price_index,
            real_income=found.real_income,
            iterations=found.iterations,
            residual=found.residual,
            notes=notes,
        )
        return replace(outcome, seconds=time.perf_counter() - began)


def _solve(problem: OneSector, cost_change: Array, closure: str) -> GravityOutcome:
    try:
        return solve_gravity(
            flows=problem.world.flows[:, :, 0].T,
            cost_change=cost_change.T,
            sigma=1.0 + problem.theta,
            deficits=cast(Deficits, closure),
            tolerance=NEWTON_TOLERANCE,
        )
    except np.linalg.LinAlgError as error:
        raise NotConvergedError(
            "prices are not determined: parts of the world no longer trade with each other",
            where="gravity",
            hint="use caliendo-parro or armington, or a large finite trade cost instead of an infinite one",
        ) from error


MODEL = Gravity(
    name="gravity",
    title="Structural gravity, one sector, full endowment",
    closures=("share", "fixed", "balanced"),
    takes=frozenset({"sigma"}),
    cannot_say="no sectors, no inputs, no tariff revenue: a tariff is a cost like distance",
)
