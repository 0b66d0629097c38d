"""How sure a rank is: replicates of the index under its other possible choices (Saisana et al. 2005)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.indicators.composite.build import build
from openward.indicators.composite.data import IndexData
from openward.indicators.composite.design import choices, draw
from openward.indicators.composite.engine import BLOCK, Engine, Failure
from openward.indicators.composite.hierarchy import hierarchy
from openward.indicators.composite.spec import IndexSpec

Array = NDArray[np.float64]

LOW, HIGH = 0.05, 0.95
"""Ends of a rank interval: it holds 90 % of the replicates."""


@dataclass(frozen=True, slots=True)
class RankInterval:
    """A rank and what becomes of it.

    Attributes
    ----------
    unit : str
    rank : int or None
        In the index as specified; None: it has none there.
    mean, median, low, high : float or None
        Over the replicates in which the unit is ranked; `low` to `high` holds 90 % of them.
    replicates : int
        In which it is ranked.
    """

    unit: str
    rank: int | None
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    replicates: int


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Rank intervals of all units.

    Attributes
    ----------
    intervals : tuple of RankInterval
        In the order of the data.
    replicates, failed, seed : int
        Asked for; those of them that no index came out of; what they were drawn from.
    failures : tuple of Failure
        Every combination of choices that failed, with its count.
    """

    intervals: tuple[RankInterval, ...]
    replicates: int
    failed: int
    seed: int
    failures: tuple[Failure, ...]


def rank_intervals(
    spec: IndexSpec, data: IndexData, *, replicates: int, seed: int, threads: int = 1, block: int = BLOCK
) -> Uncertainty:
    """Compute the index again under random choices and give where each rank lies.

    Parameters
    ----------
    spec : IndexSpec
        With `uncertainty`.
    data : IndexData
    replicates, seed : int
        The same seed gives the same intervals, whatever `threads` and `block` are.

    Raises
    ------
    InputError
        No uncertain choices; every replicate failed.
    """
    if replicates < 1:
        raise InputError(f"{replicates} replicates", where="replicates", hint="at least one")
    tree = hierarchy(spec)
    engine = Engine(spec, tree, data, choices(spec, tree))
    design = draw(engine.factors, replicates=replicates, seed=seed)
    ranks, failures = engine.ranks(design, threads=threads, block=block)
    failed = sum(failure.replicates for failure in failures)
    if failed == replicates:
        raise InputError(
            f"all {replicates} replicates failed, the first because: {failures[0].why}",
            where=spec.name,
            hint="mend the alternatives under uncertainty",
        )
    nominal = build(spec, data)
    known = dict(zip(nominal.units, nominal.ranks, strict=True))
    intervals = tuple(
        _interval(unit, known.get(unit, np.nan), ranks[:, k]) for k, unit in enumerate(data.units)
    )
    return Uncertainty(intervals, replicates, failed, seed, failures)


def _interval(unit: str, nominal: float, ranks: NDArray[np.int16]) -> RankInterval:
    there = ranks[ranks > 0]
    rank = None if np.isnan(nominal) else int(nominal)
    if there.size == 0:
        return RankInterval(unit, rank, None, None, None, None, 0)
    low, median, high = (float(q) for q in np.quantile(there, (LOW, 0.5, HIGH)))
    return RankInterval(unit, rank, float(there.mean()), median, low, high, int(there.size))
