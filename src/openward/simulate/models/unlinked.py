"""A baseline without input-output links: every sale is final, every industry is value added alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from openward.simulate.baseline import Array, Baseline


def unlinked(baseline: Baseline) -> Baseline:
    """Take the links out of a baseline; flows, tariffs and deficits stay.

    Parameters
    ----------
    baseline : Baseline

    Returns
    -------
    Baseline
        Value added is all of output, final shares are the shares of all purchases: income is gross output,
        so percent changes are of a larger base than in the model with links.
    """
    spending: Array = (baseline.flows * (1.0 + baseline.tariffs)).sum(axis=1)
    total = spending.sum(axis=1, keepdims=True)
    return replace(
        baseline,
        value_added=np.ones_like(baseline.value_added),
        use=np.zeros_like(baseline.use),
        final=np.divide(spending, total, out=baseline.final.copy(), where=total > 0),
        deficits=baseline.flows.sum(axis=(1, 2)) - baseline.flows.sum(axis=(0, 2)),
    )
