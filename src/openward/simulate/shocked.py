"""Check a shock against its baseline, and turn both into the world to solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors
from openward.simulate.accounts import SHARES_TOLERANCE, Accounts, centered
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.kernel import EXTREME_LOG, World, group_sectors


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A shock with every part filled in that a baseline needs.

    Attributes
    ----------
    tariffs : [N, N, J]
        New rates that give the revenue.
    price_factor : [N, N, J] or None
        Change in buyers' prices over exporters' unit cost; None: all one.
    productivity : [N, J] or None
    deficits : [N]
    theta : [J]
    still : bool
        Nothing changes where anything is bought, made or owed.
    """

    tariffs: Array
    price_factor: Array | None
    productivity: Array | None
    deficits: Array
    theta: Array
    still: bool


def check_shock(baseline: Baseline, shock: Shock) -> None:
    """Refuse a shock that does not fit its baseline.

    Raises
    ------
    InputErrors
        All that is wrong, at once.
    """
    N, J = len(baseline.economies), len(baseline.sectors)
    wanted = {
        "tariffs": (N, N, J),
        "price_wedge": (N, N, J),
        "trade_costs": (N, N, J),
        "productivity": (N, J),
        "deficits": (N,),
        "theta": (J,),
    }
    found: list[InputError] = []

    def refuse(message: str, hint: str) -> None:
        found.append(InputError(message, where=f"shock {shock.name or '(no name)'}", hint=hint))

    for name, shape in wanted.items():
        array: Array | None = getattr(shock, name)
        if array is None:
            continue
        if array.shape != shape:
            refuse(
                f"{name} has shape {array.shape}, expected {shape}",
                "use the baseline's economies and sectors",
            )
        elif np.isnan(array).any() or (name != "trade_costs" and not np.isfinite(array).all()):
            refuse(
                f"{name} holds missing or infinite values", "only trade_costs may be infinite: the flow stops"
            )
        elif name == "tariffs" and array.min() <= -1:
            refuse("a new tariff of -100 % or less", "rates are fractions: 0.05 is 5 %")
        elif name in ("price_wedge", "trade_costs", "productivity", "theta") and array.min() <= 0:
            refuse(
                f"{name} holds a value that is not positive", "factors are new over old: 1 leaves it as it is"
            )
        elif name == "deficits" and abs(array.sum()) > SHARES_TOLERANCE * baseline.flows.sum():
            refuse(f"new deficits sum to {array.sum():.6g}, not zero", "rescale them over the world")
    for name in ("export_taxes", "quotas", "export_quotas"):
        if getattr(shock, name) is not None:
            refuse(f"{name} are not solved here", "solve it with a model of openward.simulate.models")
    if found:
        raise InputErrors(found)


def fill(baseline: Baseline, shock: Shock, *, stop_factor: float) -> Change:
    """Fill in what a shock leaves as it is.

    Parameters
    ----------
    baseline : Baseline
    shock : Shock
        Checked.
    stop_factor : float
        Stands in for an infinite trade cost.
    """
    bought = baseline.flows > 0
    tariffs = baseline.tariffs if shock.tariffs is None else shock.tariffs
    factor = shock.price_wedge
    if factor is None and shock.tariffs is not None:
        factor = (1.0 + shock.tariffs) / (1.0 + baseline.tariffs)
    if shock.trade_costs is not None:
        stopped = np.where(bought, stop_factor, 1.0)
        costs = np.where(np.isinf(shock.trade_costs), stopped, shock.trade_costs)
        factor = costs if factor is None else factor * costs
    if factor is not None and not ((factor != 1.0) & bought).any():
        factor = None
    productivity = shock.productivity
    if productivity is not None and (productivity == 1.0).all():
        productivity = None
    deficits = baseline.deficits if shock.deficits is None else centered(shock.deficits)
    still = (
        factor is None
        and productivity is None
        and (tariffs is baseline.tariffs or not bool(((tariffs != baseline.tariffs) & bought).any()))
        and bool((deficits == baseline.deficits).all())
    )
    theta = baseline.theta if shock.theta is None else shock.theta
    return Change(tariffs, factor, productivity, deficits, theta, still)


def build_world(
    baseline: Baseline, accounts: Accounts, change: Change, *, index_to_gdp: float | None
) -> World:
    """Lay out the matrices of a world after a change.

    Parameters
    ----------
    baseline : Baseline
    accounts : Accounts
        Of the baseline.
    change : Change
    index_to_gdp : float or None
        World gross domestic product before, where deficits keep their share of it.

    Raises
    ------
    InputError
        A buyer loses every supplier of something it needs.
    """
    spending = accounts.spending
    purchases = 1.0 + baseline.tariffs
    purchases *= baseline.flows
    gross = np.ascontiguousarray(purchases.transpose(2, 0, 1))
    del purchases
    bought = spending.T > 0
    gross /= np.where(bought, spending.T, 1.0)[:, :, None]
    offset = None
    if change.price_factor is not None:
        offset = _raise_prices(gross, change.price_factor, change.theta)
        _refuse_lost(baseline, bought & (gross.max(axis=2) <= 0))
    return World(
        sectors=group_sectors(gross, change.tariffs),
        offset=offset,
        empty=(~bought).astype(np.float64),
        theta=change.theta,
        value_added=baseline.value_added,
        use=np.ascontiguousarray(baseline.use),
        final=baseline.final,
        log_productivity=None if change.productivity is None else np.log(change.productivity),
        labor=accounts.value_added,
        deficits=change.deficits,
        gdp_before=index_to_gdp,
    )


def _raise_prices(gross: Array, price_factor: Array, theta: Array) -> Array | None:
    """Multiply ``gross`` [J, N, N] in place by ``price_factor^-theta``; give what was taken out of rows."""
    factor = np.ascontiguousarray(price_factor.transpose(2, 0, 1))
    J, N, _ = gross.shape
    flat, cells = gross.reshape(-1), np.flatnonzero((factor != 1.0) & (gross > 0))
    exponent = -theta[cells // (N * N)] * np.log(factor.reshape(-1)[cells])
    finite = exponent[np.isfinite(exponent)]
    if np.abs(finite).max(initial=0.0) <= EXTREME_LOG:
        flat[cells] *= np.exp(exponent)
        return None
    logs = np.full(flat.shape, -np.inf)
    positive = flat > 0
    logs[positive] = np.log(flat[positive])
    logs[cells] += exponent
    table = logs.reshape(J, N, N)
    top = table.max(axis=2)
    top[~np.isfinite(top)] = 0.0
    np.exp(table - top[:, :, None], out=gross)
    return np.asarray(top)


def _refuse_lost(baseline: Baseline, lost: NDArray[np.bool_]) -> None:
    cells = np.argwhere(lost)
    if len(cells) == 0:
        return
    named = ", ".join(f"{baseline.economies[n]} {baseline.sectors[j]}" for j, n in cells[:5])
    more = f" and {len(cells) - 5} more" if len(cells) > 5 else ""
    raise InputError(
        f"no supplier remains for {named}{more}: there is no equilibrium",
        where="trade_costs",
        hint="leave one supplier (home sales count), or give a large finite factor, not an infinite one",
    )
