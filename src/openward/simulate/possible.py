"""Refuse worlds in which an economy has nothing to spend: equations have solutions there, people do not."""

from __future__ import annotations

import numpy as np

from openward.errors import InputError, NotConvergedError
from openward.simulate.accounts import Accounts
from openward.simulate.baseline import Array, Baseline
from openward.simulate.shocked import Change

NEGLIGIBLE = 1e-9
"""Part of the buyer's value added below which a negative flow is rounding."""


def refuse_surplus(before: Baseline, accounts: Accounts, change: Change, *, name: str) -> None:
    """Refuse new deficits that leave an economy nothing to spend at its present income.

    Where productivity changes as well, present income says nothing; `refuse_impossible` judges afterwards.

    Raises
    ------
    InputError
        Names the economy.
    """
    if change.productivity is not None:
        return
    earned = accounts.value_added + accounts.revenue
    for n in np.flatnonzero(earned + change.deficits <= 0):
        raise InputError(
            f"{before.economies[n]} has nothing to spend: a surplus of {-change.deficits[n]:.6g} "
            f"is not below its income of {earned[n]:.6g} (value added and tariff revenue)",
            where=name,
            hint="check the sign (imports less exports: a surplus is negative) and the unit of deficits",
        )


def refuse_impossible(after: Baseline, *, income: Array, value_added: Array, name: str) -> None:
    """Refuse a solution in which an economy spends nothing or less, or buys less than nothing.

    Parameters
    ----------
    after : Baseline
    income : [N]
        Final spending of that world.
    value_added : [N]
        Of the world before.
    name : str
        Of the shock.

    Raises
    ------
    NotConvergedError
        Names the economy; the change may still be reached in parts.
    """
    for n in np.flatnonzero(income <= 0):
        raise NotConvergedError(
            f"no possible equilibrium: {after.economies[n]} would spend {income[n]:.6g} "
            f"(wages and tariff revenue less its surplus of {-after.deficits[n]:.6g})",
            where=name,
            hint="check its deficit (imports less exports), or make the shock smaller",
        )
    least = after.flows.min(axis=(1, 2))
    for n in np.flatnonzero(least < -NEGLIGIBLE * value_added):
        i, j = np.unravel_index(int(after.flows[n].argmin()), after.flows.shape[1:])
        raise NotConvergedError(
            f"no possible equilibrium: {after.economies[n]} would buy {least[n]:.6g} "
            f"of {after.sectors[j]} from {after.economies[i]}",
            where=name,
            hint="check deficits, negative input shares and final shares, or make the shock smaller",
        )
