r"""Market structures, factor supply and policies around the kernel, as one fixed point.

The kernel solves a competitive world with given productivity :math:`A`, trade costs :math:`m` and transfers.
Scale, selection, factors tied to their sector and labor supply all act through factors of that kind, so one
formula carries them. With :math:`\hat Y` the value of output, :math:`\hat b` the cost of the bundle of
inputs, :math:`\hat X` spending, :math:`\hat W` value added per head, :math:`\gamma` the share of value added:

.. math::

    \ln A_{is} &= \psi_s (\ln \hat Y_{is} - \ln \hat b_{is}) - \eta_s \ln \hat b_{is}
        - \varphi \gamma_{is} (\ln \hat Y_{is} - \ln \hat W_i) + (1 - \varphi) \gamma_{is} \ln \hat L_i \\
    \ln m_{ns} &= -\eta_s \ln \hat X_{ns}, \qquad
    \ln \hat L_i = \frac{\nu}{1 + \nu} \ln \frac{\hat W_i}{\hat P_i}

(scale: Costinot and Rodriguez-Clare 2014, section 5; Kucheryavyy, Lyn and Rodriguez-Clare 2023; selection:
Chaney 2008). A tariff acts with the power :math:`1 + \eta` where firms select, because it cuts their revenue.

Export taxes :math:`x` are levied at the border by the exporter: buyers pay :math:`(1+x)(1+\tau)`, and
:math:`x` times the producer's value is moved to the exporter. A quota has the tariff equivalent that brings
volume down to it, none where it does not bind; its rent goes to the importer, or as an export tax to the
exporter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from openward.errors import InputError, NotConvergedError
from openward.simulate import caliendo_parro
from openward.simulate.accounts import tidy
from openward.simulate.anderson import accelerate
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.models.border import Border, no_longer, read_border
from openward.simulate.models.protocol import Options
from openward.simulate.models.reachable import refuse_cut_off
from openward.simulate.shocked import check_shock

OUTER = 10.0
"""The outer fixed point is found to this multiple of the inner tolerance."""
MOST_SOLUTIONS = 80
PARTS = (1.0, 0.3, 0.6, 0.8, 0.9, 0.95, 1.0)
GONE = 1e-10
"""Share of its output below which an industry is taken to have left."""
LARGEST_MOVE = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """What makes a model other than perfect competition with one mobile factor.

    Attributes
    ----------
    scale : [J]
        Elasticity of productivity to the size of the industry (psi).
    selection : [J]
        Power beyond one of costs, market size and tariffs, from firms that select into markets (eta).
    immobile : float
        Share of value added that is tied to its sector (phi).
    labor_supply : float
        Elasticity of hours to the real wage (nu).
    """

    scale: Array
    selection: Array
    immobile: float = 0.0
    labor_supply: float = 0.0

    def part(self, share: float) -> Structure:
        """Give a share of scale and selection."""
        return replace(self, scale=share * self.scale, selection=share * self.selection)

    @property
    def plain(self) -> bool:
        """Is it the kernel's own world?"""
        return not (self.scale.any() or self.selection.any() or self.immobile or self.labor_supply)


def competitive(baseline: Baseline, options: Options) -> Structure:
    """Give the structure of perfect competition with the options on factors."""
    zeros = np.zeros(len(baseline.sectors))
    return with_factors(Structure(zeros, zeros), options)


def with_factors(structure: Structure, options: Options) -> Structure:
    """Set the supply of factors as the options say.

    Raises
    ------
    InputError
        An immobile share outside 0 to 1, or a negative elasticity.
    """
    immobile, supply = options.immobile or 0.0, options.labor_supply or 0.0
    if not 0.0 <= immobile <= 1.0:
        raise InputError(f"the immobile share of value added is {immobile:g}", hint="give 0 to 1")
    if not (np.isfinite(supply) and supply >= 0):
        raise InputError(f"the elasticity of labor supply is {supply:g}", hint="give 0 or more")
    if structure.scale.shape != structure.selection.shape or not np.isfinite(structure.scale).all():
        raise InputError("scale elasticities are missing", hint="give one for every sector")
    return replace(structure, immobile=immobile, labor_supply=supply)


