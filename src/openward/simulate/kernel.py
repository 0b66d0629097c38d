"""One sweep of the Caliendo-Parro equilibrium map, at the cost of reading its matrices once.

Nothing of size N x N x J is made inside the loop: with ``gross = pi kappa_hat^-theta`` and
``net = gross / (1 + tau')`` kept per sector, trade shares only ever appear inside matrix-vector products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.simulate.baseline import Array
from openward.simulate.parallel import each

CHUNK_BYTES = 1 << 20
"""Matrices read together stay inside a core's second-level cache."""
EXTREME_LOG = 300.0
"""Beyond this, factors are rescaled by buyer so that they neither overflow nor vanish together."""


@dataclass(frozen=True, slots=True, eq=False)
class Sectors:
    """Neighboring sectors that are swept together.

    Attributes
    ----------
    where : slice
    gross : [K, N, N]
        ``pi kappa_hat^-theta``, ``[sector, importer, exporter]``.
    net : [K, N, N] or None
        The same over ``1 + tau'``; None where no tariff is levied: then it is ``gross``.
    """

    where: slice
    gross: Array
    net: Array | None


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What stays fixed while an equilibrium is sought. Notation: N economies, J sectors.

    Attributes
    ----------
    sectors : tuple of Sectors
    offset : [J, N] or None
        Logarithm taken out of the rows of ``gross``; None where none was.
    empty : [J, N]
        1 where the buyer spends nothing on the sector before the shock, else 0.
    theta : [J]
    value_added : [N, J]
    use : [N, J, J]
    final : [N, J]
    log_productivity : [N, J] or None
        Logarithm of the change; None: unchanged.
    labor : [N]
        Value added before: with wages of one, the wage bill.
    deficits : [N]
    gdp_before : float or None
        World value added plus tariff revenue before; None: deficits are fixed in the numeraire,
        otherwise they keep their share of world gross domestic product.
    """

    sectors: tuple[Sectors, ...]
    offset: Array | None
    empty: Array
    theta: Array
    value_added: Array
    use: Array
    final: Array
    log_productivity: Array | None
    labor: Array
    deficits: Array
    gdp_before: float | None

    @property
    def shape(self) -> tuple[int, int]:
        """Number of economies and of sectors."""
        return self.final.shape

    def sector_bytes(self) -> int:
        """Bytes of the matrices by sector."""
        return sum(s.gross.nbytes + (0 if s.net is None else s.net.nbytes) for s in self.sectors)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The unknowns.

    Attributes
    ----------
    log_wage : [N]
    log_price : [N, J]
        Logarithm of the change in the price of the composite.
    output : [N, J]
        Gross output at the producer's price.
    revenue : [N]
        Tariff revenue.
    """

    log_wage: Array
    log_price: Array
    output: Array
    revenue: Array


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """What one sweep gives.

    Attributes
    ----------
    wage : [N]
        Change in wages, in the numeraire.
    deficits, income : [N]
    spending : [N, J]
        Expenditure at the buyer's price.
    log_unit_cost : [N, J]
    supply : [J, N]
        ``c_hat^-theta`` by exporter, rescaled by sector.
    phi : [J, N]
        ``sum_i gross supply`` by importer; 1 in empty cells.
    log_price, output, revenue
        As in State, after the sweep.
    """

    wage: Array
    deficits: Array
    income: Array
    spending: Array
    log_unit_cost: Array
    supply: Array
    phi: Array
    log_price: Array
    output: Array
    revenue: Array


def group_sectors(gross: Array, tariffs: Array) -> tuple[Sectors, ...]:
    """Group neighboring sectors that are alike in being taxed, as many as the cache holds.

    Parameters
    ----------
    gross : [J, N, N]
    tariffs : [N, N, J]
        New rates that give the revenue.
    """
    J, N, _ = gross.shape
    taxed = np.abs(tariffs).max(axis=(0, 1)) > 0
    per_group = max(1, CHUNK_BYTES // (8 * N * N))
    groups = []
    start = 0
    while start < J:
        stop = start + 1
        while stop < J and stop - start < per_group and taxed[stop] == taxed[start]:
            stop += 1
        where = slice(start, stop)
        net = gross[where] / (1.0 + tariffs[:, :, where].transpose(2, 0, 1)) if taxed[start] else None
        groups.append(Sectors(where, gross[where], net))
        start = stop
    return tuple(groups)


def sweep(world: World, state: State) -> Swept:
    """Apply the equilibrium map once (Caliendo and Parro 2015, equations 10 to 14, in one pass).

    Parameters
    ----------
    world : World
    state : State

    Returns
    -------
    Swept
        At an equilibrium its prices, output and revenue are those of ``state`` and the wage bill
        equals the value added of its output.
    """
    theta = world.theta[:, None]
    wage = np.exp(state.log_wage)
    wage *= world.labor.sum() / (wage @ world.labor)
    log_cost, inputs = _cost_and_inputs(world, state)
    log_cost += world.value_added * np.log(wage)[:, None]
    if world.log_productivity is not None:
        log_cost -= world.log_productivity
    deficits = world.deficits
    if world.gdp_before is not None:
        deficits = deficits * ((world.labor.sum() + state.revenue.sum()) / world.gdp_before)
    income = wage * world.labor + state.revenue + deficits
    spending = world.final * income[:, None] + inputs

    supply = np.array(log_cost.T, order="C")  # a copy: with one sector the transpose would be the same memory
    supply *= -theta
    shift = supply.max(axis=1, keepdims=True)
    supply -= shift
    np.exp(supply, out=supply)
    demand = np.ascontiguousarray(spending.T)
    phi = np.empty_like(demand)
    output = np.empty_like(demand)
    kept = demand.copy()

    def trade(group: Sectors) -> None:
        at = group.where
        np.matvec(group.gross, supply[at], out=phi[at])
        phi[at] += world.empty[at]
        per_phi = demand[at] / phi[at]
        if group.net is None:
            np.vecmat(per_phi, group.gross, out=output[at])
        else:
            np.vecmat(per_phi, group.net, out=output[at])
            kept[at] = per_phi * np.matvec(group.net, supply[at])

    each(trade, world.sectors, size=world.sector_bytes())
    revenue = (demand - kept).sum(axis=0)
    output *= supply
    log_phi = np.log(phi)
    log_phi += shift
    if world.offset is not None:
        log_phi += world.offset
    log_phi *= world.empty == 0
    log_phi /= -theta
    return Swept(
        wage=wage,
        deficits=deficits,
        income=income,
        spending=spending,
        log_unit_cost=log_cost,
        supply=supply,
        phi=phi,
        log_price=np.ascontiguousarray(log_phi.T),
        output=np.ascontiguousarray(output.T),
        revenue=revenue,
    )


def economy_groups(world: World) -> list[slice]:
    """Economies whose input-output tables fit the cache together."""
    N, J = world.shape
    per_group = max(1, CHUNK_BYTES // (8 * J * J))
    return [slice(first, first + per_group) for first in range(0, N, per_group)]


def _cost_and_inputs(world: World, state: State) -> tuple[Array, Array]:
    """Logarithm of input cost per unit [N, J] and spending on inputs [N, J]."""
    cost = np.empty(world.shape)
    inputs = np.empty(world.shape)

    def link(at: slice) -> None:
        np.vecmat(state.log_price[at], world.use[at], out=cost[at])
        np.matvec(world.use[at], state.output[at], out=inputs[at])

    each(link, economy_groups(world), size=world.use.nbytes)
    return cost, inputs
