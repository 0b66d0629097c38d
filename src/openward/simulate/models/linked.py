r"""Caliendo and Parro (2015): perfect competition with input-output links.

.. math::

    \hat c_n^j = \frac{1}{\hat A_n^j} \hat w_n^{\gamma_n^j} \prod_k (\hat P_n^k)^{\gamma_n^{k,j}}, \qquad
    \hat P_n^j = \Big[\sum_i \pi_{ni}^j (\hat\kappa_{ni}^j \hat c_i^j)^{-\theta^j}\Big]^{-1/\theta^j}, \qquad
    \pi_{ni}^{j\prime} = \pi_{ni}^j
        \Big(\frac{\hat\kappa_{ni}^j \hat c_i^j}{\hat P_n^j}\Big)^{-\theta^j} \\
    Y_i^{j\prime} = \sum_n \frac{\pi_{ni}^{j\prime}}{1 + \tau_{ni}^{j\prime}} X_n^{j\prime}, \qquad
    X_n^{j\prime} = \alpha_n^j (\hat w_n w_n L_n + R_n' + D_n') + \sum_k \gamma_n^{j,k} Y_n^{k\prime}, \qquad
    \hat w_n w_n L_n = \sum_j \gamma_n^j Y_n^{j\prime}

Closure: deficits fixed, in proportion to world product, or removed. Options: labor supply with an elasticity,
a share of value added tied to its sector (see `structure`).
"""

from __future__ import annotations

from dataclasses import dataclass

from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import CLOSURES
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.structure import competitive, solve_structure


@dataclass(frozen=True, slots=True)
class Linked(Card):
    """Perfect competition with links."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        closure, options = self.settle(closure, options)
        structure = competitive(baseline, options)
        return solve_structure(baseline, shock, structure, name=self.name, closure=closure, options=options)


MODEL = Linked(
    name="caliendo-parro",
    title="Caliendo and Parro 2015: perfect competition, input-output links",
    closures=CLOSURES,
    takes=frozenset({"path_steps", "labor_supply", "immobile"}),
    cannot_say="no time, firms or scale; a flow of zero stays zero; input shares do not respond to prices",
)
