"""A cheap approximate inverse of the equilibrium map, so that few sweeps are needed.

Two parts, both read off one sweep: (1) inside each economy, prices and output move on through the
input-output links of what it buys from itself: a few rounds of that, while its table is in the cache;
(2) wages clear as in a one-sector world with the same trade and the same share of intermediates (Alvarez and
Lucas 2007, J. Monet. Econ. 54, with links).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.simulate.baseline import Array
from openward.simulate.kernel import Swept, World, economy_groups
from openward.simulate.parallel import each

ROUNDS = 3
"""Rounds of domestic links."""
LARGEST_MOVE = 1.0
"""Most a logarithm of a wage moves in one plain step."""
CAUTIOUS = 0.1
"""Share of the gap by which wages move where no better is known."""
UNDETERMINED = 1e-4
"""Relative singular value below which wages do not respond: parts of the world that no longer trade with
each other have no common scale of wages."""


@dataclass(frozen=True, slots=True, eq=False)
class Preconditioner:
    """Approximate inverses.

    Attributes
    ----------
    domestic : [N, J]
        Share of spending on the sector that stays at home.
    wages : [N, N]
        From the logarithm of labor demand over supply to the change in the logarithm of wages.
    """

    domestic: Array
    wages: Array


def precondition(world: World, swept: Swept) -> Preconditioner:
    """Build the approximate inverses at a point.

    Parameters
    ----------
    world : World
    swept : Swept
        A sweep from that point.
    """
    N, J = world.shape
    domestic = np.empty((N, J))
    sales = np.zeros((N, N))
    trade = np.zeros((N, N))
    theta_sales = np.zeros(N)
    per_phi = swept.spending.T / swept.phi
    for group in world.sectors:
        at = group.where
        domestic[:, at] = (np.diagonal(group.gross, axis1=1, axis2=2) * swept.supply[at] / swept.phi[at]).T
        bought = (group.gross if group.net is None else group.net) * per_phi[at, :, None]
        bought *= swept.supply[at, None, :]
        share = world.value_added[:, at].T
        trade += bought.sum(axis=0)
        sales += np.einsum("jni,ji->in", bought, share)
        theta_sales += (world.theta[at, None] * share * bought.sum(axis=1)).sum(axis=0)
    return Preconditioner(domestic, _wage_inverse(world, swept, sales, trade, theta_sales))


def _wage_inverse(world: World, swept: Swept, sales: Array, trade: Array, theta_sales: Array) -> Array:
    """Invert excess labor demand of the one-sector world [N, N]."""
    N = len(sales)
    one = np.eye(N)
    earned = np.maximum(sales.sum(axis=1), np.finfo(float).tiny)
    s = sales / earned[:, None]
    pi = trade / np.maximum(trade.sum(axis=1), np.finfo(float).tiny)[:, None]
    theta = theta_sales / earned
    output = np.maximum(swept.output.sum(axis=1), np.finfo(float).tiny)
    va = np.clip((world.value_added * swept.output).sum(axis=1) / output, 0.01, 1.0)
    try:
        cost = np.linalg.inv(one - (1.0 - va)[:, None] * pi) * va
        links = np.linalg.inv(one - s * (1.0 - va))
        demand = links @ (s * va - theta[:, None] * (one - s @ pi) @ cost)
        excess = one - demand + world.labor / world.labor.sum()
        inverse = np.linalg.inv(excess)
        if np.abs(inverse).max() * UNDETERMINED < 1.0:
            return np.asarray(inverse)
        return np.asarray(np.linalg.pinv(excess, rcond=UNDETERMINED))
    except np.linalg.LinAlgError:
        return CAUTIOUS * one


def direction(
    world: World, inverse: Preconditioner, *, price_gap: Array, output_gap: Array, output: Array, swept: Swept
) -> tuple[Array, Array, Array]:
    """Turn gaps into a step.

    Parameters
    ----------
    world : World
    inverse : Preconditioner
    price_gap : [N, J]
        Logarithm of price after a sweep less before.
    output_gap : [N, J]
    output : [N, J]
        Before the sweep.
    swept : Swept

    Returns
    -------
    log_wage, log_price, output : [N], [N, J], [N, J]
        Steps to take.
    """
    price = np.empty(world.shape)
    made = np.empty(world.shape)

    def link(at: slice) -> None:
        use, home = world.use[at], inverse.domestic[at]
        dearer, more = price_gap[at], output_gap[at]
        for _ in range(ROUNDS):
            dearer = price_gap[at] + home * np.vecmat(dearer, use)
            more = output_gap[at] + home * np.matvec(use, more)
        price[at], made[at] = dearer, more

    each(link, economy_groups(world), size=world.use.nbytes)
    hired = (world.value_added * (output + made)).sum(axis=1)
    paid = swept.wage * world.labor
    gap = np.log(np.maximum(hired / paid, 1e-2))
    return np.clip(inverse.wages @ gap, -LARGEST_MOVE, LARGEST_MOVE), price, made
