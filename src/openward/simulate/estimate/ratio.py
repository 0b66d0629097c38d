"""Trade elasticity from triads of economies: ratios in which everything but asymmetric tariffs cancels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.simulate.estimate.effects import Array

FEWEST = 3


@dataclass(frozen=True, slots=True)
class Ratio:
    """An elasticity from triads.

    Attributes
    ----------
    theta : float
    standard_error : float
        Robust to heteroskedasticity, triads independent: as the literature prints.
    pair_error : float
        Allows for what triads that share a pair of economies have in common.
    triads : int
        With all six flows and rates known, and tariffs that do not cancel.
    """

    theta: float
    standard_error: float
    pair_error: float
    triads: int


def ratio_elasticity(*, flows: Array, rates: Array) -> Ratio:
    r"""Estimate the trade elasticity by the ratio method.

    Caliendo and Parro (2015):

    .. math::

        \ln \frac{X_{ni} X_{ih} X_{hn}}{X_{in} X_{hi} X_{nh}} = -\theta
        \ln \frac{\tilde\tau_{ni} \tilde\tau_{ih} \tilde\tau_{hn}}{\tilde\tau_{in} \tilde\tau_{hi}
        \tilde\tau_{nh}} + \varepsilon

    by least squares without a constant over all triads of different economies, each taken once (the other
    direction has both sides negated).

    Parameters
    ----------
    flows : [N, N]
        Importer by exporter, tariff included; 0 where there is no trade. The diagonal is not used.
    rates : [N, N]
        Ad valorem tariffs as fractions; NaN where not known.

    Raises
    ------
    InputError
        Tariffs cancel everywhere, or fewer than three triads are left.
    """
    n = len(flows)
    known = (flows > 0) & np.isfinite(rates) & (rates > -1)
    logs = np.log(np.where(known, flows, 1.0))
    duty = np.log1p(np.where(known, rates, 0.0))
    a, b, c = (one.ravel() for one in np.meshgrid(*[np.arange(n)] * 3, indexing="ij"))
    once = (a < b) & (b < c)
    a, b, c = a[once], b[once], c[once]
    all_six = known & known.T
    there = all_six[a, b] & all_six[b, c] & all_six[c, a]
    a, b, c = a[there], b[there], c[there]
    skew, skew_duty = logs - logs.T, duty - duty.T
    y = skew[a, b] + skew[b, c] + skew[c, a]
    x = skew_duty[a, b] + skew_duty[b, c] + skew_duty[c, a]
    square = float(x @ x)
    if len(y) < FEWEST or square <= 1e-20 * max(len(y), 1):
        raise InputError(
            f"tariffs say nothing about the elasticity: {len(y)} triads, in which they cancel"
            if len(y)
            else "no three economies have all six flows and rates",
            where="tariff",
            hint="the method lives on tariffs that differ between the two directions",
        )
    slope = float(x @ y) / square
    score = x * (y - slope * x)
    independent = float(score @ score)
    pairs = np.zeros((n, n))
    for one, two in ((a, b), (b, c), (a, c)):
        np.add.at(pairs, (one, two), score)
    # Two triads share one pair or are the same; each triad is in three of the sums.
    shared = float((pairs**2).sum()) - 2 * independent
    return Ratio(-slope, independent**0.5 / square, max(shared, independent) ** 0.5 / square, len(y))
