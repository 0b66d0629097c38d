"""Weights from the data: principal components, and equal correlation with the parent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError

Array = NDArray[np.float64]

SWEEPS = 2000
TOLERANCE = 1e-10


def pca_weights(*, values: Array, where: str) -> Array:
    """Give the loadings of the first principal component of [U, C], scaled to sum to C.

    Raises
    ------
    InputError
        Missing cells, no spread, or loadings of both signs, which would punish some children.
    """
    if values.shape[1] < 3:
        # Two standardized columns always load alike; one has nothing to share.
        return np.ones(values.shape[1])
    loading = np.linalg.eigh(_correlation(values, where))[1][:, -1]
    loading = loading * np.sign(loading.sum())
    if (loading <= 0).any():
        raise InputError(
            f"{int((loading <= 0).sum())} of {loading.size} children load against the first component",
            where=where,
            hint="weights from it would be negative; use equal weights, or mend the directions",
        )
    return np.asarray(loading / loading.mean())


def equal_correlation_weights(*, values: Array, where: str) -> Array:
    """Give weights of [U, C] with which all children correlate alike with their weighted mean.

    With ``R`` the correlations and ``s`` the standard deviations, ``R (w s)`` has to be constant; solved by
    scaling each weight by how far its correlation is from the mean (Becker et al. 2017, Ecol. Indic. 80).

    Raises
    ------
    InputError
        Missing cells or no spread.
    NotConvergedError
        No positive weights do it.
    """
    r = _correlation(values, where)
    spread = values.std(axis=0, ddof=1)
    w = np.ones(values.shape[1])
    for _ in range(SWEEPS):
        pull = r @ (w * spread)
        if (pull <= 0).any():
            break
        w_next = w * np.sqrt(pull.mean() / pull)
        w_next /= w_next.mean()
        if np.abs(w_next - w).max() < TOLERANCE:
            return np.asarray(w_next)
        w = w_next
    raise NotConvergedError(
        "no positive weights make the children correlate alike", where=where, hint="use equal weights"
    )


def _correlation(values: Array, where: str) -> Array:
    if np.isnan(values).any():
        raise InputError("weights from the data need all cells", where=where, hint="impute first")
    if (values.std(axis=0) == 0).any():
        raise InputError("a child is the same for all units", where=where, hint="leave it out")
    return np.atleast_2d(np.corrcoef(values, rowvar=False))
