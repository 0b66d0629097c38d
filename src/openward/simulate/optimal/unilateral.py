"""The best tariffs of one government, others' unchanged."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openward.errors import InputError, NotConvergedError
from openward.simulate.baseline import Array, Baseline
from openward.simulate.optimal.ascent import Goal, ascend
from openward.simulate.optimal.climb import Summit, climb, curvature
from openward.simulate.optimal.government import Government, government, satisfaction, wish
from openward.simulate.optimal.instruments import HIGHEST, LOWEST, Instruments, instruments
from openward.simulate.optimal.lab import Lab, Point, check_home_market
from openward.simulate.optimal.second_order import largest_curvature

GRADIENT_NORM = 1e-8
AGREE = 1e-4
"""Starts agree where the tariffs of flows that matter differ by less."""
SIGNIFICANT = 1e-6
"""Part of income above which a flow matters for that comparison."""


@dataclass(frozen=True, slots=True, eq=False)
class BestTariffs:
    """The best tariffs of one government, with the evidence that they are.

    Attributes
    ----------
    economy : str
    tariffs : [N, J]
        On each exporter and sector, fractions; zero where there are no imports.
    all_tariffs : [N, N, J]
        Of the whole world, with them.
    mean_tariff : float
        Average over sectors and partners, weighted by imports before.
    real_income_pct : [N]
        Exact change of every economy against the settled baseline.
    goal_gain : float
        Rise of the goal (log real income, with political weights if any).
    revenue_before, revenue_after : float
    gradient_norm : float
        Of the projected slope at the end: log real income per unit of ``ln (1 + tariff)``.
    tariff_error : float
    largest_curvature : float
        Largest eigenvalue of the scaled Hessian: negative at a strict local maximum.
    starts : int
    spread : float
        Largest difference of a tariff between starts, over flows above `SIGNIFICANT` of income.
    at_bounds : int
        Tariffs held at a bound.
    iterations, solutions : int
    seconds : float
    """

    economy: str
    tariffs: Array
    all_tariffs: Array
    mean_tariff: float
    real_income_pct: Array
    goal_gain: float
    revenue_before: float
    revenue_after: float
    gradient_norm: float
    tariff_error: float
    largest_curvature: float
    starts: int
    spread: float
    at_bounds: int
    iterations: int
    solutions: int
    seconds: float


def best_tariffs(
    baseline: Baseline | Lab,
    economy: str,
    *,
    closure: str = "balanced",
    sectors: Sequence[str] | None = None,
    political: Mapping[str, float] | None = None,
    low: float = LOWEST,
    high: float = HIGHEST,
    start: Array | None = None,
    starts: int = 2,
    tolerance: float = GRADIENT_NORM,
    max_iterations: int = 400,
) -> BestTariffs:
    """Find the tariffs that are best for one economy, others' tariffs unchanged.

    Parameters
    ----------
    baseline : Baseline or Lab
        A Lab keeps its own closure.
    economy : str
    closure : {"fixed", "world-gdp-share", "balanced"}
    sectors : sequence of str, optional
        Sectors whose tariffs move; all by default.
    political : mapping of sector to extra weight, optional
        See `government`.
    low, high : float
        Bounds of each tariff, fractions.
    start : [N, N, J], optional
        The world's tariffs to begin from: others' stay there. By default the baseline's.
    starts : int
        Different first points: inverse elasticities, then random ones.
    tolerance : float
        Of the norm of the projected gradient.
    max_iterations : int

    Raises
    ------
    InputError
        Unknown names, bounds that are not, no home sales in a sector whose tariffs move.
    NotConvergedError
        The norm stays above the tolerance, or the point is no maximum.
    """
    began = time.perf_counter()
    if starts < 1:
        raise InputError("no start", where="starts", hint="at least one")
    lab = baseline if isinstance(baseline, Lab) else Lab(baseline, closure=closure)
    solved_before = lab.solutions
    who = government(lab, economy, political)
    moves = instruments(lab.world, (who.n,), sectors=sectors, low=low, high=high)
    check_home_market(lab.world, moves.cells)
    others = lab.world.tariffs if start is None else start
    origin = lab.at(others)

    def slope(x: Array) -> tuple[Array, Point]:
        point = lab.at(moves.tariffs(x, over=others))
        (found,) = lab.gradients(point, (wish(who, point),))
        return (found.tariff * (1.0 + point.tariffs))[moves.cells], point

    def goal(x: Array) -> tuple[float, Array]:
        gradient, point = slope(x)
        return satisfaction(who, point), gradient

    ends, iterations = [], 0
    for first in _first_points(moves, starts):
        lab.start_over()
        end = climb(slope, first, moves, tolerance=tolerance / 10, max_iterations=max_iterations)
        if not end.gradient_norm <= tolerance:
            end = _slowly(goal, end, moves, origin, tolerance=tolerance, max_iterations=max_iterations)
        iterations += end.iterations
        if not end.gradient_norm <= tolerance:
            raise NotConvergedError(
                f"no best tariffs of {economy} after {end.iterations} steps: "
                f"gradient norm {end.gradient_norm:.1e}, tolerance {tolerance:.0e}",
                where=lab.world.name,
                hint="narrow the bounds (a sector with a small elasticity has a very high best tariff), "
                "leave sectors out, or allow more steps",
            )
        ends.append(end)
    points = [lab.at(moves.tariffs(end.variables, over=others)) for end in ends]
    chosen = int(np.argmax([satisfaction(who, point) for point in points]))
    end, point = ends[chosen], points[chosen]
    top = _second_order(slope, end.variables, moves, point)
    if not top < 0 and not np.isclose(top, 0.0, atol=1e-6):
        raise NotConvergedError(
            f"the stationary point of {economy} is no maximum: curvature {top:.2e} upwards",
            where=lab.world.name,
            hint="try more starts or narrower bounds",
        )
    weighty = point.world.flows[moves.cells] > SIGNIFICANT * point.income[who.n]
    spread = max(
        (
            float(np.abs(np.expm1(e.variables) - np.expm1(end.variables))[weighty].max(initial=0.0))
            for e in ends
        ),
    )
    tariffs = point.tariffs[who.n]
    imports = np.where(moves.cells[who.n], lab.world.flows[who.n], 0.0)
    return BestTariffs(
        economy=economy,
        tariffs=np.where(moves.cells[who.n], tariffs, lab.world.tariffs[who.n]),
        all_tariffs=point.tariffs,
        mean_tariff=float((tariffs * imports).sum() / imports.sum()),
        real_income_pct=100.0 * np.expm1(point.log_real_income - origin.log_real_income),
        goal_gain=satisfaction(who, point) - satisfaction(who, origin),
        revenue_before=float(origin.revenue[who.n]),
        revenue_after=float(point.revenue[who.n]),
        gradient_norm=end.gradient_norm,
        tariff_error=end.tariff_error,
        largest_curvature=top,
        starts=len(ends),
        spread=spread,
        at_bounds=int(((end.variables <= moves.low) | (end.variables >= moves.high)).sum()),
        iterations=iterations,
        solutions=lab.solutions - solved_before,
        seconds=time.perf_counter() - began,
    )


def _slowly(
    goal: Goal, end: Summit, moves: Instruments, point: Point, *, tolerance: float, max_iterations: int
) -> Summit:
    """Go on by projected L-BFGS, which never goes down and keeps to the bounds."""
    found = ascend(
        goal,
        end.variables,
        low=moves.low,
        high=moves.high,
        scale=curvature(point, moves),
        tolerance=tolerance,
        max_iterations=max_iterations,
    )
    error = np.abs(moves.projected(found.variables, found.gradient)) / curvature(point, moves)
    return Summit(
        variables=found.variables,
        gradient_norm=found.gradient_norm,
        tariff_error=float(error.max()),
        iterations=end.iterations + found.iterations,
        converged=found.gradient_norm <= tolerance,
    )


def _first_points(moves: Instruments, starts: int) -> list[Array]:
    """Inverse elasticities, the formula of a small economy; then anything between nothing and twice that."""
    formula = moves.clip(np.log1p(1.0 / moves.theta))
    rng = np.random.default_rng(0)
    return [formula] + [moves.clip(formula * rng.uniform(0.0, 2.0, formula.shape)) for _ in range(starts - 1)]


def _second_order(slope: object, x: Array, moves: Instruments, point: Point) -> float:
    assert callable(slope)
    free = (x > moves.low) & (x < moves.high)
    return largest_curvature(lambda v: slope(v)[0], x, curvature(point, moves), free)


__all__ = ["BestTariffs", "Government", "best_tariffs"]
