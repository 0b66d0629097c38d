r"""Melitz (2003) with Pareto productivity (Chaney 2008), in many sectors with links and free entry.

Firms pay a fixed cost for each market in bundles of their own economy. With :math:`\theta` the Pareto shape
and :math:`\rho = \theta / (\sigma - 1) > 1` (option ``dispersion``), :math:`T = 1 + \tau`:

.. math::

    \pi_{nis}' X_{ns}' \propto \hat N_{is} \, \big(\hat b_{is} \hat d_{nis} \hat T_{nis}\big)^{-\theta_s}
        \Big(\frac{\hat T_{nis} \hat b_{is}}{\hat X_{ns}}\Big)^{-(\rho - 1)}, \qquad
    \hat N_{is} = \hat Y_{is} / \hat b_{is}

so scale is :math:`\psi = 1/\theta` and selection :math:`\eta = (\rho - 1) / \theta` in `structure`: larger
markets are served by more firms, and a tariff, which cuts revenue, acts more strongly than an equal iceberg
cost. Fixed costs and entry are constant shares of revenue, so income is accounted for as without firms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openward.errors import InputError
from openward.simulate.baseline import Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import CLOSURES
from openward.simulate.models.krugman import scale_elasticities
from openward.simulate.models.protocol import Card, Options
from openward.simulate.models.structure import Structure, solve_structure, with_factors

DISPERSION = 1.65
"""Eaton, Kortum and Kramarz (2011) and Balistreri, Hillberry and Rutherford (2011), as Costinot and
Rodriguez-Clare (2014) use it: the excess over one is 0.65."""


@dataclass(frozen=True, slots=True)
class MelitzPareto(Card):
    """Monopolistic competition with firms that select into markets."""

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual."""
        closure, options = self.settle(closure, options)
        rho = DISPERSION if options.dispersion is None else options.dispersion
        if not 1.0 < rho < float("inf"):
            raise InputError(
                f"the dispersion is {rho:g}", hint="Pareto shape over (sigma - 1): it must be above 1"
            )
        psi = scale_elasticities(baseline, shock, options)
        theta = baseline.theta if shock.theta is None else shock.theta
        structure = with_factors(Structure(psi, (rho - 1.0) / theta), options)
        outcome = solve_structure(
            baseline, shock, structure, name=self.name, closure=closure, options=options
        )
        return replace(
            outcome,
            notes=(*outcome.notes, f"Pareto shape over elasticity of substitution less one: {rho:g}."),
        )


MODEL = MelitzPareto(
    name="melitz-pareto",
    title="Melitz 2003 with Pareto firms: entry, selection into markets, input-output links",
    closures=CLOSURES,
    takes=frozenset({"path_steps", "labor_supply", "immobile", "scale", "dispersion"}),
    cannot_say="which firms enter or leave; markups are constant; a pair that does not trade never starts to",
)
