r"""Many sectors, goods that differ by origin, no links (Armington 1969).

.. math::

    \hat P_n^j = \Big[\sum_i \pi_{ni}^j
        (\hat\kappa_{ni}^j \hat w_i / \hat A_i^j)^{-\theta^j}\Big]^{-1/\theta^j}, \qquad
    X_n^{j\prime} = \alpha_n^j (\hat w_n Y_n + R_n' + D_n') \\
    \hat w_n Y_n = \sum_{j,m} \frac{\pi_{mn}^{j\prime}}{1 + \tau_{mn}^{j\prime}} X_m^{j\prime}

with :math:`\theta = \sigma - 1` (Costinot and Rodriguez-Clare 2014, section 3). The baseline's links are
taken out (`unlinked`). Closures as with links.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import CLOSURES
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.structure import competitive, solve_structure
from openward.simulate.models.unlinked import unlinked

NOTE = "Links between industries were taken out: percentages are of gross output."


@dataclass(frozen=True, slots=True)
class Armington(Card):
    """Perfect competition without links."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        closure, options = self.settle(closure, options)
        structure = competitive(baseline, options)
        outcome = solve_structure(
            unlinked(baseline), shock, structure, name=self.name, closure=closure, options=options
        )
        return replace(outcome, notes=(NOTE, *outcome.notes))


MODEL = Armington(
    name="armington",
    title="Armington: many sectors, goods differ by origin, no links",
    closures=CLOSURES,
    takes=frozenset({"path_steps", "labor_supply", "immobile"}),
    cannot_say="nothing passes through inputs: effects on users of imported parts are absent",
)
