"""Tariffs agreed together: Nash bargaining from what everybody has without agreement.

The geometric mean of the parties' gains in log real income over the disagreement point is largest (Nash 1950,
Econometrica 18), so every party gains. Weighted sums of log real incomes are there too.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openward.errors import InputError, NotConvergedError
from openward.simulate.baseline import Array, Baseline
from openward.simulate.gradient.goal import Goal
from openward.simulate.optimal.ascent import ascend, demand_converged
from openward.simulate.optimal.climb import curvature
from openward.simulate.optimal.instruments import HIGHEST, LOWEST, Instruments, instruments
from openward.simulate.optimal.lab import Lab, Point

TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class AgreedTariffs:
    """Tariffs agreed by parties, with the evidence.

    Attributes
    ----------
    parties : tuple of str
    tariffs : [N, N, J]
    gain : [K]
        Of each party over its disagreement point, log points.
    real_income_pct : [N]
        Against the settled baseline.
    mean_gain : float
        Geometric mean of the gains (Nash bargaining) or their weighted sum.
    gradient_norm : float
        Of the projected gradient of ``mean_gain`` to ``ln (1 + tariff)``.
    iterations : int
    seconds : float
    """

    parties: tuple[str, ...]
    tariffs: Array
    gain: Array
    real_income_pct: Array
    mean_gain: float
    gradient_norm: float
    iterations: int
    seconds: float


def agreed_tariffs(
    baseline: Baseline | Lab,
    parties: Sequence[str],
    *,
    disagreement: Array,
    weights: Sequence[float] | None = None,
    closure: str = "balanced",
    sectors: Sequence[str] | None = None,
    low: float = LOWEST,
    high: float = HIGHEST,
    tolerance: float = TOLERANCE,
    max_iterations: int = 1000,
) -> AgreedTariffs:
    """Find the tariffs that parties agree on, on what they buy from each other.

    Parameters
    ----------
    baseline : Baseline or Lab
    parties : sequence of str
    disagreement : [N, N, J]
        Tariffs without agreement, such as those of `nash_tariffs`; those of others and on others stay.
    weights : sequence of float, optional
        Pareto weights on log real income, one a party: then the weighted sum is largest and a party may
        lose. None: Nash bargaining, every party gains.
    closure, sectors, low, high, tolerance, max_iterations
        As in `best_tariffs`.

    Raises
    ------
    InputError
        Fewer than two parties, unknown names, weights that do not fit.
    NotConvergedError
        No cut from the disagreement tariffs leaves every party better off, or the search does not end.
    """
    began = time.perf_counter()
    if len(set(parties)) < 2:
        raise InputError("an agreement takes two parties", where="parties")
    lab = baseline if isinstance(baseline, Lab) else Lab(baseline, closure=closure)
    who = np.array([lab.index(name) for name in parties])
    share = _shares(weights, len(parties))
    moves = instruments(lab.world, who.tolist(), exporters=who.tolist(), sectors=sectors, low=low, high=high)
    before = lab.at(disagreement)
    floor = before.log_real_income[who]
    seen: dict[str, Point] = {}

    def goal(x: Array) -> tuple[float, Array]:
        point = lab.at(moves.tariffs(x, over=disagreement))
        seen["last"] = point
        gain = point.log_real_income[who] - floor
        if weights is None:
            if (gain <= 0).any():
                return -np.inf, np.zeros_like(x)
            value = float(np.exp(share @ np.log(gain)))
            worth = value * share / gain
        else:
            value, worth = float(share @ gain), share
        combined = np.zeros(len(lab.economies))
        combined[who] = worth
        (found,) = lab.gradients(point, (Goal(real_income=combined),))
        return value, (found.tariff * (1.0 + point.tariffs))[moves.cells]

    start = moves.variables(disagreement)
    if weights is None:
        start = _first_cut(lab, moves, disagreement, who, floor)
    scale = _scale(before, moves, who, share)
    found = ascend(
        goal,
        start,
        low=moves.low,
        high=moves.high,
        scale=scale,
        tolerance=tolerance,
        max_iterations=max_iterations,
    )
    demand_converged(found, tolerance=tolerance, what="agreement", where=lab.world.name)
    point = lab.at(moves.tariffs(found.variables, over=disagreement))
    return AgreedTariffs(
        parties=tuple(parties),
        tariffs=point.tariffs,
        gain=point.log_real_income[who] - floor,
        real_income_pct=100.0 * np.expm1(point.log_real_income),
        mean_gain=found.value,
        gradient_norm=found.gradient_norm,
        iterations=found.iterations,
        seconds=time.perf_counter() - began,
    )


def _shares(weights: Sequence[float] | None, parties: int) -> Array:
    given = np.ones(parties) if weights is None else np.asarray(weights, dtype=float)
    if given.shape != (parties,) or not np.isfinite(given).all() or (given <= 0).any():
        raise InputError(
            f"weights must be {parties} positive numbers", where="weights", hint="one a party, in their order"
        )
    return np.asarray(given / given.sum())


def _scale(point: Point, moves: Instruments, who: Array, share: Array) -> Array:
    """Weight the importer's curvature by what the importer counts."""
    counted = np.zeros(len(point.income))
    counted[who.astype(int)] = share
    return curvature(point, moves) * counted[moves.importer]


def _first_cut(lab: Lab, moves: Instruments, disagreement: Array, who: Array, floor: Array) -> Array:
    """Cut all tariffs by one part, the one that leaves the least gain largest."""
    best, chosen = 0.0, None
    full = moves.variables(disagreement)
    for part in (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7):
        x = moves.clip((1.0 - part) * full)
        point = lab.at(moves.tariffs(x, over=disagreement))
        least = float((point.log_real_income[who.astype(int)] - floor).min())
        if least > best:
            best, chosen = least, x
    if chosen is None:
        raise NotConvergedError(
            "no common cut leaves every party better off than without agreement",
            where=lab.world.name,
            hint="begin from higher tariffs (those of nash_tariffs), or choose other parties",
        )
    return np.asarray(chosen)
