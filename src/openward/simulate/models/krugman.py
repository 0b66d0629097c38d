r"""Krugman (1980) in many sectors with links: firms, variety, free entry, no profits.

The number of firms moves with the bundles of inputs an industry uses, :math:`\hat N_{is} = \hat Y_{is} /
\hat b_{is}`, and buyers value variety:

.. math::

    \hat P_{ns}^{-\theta_s} = \sum_i \pi_{nis} \hat N_{is} (\hat\kappa_{nis} \hat b_{is})^{-\theta_s}
    \quad\Longleftrightarrow\quad \hat A_{is} = \hat N_{is}^{\psi_s}, \qquad \psi_s = 1 / \theta_s

(Costinot and Rodriguez-Clare 2014, section 5, with :math:`\theta = \sigma - 1`). Given scale elasticities
(option ``scale``) replace :math:`1/\theta`: then it is the model of external economies of scale. Without
links the equilibrium is unique for :math:`\psi\theta \le 1` (Kucheryavyy, Lyn and Rodriguez-Clare 2023); at
:math:`\psi\theta = 1` industries sit on a knife's edge, and with links large shocks may drive one out of an
economy: that is not solved but said, with the industry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import CLOSURES
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.structure import Structure, solve_structure, with_factors


def scale_elasticities(baseline: Baseline, shock: Shock, options: Options) -> Array:
    """Give psi [J]: the options', else the inverse of the trade elasticities.

    Raises
    ------
    InputError
        Not one number of zero or more for every sector.
    """
    theta = baseline.theta if shock.theta is None else shock.theta
    psi = options.scale
    if theta.shape != (len(baseline.sectors),) or not (theta > 0).all():
        raise InputError(
            "a trade elasticity is missing or not positive",
            where=f"baseline {baseline.name}: theta",
            hint="give a positive one for every sector",
        )
    if psi is None:
        return np.asarray(1.0 / theta)
    if psi.shape != theta.shape or not np.isfinite(psi).all() or (psi < 0).any():
        raise InputError(
            f"scale elasticities must be {len(theta)} numbers of zero or more", hint="one for every sector"
        )
    return psi


@dataclass(frozen=True, slots=True)
class Krugman(Card):
    """Monopolistic competition with equal firms."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        closure, options = self.settle(closure, options)
        psi = scale_elasticities(baseline, shock, options)
        structure = with_factors(Structure(psi, np.zeros_like(psi)), options)
        return solve_structure(baseline, shock, structure, name=self.name, closure=closure, options=options)


MODEL = Krugman(
    name="krugman",
    title="Krugman 1980: equal firms, variety, scale economies by sector, input-output links",
    closures=CLOSURES,
    takes=frozenset({"path_steps", "labor_supply", "immobile", "scale"}),
    cannot_say="constant markups, no profits; of several equilibria the one near the baseline",
)
