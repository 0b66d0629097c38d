r"""Supply stops: what an economy loses when suppliers stop, from the first months to the long run.

Two views, which bracket each other:

**Month by month, without substitution.** Industries need each input that is at least ``essential`` of their
output (Leontief), and live on inventories until these run out. With :math:`\pi_{nij}` shares by origin that
may still be bought, :math:`q` output over normal, :math:`s` stocks in months of normal use:

.. math::

    r_{nj} = \sum_i \pi_{nij} q_{ij}, \qquad u_{nj} = \min(1, r_{nj} + s_{nj}), \qquad
    q_{nk}' = \min_{j \in E_{nk}} u_{nj}, \qquad s_{nj}' = s_{nj} + r_{nj} - \text{use}_{nj}

(after Hallegatte 2008, Risk Analysis 28, without prices, reconstruction or priorities between clients).

**Year by year, with substitution.** The trade model is solved with the flows stopped and elasticities that
grow from ``short`` times the long-run ones in the first year to all of them after ``years`` (Boehm,
Levchenko and Pandalai-Nayar 2023, Amer. Econ. Rev. 113: about 0.76 after one year, about 2 after seven to
ten).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.caliendo_parro import solve

SHORT = 0.38
YEARS = 10
ESSENTIAL = 0.01
DAYS_A_MONTH = 30.0

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Output after a stop, without substitution.

    Attributes
    ----------
    output : [T, N, J]
        Output over normal, by month after the stop.
    value_added_pct : [T, N]
        Change in value added, percent.
    """

    output: Array
    value_added_pct: Array


@dataclass(frozen=True, slots=True)
class Year:
    """Real income in one year after a stop, with substitution: percent changes in the order of economies."""

    year: int
    elasticity_share: float
    real_income_pct: tuple[float, ...]


def stopped_flows(
    world: Baseline, *, partners: tuple[str, ...], economy: str | None = None, sectors: tuple[str, ...] = ()
) -> Mask:
    """Mark the flows that stop [N, N, J].

    Parameters
    ----------
    world : Baseline
    partners : tuple of str
        Who stops selling abroad.
    economy : str, optional
        To whom; None: to everybody but themselves.
    sectors : tuple of str
        What; none named: everything.

    Raises
    ------
    InputError
        A code the baseline does not hold, or nothing that is traded.
    """
    at = {code: n for n, code in enumerate(world.economies)}
    kinds = {code: j for j, code in enumerate(world.sectors)}
    for code, known, what in (
        *((c, at, "economy") for c in (*partners, *((economy,) if economy else ()))),
        *((c, kinds, "sector") for c in sectors),
    ):
        if code not in known:
            raise InputError(
                f"{code} is no {what} of {world.name}",
                hint="there are " + ", ".join(list(known)[:12]) + " ...",
            )
    out = np.zeros(world.flows.shape, dtype=bool)
    buyers = [at[economy]] if economy else list(range(len(world.economies)))
    kept = [kinds[s] for s in sectors] if sectors else list(range(len(world.sectors)))
    out[np.ix_(buyers, [at[p] for p in partners], kept)] = True
    home = np.arange(len(world.economies))
    out[home, home] = False
    out &= world.flows > 0
    if not out.any():
        raise InputError("nothing of that is traded: there is nothing to stop", where=", ".join(partners))
    return out


def cut_off(world: Baseline, stopped: Mask) -> Mask:
    """Add what economies that can no longer sell anything abroad buy there [N, N, J]."""
    home = np.arange(len(world.economies))
    abroad = world.flows > 0
    abroad[home, home] = False
    alone = np.asarray(~(abroad & ~stopped).any(axis=(0, 2)) & abroad.any(axis=(0, 2)))
    return np.asarray(stopped | (abroad & alone[:, None, None]))


def months_after(
    world: Baseline,
    stopped: Mask,
    *,
    inventory_days: float,
    months: int = 12,
    essential: float = ESSENTIAL,
) -> Months:
    """Follow a stop month by month without substitution.

    Parameters
    ----------
    world : Baseline
    stopped : bool array [N, N, J]
    inventory_days : float
        Days of normal use that buyers hold of every input.
    months : int
    essential : float
        Least share of an input in output that makes it indispensable.

    Raises
    ------
    InputError
        Negative inventories, or no months.
    """
    if not (np.isfinite(inventory_days) and inventory_days >= 0) or months < 1:
        raise InputError("inventories are days of zero or more, over at least one month", where="stress")
    bought = world.flows.sum(axis=1)
    shares = np.divide(
        world.flows, bought[:, None, :], out=np.zeros_like(world.flows), where=bought[:, None] > 0
    )
    open_shares = np.where(stopped, 0.0, shares)
    normal = world.flows.sum(axis=0)
    inputs = world.use * normal[:, None, :]
    used_at = inputs.sum(axis=2)
    spent = np.maximum(bought * 1.0, used_at)
    needs = world.use >= essential
    output = np.ones_like(normal)
    stock = np.full_like(normal, inventory_days / DAYS_A_MONTH)
    full = stock.copy()
    path = np.empty((months, *normal.shape))
    for month in range(months):
        received = np.where(bought > 0, np.einsum("nij,ij->nj", open_shares, output), 1.0)
        usable = np.minimum(1.0, received + stock)
        wanted = np.where(needs, usable[:, :, None], 1.0).min(axis=1)
        taken = np.einsum("nkj,nj->nk", inputs, wanted) + np.minimum(usable, 1.0) * (spent - used_at)
        use = np.divide(taken, spent, out=np.ones_like(taken), where=spent > 0)
        stock = np.clip(stock + received - np.minimum(use, usable), 0.0, full)
        output = wanted
        path[month] = output
    earned = world.value_added * normal
    lost = (earned * path).sum(axis=2) / earned.sum(axis=1) - 1.0
    return Months(path, 100.0 * lost)


def years_after(
    world: Baseline,
    stopped: Mask,
    *,
    at: tuple[int, ...] = (1, 2, 5, 10),
    short: float = SHORT,
    years: int = YEARS,
    closure: str = "fixed",
) -> tuple[Year, ...]:
    """Solve the world with flows stopped, elasticities growing from short run to long run.

    Parameters
    ----------
    world : Baseline
    stopped : bool array [N, N, J]
    at : tuple of int
        Years after the stop.
    short : float
        Elasticities of the first year over those of the long run.
    years : int
        When the long run is reached.
    closure : str
        Where an economy can sell nothing abroad any more, its purchases stop too and trade is balanced.

    Raises
    ------
    InputError
        Also where a buyer is left without any supplier.
    NotConvergedError
    """
    if not 0 < short <= 1 or years < 1 or min(at) < 1:
        raise InputError("give short above 0 and up to 1, and years from 1 on", where="stress")
    shut = cut_off(world, stopped)
    if (shut & ~stopped).any():
        # Who can sell nothing abroad cannot pay for anything: its purchases stop, and nobody owes anybody.
        closure = "balanced"
    costs = np.where(shut, np.inf, 1.0)
    out = []
    for year in at:
        share = 1.0 if years == 1 else min(1.0, short + (1.0 - short) * (year - 1) / (years - 1))
        shock = Shock(f"stop, year {year}", trade_costs=costs, theta=share * world.theta)
        outcome = solve(world, shock, closure=closure)
        out.append(Year(year, share, tuple(float(x) for x in outcome.real_income_pct)))
    return tuple(out)
