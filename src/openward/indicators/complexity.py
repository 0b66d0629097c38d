"""Economic complexity: what exports say about the capabilities behind them.

Arrays are ``[economy, product]``; ``M`` is the matrix of revealed advantage, 1 where an economy exports a
product with advantage. Notation of Hidalgo and Hausmann (2009, PNAS 106).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError

Array = NDArray[np.float64]

BLOCK = 256
"""Products whose proximities are worked out at a time, so that they stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Complexity:
    """Indices of economies [C] and of products [P], and how they were reached.

    Attributes
    ----------
    economies, products : arrays
    method : str
        ``eigenvalue`` or ``fitness``.
    iterations : int
        0 where there are none.
    """

    economies: Array
    products: Array
    method: str
    iterations: int = 0


def revealed_advantage(*, exports: Array) -> Array:
    """Give revealed comparative advantage (Balassa 1965): ``RCA[c, p] = (x_cp / x_c) / (x_p / x)``.

    Parameters
    ----------
    exports : [C, P]
        Non-negative, in one unit.

    Returns
    -------
    [C, P]
        1 is the world's average; 0 where an economy or a product has no exports at all.

    Raises
    ------
    InputError
        Negative or missing exports.
    """
    if not np.isfinite(exports).all() or (exports < 0).any():
        raise InputError(
            "exports are negative or missing", hint="leave out what is not known; zero is a value"
        )
    total = exports.sum()
    expected = np.outer(exports.sum(axis=1), exports.sum(axis=0)) / (total if total > 0 else 1.0)
    return np.divide(exports, expected, out=np.zeros_like(exports), where=expected > 0)


def advantage_matrix(*, rca: Array, cutoff: float = 1.0) -> Array:
    """Give ``M``: 1 where revealed advantage reaches the cut-off."""
    return (rca >= cutoff).astype(np.float64)


def eigenvalue_complexity(*, advantage: Array) -> Complexity:
    """Give the economic and product complexity indices ECI and PCI.

    ECI is the second right eigenvector of ``D_c^-1 M D_p^-1 M'`` (``D_c`` diversity, ``D_p`` ubiquity),
    standardized, and oriented so that it goes with diversity; PCI the same for products, oriented like the
    ECI of their exporters. Both come from the symmetric form of the smaller of the two matrices, at the cost
    of ``min(C, P)^3``.

    Parameters
    ----------
    advantage : [C, P]
        ``M``; every economy and product needs an advantage somewhere.

    Raises
    ------
    InputError
        An economy without advantage, a product without exporter, or fewer than three of either.
    """
    diversity, ubiquity = _margins(advantage)
    scaled = advantage / np.sqrt(np.outer(diversity, ubiquity))
    by_economy = advantage.shape[0] <= advantage.shape[1]
    small = scaled @ scaled.T if by_economy else scaled.T @ scaled
    second = np.linalg.eigh(small)[1][:, -2]
    if by_economy:
        economies = second / np.sqrt(diversity)
        products = advantage.T @ economies / ubiquity
    else:
        products = second / np.sqrt(ubiquity)
        economies = advantage @ products / diversity
    sign = 1.0 if np.corrcoef(economies, diversity)[0, 1] >= 0 else -1.0
    return Complexity(_standardized(sign * economies), _standardized(sign * products), "eigenvalue")


def fitness(*, advantage: Array, iterations: int = 20, extremality: float = 1.0) -> Complexity:
    """Give economic fitness and product complexity by the map of Tacchella et al. (2012, Sci. Rep. 2).

    ``F <- M Q``, ``Q <- 1 / (M' F^-e)^(1/e)``, each over its mean, from ones; the iteration need not converge
    to a positive limit, so the number of iterates is part of the definition.

    Parameters
    ----------
    advantage : [C, P]
    iterations : int
        Iterates counted with the first, which is ones: 20 applies the map 19 times.
    extremality : float
        ``e``; 1 in the paper.
    """
    _margins(advantage)
    f, q = np.ones(advantage.shape[0]), np.ones(advantage.shape[1])
    for _ in range(iterations - 1):
        f_next = advantage @ q
        q_next = (advantage.T @ f**-extremality) ** (-1.0 / extremality)
        f, q = f_next / f_next.mean(), q_next / q_next.mean()
    return Complexity(f, q, "fitness", iterations)


def proximity(*, advantage: Array) -> Array:
    """Give the proximity of products [P, P]: the smaller of the two conditional probabilities of co-export.

    ``phi[p, q] = sum_c M_cp M_cq / max(k_p, k_q)`` (Hidalgo et al. 2007, Science 317). For economies pass the
    transpose.
    """
    counts = advantage.sum(axis=0)
    # Counts of economies are whole numbers far below 2^24: exact in single precision, at half the cost.
    narrow = advantage.astype(np.float32)
    share = np.divide(1.0, counts, out=np.zeros_like(counts), where=counts > 0)
    near = np.empty((len(counts), len(counts)))
    for start in range(0, len(counts), BLOCK):
        rows, rest = slice(start, start + BLOCK), slice(start, None)
        part = np.minimum(share[rows, None], share[rest])
        part *= narrow[:, rows].T @ narrow[:, rest]
        near[rows, rest], near[rest, rows] = part, part.T
    return near


def density(*, advantage: Array, closeness: Array) -> Array:
    """Give how near each economy is to each product [C, P]: share of the proximities to it that it has.

    ``omega[c, p] = sum_q M_cq phi_qp / sum_q phi_qp`` (Hidalgo et al. 2007).
    """
    return np.asarray(advantage @ closeness / closeness.sum(axis=0))


def outlook(
    *, advantage: Array, closeness: Array, product_complexity: Array, near: Array | None = None
) -> Array:
    """Give the complexity outlook index COI [C]: how many complex products lie near what an economy makes.

    ``COI_c = sum_p omega_cp (1 - M_cp) PCI_p`` (Hausmann et al. 2014, Atlas). ``near`` is the `density`
    where it is at hand; it costs as much as all the rest.
    """
    if near is None:
        near = density(advantage=advantage, closeness=closeness)
    return np.asarray((near * (1.0 - advantage)) @ product_complexity)


def opportunity_gain(*, advantage: Array, closeness: Array, product_complexity: Array) -> Array:
    """Give what the outlook of an economy gains by advantage in a product it lacks it in [C, P].

    ``COG_cp = sum_{q != p} phi_pq / sum_r phi_rq (1 - M_cq) PCI_q - omega_cp PCI_p``, 0 where ``M_cp`` is 1:
    the change of `outlook` with proximities and complexities held (Hausmann et al. 2014, Atlas; there the
    sum takes in the product itself).
    """
    lacks = 1.0 - advantage
    total = closeness.sum(axis=0)
    lost = density(advantage=advantage, closeness=closeness) + np.diag(closeness) / total
    return np.asarray(
        lacks * ((lacks * (product_complexity / total)) @ closeness.T - lost * product_complexity)
    )


def _margins(advantage: Array) -> tuple[Array, Array]:
    diversity, ubiquity = advantage.sum(axis=1), advantage.sum(axis=0)
    if min(advantage.shape) < 3:
        raise InputError("fewer than three economies or products", hint="complexity compares many with many")
    if (diversity == 0).any() or (ubiquity == 0).any():
        raise InputError(
            f"{int((diversity == 0).sum())} economies have no advantage, "
            f"{int((ubiquity == 0).sum())} products no exporter with one",
            hint="leave them out first",
        )
    return diversity, ubiquity


def _standardized(values: Array) -> Array:
    """Mean zero, sample standard deviation one."""
    return np.asarray((values - values.mean()) / values.std(ddof=1))
