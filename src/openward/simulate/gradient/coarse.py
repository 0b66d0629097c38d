"""An approximate inverse of the transposed map, on two levels, so that GMRES needs few steps.

First the world with its sectors added up to one, solved exactly (4 N unknowns): wages, revenues and levels of
prices and output. Then, on what that leaves, the links each economy has with itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from openward.simulate.baseline import Array, Baseline
from openward.simulate.gradient.krylov import Operator
from openward.simulate.gradient.linear import Linear, apply_transposed, linearize


def two_levels(linear: Linear) -> Operator:
    """Build the approximate inverse.

    Raises
    ------
    numpy.linalg.LinAlgError
        The links of an economy with itself cannot be inverted.
    """
    inside = _domestic(linear)
    coarse = _one_sector(linear)
    if coarse is None:
        return inside
    across = coarse

    def approximate(x: Array) -> Array:
        first = across(x)
        return first + inside(x - apply_transposed(linear, first))

    return approximate


def _domestic(linear: Linear) -> Operator:
    """Invert prices and output through inputs an economy buys from itself."""
    J, N, _ = linear.pi.shape
    use, one = linear.world.use, np.eye(J)
    home_gross = np.diagonal(linear.pi, axis1=1, axis2=2).T  # [N, J]
    home_net = np.diagonal(linear.nu, axis1=1, axis2=2).T
    prices = np.linalg.inv(one - use * home_gross[:, None, :])
    output = np.linalg.inv(one - use.transpose(0, 2, 1) * home_net[:, None, :])
    middle = 2 * N + J * N

    def approximate(x: Array) -> Array:
        M = x.shape[1]
        out = np.empty_like(x)
        out[: 2 * N] = x[: 2 * N]
        for where, inverse in ((slice(2 * N, middle), prices), (slice(middle, None), output)):
            by_economy = np.ascontiguousarray(x[where].reshape(J, N, M).transpose(1, 0, 2))
            out[where] = (inverse @ by_economy).transpose(1, 0, 2).reshape(J * N, M)
        return out

    return approximate


def _one_sector(linear: Linear) -> Operator | None:
    """Invert the world of one sector; None where that has no inverse."""
    J, N, _ = linear.pi.shape
    small = linearize(_added_up(linear), closure="fixed")
    small = replace(small, deficit_share=linear.deficit_share)
    try:
        inverse = np.linalg.inv(apply_transposed(small, np.eye(small.size)))
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(inverse).all():
        return None
    middle = 2 * N + J * N
    spent = linear.spending / linear.spending.sum(axis=0)
    made = linear.output / np.maximum(linear.output.sum(axis=0), np.finfo(float).tiny)

    def approximate(x: Array) -> Array:
        M = x.shape[1]
        prices = x[2 * N : middle].reshape(J, N, M).sum(axis=0)
        output = (made[:, :, None] * x[middle:].reshape(J, N, M)).sum(axis=0)
        found = inverse @ np.concatenate((x[: 2 * N], prices, output))
        spread = spent[:, :, None] * found[2 * N : 3 * N]
        level = np.broadcast_to(found[3 * N :], (J, N, M))
        return np.concatenate((found[: 2 * N], spread.reshape(J * N, M), level.reshape(J * N, M)))

    return approximate


def _added_up(linear: Linear) -> Baseline:
    """Add all sectors of the world up to one."""
    world = linear.world
    N = len(world.economies)
    flows = world.flows.sum(axis=2, keepdims=True)
    taxes = (world.flows * world.tariffs).sum(axis=2, keepdims=True)
    output = np.maximum(linear.accounts.output.sum(axis=1), np.finfo(float).tiny)
    value_added = np.clip(linear.accounts.value_added / output, 0.01, 1.0)[:, None]
    theta = (world.theta * world.flows.sum(axis=(0, 1))).sum() / world.flows.sum()
    return replace(
        world,
        sectors=("all",),
        tradable=np.ones(1, dtype=bool),
        flows=flows,
        tariffs=np.divide(taxes, flows, out=np.zeros_like(taxes), where=flows > 0),
        value_added=value_added,
        use=(1.0 - value_added)[:, :, None],
        final=np.ones((N, 1)),
        theta=np.array([theta]),
    )
