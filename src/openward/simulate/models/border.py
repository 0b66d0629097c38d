"""Export taxes and quotas as unknowns: transfers between economies, and the tariff equivalents of quotas."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline, Outcome, Shock


def no_longer(shock: Shock) -> Shock:
    """Give the shock without what only the models here solve."""
    return replace(shock, export_taxes=None, quotas=None, export_quotas=None)


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """Export taxes and quotas of a shock.

    Attributes
    ----------
    world : Baseline
    shock : Shock
    taxes : [N, N, J]
    cells : tuple of int arrays
        Cells with a quota, importers', exporters' and sectors' positions.
    limits : [Q]
        Most volume over the baseline's.
    to_exporter : bool array [Q]
        Who gets the rent.
    income : [N]
        Value added before: the scale of transfers.
    """

    world: Baseline
    shock: Shock
    taxes: Array
    cells: tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], ...]
    limits: Array
    to_exporter: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    income: Array

    @property
    def size(self) -> int:
        """Number of unknowns: a transfer an economy, a rate a quota."""
        return len(self.income) + len(self.limits)

    def rates(self, x: Array) -> tuple[Array, Array]:
        """Give import and export rates [N, N, J], tariff equivalents of quotas included."""
        wedge = np.maximum(x[len(self.income) :], 0.0)
        tariffs = self.world.tariffs if self.shock.tariffs is None else self.shock.tariffs
        levied = 1.0 + tariffs
        taxed = 1.0 + self.taxes
        log_in, log_out = np.where(self.to_exporter, 0.0, wedge), np.where(self.to_exporter, wedge, 0.0)
        levied[self.cells] *= np.exp(log_in)
        taxed[self.cells] *= np.exp(log_out)
        return levied - 1.0, taxed - 1.0

    def shock_at(self, x: Array) -> Shock:
        """Give the shock that the kernel sees."""
        levied, taxed = self.rates(x)
        both = (1.0 + levied) * (1.0 + taxed) - 1.0
        wedge = self.shock.price_wedge
        if wedge is not None:
            own = self.world.tariffs if self.shock.tariffs is None else self.shock.tariffs
            wedge = wedge * (1.0 + both) / (1.0 + own)
        deficits = self.world.deficits if self.shock.deficits is None else self.shock.deficits
        moved = x[: len(self.income)] * self.income
        return replace(
            no_longer(self.shock),
            tariffs=both,
            price_wedge=wedge,
            deficits=deficits + moved - self.income * (moved.sum() / self.income.sum()),
        )

    def gap(self, x: Array, outcome: Outcome) -> tuple[Array, float]:
        """Give the step and the miss."""
        n = len(self.income)
        _, taxed = self.rates(x)
        revenue = taxed * outcome.after.flows
        move = (revenue.sum(axis=(0, 2)) - revenue.sum(axis=(1, 2))) / self.income - x[:n]
        if not len(self.limits):
            return move, float(np.abs(move).max())
        before, after = self.world.flows[self.cells], outcome.after.flows[self.cells]
        cost = outcome.unit_cost_hat[self.cells[1], self.cells[2]]
        theta = outcome.after.theta[self.cells[2]]
        over = np.log(np.maximum(after / before / cost, 1e-300) / self.limits)
        rise = np.maximum(x[n:] + over, 0.0) - x[n:]
        return np.concatenate((move, rise / (1.0 + theta))), float(
            max(np.abs(move).max(), np.abs(rise).max())
        )

    def revenue_moved(self, x: Array, outcome: Outcome) -> Array:
        """Give what exporters take instead of importers, less what importers lose [N]."""
        revenue = self.rates(x)[1] * outcome.after.flows
        return np.asarray(revenue.sum(axis=(0, 2)) - revenue.sum(axis=(1, 2)))

    def notes(self, x: Array, outcome: Outcome) -> list[str]:
        """Say who gets what."""
        world, out = self.world, []
        _, taxed = self.rates(x)
        revenue = (taxed * outcome.after.flows).sum(axis=(0, 2))
        for n in np.argsort(-np.abs(revenue))[:3]:
            if revenue[n]:
                out.append(
                    f"{world.economies[n]} takes {revenue[n]:.6g} in export taxes and quota rents, "
                    "part of real income; deficits of the world after hold them as transfers."
                )
        for q, (n, i, j) in enumerate(zip(*self.cells, strict=True)):
            if q == 10:
                out.append(f"{len(self.limits) - q} more quotas are not listed.")
                break
            wedge = float(np.expm1(max(x[len(self.income) + q], 0.0)))
            out.append(
                f"The quota of {world.economies[n]} on {world.sectors[j]} from {world.economies[i]} "
                + (f"binds: it is worth a tariff of {100 * wedge:.4g} %." if wedge else "does not bind.")
            )
        return out


def read_border(world: Baseline, shock: Shock, *, closure: str) -> Border | None:
    """Give the export taxes and quotas of a shock; None where it has none.

    Raises
    ------
    InputError
        A wrong shape, a tax of -100 % or less, a quota of nothing, a closure that does not go with transfers.
    """
    tables = {
        "export_taxes": shock.export_taxes,
        "quotas": shock.quotas,
        "export_quotas": shock.export_quotas,
    }
    if all(table is None for table in tables.values()):
        return None
    where = f"shock {shock.name or '(no name)'}"
    home = np.arange(len(world.economies))
    for name, table in tables.items():
        if table is None:
            continue
        if table.shape != world.flows.shape or np.isnan(table).any():
            raise InputError(f"{name} has shape {table.shape} or holds missing values", where=where)
        idle = 0.0 if name == "export_taxes" else np.inf
        if (table[home, home] != idle).any():
            raise InputError(f"{name} on home sales", where=where, hint="they are levied at borders only")
        if name == "export_taxes" and (not np.isfinite(table).all() or table.min() <= -1):
            raise InputError("an export tax of -100 % or less, or without end", where=where)
        if name != "export_taxes" and table.min() <= 0:
            raise InputError(
                f"{name} of nothing", where=where, hint="a prohibition is an infinite trade cost"
            )
    if closure == "world-gdp-share":
        raise InputError(
            "export taxes and quotas need deficits in the unit of the numeraire",
            where=where,
            hint="use closure fixed or balanced",
        )
    cells, limits, to_exporter = _quotas(world, shock)
    taxes = np.zeros_like(world.flows) if shock.export_taxes is None else shock.export_taxes
    income = (world.value_added * world.flows.sum(axis=0)).sum(axis=1)
    return Border(world, shock, taxes, cells, limits, to_exporter, income)


def _quotas(
    world: Baseline, shock: Shock
) -> tuple[
    tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], ...],
    Array,
    np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
]:
    found = []
    for table in (shock.quotas, shock.export_quotas):
        limited = np.zeros(world.flows.shape, dtype=bool) if table is None else np.isfinite(table)
        found.append(limited & (world.flows > 0))
    both = np.argwhere(found[0] & found[1])
    if len(both):
        n, i, j = both[0]
        raise InputError(
            f"two quotas on {world.sectors[j]} of {world.economies[i]} in {world.economies[n]}",
            hint="give quotas (rent to the importer) or export_quotas (to the exporter)",
        )
    cells = np.nonzero(found[0] | found[1])
    limits = np.array([])
    to_exporter = found[1][cells]
    if len(cells[0]):
        none = np.full(world.flows.shape, np.inf)
        tables = [none if t is None else t for t in (shock.quotas, shock.export_quotas)]
        limits = np.minimum(tables[0], tables[1])[cells]
    return cells, limits, to_exporter
