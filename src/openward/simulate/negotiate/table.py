"""What is on the table: who negotiates, what may be cut, and what may not be given up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors
from openward.simulate.baseline import Array, Baseline


@dataclass(frozen=True, slots=True)
class Party:
    """A party: one economy, or a group that negotiates as one.

    Attributes
    ----------
    name : str
    members : tuple of str
        Economies of the baseline.
    sensitive : tuple of str
        Sectors in which the party keeps its tariffs.
    maximum_cut : float
        Largest part of a tariff it may take away.
    revenue_floor : float
        Part of its tariff revenue that must be left, 0 for none.
    weight : float
        In a weighted objective.
    """

    name: str
    members: tuple[str, ...]
    sensitive: tuple[str, ...] = ()
    maximum_cut: float = 1.0
    revenue_floor: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A negotiation.

    Attributes
    ----------
    parties : tuple of Party
    objective : {"joint", "nash", "weighted"}
        Sum of the parties' gains in money; geometric mean of their gains in percent; weighted mean of those.
    sectors : tuple of str
        In which tariffs may be cut.
    trade_cost_cut : float
        Largest cut of other trade costs (fraction), by importing party and sector; 0: none on the table.
    trade_cost_sectors : tuple of str
    each_member : bool
        Must each member of a party be no worse off, not only the party as a whole?
    """

    parties: tuple[Party, ...]
    objective: str = "joint"
    sectors: tuple[str, ...] = ()
    trade_cost_cut: float = 0.0
    trade_cost_sectors: tuple[str, ...] = ()
    each_member: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Levers:
    """What can be moved: variables between zero and ``limit``, each on a block of cells.

    Attributes
    ----------
    kind : tuple of {"tariff", "trade cost"}
    party, sector : int arrays [M]
        Importing party; sector.
    limit : [M]
        Of a tariff lever: part of the tariff taken away. Of a trade cost lever: part of its largest cut.
    members : tuple of int arrays, one a party
        Positions of its members.
    insiders : int array
        Positions of all members of all parties.
    most : float
        Largest cut of other trade costs.
    """

    kind: tuple[str, ...]
    party: NDArray[np.intp]
    sector: NDArray[np.intp]
    limit: Array
    members: tuple[NDArray[np.intp], ...]
    insiders: NDArray[np.intp]
    most: float

    @property
    def size(self) -> int:
        """Number of variables."""
        return len(self.kind)

    def policies(self, x: Array, world: Baseline) -> tuple[Array, Array]:
        """Give tariffs [N, N, J] and factors on trade costs [N, N, J] at variables [M]."""
        kept, saved = np.zeros_like(world.tariffs), np.zeros_like(world.tariffs)
        for at in range(self.size):
            cells = self._cells(at)
            (kept if self.kind[at] == "tariff" else saved)[cells] = x[at]
        home = np.arange(len(world.economies))
        kept[home, home], saved[home, home] = 0.0, 0.0
        return world.tariffs * (1.0 - kept), np.exp(saved * np.log1p(-self.most) if self.most else saved)

    def collect(self, by_tariff: Array, by_log_cost: Array, world: Baseline) -> Array:
        """Add derivatives of cells up to derivatives of the variables [M]."""
        home = np.arange(len(world.economies))
        to_tariff = -by_tariff * world.tariffs
        to_cost = by_log_cost * np.log1p(-self.most)
        to_tariff[home, home], to_cost[home, home] = 0.0, 0.0
        return np.array(
            [
                (to_tariff if self.kind[at] == "tariff" else to_cost)[self._cells(at)].sum()
                for at in range(self.size)
            ]
        )

    def _cells(self, at: int) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
        rows = self.members[int(self.party[at])]
        return rows[:, None], self.insiders[None, :], int(self.sector[at])


def levers(table: Table, world: Baseline) -> Levers:
    """Find what can be moved: sectors in which the party levies something on goods of the others.

    Raises
    ------
    InputErrors
        Unknown or repeated names, limits that are not, nothing to cut.
    """
    _check(table, world)
    members = tuple(
        np.array([world.economies.index(code) for code in party.members], dtype=np.intp)
        for party in table.parties
    )
    insiders = np.concatenate(members)
    kind, party_of, sector_of, limit = [], [], [], []
    for at, party in enumerate(table.parties):
        block = np.ix_(members[at], insiders)
        apart = (members[at][:, None] != insiders[None, :])[:, :, None]
        bought = (world.flows[block] > 0) & apart
        taxed = (bought & (world.tariffs[block] > 0)).any(axis=(0, 1))
        for j, code in enumerate(world.sectors):
            if code in table.sectors and code not in party.sensitive and taxed[j] and party.maximum_cut > 0:
                kind.append("tariff")
                party_of.append(at)
                sector_of.append(j)
                limit.append(party.maximum_cut)
            if table.trade_cost_cut > 0 and code in table.trade_cost_sectors and bought[:, :, j].any():
                kind.append("trade cost")
                party_of.append(at)
                sector_of.append(j)
                limit.append(1.0)
    if not kind:
        raise InputError(
            "nothing is left to cut: the parties levy nothing on each other in these sectors",
            where="cuts",
            hint="put more sectors or other trade costs on the table",
        )
    return Levers(
        tuple(kind),
        np.array(party_of, dtype=np.intp),
        np.array(sector_of, dtype=np.intp),
        np.array(limit),
        members,
        insiders,
        table.trade_cost_cut,
    )


def _check(table: Table, world: Baseline) -> None:
    found: list[InputError] = []

    def refuse(message: str, where: str, hint: str = "") -> None:
        found.append(InputError(message, where=where, hint=hint))

    if len(table.parties) < 2:
        refuse("a negotiation takes two parties", "parties")
    seen: dict[str, str] = {}
    for party in table.parties:
        if not party.members:
            refuse(f"{party.name} has no member in {world.name}", f"parties: {party.name}")
        for code in party.members:
            if code not in world.economies:
                refuse(f"{code!r} is not an economy of {world.name}", f"parties: {party.name}")
            elif code in seen:
                refuse(f"{code} is in {seen[code]} and in {party.name}", f"parties: {party.name}")
            seen[code] = party.name
        for code in party.sensitive:
            if code not in world.sectors:
                refuse(f"{code!r} is not a sector", f"parties: {party.name}: sensitive")
        if not 0 <= party.maximum_cut <= 1:
            refuse(f"a cut of {party.maximum_cut:g}", f"parties: {party.name}", "a fraction: 0.5 is half")
        if not 0 <= party.revenue_floor <= 1:
            refuse(
                f"a revenue floor of {party.revenue_floor:g}",
                f"parties: {party.name}",
                "the part of tariff revenue that must be left, 0 to 1",
            )
        if not party.weight > 0:
            refuse(f"a weight of {party.weight:g}", f"parties: {party.name}", "positive")
    for code in (*table.sectors, *table.trade_cost_sectors):
        if code not in world.sectors:
            refuse(f"{code!r} is not a sector", "cuts: sectors")
    if table.objective not in ("joint", "nash", "weighted"):
        refuse(f"unknown objective {table.objective!r}", "objective", "joint, nash or weights")
    if not 0 <= table.trade_cost_cut < 0.5:
        refuse(
            f"a cut of trade costs by {table.trade_cost_cut:g}", "cuts: trade_costs", "a fraction below 0.5"
        )
    if found:
        raise InputErrors(found)