def solve_structure(
    baseline: Baseline, shock: Shock, structure: Structure, *, name: str, closure: str, options: Options
) -> Outcome:
    """Solve a shock in a world of some structure.

    Parameters
    ----------
    baseline : Baseline
    shock : Shock
        Export taxes and quotas included.
    structure : Structure
    name : str
        Of the model.
    closure : str
        As in `caliendo_parro.solve`; ``balanced`` removes deficits as there, in the competitive world: every
        structure starts from the same world.
    options : Options

    Raises
    ------
    InputError, InputErrors
    NotConvergedError
        Also where scale economies or a quota leave no equilibrium near: the industry is named.
    """
    baseline = tidy(baseline)
    check_shock(baseline, no_longer(shock))
    border = read_border(baseline, shock, closure=closure)
    owed = baseline.deficits if shock.deficits is None else shock.deficits
    refuse_cut_off(baseline, shock, deficits=np.zeros_like(owed) if closure == "balanced" else owed)
    if structure.plain and border is None:
        outcome = caliendo_parro.solve(
            baseline,
            shock,
            closure=closure,
            tolerance=options.tolerance,
            max_iterations=options.max_iterations,
            path_steps=options.path_steps,
        )
        return replace(outcome, model=name)
    settled = caliendo_parro.solve(baseline, Shock(), max_iterations=options.max_iterations)
    world, notes, inner = settled.baseline, settled.notes, closure
    if closure == "balanced":
        if shock.deficits is not None:
            raise InputError("balanced trade leaves no room for new deficits", hint="use closure fixed")
        world = caliendo_parro.rebalance(world, deficits=np.zeros_like(world.deficits))
        notes += ("Trade deficits were removed first: effects are against that world.",)
        inner = "fixed"
    border = read_border(world, shock, closure=closure)
    outcome = _search(world, shock, structure, border, closure=inner, options=options, name=name)
    return replace(outcome, model=name, closure=closure, notes=(*notes, *outcome.notes))


def _search(
    world: Baseline,
    shock: Shock,
    structure: Structure,
    border: Border | None,
    *,
    closure: str,
    options: Options,
    name: str,
) -> Outcome:
    problem = _Problem(world, shock, structure, border)
    last: dict[str, Outcome] = {}

    def solve(x: Array, path_steps: int) -> Outcome:
        return caliendo_parro.solve(
            world,
            problem.shock_at(x),
            closure=closure,
            tolerance=options.tolerance,
            max_iterations=options.max_iterations,
            path_steps=path_steps,
            start=last.get("outcome"),
        )

    def step(x: Array) -> tuple[Array, float]:
        try:
            outcome = solve(x, 0)
        except (InputError, NotConvergedError):
            if not last:
                raise
            return np.zeros_like(x), np.inf
        last["outcome"] = outcome
        step, residual = problem.gap(x, outcome)
        return (step, residual) if np.isfinite(residual) else (np.zeros_like(x), np.inf)

    x = problem.start
    for part in PARTS:
        # Where the whole structure is too much at once, it is built up in parts from the competitive world.
        problem.structure = structure.part(part)
        point = accelerate(
            step,
            x,
            tolerance=OUTER * options.tolerance,
            max_iterations=MOST_SOLUTIONS,
            guard=lambda new, old: np.clip(new, old - LARGEST_MOVE, old + LARGEST_MOVE),
        )
        if part == 1.0 and point.converged:
            break
        x = point.x if point.converged else x
    outcome = last["outcome"]
    if not point.converged:
        raise NotConvergedError(
            f"no equilibrium after {point.iterations} solutions: productivity, costs or transfers still miss "
            f"theirs by {point.residual:.1e}; {_leaving(outcome)}",
            where=f"{name}, {shock.name or 'shock'}",
            hint="make the shock smaller, or scale elasticities times trade elasticities smaller (below one)",
        )
    if options.path_steps:
        outcome = solve(point.x, options.path_steps)
    hours = problem.hours(outcome)
    moved = np.zeros_like(outcome.tariff_revenue_after)
    if border is not None:
        moved = border.revenue_moved(problem.border_part(point.x), outcome)
    return replace(
        outcome,
        tariff_revenue_after=outcome.tariff_revenue_after + moved,
        shock_name=shock.name,
        residual=max(outcome.residual, point.residual),
        real_wage_pct=100.0 * ((1.0 + outcome.real_wage_pct / 100.0) / hours - 1.0),
        wage_hat=outcome.wage_hat / hours,
        notes=(*outcome.notes, *problem.notes(point.x, outcome, hours)),
    )


def _leaving(outcome: Outcome) -> str:
    n, j = np.unravel_index(int(outcome.output_hat.argmin()), outcome.output_hat.shape)
    world = outcome.baseline
    return (
        f"{world.sectors[j]} of {world.economies[n]} would keep {outcome.output_hat[n, j]:.2g} of its output"
    )


