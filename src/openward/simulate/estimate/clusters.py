"""Variances that allow for dependence inside clusters, with the small-sample factor said in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

import numpy as np

from openward.errors import InputError
from openward.simulate.estimate.effects import Array, Effects, Index

Convention = Literal["stata", "none", "full"]


def sandwich(
    *, bread: Array, scores: Array, clusters: Sequence[Index], convention: Convention, effects: Effects
) -> tuple[Array, str]:
    r"""Give ``A (sum_g s_g s_g') A``, with inclusion and exclusion over several ways of clustering.

    Liang and Zeger (1986); several ways: Cameron, Gelbach and Miller (2011), a negative eigenvalue being set
    to zero.

    Parameters
    ----------
    bread : [k, k]
        Inverse Hessian.
    scores : [n, k]
    clusters : sequence of int arrays [n]
    convention : {"stata", "none", "full"}
        ``stata``: ``G / (G - 1)`` with the least number of clusters (without clusters ``n / (n - 1)``), as
        Stata's Poisson commands; ``none``: no factor; ``full``: times ``(n - 1) / (n - k)``, the effects that
        are not nested in a cluster counted in ``k``.

    Returns
    -------
    covariance : [k, k]
    words : str
        The factor.

    Raises
    ------
    InputError
        One cluster.
    """
    n, k = scores.shape
    if not clusters:
        meat, least = scores.T @ scores, n
    else:
        meat, least = np.zeros((k, k)), min(int(one.max()) + 1 for one in clusters)
        for size in range(1, len(clusters) + 1):
            for chosen in combinations(clusters, size):
                meat += (-1.0) ** (size + 1) * _meat(scores, chosen)
    if least < 2:
        raise InputError(
            "there is one cluster", hint="cluster by something with many levels", where="clusters"
        )
    factor, words = 1.0, "no small-sample factor"
    if convention != "none":
        factor, words = least / (least - 1), f"G / (G - 1), G = {least}"
    if convention == "full":
        counted = k + sum(
            size - (which > 0)
            for which, (level, size) in enumerate(zip(effects.levels, effects.sizes, strict=True))
            if not any(_nested(level, one) for one in clusters)
        )
        factor *= (n - 1) / (n - counted)
        words += f", times (n - 1) / (n - k), n = {n}, k = {counted}"
    covariance = factor * bread @ meat @ bread
    if len(clusters) > 1:
        values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
        covariance = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return covariance, words


def _meat(scores: Array, ways: Sequence[Index]) -> Array:
    group = ways[0]
    for one in ways[1:]:
        group = group * (int(one.max()) + 1) + one
    _, group = np.unique(group, return_inverse=True)
    sums = np.stack([np.bincount(group, column) for column in scores.T], axis=1)
    return np.asarray(sums.T @ sums)


def _nested(level: Index, cluster: Index) -> bool:
    """Tell whether each level lies in one cluster."""
    low = np.full(int(level.max()) + 1, np.iinfo(np.int64).max)
    high = np.full(int(level.max()) + 1, -1)
    np.minimum.at(low, level, cluster)
    np.maximum.at(high, level, cluster)
    return bool((low == high).all())
