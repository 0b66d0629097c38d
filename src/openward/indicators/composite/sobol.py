"""Which choice moves the ranks: variance-based sensitivity indices, with intervals of their own.

Design and first-order estimator of Saltelli et al. (2010, Comput. Phys. Commun. 181, table 2, b), total order
of Jansen (1999), on the mean absolute change of rank against the index as specified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.indicators.composite.build import build
from openward.indicators.composite.data import IndexData
from openward.indicators.composite.design import choices, draw
from openward.indicators.composite.engine import BLOCK, Engine
from openward.indicators.composite.hierarchy import hierarchy
from openward.indicators.composite.spec import IndexSpec

Array = NDArray[np.float64]

NORMAL_975 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class SobolIndex:
    """Share of the variance of the rank changes that goes back to one choice.

    Attributes
    ----------
    factor : str
    first, first_low, first_high : float
        By itself, with its 95 % interval.
    total, total_low, total_high : float
        With all its interactions.
    """

    factor: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Sensitivity indices of all choices.

    Attributes
    ----------
    indices : tuple of SobolIndex
    mean, variance : float
        Of the mean absolute change of rank.
    base, replicates, seed : int
        Rows of the base design N, and the N (F + 2) replicates computed.
    """

    indices: tuple[SobolIndex, ...]
    mean: float
    variance: float
    base: int
    replicates: int
    seed: int


def sensitivity(
    spec: IndexSpec, data: IndexData, *, base: int, seed: int, threads: int = 1, block: int = BLOCK
) -> Sensitivity:
    """Estimate first-order and total-order indices of all uncertain choices.

    Parameters
    ----------
    spec : IndexSpec
        With at least two uncertain choices.
    data : IndexData
    base : int
        N; ``N (F + 2)`` replicates are computed.
    seed : int

    Raises
    ------
    InputError
        Fewer than two choices; a combination of them fails; the ranks never change.
    """
    tree = hierarchy(spec)
    engine = Engine(spec, tree, data, choices(spec, tree))
    if len(engine.factors) < 2 or base < 2:
        raise InputError("sensitivity compares at least two choices over two rows", where=spec.name, hint="")
    both = draw(engine.factors, replicates=2 * base, seed=seed)
    a, b = both.take(np.arange(base)), both.take(np.arange(base, 2 * base))
    nominal = build(spec, data)
    known = dict(zip(nominal.units, nominal.ranks, strict=True))
    compared = [k for k, unit in enumerate(data.units) if not np.isnan(known.get(unit, np.nan))]
    against = np.array([known[data.units[k]] for k in compared])
    changes = []
    for design in (a, b, *(a.exchanged(b, f) for f in range(len(engine.factors)))):
        ranks, failures = engine.ranks(design, threads=threads, block=block)
        if failures:
            named = ", ".join(f"{name}: {choice}" for name, choice in failures[0].choices.items())
            count = sum(failure.replicates for failure in failures)
            raise InputError(
                f"{count} replicates failed, among them ({named}): {failures[0].why}",
                where=spec.name,
                hint="indices need every combination; mend the alternatives",
            )
        changes.append(_mean_change(ranks[:, compared], against))
    names = tuple(factor.factor.name for factor in engine.factors)
    found, mean, variance = estimate(a=changes[0], b=changes[1], exchanged=changes[2:], names=names)
    return Sensitivity(found, mean, variance, base, base * (len(names) + 2), seed)


def estimate(
    *, a: Array, b: Array, exchanged: list[Array], names: tuple[str, ...]
) -> tuple[tuple[SobolIndex, ...], float, float]:
    """Estimate indices from the results of a Saltelli design.

    ``S_i = mean((b - m)(ab_i - a)) / V``, ``T_i = mean((a - ab_i)^2) / (2 V)``; intervals by the delta
    method, the variance in the denominator counted as estimated.

    Parameters
    ----------
    a, b : [N]
        Results of the two base designs.
    exchanged : list of [N]
        Results of `a` with factor i from `b`.
    names : tuple of str

    Returns
    -------
    indices, mean, variance
    """
    n = a.size
    mean = float((a.mean() + b.mean()) / 2.0)
    spread = ((a - mean) ** 2 + (b - mean) ** 2) / 2.0
    variance = float(spread.mean())
    if variance == 0.0:
        raise InputError(
            "the ranks are the same in all replicates", where="sensitivity", hint="widen the choices"
        )

    def ratio(parts: Array) -> tuple[float, float, float]:
        value = float(parts.mean()) / variance
        half = NORMAL_975 * float((parts - value * spread).std(ddof=1)) / variance / n**0.5
        return value, value - half, value + half

    found = []
    for name, ab in zip(names, exchanged, strict=True):
        first = ratio((b - mean) * (ab - a))
        total = ratio((a - ab) ** 2 / 2.0)
        found.append(SobolIndex(name, *first, *total))
    return tuple(found), mean, variance


def _mean_change(ranks: NDArray[np.int16], nominal: Array) -> Array:
    """Mean absolute change of rank of every replicate, over the units ranked in it."""
    there = ranks > 0
    change = np.where(there, np.abs(ranks - nominal), 0.0)
    return np.asarray(change.sum(axis=1) / np.maximum(there.sum(axis=1), 1))
