"""Where a change in real income comes from: terms of trade and volume of trade.

To first order and with zero profits, ``I dlnW = sum Y dln c - sum M dln c + sum tau M (dln M - dln c)``
plus direct terms of anything but tariffs: productivity, trade costs, deficits. Caliendo and Parro (2015,
equations 17 and 18) print the first two sums evaluated at the baseline with discrete changes ``x_hat - 1``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from openward.simulate.baseline import Array

Rule = Literal["trapezoid", "left"]


@dataclass(frozen=True, slots=True, eq=False)
class FirstOrder:
    """First-order terms, in percent of final spending before.

    Attributes
    ----------
    terms_of_trade_pct, volume_of_trade_pct : [N]
    """

    terms_of_trade_pct: Array
    volume_of_trade_pct: Array


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A world on the way from before to after.

    Attributes
    ----------
    flows, tariffs : [N, N, J]
    log_unit_cost : [N, J]
        Against the world before.
    income, deficits : [N]
    log_productivity : [N, J] or None
        Against the world before; None where none is shocked.
    log_friction : [N, N, J] or None
        Logarithm of the change in buyers' prices beyond exporters' costs and the tariff that gives the
        revenue (trade costs, composition of tariff lines); None where there is none.
    """

    flows: Array
    tariffs: Array
    log_unit_cost: Array
    income: Array
    deficits: Array
    log_productivity: Array | None
    log_friction: Array | None


def first_order(
    *, flows: Array, tariffs: Array, flows_after: Array, unit_cost_hat: Array, income: Array
) -> FirstOrder:
    """Evaluate the two terms at the baseline (Caliendo and Parro 2015, equations 17 and 18).

    Parameters
    ----------
    flows, tariffs : [N, N, J]
        Before.
    flows_after : [N, N, J]
    unit_cost_hat : [N, J]
    income : [N]
        Final spending before.

    Notes
    -----
    ``tau M (M_hat - 1)`` is computed as ``tau (M' - M)``, which is defined where M is zero.
    """
    change = unit_cost_hat - 1.0
    sold = (flows.sum(axis=0) * change).sum(axis=1)
    bought = np.einsum("nij,ij->n", flows, change)
    taxed = _sum(tariffs, flows_after) - _sum(tariffs, flows) - _sum_by_cost(tariffs, flows, change)
    return FirstOrder(100.0 * (sold - bought) / income, 100.0 * taxed / income)


def integrate(nodes: Iterable[Node], *, rule: Rule) -> Array:
    """Sum first-order terms over the steps between nodes, in percent [N].

    Parameters
    ----------
    nodes : iterable of Node
        First the world before, last the world after; consumed one by one.
    rule : {"trapezoid", "left"}
        ``left`` weighs by the world at the beginning of each step and adds plain percent changes: the
        published formula, chained; its error falls with the number of steps. ``trapezoid`` weighs by the
        mean of both ends and logarithmic changes (second order) and compounds the sum; it includes the
        direct terms of productivity, trade costs and deficits.
    """
    walk = iter(nodes)
    before = next(walk)
    total = np.zeros(len(before.income))
    for after in walk:
        if rule == "left":
            hat = np.exp(after.log_unit_cost - before.log_unit_cost)
            terms = first_order(
                flows=before.flows,
                tariffs=before.tariffs,
                flows_after=after.flows,
                unit_cost_hat=hat,
                income=before.income,
            )
            total += terms.terms_of_trade_pct + terms.volume_of_trade_pct
        else:
            total += _trapezoid(before, after)
        before = after
    return total if rule == "left" else 100.0 * np.expm1(total)


def _trapezoid(before: Node, after: Node) -> Array:
    """Logarithmic change in real income over one step [N], second order."""
    change = after.log_unit_cost - before.log_unit_cost
    mean_flows = 0.5 * (before.flows + after.flows)
    made = mean_flows.sum(axis=0)
    gain = (made * change).sum(axis=1) - np.einsum("nij,ij->n", mean_flows, change)
    mean_tariffs = 0.5 * (before.tariffs + after.tariffs)
    gain += _sum(mean_tariffs, after.flows) - _sum(mean_tariffs, before.flows)
    gain -= 0.5 * (
        _sum_by_cost(before.tariffs, before.flows, change) + _sum_by_cost(after.tariffs, after.flows, change)
    )
    gain += after.deficits - before.deficits
    if after.log_productivity is not None and before.log_productivity is not None:
        gain += (made * (after.log_productivity - before.log_productivity)).sum(axis=1)
    if after.log_friction is not None and before.log_friction is not None:
        gross = 0.5 * (before.flows * (1.0 + before.tariffs) + after.flows * (1.0 + after.tariffs))
        gain -= _sum(gross, after.log_friction - before.log_friction)
    return np.asarray(gain * 0.5 * (1.0 / before.income + 1.0 / after.income))


def _sum(a: Array, b: Array) -> Array:
    return np.asarray(np.einsum("nij,nij->n", a, b))


def _sum_by_cost(tariffs: Array, flows: Array, change: Array) -> Array:
    return np.asarray(np.einsum("nij,nij,ij->n", tariffs, flows, change))
