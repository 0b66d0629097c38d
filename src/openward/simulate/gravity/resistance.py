"""Multilateral resistances: what given trade costs mean for every seller and buyer together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError

Array = NDArray[np.float64]
MOST_ROUNDS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Resistance:
    r"""Resistances to the power ``1 - sigma``, which the elasticity need not be known for.

    Attributes
    ----------
    outward : [N]
        :math:`\Pi_i^{1-\sigma} = \sum_j \phi_{ij} E_j / P_j^{1-\sigma}`, in the unit of expenditure.
    inward : [N]
        :math:`P_j^{1-\sigma} = \sum_i \phi_{ij} Y_i / \Pi_i^{1-\sigma}`; 1 for the reference.
    reference : int
    iterations : int
    residual : float
        Largest relative change in the last round.
    """

    outward: Array
    inward: Array
    reference: int
    iterations: int
    residual: float


def multilateral_resistance(
    *, costs: Array, output: Array, expenditure: Array, reference: int, tolerance: float = 1e-13
) -> Resistance:
    r"""Solve for the resistances of Anderson and van Wincoop (2003, equations 10 and 11).

    Trade is :math:`X_{ij} = \phi_{ij} Y_i E_j / (\Pi_i P_j)^{1-\sigma}`, :math:`\phi = t^{1-\sigma}`; with
    these resistances its rows sum to output and its columns to expenditure. They are found by matching rows
    and columns in turn.

    Parameters
    ----------
    costs : [N, N]
        :math:`\phi`, seller by buyer, positive.
    output, expenditure : [N]
        Positive, with equal sums.
    reference : int
        Economy whose inward resistance is 1.
    tolerance : float

    Raises
    ------
    InputError
        A cell is not positive, or the sums differ.
    NotConvergedError
    """
    if not (costs > 0).all() or not (output > 0).all() or not (expenditure > 0).all():
        raise InputError(
            "trade costs, output and expenditure must be positive",
            hint="leave out economies that make or buy nothing",
            where="multilateral resistance",
        )
    if abs(output.sum() / expenditure.sum() - 1) > 1e-8:
        raise InputError(
            f"output sums to {output.sum():.6g}, expenditure to {expenditure.sum():.6g}",
            hint="domestic sales belong to both; leave no economy out of one of them",
            where="multilateral resistance",
        )
    inward, change = np.ones_like(output), np.inf
    for round_ in range(1, MOST_ROUNDS + 1):
        outward = costs @ (expenditure / inward)
        new = costs.T @ (output / outward)
        new /= new[reference]
        change = float(np.abs(new / inward - 1).max())
        inward = new
        if change < tolerance:
            return Resistance(costs @ (expenditure / inward), inward, reference, round_, change)
    raise NotConvergedError(
        f"no resistances after {MOST_ROUNDS} rounds, they still change by {change:.1e}",
        hint="some economies hardly trade with the rest; see the smallest trade costs",
        where="multilateral resistance",
    )
