"""Aggregation on the fly: a baseline in user-made regions and sectors, and results split back.

Values add up: flows, revenue, value added, inputs and final spending of an aggregate are the sums of its
members'. Trade inside a region becomes home sales; tariffs on it stay as a rate on home sales, so that
revenue is kept. Elasticities are means weighted by purchases; an aggregate of an aggregate is the direct one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from openward.errors import InputError, UnknownCodeError
from openward.simulate.accounts import account, tidy
from openward.simulate.baseline import Array, Baseline, Outcome, Shock


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Who goes where.

    Attributes
    ----------
    regions, groups : tuple of str
        Codes of the aggregate's economies and sectors, in the order of their first member.
    economy : [R, N]
        One where the economy belongs to the region.
    sector : [G, J]
    """

    regions: tuple[str, ...]
    groups: tuple[str, ...]
    economy: Array
    sector: Array


def grouping(
    baseline: Baseline,
    *,
    economies: Mapping[str, str] | None = None,
    sectors: Mapping[str, str] | None = None,
) -> Grouping:
    """Say which region and group each economy and sector joins; what is not named stays by itself.

    Raises
    ------
    UnknownCodeError
        A code the baseline does not hold.
    InputError
        A region or group with the code of a member that is elsewhere.
    """
    regions, economy = _matrix(baseline.economies, economies or {}, "economy")
    groups, sector = _matrix(baseline.sectors, sectors or {}, "sector")
    return Grouping(regions, groups, economy, sector)


def _matrix(codes: tuple[str, ...], into: Mapping[str, str], what: str) -> tuple[tuple[str, ...], Array]:
    for code in into:
        if code not in codes:
            raise UnknownCodeError(
                f"{code} is no {what} of the baseline", hint="there are " + ", ".join(codes[:12])
            )
    target = [into.get(code, code) for code in codes]
    for code, joined in zip(codes, target, strict=True):
        if joined != code and joined in codes and into.get(joined, joined) != joined:
            raise InputError(
                f"{code} joins {joined}, which itself goes elsewhere", hint="choose another code"
            )
    names = tuple(dict.fromkeys(target))
    return names, np.array([[float(t == name) for t in target] for name in names])


def aggregate(baseline: Baseline, into: Grouping) -> Baseline:
    """Aggregate a baseline.

    Parameters
    ----------
    baseline : Baseline
    into : Grouping
        Of that baseline.

    Returns
    -------
    Baseline
        In the same unit; world totals of every account are those of the baseline.
    """
    baseline = tidy(baseline)
    E, S = into.economy, into.sector
    accounts = account(baseline)
    flows = _fold(baseline.flows, E, S)
    revenue = _fold(baseline.flows * baseline.tariffs, E, S)
    output = E @ baseline.flows.sum(axis=0) @ S.T
    earned = E @ (baseline.value_added * baseline.flows.sum(axis=0)) @ S.T
    inputs = np.einsum("rn,gk,nkj,hj->rgh", E, S, baseline.use * baseline.flows.sum(axis=0)[:, None], S)
    final = E @ (baseline.final * accounts.income[:, None]) @ S.T
    bought = baseline.flows.sum(axis=(0, 1))
    weight = np.where(bought > 0, bought, np.finfo(float).tiny)
    made = output > 0
    return replace(
        baseline,
        name=f"{baseline.name}, {len(into.regions)} x {len(into.groups)}",
        economies=into.regions,
        sectors=into.groups,
        tradable=np.array([bool((row > 0) @ baseline.tradable) for row in S]),
        flows=flows,
        tariffs=np.divide(revenue, flows, out=np.zeros_like(flows), where=flows > 0),
        value_added=np.divide(earned, output, out=np.ones_like(output), where=made),
        use=np.divide(inputs, output[:, None], out=np.zeros_like(inputs), where=made[:, None]),
        final=final / final.sum(axis=1, keepdims=True),
        theta=(S @ (weight * baseline.theta)) / (S @ weight),
        deficits=E @ baseline.deficits,
    )


def aggregate_shock(baseline: Baseline, shock: Shock, into: Grouping) -> Shock:
    """Aggregate a shock to the same regions and groups.

    Tariffs keep their revenue at baseline trade; trade costs the price index of what is bought together, at
    the sector's elasticity; productivity the logarithmic mean by output.

    Raises
    ------
    InputError
        Parts that have no aggregate: price wedges, elasticities, export taxes, quotas.
    """
    for name in ("price_wedge", "theta", "export_taxes", "quotas", "export_quotas"):
        if getattr(shock, name) is not None:
            raise InputError(
                f"{name} cannot be aggregated", where=f"shock {shock.name}", hint="aggregate by hand"
            )
    E, S = into.economy, into.sector
    flows = _fold(baseline.flows, E, S)
    tariffs = costs = productivity = None
    if shock.tariffs is not None:
        paid = _fold(baseline.flows * shock.tariffs, E, S)
        tariffs = np.divide(paid, flows, out=np.zeros_like(flows), where=flows > 0)
    if shock.trade_costs is not None:
        spent = baseline.flows * (1.0 + baseline.tariffs)
        theta = (S @ (baseline.flows.sum(axis=(0, 1)) * baseline.theta)) / np.maximum(
            S @ baseline.flows.sum(axis=(0, 1)), np.finfo(float).tiny
        )
        member = theta @ S
        kept, total = _fold(spent * shock.trade_costs**-member, E, S), _fold(spent, E, S)
        share = np.divide(kept, total, out=np.ones_like(kept), where=total > 0)
        with np.errstate(divide="ignore"):
            costs = np.where(share > 0, share ** (-1.0 / theta), np.inf)
    if shock.productivity is not None:
        made = baseline.flows.sum(axis=0)
        logs, sums = E @ (made * np.log(shock.productivity)) @ S.T, E @ made @ S.T
        productivity = np.exp(np.divide(logs, sums, out=np.zeros_like(logs), where=sums > 0))
    deficits = None if shock.deficits is None else E @ shock.deficits
    return Shock(shock.name, tariffs=tariffs, trade_costs=costs, productivity=productivity, deficits=deficits)


def split_flows(outcome: Outcome, baseline: Baseline, into: Grouping) -> Array:
    """Split trade after a shock back to the members, by their shares in the baseline [N, N, J].

    Parameters
    ----------
    outcome : Outcome
        Of the aggregate.
    baseline : Baseline
        The detailed one that was aggregated.
    into : Grouping
    """
    before, after = outcome.baseline.flows, outcome.after.flows
    hat = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    E, S = into.economy.argmax(axis=0), into.sector.argmax(axis=0)
    return np.asarray(baseline.flows * hat[np.ix_(E, E, S)])


def split_economies(values: Array, into: Grouping) -> Array:
    """Give every economy the value of its region [N]: percent changes and hats are alike inside a region."""
    return np.asarray(values[into.economy.argmax(axis=0)])


def _fold(table: Array, E: Array, S: Array) -> Array:
    return np.asarray(np.einsum("rn,nij,qi,gj->rqg", E, table, E, S, optimize=True))
