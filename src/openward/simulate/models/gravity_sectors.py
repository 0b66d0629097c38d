r"""Structural gravity in many sectors: endowments by economy and sector, no links.

Goods differ by origin and every economy has a fixed quantity of each, so prices at the
factory gate clear each market:

.. math::

    \hat p_{is} Y_{is} = \sum_n \frac{\pi_{nis} (\hat\kappa_{nis} \hat p_{is})^{-\theta_s}}
        {\sum_k \pi_{nks} (\hat\kappa_{nks} \hat p_{ks})^{-\theta_s}}
        \frac{\alpha_{ns} I_n'}{1 + \tau_{nis}'}, \qquad I_n' = \sum_s \hat p_{ns} Y_{ns} + R_n' + D_n'

(Anderson and Yotov 2016). It is the model without links and with all value added tied to its sector. Unlike
one-sector gravity it counts tariff revenue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import CLOSURES
from openward.simulate.models.armington import NOTE
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.structure import competitive, solve_structure
from openward.simulate.models.unlinked import unlinked


@dataclass(frozen=True, slots=True)
class GravitySectors(Card):
    """Many-sector endowment gravity."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        closure, options = self.settle(closure, options)
        options = replace(options, immobile=1.0)
        structure = competitive(baseline, options)
        outcome = solve_structure(
            unlinked(baseline), shock, structure, name=self.name, closure=closure, options=options
        )
        return replace(outcome, notes=(NOTE, *outcome.notes))


MODEL = GravitySectors(
    name="gravity-sectors",
    title="Structural gravity in many sectors: endowments by economy and sector",
    closures=CLOSURES,
    takes=frozenset({"path_steps"}),
    cannot_say="nothing moves between sectors and nothing passes through inputs; production does not respond",
)
