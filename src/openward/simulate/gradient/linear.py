"""The equilibrium of Caliendo and Parro, linearized at a solved world, and its transpose.

Unknowns are ``dln w`` [N], ``dln P`` [N, J], ``dY`` [N, J] and ``dR`` [N]. With trade shares ``pi`` (of
spending) and ``nu = pi / (1 + tau)``::

    dln c_ij = va_ij dln w_i + sum_k use_ikj dln P_ik
    dln P_nj = sum_i pi_nij (dln c_ij + dln k_nij)
    dX_nij   = X_nij (dE_nj / E_nj - theta_j (dln c_ij + dln k_nij - dln P_nj) - dtau_nij / (1 + tau_nij))
    dE_nj    = f_nj dI_n + sum_k use_njk dY_nk,    dI_n = V_n dln w_n + dR_n + dD_n
    dY_ij    = sum_n dX_nij,    dR_n = sum_ij (tau dX + X dtau)_nij,    V_n dln w_n = sum_j va_nj dY_nj

where ``k`` is what drives a wedge between the exporter's cost and the buyer's price (tariff and iceberg cost)
and ``V`` the wage bill. One labor equation follows from the others (Walras' law); the numeraire, world value
added, is added to them in its place: ``V_n sum_m V_m dln w_m / sum V``.

Quantities of the quantity equations are over ``V`` of their economy, so that all rows are of one size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.simulate.accounts import Accounts, account
from openward.simulate.baseline import Array, Baseline
from openward.simulate.gradient.goal import Goal


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A linearized world. ``[J, N, N]`` arrays run sector, importer, exporter.

    Attributes
    ----------
    world : Baseline
        The solved world.
    accounts : Accounts
        Of that world.
    pi, nu : [J, N, N]
        Shares in spending at the buyer's price, and before tariff.
    bought : [J, N]
        One where the buyer spends on the sector, else zero.
    spending, output : [J, N]
    final, value_added : [J, N]
    theta : [J, 1]
    deficit_share : [N]
        Change in each deficit with world tariff revenue: zero where deficits are fixed.
    """

    world: Baseline
    accounts: Accounts
    pi: Array
    nu: Array
    bought: Array
    spending: Array
    output: Array
    final: Array
    value_added: Array
    theta: Array
    deficit_share: Array

    @property
    def size(self) -> int:
        """Number of unknowns: 2 N + 2 N J."""
        economies, sectors = self.world.final.shape
        return int(2 * economies * (1 + sectors))


