"""What a government wants: real income, with more weight on income earned in some industries if so stated.

``G_n = ln (I_n + sum_j lambda_j va_nj Y_nj) - ln P_n``: a dollar earned in industry j counts ``1 + lambda_j``
(in the spirit of Grossman and Helpman 1994, Amer. Econ. Rev. 84, and Ossa 2014, Amer. Econ. Rev. 104; without
weights it is the logarithm of exact real income).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array
from openward.simulate.gradient.goal import Goal
from openward.simulate.optimal.lab import Lab, Point


@dataclass(frozen=True, slots=True, eq=False)
class Government:
    """One government.

    Attributes
    ----------
    n : int
        Position of its economy.
    extra : [J]
        ``lambda``: extra weight on value added earned in each industry; not negative.
    """

    n: int
    extra: Array


def government(lab: Lab, economy: str, political: Mapping[str, float] | None = None) -> Government:
    """Set up a government.

    Parameters
    ----------
    lab : Lab
    economy : str
    political : mapping of sector to extra weight, optional

    Raises
    ------
    InputError
        Unknown economy or sector, or a weight that is negative or missing.
    """
    extra = np.zeros(len(lab.world.sectors))
    for sector, weight in (political or {}).items():
        if sector not in lab.world.sectors:
            raise InputError(f"{sector!r} is not a sector of {lab.world.name}", where="political")
        if not (np.isfinite(weight) and weight >= 0):
            raise InputError(
                f"the weight of {sector} is {weight:g}", where="political", hint="0 is none; 0.3 is 30 % more"
            )
        extra[lab.world.sectors.index(sector)] = weight
    return Government(lab.index(economy), extra)


def satisfaction(who: Government, point: Point) -> float:
    """Give ``G_n`` at a point, up to a constant that tariffs do not move."""
    if not who.extra.any():
        return float(point.log_real_income[who.n])
    return float(np.log(point.income[who.n] + _lobbies(who, point).sum()) - point.log_price_index[who.n])


def wish(who: Government, point: Point) -> Goal:
    """Give the weights whose linear combination has the derivative of ``G_n`` at a point."""
    N, J = point.output.shape
    income, index, output = np.zeros(N), np.zeros(N), np.zeros((N, J))
    lobbies = _lobbies(who, point)
    total = point.income[who.n] + lobbies.sum()
    income[who.n] = point.income[who.n] / total
    if not who.extra.any():
        return Goal(real_income=income)
    index[who.n] = income[who.n] - 1.0
    output[who.n] = lobbies / total
    return Goal(real_income=income, price_index=index, output=output)


def _lobbies(who: Government, point: Point) -> Array:
    return np.asarray(who.extra * point.world.value_added[who.n] * point.output[who.n])
