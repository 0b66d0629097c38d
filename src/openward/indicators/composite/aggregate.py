"""Aggregation: children to a parent, for any number of weight sets at once.

Arrays are [U, R]: units by replicates; a child that no replicate changes is [U, 1]. Every operation goes cell
by cell and child by child, in one order, so a result never depends on how many replicates go together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError

Array = NDArray[np.float64]


def aggregated(
    *, children: Sequence[Array], weights: Sequence[Array], method: str, minimum_available: float, where: str
) -> Array:
    """Aggregate children to their parent.

    Parameters
    ----------
    children : sequence of [U, R] or [U, 1]
        NaN where missing: the weights of the others are scaled up.
    weights : sequence of [R] or [1]
    method : {"arithmetic", "geometric", "harmonic", "median", "copeland"}
        The median is weighted; Copeland counts, for every other unit, whether the larger weight is above it
        (Munda and Nardo 2009).
    minimum_available : float
        Least share of the weight that has to be there.
    where : str
        Code of the parent, for messages.

    Returns
    -------
    [U, R] or [U, 1]

    Raises
    ------
    InputError
        Geometric or harmonic means of values that are not positive; weights that sum to zero.
    """
    total = _sum(weights)
    if (total <= 0).any():
        raise InputError("the weights below sum to zero", where=where, hint="give a child a weight")
    shares = [weight / total for weight in weights]
    gaps = [np.isnan(child) for child in children]
    present: list[Array] | None = None
    if any(gap.any() for gap in gaps):
        present = [(~gap).astype(np.float64) for gap in gaps]
        children = [np.where(gap, 1.0, child) for gap, child in zip(gaps, children, strict=True)]
    if method in ("geometric", "harmonic"):
        _positive(children, method, where)
    if method == "copeland":
        out = _copeland(children, shares, present)
    elif method == "median":
        out = _median(children, shares, present)
    else:
        out = _mean(children, shares, present, method)
    if present is not None:
        had = _sum([here * share for here, share in zip(present, shares, strict=True)])
        out = np.where((had > 0) & (had >= minimum_available - 1e-12), out, np.nan)
    return out


def _mean(
    children: Sequence[Array], shares: Sequence[Array], present: Sequence[Array] | None, method: str
) -> Array:
    if method == "geometric":
        children = [np.log(child) for child in children]
    elif method == "harmonic":
        children = [1.0 / child for child in children]
    if present is None:
        out = _sum([child * share for child, share in zip(children, shares, strict=True)])
    else:
        held = [here * share for here, share in zip(present, shares, strict=True)]
        had = _sum(held)
        out = _sum([child * share for child, share in zip(children, held, strict=True)])
        out = np.divide(out, had, out=np.ones_like(out), where=had > 0)
    return np.asarray(np.exp(out) if method == "geometric" else 1.0 / out if method == "harmonic" else out)


def _median(children: Sequence[Array], shares: Sequence[Array], present: Sequence[Array] | None) -> Array:
    """Least value with half the weight at or below it; the mean with the next where half is met exactly."""
    held = shares if present is None else [h * s for h, s in zip(present, shares, strict=True)]
    shape = np.broadcast_shapes(*(child.shape for child in children), *(share.shape for share in held))
    x = np.stack([np.broadcast_to(child, shape) for child in children])
    w = np.stack([np.broadcast_to(share, shape) for share in held])
    x = np.where(w > 0, x, np.inf)
    order = np.argsort(x, axis=0, kind="stable")
    x = np.take_along_axis(x, order, axis=0)
    above = np.cumsum(np.take_along_axis(w, order, axis=0), axis=0)
    half = above[-1:] / 2.0
    lower = np.argmax(above >= half - 1e-12, axis=0)[None]
    upper = np.minimum(np.argmax(above > half + 1e-12, axis=0)[None], x.shape[0] - 1)
    pair = np.take_along_axis(x, lower, axis=0) + np.take_along_axis(x, upper, axis=0)
    return np.asarray(pair[0] / 2.0)


def _copeland(children: Sequence[Array], shares: Sequence[Array], present: Sequence[Array] | None) -> Array:
    units = children[0].shape[0]
    ahead = np.zeros((units, units, 1))
    for k, (child, share) in enumerate(zip(children, shares, strict=True)):
        versus = np.sign(child[:, None, :] - child[None, :, :])
        if present is not None:
            versus = versus * present[k][:, None, :] * present[k][None, :, :]
        ahead = ahead + versus * share
    # A majority is more than rounding.
    return np.asarray(np.sign(np.where(np.abs(ahead) < 1e-12, 0.0, ahead)).sum(axis=1))


def _positive(children: Sequence[Array], method: str, where: str) -> None:
    for child in children:
        if (child <= 0).any():
            raise InputError(
                f"a {method} mean needs positive values, the least is {float(child.min()):g}",
                where=where,
                hint="normalize to a scale that starts above zero, for example low: 1, high: 100",
            )


def _sum(parts: Sequence[Array]) -> Array:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
