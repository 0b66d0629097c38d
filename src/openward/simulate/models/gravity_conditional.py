r"""Structural gravity in one sector with output and expenditure held: multilateral resistance alone.

.. math::

    X_{ni}' = \frac{X_{ni} \hat\phi_{ni}}{\hat\Pi_i^{1-\sigma} \hat P_n^{1-\sigma}}, \qquad
    \sum_n X_{ni}' = Y_i, \qquad \sum_i X_{ni}' = E_n

(Anderson and van Wincoop 2003, equations 10 and 11; "conditional" in Yotov and others 2016). Prices
at the gate are :math:`1/\hat\Pi`, scaled to keep the value of world output; real income is that of the
endowment, :math:`1 / (\hat\Pi \hat P)`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from openward.errors import InputError, NotConvergedError
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.models.one_sector import one_sector, one_sector_outcome
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.reachable import refuse_cut_off

MOST_ROUNDS = 100_000
TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Conditional(Card):
    """One-sector gravity without responses of output."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        began = time.perf_counter()
        closure, options = self.settle(closure, options)
        problem = one_sector(baseline, shock, options)
        refuse_cut_off(baseline, shock, deficits=problem.world.deficits)
        before = problem.world.flows[:, :, 0]
        flows, inward, outward, rounds, miss = _match(
            before * problem.cost_change, before, problem.world.economies
        )
        price, index = outward ** (1.0 / problem.theta), inward ** (-1.0 / problem.theta)
        scale = float(before.sum(axis=0) @ price) / before.sum()
        outcome = one_sector_outcome(
            problem,
            model=self.name,
            closure=closure,
            shock=shock,
            flows=flows,
            price=price / scale,
            index=index / scale,
            real_income=price / index,
            iterations=rounds,
            residual=miss,
            notes=("Output and expenditure are held: only trade and relative prices respond.",),
        )
        return replace(outcome, seconds=time.perf_counter() - began)


def _match(costs: Array, before: Array, economies: tuple[str, ...]) -> tuple[Array, Array, Array, int, float]:
    """Scale rows and columns to the sums of ``before``: flows, P^(1-sigma), Pi^(1-sigma), rounds, miss."""
    for axis, what in ((1, "seller"), (0, "buyer")):
        lost = np.flatnonzero(~(costs.sum(axis=axis) > 0))
        if len(lost):
            raise InputError(
                f"no {what} remains for {economies[lost[0]]}", hint="leave it home sales", where="trade_costs"
            )
    spent, made = before.sum(axis=1), before.sum(axis=0)
    outward = np.ones(len(made))
    miss, rounds = np.inf, 0
    for rounds in range(1, MOST_ROUNDS + 1):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            inward = costs @ (1.0 / outward) / spent
            outward = (1.0 / inward) @ costs / made
            flows = costs / np.outer(inward, outward)
            miss = float(np.abs(flows.sum(axis=1) / spent - 1.0).max())
        if not np.isfinite(miss):
            break
        if miss <= TOLERANCE:
            return flows, inward, outward, rounds, miss
    raise NotConvergedError(
        f"no resistances after {rounds} rounds: purchases do not come to expenditure",
        where="gravity-conditional",
        hint="what is left of trade may not carry the output and expenditure given; use gravity",
    )


MODEL = Conditional(
    name="gravity-conditional",
    title="Structural gravity, one sector, output and expenditure held",
    closures=("fixed",),
    takes=frozenset({"sigma"}),
    cannot_say="output and expenditure do not respond to the prices it finds; otherwise as gravity",
)
