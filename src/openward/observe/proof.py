"""How far a reconstruction of final demand is from the truth, where the truth is published.

Order of arrays: ``[importer, exporter, sector]``; N economies, J sectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.observe.reconstruct import (
    Array,
    balance,
    home_preference,
    seed_from_import_shares,
    seed_from_intermediates,
)
from openward.observe.wiod import InterCountryTable


@dataclass(frozen=True, slots=True, eq=False)
class ReconstructionError:
    """Errors by importing economy, as fractions.

    Attributes
    ----------
    method : str
    source_shares : [N]
        Half the sum over exporters of ``|pi - true pi|``, averaged over sectors with true
        expenditure as weight: the part of all expenditure that is booked under a wrong exporter.
    misallocated : [N]
        Half the sum of ``|f - true f|`` over true final demand.
    home_share : [N]
        Home share of all expenditure less the true one (signed).
    weights : [N]
        True expenditure.
    """

    method: str
    source_shares: Array
    misallocated: Array
    home_share: Array
    weights: Array

    def mean(self, field: str) -> float:
        """Average the absolute value of a field, weighted by expenditure."""
        values: Array = np.abs(getattr(self, field))
        return float(np.average(values, weights=self.weights))


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One reconstruction of a table with what it got wrong.

    Attributes
    ----------
    final : [N, N, J]
    error : ReconstructionError
    """

    final: Array
    error: ReconstructionError


def measure_error(*, method: str, intermediate: Array, truth: Array, final: Array) -> ReconstructionError:
    """Compare reconstructed with true final demand.

    Parameters
    ----------
    method : str
    intermediate : [N, N, J]
        Known sales to industries.
    truth, final : [N, N, J]
        True and reconstructed sales to final users.

    Returns
    -------
    ReconstructionError
    """
    home = np.arange(len(truth))
    true_flows, flows = intermediate + truth, intermediate + final
    true_spent, spent = true_flows.sum(axis=1), flows.sum(axis=1)
    weights = true_spent.sum(axis=1)
    gap = 0.5 * np.abs(_over(flows, spent[:, None]) - _over(true_flows, true_spent[:, None])).sum(axis=1)
    return ReconstructionError(
        method=method,
        source_shares=(gap * true_spent).sum(axis=1) / weights,
        misallocated=0.5 * np.abs(final - truth).sum(axis=(1, 2)) / truth.sum(axis=(1, 2)),
        home_share=flows[home, home].sum(axis=1) / flows.sum(axis=(1, 2))
        - true_flows[home, home].sum(axis=1) / weights,
        weights=weights,
    )


def reconstruct(
    table: InterCountryTable, *, method: str, seed: Array, deficits: Array | None = None
) -> Trial:
    """Forget where final goods went, reconstruct it, and compare.

    Parameters
    ----------
    table : InterCountryTable
    method : str
        Name printed in the table of errors.
    seed : [N, N, J]
    deficits : [N], optional
        Imports less exports; the true ones by default.
    """
    final = balance(
        seed=seed,
        produced=table.final.sum(axis=0),
        spending=table.value_added.sum(axis=1) + (true_deficits(table) if deficits is None else deficits),
    ).values
    error = measure_error(method=method, intermediate=table.intermediate, truth=table.final, final=final)
    return Trial(final=final, error=error)


def true_deficits(table: InterCountryTable) -> Array:
    """Imports less exports of every economy [N], from the table itself."""
    flows = table.intermediate + table.final
    return np.asarray(flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)), dtype=np.float64)


def limited(ratio: Array) -> Array:
    """Limit odds ratios to 0.2 .. 20: beyond, they rest on a handful of flows."""
    return np.clip(ratio, 0.2, 20.0)