class _Problem:
    """The unknowns: productivity [N, J], then costs [N, J] where firms select, then the border's."""

    def __init__(self, world: Baseline, shock: Shock, structure: Structure, border: Border | None) -> None:
        self.world, self.shock, self.structure, self.border = world, shock, structure, border
        self.theta = world.theta if shock.theta is None else shock.theta
        self.size = world.final.size
        self.selects = bool(structure.selection.any())
        self.spending = (world.flows * (1.0 + world.tariffs)).sum(axis=1)
        self.start = np.zeros(self.size * (2 if self.selects else 1) + (border.size if border else 0))

    def _parts(self, x: Array) -> tuple[Array, Array | None, Array]:
        shape, n = self.world.final.shape, self.size
        costs = x[n : 2 * n].reshape(shape) if self.selects else None
        return x[:n].reshape(shape), costs, x[(2 if self.selects else 1) * n :]

    def border_part(self, x: Array) -> Array:
        """Give the unknowns of the border."""
        return self._parts(x)[2]

    def shock_at(self, x: Array) -> Shock:
        """Give the shock that the kernel sees at a point."""
        log_a, log_m, rest = self._parts(x)
        shock = no_longer(self.shock) if self.border is None else self.border.shock_at(rest)
        if (log_a != 0).any():
            made = np.exp(log_a)
            shock = replace(
                shock, productivity=made if shock.productivity is None else made * shock.productivity
            )
        if self.selects:
            shock = self._selected(shock, log_m)
        return shock

    def _selected(self, shock: Shock, log_m: Array | None) -> Shock:
        power = 1.0 + self.structure.selection
        wedge = shock.price_wedge
        if wedge is None and shock.tariffs is not None:
            wedge = (1.0 + shock.tariffs) / (1.0 + self.world.tariffs)
        if wedge is not None:
            shock = replace(shock, price_wedge=wedge**power)
        if log_m is not None and (log_m != 0).any():
            costs = np.broadcast_to(np.exp(log_m)[:, None, :], self.world.flows.shape)
            shock = replace(
                shock, trade_costs=costs if shock.trade_costs is None else costs * shock.trade_costs
            )
        return shock

    def gap(self, x: Array, outcome: Outcome) -> tuple[Array, float]:
        """Give the step to take and how far the point is from its own consequences."""
        log_a, log_m, rest = self._parts(x)
        s, va = self.structure, self.world.value_added
        with np.errstate(divide="ignore"):
            made = np.log(np.maximum(outcome.output_hat, GONE))
        bundle = np.log(outcome.unit_cost_hat) + log_a
        wage = np.log(outcome.wage_hat)[:, None]
        target = s.scale * (made - bundle) - s.selection * bundle - s.immobile * va * (made - wage)
        target += (1.0 - s.immobile) * va * np.log(self.hours(outcome))[:, None]
        gap = target - log_a
        away = gap / (1.0 + s.immobile * va * self.theta)
        steps, worst = [away.ravel()], float(np.abs(gap).max())
        if log_m is not None:
            spent = (outcome.after.flows * (1.0 + outcome.after.tariffs)).sum(axis=1)
            bought = self.spending > 0
            ratio = np.divide(spent, self.spending, out=np.ones_like(spent), where=bought)
            miss = -s.selection * np.log(np.maximum(ratio, GONE)) - log_m
            steps.append(miss.ravel())
            worst = max(worst, float(np.abs(miss).max()))
        if self.border is not None:
            moved, missed = self.border.gap(rest, outcome)
            steps.append(moved)
            worst = max(worst, missed)
        return np.concatenate(steps), worst

    def hours(self, outcome: Outcome) -> Array:
        """Change in labor supplied [N]."""
        nu = self.structure.labor_supply
        per_head: Array = outcome.wage_hat / (1.0 + outcome.price_index_pct / 100.0)
        return np.asarray(per_head ** (nu / (1.0 + nu)))

    def notes(self, x: Array, outcome: Outcome, hours: Array) -> tuple[str, ...]:
        """Say what a reader of the outcome must know."""
        s, out = self.structure, []
        if s.scale.any():
            out.append(
                "Unit costs and volumes count variety: an industry that grows becomes more productive; "
                "first-order terms leave that out."
            )
        if s.labor_supply:
            out.append(
                f"Real income counts additional work as gain without its cost; hours change by "
                f"{100 * (hours.min() - 1):.3g} to {100 * (hours.max() - 1):.3g} %."
            )
        if s.immobile:
            out.append(f"The real wage is that of mobile factors; {s.immobile:.0%} of value added is tied.")
        low = outcome.output_hat.min()
        if low < 1e-6:
            out.append(f"An industry all but leaves: {_leaving(outcome)}.")
        if self.border is not None:
            out += self.border.notes(self._parts(x)[2], outcome)
        return tuple(out)
