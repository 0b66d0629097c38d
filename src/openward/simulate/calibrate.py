"""From a table of the world and its tariffs to a calibrated baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.observe.worldpack import WorldPack
from openward.simulate.baseline import Array, Baseline

SMALLEST_VALUE_ADDED = 0.01
"""Least share of value added in gross output; inputs above it are moved to final use."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A baseline and what had to be done to get it.

    Attributes
    ----------
    baseline : Baseline
    capped : tuple of (economy, sector)
        Industries whose inputs, tariffs included, left less value added than `SMALLEST_VALUE_ADDED`.
    moved_value : float
        Input purchases moved to final use for them, tariff included, in the baseline's unit.
    notes : tuple of str
    """

    baseline: Baseline
    capped: tuple[tuple[str, str], ...]
    moved_value: float
    notes: tuple[str, ...]


def calibrate(pack: WorldPack, tariffs: Array, *, theta: Array, name: str = "") -> Baseline:
    """Calibrate a baseline on a world pack and the tariffs of its year.

    Parameters
    ----------
    pack : WorldPack
    tariffs : [N, N, J]
        Ad valorem rates as fractions, ``[importer, exporter, sector]``.
    theta : [J]
        Trade elasticities, positive.
    name : str
        Name of the baseline; the pack's by default.

    Returns
    -------
    Baseline

    Raises
    ------
    InputError
        Wrong shape, a rate below -1, missing values, or an elasticity that is not positive.
    """
    return calibrate_with_notes(pack, tariffs, theta=theta, name=name).baseline


def calibrate_with_notes(pack: WorldPack, tariffs: Array, *, theta: Array, name: str = "") -> Calibration:
    """Calibrate as `calibrate`, and tell which industries were capped.

    Notes
    -----
    The table's value added includes net taxes, so income is what is left of output, by economy:
    ``wL = Y - sum (1 + tau) Z``. All users of a composite pay the importer's average tariff on it
    (proportionality): ``use[n, k, j] = (1 + taubar[n, k]) Z[n, k, j] / Y[n, j]`` with ``taubar`` weighted by
    flows. Final spending at buyers' prices is ``(1 + taubar) (absorption - Z)``; it equals
    ``wL + revenue + deficit`` identically.

    Where inputs with tariff leave an industry less than `SMALLEST_VALUE_ADDED` of output, its inputs are
    scaled down to leave that much, and what is taken away is counted as final use of the same composite, so
    that flows, revenue and income = expenditure are untouched. Producers without output get value added 1.
    """
    _check(pack, tariffs, theta)
    absorbed = pack.flows.sum(axis=1)
    gross_up = 1.0 + _ratio(np.einsum("nik,nik->nk", tariffs, pack.flows), absorbed)
    use_value = pack.use_value * gross_up[:, :, None]
    inputs = use_value.sum(axis=1)
    limit = (1.0 - SMALLEST_VALUE_ADDED) * pack.output
    over = inputs > limit
    kept = np.where(over, _ratio(limit, inputs), 1.0)
    moved = np.einsum("nkj,nj->nk", use_value, 1.0 - kept)
    use_value *= kept[:, None, :]
    use = _ratio(use_value, pack.output[:, None, :])
    spending = pack.final_value * gross_up + moved
    capped = tuple((pack.economies[n], pack.sectors[j]) for n, j in np.argwhere(over))
    baseline = Baseline(
        name=name or pack.name,
        year=pack.year,
        currency=pack.currency,
        scale=pack.scale,
        source=pack.source,
        licence=pack.licence,
        economies=pack.economies,
        sectors=pack.sectors,
        tradable=_crosses_borders(pack.flows),
        flows=pack.flows.copy(),
        tariffs=tariffs.astype(np.float64, copy=True),
        value_added=1.0 - use.sum(axis=1),
        use=use,
        final=_ratio(spending, spending.sum(axis=1, keepdims=True)),
        theta=theta.astype(np.float64, copy=True),
        deficits=pack.deficits,
    )
    return Calibration(
        baseline=baseline, capped=capped, moved_value=float(moved.sum()), notes=_notes(pack, capped, moved)
    )


def _notes(pack: WorldPack, capped: tuple[tuple[str, str], ...], moved: Array) -> tuple[str, ...]:
    notes = list(pack.notes)
    if pack.assumed_balanced:
        notes.append("Balanced trade is assumed for " + ", ".join(pack.assumed_balanced) + ".")
    if capped:
        share = moved.sum() / pack.use_value.sum()
        names = ", ".join(f"{economy} {sector}" for economy, sector in capped)
        notes.append(
            f"{len(capped)} industries were left with {SMALLEST_VALUE_ADDED:.0%} of value added "
            f"({share:.4%} of all inputs moved to final use): {names}."
        )
    return tuple(notes)


def _crosses_borders(flows: Array) -> NDArray[np.bool_]:
    home = np.einsum("nnk->k", flows)
    return np.asarray(flows.sum(axis=(0, 1)) > home * (1 + 1e-12), dtype=np.bool_)


def _check(pack: WorldPack, tariffs: Array, theta: Array) -> None:
    if tariffs.shape != pack.flows.shape:
        raise InputError(
            f"tariffs have shape {tariffs.shape}, expected {pack.flows.shape}",
            hint="give [importer, exporter, sector] in the order of the pack",
        )
    if not np.isfinite(tariffs).all() or (tariffs <= -1).any():
        raise InputError(
            "tariffs hold missing values or rates of -100 % and less", hint="rates are fractions: 0.05 is 5 %"
        )
    home = np.arange(len(pack.economies))
    if (tariffs[home, home] != 0).any():
        raise InputError("tariffs on home sales", hint="set the diagonal to zero")
    if theta.shape != (len(pack.sectors),) or not np.isfinite(theta).all() or (theta <= 0).any():
        raise InputError(
            f"theta must be {len(pack.sectors)} positive numbers", hint="use openward.simulate.elasticities"
        )


def _ratio(above: Array, below: Array) -> Array:
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