def compare_methods(
    table: InterCountryTable, *, goods: NDArray[np.bool_], published: Array
) -> tuple[Trial, ...]:
    """Reconstruct a table in every way that was considered.

    Parameters
    ----------
    table : InterCountryTable
        With rest of the world.
    goods : bool array [J]
    published : [N]
        Deficits from a second source (balances in percent of GDP), for the last row.

    Returns
    -------
    tuple of Trial
        In the order of the table in the docs. The row "home preference, held out" measures the ratios on four
        fifths of the economies and applies them to the rest; the pack is built like the last row.
    """
    intermediate, produced = table.intermediate, table.final.sum(axis=0)
    ones = np.ones(len(table.industries))

    def weighted(preference: Array) -> Array:
        return seed_from_intermediates(
            intermediate=intermediate, produced=produced, home_preference=preference
        )

    ratio = limited(home_preference(intermediate=intermediate, final=table.final))
    held_out = _held_out_seed(table)
    return (
        reconstruct(
            table,
            method="same source shares",
            seed=seed_from_import_shares(intermediate=intermediate, produced=produced),
        ),
        reconstruct(table, method="pattern of intermediates", seed=weighted(ones)),
        reconstruct(
            table, method="home preference 4 outside goods", seed=weighted(np.where(goods, 1.0, 4.0))
        ),
        reconstruct(table, method="home preference by industry", seed=weighted(ratio)),
        reconstruct(table, method="home preference by industry, held out", seed=held_out),
        reconstruct(
            table,
            method="held out, deficits from national accounts",
            seed=held_out,
            deficits=published,
        ),
    )


def without_rest_of_world(table: InterCountryTable, *, economy: str = "RoW") -> Trial:
    """Repeat the reconstruction where one economy is missing, as the rest of the world is in the pack.

    Sales to the missing economy are booked as final sales, purchases from it as value added.
    """
    kept = table.without(economy)
    keep = np.array([code != economy for code in table.economies])
    produced = table.output[keep] - kept.intermediate.sum(axis=0)
    value_added = table.output[keep] - kept.uses.sum(axis=(1, 2))
    ratio = limited(home_preference(intermediate=table.intermediate, final=table.final))
    seed = seed_from_intermediates(intermediate=kept.intermediate, produced=produced, home_preference=ratio)
    deficits = sum_to_zero(true_deficits(table)[keep])
    final = balance(seed=seed, produced=produced, spending=value_added.sum(axis=1) + deficits).values
    error = measure_error(
        method="home preference by industry, no rest of the world",
        intermediate=kept.intermediate,
        truth=kept.final,
        final=final,
    )
    return Trial(final=final, error=error)


def sum_to_zero(deficits: Array) -> Array:
    """Scale surpluses and deficits to their common mean, so that they sum to zero and keep their sign.

    Economies in balance stay in balance.
    """
    above, below = deficits[deficits > 0].sum(), -deficits[deficits < 0].sum()
    if above == 0 or below == 0:
        return np.zeros_like(deficits)
    middle = 0.5 * (above + below)
    balanced = np.zeros_like(deficits)
    for size, same_sign in ((above, deficits > 0), (below, deficits < 0)):
        balanced[same_sign] = deficits[same_sign] / size * middle
    return balanced


def _held_out_seed(table: InterCountryTable, *, folds: int = 5) -> Array:
    intermediate, produced = table.intermediate, table.final.sum(axis=0)
    n = len(table.economies)
    seed = seed_from_intermediates(
        intermediate=intermediate, produced=produced, home_preference=np.ones(produced.shape[1])
    )
    for fold in range(folds):
        inside = np.arange(n) % folds == fold
        ratio = limited(home_preference(intermediate=intermediate, final=table.final, economies=~inside))
        rows = np.flatnonzero(inside)
        seed[rows, rows] *= ratio
    return seed


def _over(above: Array, below: Array) -> Array:
    above, below = np.broadcast_arrays(above, below)
    return np.asarray(np.divide(above, below, out=np.zeros(above.shape), where=below > 0), dtype=np.float64)
