"""Seeded monthly series with planted surges: what a monitor is measured on where no truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openward.watch.panel import WORLD, Panel, Series, month_after
from openward.watch.surge import SEASONS

Floats = NDArray[np.float64]
RHO = 0.4
RISE = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class SurgePanel:
    """Series and truth.

    Attributes
    ----------
    log_quantity : array [S, T]
    surge : array of bool [S]
    onset : array of int [S]
        Month (column) in which the rise begins; T where there is none.
    """

    log_quantity: Floats
    surge: NDArray[np.bool_]
    onset: NDArray[np.intp]


def surge_panel(
    *, seed: int, series: int = 5_000, months: int = 72, first_onset: int | None = None
) -> SurgePanel:
    """Draw series: level, season, trend, AR(1) noise of differing size, lumps; one in ten rises.

    The rise is of 60 percent, takes three months and stays. With the seed 3 and the default size the
    numbers are those of the panel on which other tools were timed.

    Parameters
    ----------
    seed : int
    series, months : int
        S and T; T a multiple of 12.
    first_onset : int, optional
        Earliest month in which a rise may begin, drawn evenly up to six months before the end; by default
        every rise begins six months before the end.
    """
    rng = np.random.default_rng(seed)
    n, t = series, months
    level = rng.normal(6, 1.5, n)[:, None]
    season = rng.normal(0, 0.25, (n, SEASONS))
    season -= season.mean(axis=1, keepdims=True)
    trend = rng.normal(0.002, 0.004, n)[:, None]
    sigma = rng.gamma(2, 0.12, n)[:, None]
    noise = rng.normal(size=(n, t)) * sigma
    for month in range(1, t):
        noise[:, month] = RHO * noise[:, month - 1] + np.sqrt(1 - RHO**2) * noise[:, month]
    lumps = (rng.random((n, t)) < 0.01) * rng.normal(0, 1, (n, t))
    y = level + trend * np.arange(t) + np.tile(season, (1, t // SEASONS)) + noise + lumps
    surge = rng.random(n) < 0.10
    onset = np.full(n, t - 6)
    if first_onset is not None:
        onset = rng.integers(first_onset, t - 5, n)
    since = np.arange(t) - onset[:, None] + 1
    y += surge[:, None] * np.log(RISE) * np.clip(since / 3, 0, 1)
    return SurgePanel(y, surge, np.where(surge, onset, t))


def as_panel(drawn: SurgePanel, *, first: date = date(2015, 1, 1)) -> Panel:
    """Dress the series as imports of made-up products, in kg at one USD each."""
    count, months = drawn.log_quantity.shape
    quantity = np.exp(drawn.log_quantity)
    return Panel(
        series=tuple(Series("AAA", "import", f"{k:06d}", WORLD) for k in range(count)),
        months=tuple(month_after(first, k) for k in range(months)),
        value=quantity,
        quantity=quantity,
        reported=np.ones((count, months), dtype=bool),
        weighed=np.ones(count, dtype=bool),
    )


def auc(*, score: Floats, truth: NDArray[np.bool_]) -> float:
    """Give the area under the ROC curve: how often a true series scores above a false one."""
    order = np.argsort(score, kind="stable")
    sorted_ = score[order]
    # Ties share the mean of their ranks.
    first = np.searchsorted(sorted_, sorted_, side="left")
    last = np.searchsorted(sorted_, sorted_, side="right")
    ranks = np.empty(len(score))
    ranks[order] = (first + last + 1) / 2
    positives = int(truth.sum())
    return float(
        (ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * (len(score) - positives))
    )
