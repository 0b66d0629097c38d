"""A share of a change: what lies between the world before and the world after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from openward.simulate.baseline import Array, Baseline
from openward.simulate.shocked import Change

NEGLIGIBLE = 1e-14


def part_of(before: Baseline, change: Change, share: float) -> Change:
    """Give a share of a change.

    Parameters
    ----------
    before : Baseline
    change : Change
    share : float
        From 0 to 1. Tariffs and deficits move along straight lines, other factors along powers; of a flow
        that stops, the share of its supply is gone.
    """
    return replace(
        change,
        tariffs=before.tariffs + share * (change.tariffs - before.tariffs),
        price_factor=None if change.price_factor is None else _prices(before, change, share),
        productivity=None if change.productivity is None else change.productivity**share,
        deficits=before.deficits + share * (change.deficits - before.deficits),
    )


def log_friction(before: Baseline, change: Change) -> Array | None:
    """Logarithm of the change in buyers' prices that the tariff of the revenue does not explain.

    Returns
    -------
    [N, N, J] or None
        None where there is none; zero where nothing was bought.
    """
    taxes = np.log1p(change.tariffs) - np.log1p(before.tariffs)
    rest = -taxes if change.price_factor is None else np.log(change.price_factor) - taxes
    rest[before.flows <= 0] = 0.0
    return rest if np.abs(rest).max(initial=0.0) > NEGLIGIBLE else None


def _prices(before: Baseline, change: Change, share: float) -> Array:
    friction = log_friction(before, change)
    here = 1.0 + share * (change.tariffs - before.tariffs) / (1.0 + before.tariffs)
    if friction is None:
        return here
    stopped = np.isinf(friction)
    gone = np.broadcast_to(-np.log1p(-share) / change.theta, friction.shape) if share < 1 else friction
    return here * np.exp(np.where(stopped, gone, share * np.where(stopped, 0.0, friction)))
