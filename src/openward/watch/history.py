"""The stretch of a panel that can be judged by its own past, and why the rest cannot: never a silent zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.watch.panel import Panel
from openward.watch.surge import LEAST_MONTHS, SEASONS

Floats = NDArray[np.float64]
LEAST_TRADED = 0.9
"""Part of the past months with trade below which a series is too irregular to have a season."""
_FLOOR = 0.01
_UNIT_JUMP = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Series that can be judged.

    Attributes
    ----------
    rows : array of int [K]
        Their rows in the panel.
    log_volume, log_price : array [K, H]
        Natural logarithms of kg (or of USD where a series is not weighed) and of USD per kg.
    has_price : array of bool [K]
    by_value : array of bool [K]
        Watched in USD for want of usable quantities.
    notes : tuple of str
        What was left out or mended, and why.
    """

    rows: NDArray[np.intp]
    log_volume: Floats
    log_price: Floats
    has_price: NDArray[np.bool_]
    by_value: NDArray[np.bool_]
    notes: tuple[str, ...]


def history(panel: Panel, *, months: int) -> History:
    """Take the last `months` of every series that has a past to be judged by.

    A month in which the whole table is empty is a gap: it is set to the median of the same calendar month.
    A month without trade inside the past stands at one percent of the series' median, so that its logarithm
    exists; more than one in ten of them, and the series is left out by name. A month with a value and no
    weight takes its weight from the median unit value of the series. A unit value that moves by a factor of
    100 between the halves of the past means that the unit of quantity changed: the series is then watched
    by value.
    """
    kept = min(months, len(panel.months))
    if kept < LEAST_MONTHS:
        need = f"season and trend need {LEAST_MONTHS}"
        note = f"a history of {kept} months is too short, {need}: not watched by its own past"
        none = np.zeros((0, kept))
        flags = np.zeros(0, dtype=bool)
        return History(np.zeros(0, dtype=np.intp), none, none, flags, flags, (note,))
    value, quantity = panel.value[:, -kept:].copy(), panel.quantity[:, -kept:].copy()
    stretch = panel.months[-kept:]
    gaps = np.array([month in panel.gaps for month in stretch])
    past = ~gaps
    past[-1] = False
    traded = (value[:, past] > 0).mean(axis=1)
    rows = np.flatnonzero(traded >= LEAST_TRADED)
    notes = [
        f"{panel.series[k]}: traded in {round(traded[k] * past.sum())} of {past.sum()} months before: "
        "too irregular for a season, not watched by it"
        for k in np.flatnonzero((traded > 0) & (traded < LEAST_TRADED))
    ]
    value, quantity, weighed = value[rows], quantity[rows], panel.weighed[rows]
    price, usual, mended = _prices(value, quantity, weighed)
    changed = _unit_changed(price, weighed)
    notes += [
        f"{panel.series[rows[k]]}: unit value moves by a factor above {_UNIT_JUMP:g}: "
        "the unit of quantity seems to change, watched by value"
        for k in np.flatnonzero(changed)
    ]
    weighed = weighed & ~changed
    notes += [
        f"{panel.series[rows[k]]}: no weight in {stretch[t]:%Y-%m}, taken from the usual unit value"
        for k, t in np.argwhere(mended & weighed[:, None])
    ]
    filled = np.where(mended, value / np.maximum(usual[:, None], 1e-300), quantity)
    volume = _mended(np.where(weighed[:, None], filled, value), gaps)
    log_price = np.log(np.where(np.isnan(price), usual[:, None], price))
    return History(rows, np.log(volume), log_price, weighed, ~weighed, tuple(notes))


def _prices(
    value: Floats, quantity: Floats, weighed: NDArray[np.bool_]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    both = (value > 0) & (quantity > 0) & weighed[:, None]
    price = np.where(both, value / np.where(both, quantity, 1.0), np.nan)
    usual = np.ones(len(value))
    usual[weighed] = [float(np.nanmedian(row)) for row in price[weighed]]
    return price, usual, (value > 0) & (quantity == 0) & weighed[:, None]


def _unit_changed(price: Floats, weighed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    changed = np.zeros(len(price), dtype=bool)
    for k in np.flatnonzero(weighed):
        known = np.log(price[k][~np.isnan(price[k])])
        if np.ptp(known) <= np.log(_UNIT_JUMP):
            continue
        # The largest jump that stays: medians of the months before and after every point.
        steps = [
            abs(float(np.median(known[t : t + SEASONS]) - np.median(known[max(0, t - SEASONS) : t])))
            for t in range(3, len(known) - 2)
        ]
        changed[k] = bool(steps) and max(steps) > np.log(_UNIT_JUMP)
    return changed


def _mended(volume: Floats, gaps: NDArray[np.bool_]) -> Floats:
    """Put the season's median into gaps, and a floor under the months without trade."""
    filled = volume.copy()
    count = volume.shape[1]
    for t in np.flatnonzero(gaps):
        same = [s for s in range(t % SEASONS, count, SEASONS) if not gaps[s]]
        filled[:, t] = np.median(volume[:, same], axis=1)
    middle = np.median(filled, axis=1, keepdims=True)
    floor = np.where(middle > 0, middle, 1.0) * _FLOOR
    return np.maximum(filled, floor)
