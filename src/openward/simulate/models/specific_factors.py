r"""Factors tied to their sector, with links: the short run of Caliendo and Parro.

A share :math:`\varphi` of value added (option ``immobile``, by default all of it) is earned by factors that
cannot leave their sector; the rest is mobile labor:

.. math::

    \hat b_{is} = \big(\hat w_i^{1-\varphi} \hat r_{is}^{\varphi}\big)^{\gamma_{is}}
        \prod_k \hat P_{ik}^{\gamma_{iks}}, \qquad \hat r_{is} = \hat Y_{is}

(Jones 1971, in changes). Everything else is as in the model with links.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import CLOSURES
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.structure import competitive, solve_structure


@dataclass(frozen=True, slots=True)
class SpecificFactors(Card):
    """Perfect competition with links and immobile factors."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        closure, options = self.settle(closure, options)
        if options.immobile is None:
            options = replace(options, immobile=1.0)
        structure = competitive(baseline, options)
        return solve_structure(baseline, shock, structure, name=self.name, closure=closure, options=options)


MODEL = SpecificFactors(
    name="specific-factors",
    title="Factors tied to their sector, input-output links: the short run",
    closures=CLOSURES,
    takes=frozenset({"path_steps", "labor_supply", "immobile"}),
    cannot_say="no unemployment: a tied factor takes what it can earn; no time after which it may leave",
)