def linearize(world: Baseline, *, closure: str) -> Linear:
    """Linearize the equilibrium at a solved world.

    Parameters
    ----------
    world : Baseline
        In equilibrium: ``Outcome.after``.
    closure : {"fixed", "world-gdp-share", "balanced"}
    """
    accounts = account(world)
    spending = np.ascontiguousarray(accounts.spending.T)
    bought = (spending > 0).astype(np.float64)
    nu = np.ascontiguousarray(world.flows.transpose(2, 0, 1))
    nu = nu / np.where(spending > 0, spending, 1.0)[:, :, None]
    pi = nu * (1.0 + world.tariffs.transpose(2, 0, 1))
    share = np.zeros(len(world.economies))
    if closure == "world-gdp-share":
        share = accounts.deficits / (accounts.value_added.sum() + accounts.revenue.sum())
    return Linear(
        world=world,
        accounts=accounts,
        pi=pi,
        nu=nu,
        bought=bought,
        spending=spending,
        output=np.ascontiguousarray(accounts.output.T),
        final=np.ascontiguousarray(world.final.T),
        value_added=np.ascontiguousarray(world.value_added.T),
        theta=world.theta[:, None],
        deficit_share=share,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Multipliers:
    """What a unit more in each equation is worth, for M goals at once.

    Attributes
    ----------
    price : [J, N, M]
    output : [J, N, M]
        Per unit of money.
    revenue, labor : [N, M]
        Per unit of money.
    """

    price: Array
    output: Array
    revenue: Array
    labor: Array


def pack(linear: Linear, multipliers: Multipliers) -> Array:
    """Stack multipliers as [size, M], in units of value added."""
    J, N, _ = linear.pi.shape
    V = linear.accounts.value_added[:, None]
    M = multipliers.labor.shape[1]
    return np.concatenate(
        (
            V * multipliers.labor,
            V * multipliers.revenue,
            multipliers.price.reshape(J * N, M),
            (V * multipliers.output).reshape(J * N, M),
        )
    )


def unpack(linear: Linear, stacked: Array) -> Multipliers:
    """Undo `pack`."""
    J, N, _ = linear.pi.shape
    V = linear.accounts.value_added[:, None]
    M = stacked.shape[1]
    middle = 2 * N + J * N
    return Multipliers(
        price=stacked[2 * N : middle].reshape(J, N, M),
        output=stacked[middle:].reshape(J, N, M) / V,
        revenue=stacked[N : 2 * N] / V,
        labor=stacked[:N] / V,
    )


def demand_side(linear: Linear, m: Multipliers) -> Array:
    """Give the sensitivity of the quantity equations to spending [J, N, M]."""
    taxed = (linear.bought - linear.nu.sum(axis=2))[:, :, None]
    return np.asarray(-(linear.nu @ m.output) - taxed * m.revenue)


def cost_side(linear: Linear, m: Multipliers) -> Array:
    """Give the sensitivity of all equations to log unit costs [J, N, M]."""
    theta = linear.theta[:, :, None]
    moved = theta * linear.spending[:, :, None] * m.revenue
    cost = linear.pi.transpose(0, 2, 1) @ (moved - m.price)
    cost -= linear.nu.transpose(0, 2, 1) @ moved
    cost += theta * linear.output[:, :, None] * m.output
    return cost


def apply_transposed(linear: Linear, stacked: Array) -> Array:
    """Apply the transposed linear map to stacked multipliers [size, M]."""
    J, N, _ = linear.pi.shape
    M = stacked.shape[1]
    V = linear.accounts.value_added[:, None]
    m = unpack(linear, stacked)
    spent = demand_side(linear, m)
    cost = cost_side(linear, m)
    use = linear.world.use
    by_economy = np.ascontiguousarray(cost.transpose(1, 0, 2))
    inputs = (use @ by_economy).transpose(1, 0, 2)
    price = m.price + (linear.theta * linear.spending)[:, :, None] * spent + inputs
    bought = np.ascontiguousarray(spent.transpose(1, 0, 2))
    needed = (use.transpose(0, 2, 1) @ bought).transpose(1, 0, 2)
    output = V * (m.output + needed - linear.value_added[:, :, None] * m.labor)
    earned = (linear.final[:, :, None] * spent).sum(axis=0)
    revenue = V * (m.revenue + earned + linear.deficit_share @ earned)
    paid = (linear.value_added[:, :, None] * cost).sum(axis=0)
    labor = paid + V * (earned + m.labor) + V * ((V * m.labor).sum(axis=0) / V.sum())
    return np.concatenate((labor, revenue, price.reshape(J * N, M), output.reshape(J * N, M)))


def seed(linear: Linear, goals: tuple[Goal, ...]) -> Array:
    """Give the derivative of goals to the unknowns, stacked [size, M]."""
    J, N, _ = linear.pi.shape
    V = linear.accounts.value_added
    columns = []
    for goal in goals:
        labor, revenue = np.zeros(N), np.zeros(N)
        price, output = np.zeros((J, N)), np.zeros((J, N))
        if goal.real_income is not None:
            per_income = goal.real_income / linear.accounts.income
            labor += V * per_income
            revenue += per_income + linear.deficit_share @ per_income
            price -= goal.real_income * linear.final
        if goal.revenue is not None:
            revenue += goal.revenue
        if goal.output is not None:
            made = linear.output > 0
            output += np.where(made, goal.output.T / np.where(made, linear.output, 1.0), 0.0)
        if goal.price_index is not None:
            price += goal.price_index * linear.final
        columns.append(np.concatenate((labor, V * revenue, price.ravel(), (V * output).ravel())))
    return np.stack(columns, axis=1)
