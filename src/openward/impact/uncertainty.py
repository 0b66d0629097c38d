"""How sure an impact study is: draws of elasticities, use of preferences and rates, each solved exactly."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.impact.opening import final_spending, foreign
from openward.impact.uncertainty_chain import Chain, Point, Start, central, solve_point
from openward.indicators.diversion import creation_diversion
from openward.simulate.baseline import Array
from openward.simulate.draws import SOURCES, ElasticityDraws, rate_draw, utilisation_draw
from openward.simulate.intervals import (
    LEVEL,
    Chance,
    Interval,
    VarianceShare,
    chance_of_loss,
    interval,
    variance_share,
)
from openward.simulate.sweep import end_with_parent

PAIRS = 200
"""Most pairs of draws per source that the spread is split with."""
BLOCK = 20
"""Draws handed to a worker at a time."""
PER_ECONOMY = ("real_income_pct", "real_wage_pct", "exports_pct", "imports_pct", "revenue_change_musd")
OF_THE_WORLD = ("world_real_income_pct", "trade_created_musd", "trade_diverted_musd")
Progress = Callable[[str, float], None]
_Recipe = tuple[int, int, int]
"""Index of the draw that each source is taken from, in the order of `SOURCES`; -1: its central value."""


@dataclass(frozen=True, slots=True)
class EconomyUncertainty:
    """One economy: intervals, the probability of a loss, and where the spread of real income comes from."""

    economy: str
    party: bool
    real_income_pct: Interval
    real_wage_pct: Interval
    exports_pct: Interval
    imports_pct: Interval
    revenue_change_musd: Interval
    loses: Chance
    sources: tuple[VarianceShare, ...]


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Uncertainty of a study (part of ``openward.impact/1`` where draws were asked for).

    Attributes
    ----------
    draws, seed : int
    pairs : int
        Pairs of draws per source behind the variance shares; solved on top of ``draws``.
    level : float
        Of the intervals.
    exact : bool
        Every draw was solved to the tolerance of the study, none linearized.
    seconds : float
    economies : tuple of EconomyUncertainty
        In the order of the baseline.
    world : mapping of figure to Interval
    world_sources : tuple of VarianceShare
        Of world real income.
    assumptions : tuple of str
    """

    draws: int
    seed: int
    pairs: int
    level: float
    exact: bool
    seconds: float
    economies: tuple[EconomyUncertainty, ...]
    world: dict[str, Interval]
    world_sources: tuple[VarianceShare, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """What a worker holds."""

    chain: Chain
    spread: ElasticityDraws
    seed: int
    start: Start


def run_draws(
    chain: Chain,
    spread: ElasticityDraws,
    *,
    draws: int,
    seed: int,
    parties: frozenset[str],
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = lambda _stage, _share: None,
) -> Uncertainty:
    """Solve a study at draws from what it takes as given.

    Parameters
    ----------
    chain : Chain
    spread : ElasticityDraws
    draws : int
        At least 2. Variance shares take ``min(200, draws // 2)`` more solutions per source.
    seed : int
        The same seed gives the same figures, whatever the number of workers.
    parties : frozenset of str
    workers : int
        Processes; 1 works in this one.
    executor : concurrent.futures.Executor, optional
        Where to work instead (a Dask client's ``get_executor()`` fits); it is not shut down.
    progress : callable(stage, share)

    Raises
    ------
    InputError
        Fewer than two draws, a negative seed.
    NotConvergedError
        A draw without an equilibrium.
    """
    began = time.perf_counter()
    if draws < 2:
        raise InputError(f"{draws} draws give no interval", hint="1,000 are customary", where="--draws")
    if workers < 1:
        raise InputError(f"{workers} workers", hint="give 1 or more", where="--workers")
    base, _ = solve_point(chain, central(chain, spread.theta))
    job = _Job(chain, spread, seed, base)
    pairs = min(PAIRS, draws // 2)
    recipes: list[_Recipe] = [(-1, -1, -1)] + [(k, k, k) for k in range(draws)]
    for source in range(len(SOURCES)):
        recipes += [
            tuple(k if s == source else pairs + k for s in range(len(SOURCES)))  # type: ignore[misc]
            for k in range(pairs)
        ]
    table = np.concatenate(_work(job, recipes, workers=workers, executor=executor, progress=progress))
    point, main, crossed = table[0], table[1 : draws + 1], table[draws + 1 :]
    N = len(chain.pack.economies)

    def shares(column: int) -> tuple[VarianceShare, ...]:
        return tuple(
            variance_share(main[:pairs, column], crossed[s * pairs : (s + 1) * pairs, column], source=source)
            for s, source in enumerate(SOURCES)
        )

    def figure(name: str, n: int) -> Interval:
        column = PER_ECONOMY.index(name) * N + n
        return interval(main[:, column], point=point[column])

    first_of_world = len(PER_ECONOMY) * N
    return Uncertainty(
        draws=draws,
        seed=seed,
        pairs=pairs,
        level=LEVEL,
        exact=True,
        seconds=time.perf_counter() - began,
        economies=tuple(
            EconomyUncertainty(
                economy=code,
                party=code in parties,
                real_income_pct=figure("real_income_pct", n),
                real_wage_pct=figure("real_wage_pct", n),
                exports_pct=figure("exports_pct", n),
                imports_pct=figure("imports_pct", n),
                revenue_change_musd=figure("revenue_change_musd", n),
                loses=chance_of_loss(main[:, n]),
                sources=shares(n),
            )
            for n, code in enumerate(chain.pack.economies)
        ),
        world={
            name: interval(main[:, first_of_world + k], point=point[first_of_world + k])
            for k, name in enumerate(OF_THE_WORLD)
        },
        world_sources=shares(first_of_world),
        assumptions=_assumptions(spread),
    )


def _assumptions(spread: ElasticityDraws) -> tuple[str, ...]:
    estimated = sum(s.estimated for s in spread.spreads)
    return (
        f"Elasticities: {len(spread.spreads)} independent log-normal draws, {estimated} of them with the "
        "standard error of Caliendo and Parro (2015, table 1, 99 % sample; not read in the paper again), the "
        "others, conventions, with 95 % between half and twice; kept within 0.5 and 120.",
        "Use of preferences: by importer, Beta(8, 2), mean 80 % of eligible trade; the rest pays the "
        "most-favored rate. The study itself takes full use: it may lie outside its interval.",
        "Rates not read in an official source are off by a factor with a standard deviation of 10 % (25 % "
        "where assumed), the same under every law for an importer's industry. Averages over lines are "
        "taken as given.",
        "Not drawn: the model, its closure, the world table, and what other governments answer.",
    )


def _work(
    job: _Job, recipes: Sequence[_Recipe], *, workers: int, executor: Executor | None, progress: Progress
) -> list[Array]:
    blocks = [recipes[k : k + BLOCK] for k in range(0, len(recipes), BLOCK)]
    done: list[Array] = []
    with ExitStack() as stack:
        if executor is None and workers > 1:
            pool = stack.enter_context(
                ProcessPoolExecutor(
                    min(workers, len(blocks)),
                    mp_context=get_context("spawn"),
                    initializer=_hold,
                    initargs=(job,),
                )
            )
            results = pool.map(_held_block, blocks)
        elif executor is not None:
            results = executor.map(_block, [job] * len(blocks), blocks)
        else:
            results = map(_block, [job] * len(blocks), blocks)
        for result in results:
            done.append(result)
            progress(
                f"draws, {min(len(done) * BLOCK, len(recipes)):,} of {len(recipes):,}",
                len(done) / len(blocks),
            )
    return done


_HELD: list[_Job] = []


def _hold(job: _Job) -> None:
    """Keep the job in a worker, so that it travels once."""
    end_with_parent()
    _HELD[:] = [job]


def _held_block(recipes: Sequence[_Recipe]) -> Array:
    return _block(_HELD[0], recipes)


def _block(job: _Job, recipes: Sequence[_Recipe]) -> Array:
    return np.stack([_solve(job, recipe) for recipe in recipes])


def _solve(job: _Job, recipe: _Recipe) -> Array:
    chain, spread, seed = job.chain, job.spread, job.seed
    middle = central(chain, spread.theta)
    theta, claimed, errors = recipe
    point = Point(
        theta=middle.theta if theta < 0 else spread.draw(seed=seed, index=theta),
        claimed=middle.claimed
        if claimed < 0
        else utilisation_draw(len(middle.claimed), seed=seed, index=claimed),
        errors=middle.errors if errors < 0 else rate_draw(middle.errors.shape, seed=seed, index=errors),
    )
    solved, moved = solve_point(chain, point, start=job.start)
    return _figures(solved, moved)


def _figures(solved: Start, moved: NDArray[np.bool_]) -> Array:
    """Give one row of the table of draws: `PER_ECONOMY` by economy, then `OF_THE_WORLD`."""
    step = solved.step
    before, after = foreign(step.baseline.flows), foreign(step.after.flows)
    split = creation_diversion(before=step.baseline.flows, after=step.after.flows, moved=moved)
    spending = final_spending(step)
    return np.concatenate(
        (
            step.real_income_pct,
            step.real_wage_pct,
            _percent(before.sum(axis=0), after.sum(axis=0)),
            _percent(before.sum(axis=1), after.sum(axis=1)),
            step.tariff_revenue_after - step.tariff_revenue_before,
            (
                step.real_income_pct @ spending / spending.sum(),
                split.created.sum(),
                split.diverted.sum(),
            ),
        )
    )


def _percent(before: Array, after: Array) -> Array:
    """Give percent changes; 0 for an economy that trades nothing before (none in the world pack does)."""
    return 100.0 * (np.divide(after, before, out=np.ones_like(before), where=before > 0) - 1.0)
