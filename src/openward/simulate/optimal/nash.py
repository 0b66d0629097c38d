"""Tariffs that are best against each other: a Nash equilibrium of governments.

All first-order conditions are solved together (one solve of the world and one batch of adjoints a step), then
every government is asked once more for its best reply to the others: none gains.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openward.errors import InputError, NotConvergedError
from openward.simulate.baseline import Array, Baseline
from openward.simulate.optimal.climb import Summit, climb
from openward.simulate.optimal.government import government, wish
from openward.simulate.optimal.instruments import HIGHEST, LOWEST, Instruments, instruments
from openward.simulate.optimal.lab import Lab, Point, check_home_market
from openward.simulate.optimal.unilateral import GRADIENT_NORM, BestTariffs, best_tariffs


@dataclass(frozen=True, slots=True, eq=False)
class NashTariffs:
    """Tariffs that are best against each other, with the evidence.

    Attributes
    ----------
    players : tuple of str
    tariffs : [N, N, J]
    real_income_pct : [N]
        Against the settled baseline.
    gradient_norm : float
        Of all players' projected slopes together.
    replies : tuple of BestTariffs
        Each player's best reply to the others' Nash tariffs.
    largest_gain : float
        Most that any player gains by its best reply (log points): zero but for rounding.
    reply_distance : float
        Largest difference between a Nash tariff and the best reply, over flows that matter.
    starts_differ : float
        Largest difference of a tariff between starts, over flows that matter.
    mean_tariff : dict of str to float
        Import-weighted (baseline imports), by player.
    iterations : int
    seconds : float
    """

    players: tuple[str, ...]
    tariffs: Array
    real_income_pct: Array
    gradient_norm: float
    replies: tuple[BestTariffs, ...]
    largest_gain: float
    reply_distance: float
    starts_differ: float
    mean_tariff: dict[str, float]
    iterations: int
    seconds: float


def nash_tariffs(
    baseline: Baseline | Lab,
    players: Sequence[str],
    *,
    closure: str = "balanced",
    sectors: Sequence[str] | None = None,
    political: Mapping[str, Mapping[str, float]] | None = None,
    low: float = LOWEST,
    high: float = HIGHEST,
    starts: int = 2,
    tolerance: float = GRADIENT_NORM,
    max_iterations: int = 600,
) -> NashTariffs:
    """Find tariffs that are best replies to each other.

    Parameters
    ----------
    players : sequence of str
        Governments that set tariffs on everybody; the rest keep theirs.
    political : mapping of player to sector to extra weight, optional
    closure, sectors, low, high, starts, tolerance, max_iterations
        As in `best_tariffs`.

    Raises
    ------
    InputError
        Fewer than two players, unknown names, a sector without home sales.
    NotConvergedError
    """
    began = time.perf_counter()
    if len(set(players)) < 2:
        raise InputError("a Nash equilibrium takes two players", where="players")
    lab = baseline if isinstance(baseline, Lab) else Lab(baseline, closure=closure)
    weights = political or {}
    who = tuple(government(lab, name, weights.get(name)) for name in players)
    moves = instruments(lab.world, [g.n for g in who], sectors=sectors, low=low, high=high)
    check_home_market(lab.world, moves.cells)
    over = lab.world.tariffs

    def slope(x: Array) -> tuple[Array, Point]:
        point = lab.at(moves.tariffs(x, over=over))
        found = lab.gradients(point, [wish(g, point) for g in who])
        own = np.zeros_like(point.tariffs)
        for g, derivative in zip(who, found, strict=True):
            own[g.n] = derivative.tariff[g.n] * (1.0 + point.tariffs[g.n])
        return own[moves.cells], point

    ends: list[Summit] = []
    for factor in np.linspace(1.0, 0.3, starts):
        lab.start_over()
        first = moves.clip(factor * np.log1p(1.0 / moves.theta))
        end = climb(slope, first, moves, tolerance=tolerance / 10, max_iterations=max_iterations)
        if not end.gradient_norm <= tolerance:
            raise NotConvergedError(
                f"no Nash tariffs after {end.iterations} steps: gradient norm {end.gradient_norm:.1e}",
                where=lab.world.name,
                hint="deficits that stay fixed are transfers that tempt a government to tax without end: use "
                "closure balanced; or narrow the bounds, or leave sectors with very small elasticities out",
            )
        ends.append(end)
    point = lab.at(moves.tariffs(ends[0].variables, over=over))
    weighty = _matter(point, moves)
    replies = tuple(
        best_tariffs(
            lab,
            name,
            sectors=sectors,
            political=weights.get(name),
            low=low,
            high=high,
            start=point.tariffs,
            starts=1,
            tolerance=tolerance,
        )
        for name in players
    )
    replied = point.tariffs.copy()
    for g, reply in zip(who, replies, strict=True):
        replied[g.n] = reply.all_tariffs[g.n]
    imports = np.where(moves.cells, lab.world.flows, 0.0)
    mean = (imports * point.tariffs).sum(axis=(1, 2))
    return NashTariffs(
        players=tuple(players),
        tariffs=point.tariffs,
        real_income_pct=100.0 * np.expm1(point.log_real_income),
        gradient_norm=ends[0].gradient_norm,
        replies=replies,
        largest_gain=max(reply.goal_gain for reply in replies),
        reply_distance=float(np.abs(replied - point.tariffs)[moves.cells][weighty].max(initial=0.0)),
        starts_differ=max(
            float(np.abs(np.expm1(e.variables) - np.expm1(ends[0].variables))[weighty].max(initial=0.0))
            for e in ends
        ),
        mean_tariff={
            name: float(mean[g.n] / imports[g.n].sum()) for name, g in zip(players, who, strict=True)
        },
        iterations=sum(e.iterations for e in ends),
        seconds=time.perf_counter() - began,
    )


def _matter(point: Point, moves: Instruments) -> Array:
    return np.asarray(point.world.flows[moves.cells] > 1e-6 * point.income[moves.importer])
