"""Statistics of a tariff on arrays: averages, peaks, dispersion, effective protection, uniform equivalents.

Every function takes rates as fractions and weights that need not sum to one, over any number of cells, and
gives None where no weight is left: a tariff on nothing has no average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

INTERNATIONAL_PEAK = 0.15
"""A rate above it is an international peak (WTO, World Tariff Profiles: above 15 percent)."""
DOMESTIC_PEAK = 3.0
"""A rate above this many times the simple average is a domestic peak (WTO, World Tariff Profiles)."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Spread of a tariff around its mean.

    Attributes
    ----------
    mean, deviation : float
        Weighted mean and standard deviation (population), fractions.
    variation : float or None
        Deviation over mean; None where the mean is zero.
    """

    mean: float
    deviation: float
    variation: float | None


def average_rate(*, rates: Array, weights: Array) -> float | None:
    """Give the weighted mean ``sum w t / sum w``; weights are lines (simple) or imports (weighted).

    Parameters
    ----------
    rates, weights : arrays of one shape
        Fractions; non-negative weights.
    """
    total = float(weights.sum())
    return None if total <= 0 else float((rates * weights).sum() / total)


def duty_over_imports(*, duty: Array, imports: Array) -> float | None:
    """Give duty collected over the value of imports, both summed."""
    total = float(imports.sum())
    return None if total <= 0 else float(duty.sum() / total)


def dispersion(*, rates: Array, weights: Array) -> Dispersion | None:
    """Give mean, standard deviation and coefficient of variation of rates."""
    mean = average_rate(rates=rates, weights=weights)
    if mean is None:
        return None
    deviation = float(np.sqrt((weights * (rates - mean) ** 2).sum() / weights.sum()))
    return Dispersion(mean, deviation, deviation / mean if mean > 0 else None)


def share_above(*, rates: Array, weights: Array, bound: float) -> float | None:
    """Give the share of the weights on cells whose rate lies strictly above a bound."""
    return average_rate(rates=np.where(rates > bound, 1.0, 0.0), weights=weights)


def share_free(*, rates: Array, weights: Array) -> float | None:
    """Give the share of the weights on cells that pay no duty."""
    return average_rate(rates=np.where(rates <= 0.0, 1.0, 0.0), weights=weights)


def overhang(*, bound: Array, applied: Array, weights: Array) -> float | None:
    """Give the mean of bound less applied rate; negative where rates are applied above their binding."""
    return average_rate(rates=bound - applied, weights=weights)


def uniform_equivalent(*, rates: Array, imports: Array, elasticities: Array) -> float | None:
    """Give the rate that, on all goods, leaves the value of imports as it is (OTRI).

    ``OTRI = sum m e T / sum m e`` (Kee, Nicita and Olarreaga 2009, in partial equilibrium after
    Feenstra 1995; the mercantilist index of Anderson and Neary 2003).

    Parameters
    ----------
    rates, imports, elasticities : arrays of one shape
        Rates T (with the ad valorem equivalent of other measures, where had), imports m, and absolute values
        of the price elasticity of import demand e.
    """
    return average_rate(rates=rates, weights=imports * elasticities)


def welfare_equivalent(*, rates: Array, imports: Array, elasticities: Array) -> float | None:
    """Give the rate that, on all goods, costs as much welfare as the tariff does (TRI).

    ``TRI = (sum m e T^2 / sum m e)^(1/2)`` (Kee, Nicita and Olarreaga 2009; Anderson and Neary
    1996, under Feenstra's 1995 approximation). Never below the uniform equivalent of imports.
    """
    square = average_rate(rates=rates**2, weights=imports * elasticities)
    return None if square is None else float(np.sqrt(square))


def effective_protection(*, rates: Array, coefficients: Array) -> Array:
    """Give effective rates of protection from inputs per unit of output at domestic prices.

    ``g_j = (t_j - sum_i a_ij t_i) / (1 - sum_i a_ij)`` with free-trade coefficients
    ``a_ij = b_ij (1 + t_j) / (1 + t_i)`` (Corden 1966; Balassa 1965): the percentage by which tariffs raise
    value added above what it is at world prices.

    Parameters
    ----------
    rates : [J]
        Of the goods made and used; 0 for services.
    coefficients : [J, J]
        ``b[i, j]``: value of input i, from all sources, in a unit of output j, at domestic (tariff-inclusive)
        prices.

    Returns
    -------
    [J]
        Fractions; NaN where value added at world prices is not positive: protection has then no rate.
    """
    free = coefficients * (1 + rates)[None, :] / (1 + rates)[:, None]
    value_added = 1 - free.sum(axis=0)
    gain = rates - (free * rates[:, None]).sum(axis=0)
    out: Array = np.divide(gain, value_added, out=np.full(rates.shape, np.nan), where=value_added > 0)
    return out
