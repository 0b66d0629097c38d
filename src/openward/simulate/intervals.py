"""Say what draws show: intervals, the probability of a loss, and which source the spread comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array

LEVEL = 0.90
"""Share of the draws inside an interval."""
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its uncertainty, all in the unit of the figure.

    Attributes
    ----------
    point : float
        At the central values: what the study prints without draws.
    mean, median, sd : float
    low, high : float
        Ends of the central interval of `LEVEL`.
    """

    point: float
    mean: float
    median: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability and how well the number of draws fixes it.

    Attributes
    ----------
    probability : float
    low, high : float
        Wilson interval of 95 %.
    """

    probability: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """Part of the variance that one source explains alone (first-order Sobol index).

    Attributes
    ----------
    source : str
    share : float
        Between 0 and 1.
    standard_error : float
        Of the estimate, from the number of pairs.
    """

    source: str
    share: float
    standard_error: float


def interval(draws: Array, *, point: float, level: float = LEVEL) -> Interval:
    """Summarize draws [n] of one figure.

    Raises
    ------
    InputError
        Fewer than two draws, or one that is not finite.
    """
    _check(draws)
    tail = (1.0 - level) / 2.0
    low, median, high = (float(q) for q in np.quantile(draws, (tail, 0.5, 1.0 - tail)))
    return Interval(
        point=float(point),
        mean=float(draws.mean()),
        median=median,
        sd=float(draws.std(ddof=1)),
        low=low,
        high=high,
    )


def chance_of_loss(draws: Array, *, least: float = 0.0) -> Chance:
    """Give the share of draws below ``-least``, with the Wilson interval (Wilson 1927, eq. 1).

    Parameters
    ----------
    draws : [n]
    least : float
        Losses not larger than this count as none.
    """
    _check(draws)
    n, p, z = len(draws), float((draws < -least).mean()), 1.959964
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Chance(p, max(0.0, middle - half), min(1.0, middle + half))


def variance_share(first: Array, second: Array, *, source: str) -> VarianceShare:
    """Estimate a first-order Sobol index from pairs that share one source and nothing else.

    Parameters
    ----------
    first, second : [m]
        The figure in pairs of draws: the source is the same in both, every other source drawn anew.
    source : str

    Notes
    -----
    The covariance of the pairs over the variance of all (Janon et al. 2014, eq. 6); sampling may take the
    estimate outside 0..1, where it is cut off.
    """
    _check(first)
    _check(second)
    both = np.concatenate((first, second))
    variance = float(both.var())
    if variance == 0.0:
        return VarianceShare(source, 0.0, 0.0)
    middle = float(both.mean())
    share = float(((first - middle) * (second - middle)).mean()) / variance
    share = min(1.0, max(0.0, share))
    return VarianceShare(source, share, (1.0 - share**2) / math.sqrt(len(first)))


def _check(draws: Array) -> None:
    if len(draws) < FEWEST:
        raise InputError(
            f"{len(draws)} draws give no interval", hint="ask for 2 or more; 1,000 are customary"
        )
    if not np.isfinite(draws).all():
        raise InputError("a draw is not a finite number", hint="this is a bug: report the seed")
