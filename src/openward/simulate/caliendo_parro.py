"""Solve the trade model of Caliendo and Parro (2015) in changes.

Caliendo, L. and F. Parro (2015): Estimates of the trade and welfare effects of NAFTA, Rev. Econ. Stud. 82.
The equations are in docs/model.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from openward.errors import InputError, UsageError
from openward.simulate.accounts import BALANCED, Accounts, account, rederived, supplied, tidy
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.decomposition import Rule, first_order
from openward.simulate.kernel import State
from openward.simulate.path import coarse, path_integrated
from openward.simulate.shocked import Change, check_shock, fill
from openward.simulate.solved import Effort, Solved, at_rest, solve_change

Closure = Literal["fixed", "world-gdp-share", "balanced"]
CLOSURES: tuple[str, ...] = get_args(Closure)

MODEL = "caliendo-parro"
NUMERAIRE = "world value added"
TOLERANCE = 1e-10
MAX_ITERATIONS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """The world that effects are measured against, and how it came about."""

    baseline: Baseline
    accounts: Accounts
    iterations: int
    notes: tuple[str, ...]


def solve(
    baseline: Baseline,
    shock: Shock,
    *,
    closure: str = "fixed",
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
    path_steps: int = 0,
    path_rule: Rule = "trapezoid",
    start: Outcome | None = None,
    stop_factor: float = np.inf,
) -> Outcome:
    """Solve a counterfactual.

    Parameters
    ----------
    baseline : Baseline
        Where its tables disagree (final shares or deficits against flows, by more than 1e-6 of value added)
        it is balanced first, and the outcome says so: effects are against the balanced world.
    shock : Shock
    closure : {"fixed", "world-gdp-share", "balanced"}
        Deficits stay fixed in units of the numeraire (world value added); keep their share of world gross
        domestic product (value added plus tariff revenue); or are removed before the shock, so that effects
        compare two worlds of balanced trade.
    tolerance : float
        Largest gap of the equilibrium map: prices and wages in logarithms, values over value added.
    max_iterations : int
        Most sweeps.
    path_steps : int
        Steps over which first-order terms are summed for ``path_integrated_pct``; 0: not asked for.
    path_rule : {"trapezoid", "left"}
        See `decomposition.integrate`.
    start : Outcome, optional
        A solution of the same economies and sectors to begin from.
    stop_factor : float
        Stands in for an infinite trade cost. Infinite: a stopped flow is zero.

    Returns
    -------
    Outcome

    Raises
    ------
    UsageError
        Unknown closure.
    InputError, InputErrors
        Baseline or shock not acceptable; no supplier left for a buyer.
    NotConvergedError
    """
    began = time.perf_counter()
    if closure not in CLOSURES:
        raise UsageError(f"unknown closure {closure!r}", hint="use " + ", ".join(CLOSURES))
    if closure == "balanced" and shock.deficits is not None:
        raise InputError("balanced trade leaves no room for new deficits", hint="use closure fixed")
    effort = Effort(tolerance, max_iterations)
    settled = _settle(tidy(baseline), effort, remove_deficits=closure == "balanced")
    before, accounts = settled.baseline, settled.accounts
    check_shock(before, shock)
    change = fill(before, shock, stop_factor=stop_factor)
    follow, name = closure == "world-gdp-share", shock.name or MODEL
    origin = at_rest(accounts) if start is None else _state_of(start, accounts)
    solved = solve_change(
        before, accounts, change, effort, start=origin, deficits_follow_gdp=follow, name=name
    )
    path = None
    if path_steps > 0:
        path = path_integrated(
            before,
            accounts,
            change,
            solved,
            effort,
            steps=path_steps,
            rule=path_rule,
            deficits_follow_gdp=follow,
            name=name,
        )
    outcome = _outcome(settled, change, solved, closure=closure, shock_name=shock.name, path=path)
    notes = outcome.notes
    # The chained published formula ("left") leaves out direct terms: more steps need not bring it nearer.
    if path is not None and path_rule == "trapezoid":
        notes += coarse(path, outcome.real_income_pct, economies=before.economies, steps=path_steps)
    return replace(outcome, notes=notes, seconds=time.perf_counter() - began)


def rebalance(
    baseline: Baseline,
    *,
    deficits: Array | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Baseline:
    """Solve for the world in which final shares, deficits and flows agree.

    Parameters
    ----------
    baseline : Baseline
        Its final shares and deficits are kept; flows, wages and prices adjust.
    deficits : [N], optional
        Deficits to reach instead of the baseline's; zeros remove them.
    tolerance, max_iterations
        As in `solve`.

    Raises
    ------
    InputErrors, NotConvergedError
    """
    world = tidy(baseline)
    check_shock(world, Shock(deficits=deficits))
    return _rebalance(world, account(world), Effort(tolerance, max_iterations), deficits).after


def _rebalance(baseline: Baseline, accounts: Accounts, effort: Effort, deficits: Array | None) -> Solved:
    baseline = supplied(baseline, accounts)
    change = replace(fill(baseline, Shock(deficits=deficits), stop_factor=np.inf), still=False)
    name = f"balancing {baseline.name}"
    start = at_rest(accounts)
    solved = solve_change(
        baseline, accounts, change, effort, start=start, deficits_follow_gdp=False, name=name
    )
    return replace(solved, after=replace(solved.after, name=f"{baseline.name}, balanced"))


def _settle(baseline: Baseline, effort: Effort, *, remove_deficits: bool) -> Settled:
    accounts = account(baseline)
    notes: tuple[str, ...] = ()
    iterations = 0
    target = np.zeros_like(baseline.deficits) if remove_deficits else None
    uneven = accounts.imbalance > BALANCED
    remove = remove_deficits and bool((accounts.deficits != 0).any())
    if uneven:
        notes += (
            f"The tables of {baseline.name} miss income = expenditure by up to {accounts.imbalance:.2g} "
            "of value added: the world was balanced first.",
        )
    if remove:
        notes += ("Trade deficits were removed first: effects are against that world.",)
    if not uneven:
        baseline = rederived(baseline, accounts)
    if uneven or remove:
        solved = _rebalance(baseline, accounts, effort, target)
        baseline, iterations = solved.after, solved.iterations
        accounts = account(baseline)
        baseline = rederived(baseline, accounts)
    return Settled(baseline, accounts, iterations, notes)


def _state_of(start: Outcome, accounts: Accounts) -> State:
    if start.output_hat.shape != accounts.output.shape:
        raise InputError(
            f"the start has {start.output_hat.shape} economies and sectors, "
            f"the baseline {accounts.output.shape}",
            where="start",
            hint="start from an outcome of the same economies and sectors",
        )
    sold = start.baseline.flows.sum(axis=0)
    scale = accounts.value_added.sum() / (start.baseline.value_added * sold).sum()
    return State(
        log_wage=np.log(start.wage_hat),
        log_price=np.log(start.price_hat),
        output=start.output_hat * accounts.output,
        revenue=start.tariff_revenue_after * scale,
    )


def _outcome(
    settled: Settled, change: Change, solved: Solved, *, closure: str, shock_name: str, path: Array | None
) -> Outcome:
    before, accounts, after = settled.baseline, settled.accounts, solved.after
    unit_cost_hat = np.exp(solved.log_unit_cost)
    wage_hat = np.exp(solved.state.log_wage)
    price_index = np.exp((before.final * solved.state.log_price).sum(axis=1))
    produced = accounts.output > 0
    output_hat = np.divide(
        solved.state.output, accounts.output, out=np.ones_like(accounts.output), where=produced
    )
    terms = first_order(
        flows=before.flows,
        tariffs=before.tariffs,
        flows_after=after.flows,
        unit_cost_hat=unit_cost_hat,
        income=accounts.income,
    )
    return Outcome(
        model=MODEL,
        closure=closure,
        numeraire=NUMERAIRE,
        converged=True,
        iterations=settled.iterations + solved.iterations,
        residual=solved.residual,
        seconds=0.0,
        shock_name=shock_name,
        baseline=before,
        after=after,
        real_income_pct=100.0 * (solved.income / accounts.income / price_index - 1.0),
        terms_of_trade_pct=terms.terms_of_trade_pct,
        volume_of_trade_pct=terms.volume_of_trade_pct,
        path_integrated_pct=path,
        real_wage_pct=100.0 * (wage_hat / price_index - 1.0),
        price_index_pct=100.0 * (price_index - 1.0),
        wage_hat=wage_hat,
        price_hat=np.exp(solved.state.log_price),
        unit_cost_hat=unit_cost_hat,
        output_hat=output_hat,
        output_volume_pct=np.where(produced, 100.0 * (output_hat / unit_cost_hat - 1.0), 0.0),
        tariff_revenue_before=accounts.revenue,
        tariff_revenue_after=solved.state.revenue,
        empty_cells=int((~produced).sum() + (accounts.spending <= 0).sum()),
        notes=settled.notes,
    )
