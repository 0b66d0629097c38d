"""Refuse shocks that cut economies off in a way no equilibrium allows, naming them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors
from openward.simulate.baseline import Array, Baseline, Shock

SLIGHT = 1e-9


def left_of(world: Baseline, shock: Shock) -> NDArray[np.bool_]:
    """Say who still sells to whom, [importer, exporter], home sales left out."""
    open_ = world.flows > 0
    if shock.trade_costs is not None:
        open_ &= np.isfinite(shock.trade_costs)
    pairs = np.asarray(open_.any(axis=2))
    np.fill_diagonal(pairs, False)
    return pairs


def refuse_cut_off(world: Baseline, shock: Shock, *, deficits: Array) -> None:
    """Refuse an economy, or a group that trades with nobody else, whose deficit has nothing to be paid with.

    Parameters
    ----------
    world : Baseline
    shock : Shock
        Of the right shape.
    deficits : [N]
        Imports less exports that have to come out.

    Raises
    ------
    InputErrors
        Each economy or group with what to do.
    """
    if shock.trade_costs is None or not np.isinf(shock.trade_costs).any():
        return
    kept = (world.flows > 0) & np.isfinite(shock.trade_costs)
    if ((world.flows.sum(axis=1) > 0) & ~kept.any(axis=1)).any():
        return  # a buyer without any supplier: the solver names it, with its sector
    pairs = left_of(world, shock)
    earned = (world.value_added * world.flows.sum(axis=0)).sum(axis=1)
    found: list[InputError] = []
    for members in _groups(pairs):
        owed = float(deficits[members].sum())
        if len(members) < len(pairs) and abs(owed) > SLIGHT * earned[members].sum():
            names = ", ".join(world.economies[n] for n in members[:5])
            found.append(
                InputError(
                    f"{names} would trade with nobody else, yet have a deficit of {owed:.6g} to settle",
                    where="trade_costs",
                    hint="use closure balanced, or give deficits of zero with the shock",
                )
            )
    buys, sells = pairs.any(axis=1), pairs.any(axis=0)
    for n in np.flatnonzero(buys & ~sells & (deficits <= SLIGHT * earned)):
        found.append(
            InputError(
                f"{world.economies[n]} could sell nothing abroad but would still buy: it cannot pay",
                where="trade_costs",
                hint="stop what it buys as well, or leave it something to sell",
            )
        )
    for n in np.flatnonzero(sells & ~buys & (deficits >= -SLIGHT * earned)):
        found.append(
            InputError(
                f"{world.economies[n]} could buy nothing abroad but would still sell: nobody can pay it",
                where="trade_costs",
                hint="stop what it sells as well, or leave it something to buy",
            )
        )
    if found:
        raise InputErrors(found)


def _groups(pairs: NDArray[np.bool_]) -> list[list[int]]:
    """Economies linked by trade in any direction."""
    linked, seen, out = pairs | pairs.T, set[int](), []
    for first in range(len(pairs)):
        if first in seen:
            continue
        group, todo = {first}, [first]
        while todo:
            for n in np.flatnonzero(linked[todo.pop()]):
                if int(n) not in group:
                    group.add(int(n))
                    todo.append(int(n))
        seen |= group
        out.append(sorted(group))
    return out
