"""Effects of shift-share exposure, with errors that let regions with the same industries move together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ShiftShareEstimate:
    """A coefficient with its errors.

    Attributes
    ----------
    coefficient : float
    ehw : float
        Error robust to heteroskedasticity only: too small when exposure is shared.
    akm : float
        Adao, Kolesar and Morales (2019), equation 23 (26 for clusters of sectors).
    akm_low, akm_high : float
        Its interval.
    akm0_low, akm0_high : float
        Ends of their interval with the null imposed; infinite where the set is not an interval.
    akm0_bounded : bool
        The set is an interval; otherwise the data cannot bound the effect.
    regions, sectors : int
    """

    coefficient: float
    ehw: float
    akm: float
    akm_low: float
    akm_high: float
    akm0_low: float
    akm0_high: float
    akm0_bounded: bool
    regions: int
    sectors: int

    @property
    def akm0(self) -> float:
        """Length of the 95 % interval with the null imposed over that of a standard normal."""
        return (self.akm0_high - self.akm0_low) / (2 * _quantile(0.95))


def shift_share(
    *,
    outcome: Array,
    exposure: Array,
    shares: Array,
    controls: Array,
    weights: Array,
    endogenous: Array | None = None,
    clusters: Labels | None = None,
    confidence: float = 0.95,
) -> ShiftShareEstimate:
    """Estimate ``y = b x + controls + u`` with a shift-share regressor, or instrument.

    With `x`, `y` and the exposure `z` net of the controls, ``b = sum(w z y) / sum(w z x)``. The shock of each
    sector is recovered by a weighted regression of z on the shares; with ``R_s = sum_i w_i
    share_is u_i`` the variance is ``sum_c (sum_{s in c} shock_s R_s)^2 / sum(w z x)^2``. The interval AKM0
    uses the residual under each null and solves a quadratic inequality.

    Parameters
    ----------
    outcome, exposure, weights, endogenous : [N]
        Without `endogenous` the exposure itself is the regressor.
    shares : [N, S]
        Of each region in each sector; columns linearly independent.
    controls : [N, K]
        With a constant, if there is to be one.
    clusters : int array [S], optional
        Sectors whose shocks move together.
    confidence : float

    Raises
    ------
    InputError
        Shapes disagree, a number is not finite, shares are collinear, or nothing is left to estimate from.

    References
    ----------
    Adao, Kolesar and Morales (2019), Q. J. Econ. 134, 1949-2010.
    """
    regressor = exposure if endogenous is None else endogenous
    _check(outcome, exposure, regressor, shares, controls, weights, clusters)
    root = np.sqrt(weights)
    y, x, z = (_net(root * column, root[:, None] * controls) for column in (outcome, regressor, exposure))
    first = float(z @ x)
    if abs(first) <= 1e-12 * float(np.linalg.norm(z) * np.linalg.norm(x)) or float(z @ z) == 0:
        raise InputError("nothing is left of the exposure once the controls are taken out", where="exposure")
    coefficient = float(z @ y) / first
    residual = y - coefficient * x
    shock, _, rank, _ = np.linalg.lstsq(root[:, None] * shares, z, rcond=None)
    if rank < shares.shape[1]:
        raise InputError(
            "the shares of some sectors are collinear",
            where="shares",
            hint="merge sectors that no region tells apart",
        )
    of_y, of_x, of_u = (_grouped(shock * ((root * column) @ shares), clusters) for column in (y, x, residual))
    akm = float(np.sqrt(of_u @ of_u)) / abs(first)
    quantile = _quantile(confidence)
    low, high, bounded = _null_imposed(float(z @ y), first, of_y, of_x, quantile)
    return ShiftShareEstimate(
        coefficient=coefficient,
        ehw=float(np.sqrt(np.sum((z * residual) ** 2))) / abs(first),
        akm=akm,
        akm_low=coefficient - quantile * akm,
        akm_high=coefficient + quantile * akm,
        akm0_low=low,
        akm0_high=high,
        akm0_bounded=bounded,
        regions=len(outcome),
        sectors=shares.shape[1],
    )


def _null_imposed(
    reduced: float, first: float, of_y: Array, of_x: Array, quantile: float
) -> tuple[float, float, bool]:
    """Solve ``(reduced - b first)^2 <= q^2 sum_c (of_y - b of_x)^2`` for b."""
    square = first**2 - quantile**2 * float(of_x @ of_x)
    linear = reduced * first - quantile**2 * float(of_y @ of_x)
    constant = reduced**2 - quantile**2 * float(of_y @ of_y)
    root = linear**2 - square * constant
    if square <= 0 or root < 0:
        return float("-inf"), float("inf"), False
    return (linear - root**0.5) / square, (linear + root**0.5) / square, True


def _net(column: Array, controls: Array) -> Array:
    return np.asarray(column - controls @ np.linalg.lstsq(controls, column, rcond=None)[0], dtype=np.float64)


def _grouped(values: Array, clusters: Labels | None) -> Array:
    if clusters is None:
        return values
    _, place = np.unique(clusters, return_inverse=True)
    return np.asarray(np.bincount(place, weights=values), dtype=np.float64)


def _quantile(confidence: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + confidence / 2)


def _check(
    outcome: Array,
    exposure: Array,
    regressor: Array,
    shares: Array,
    controls: Array,
    weights: Array,
    clusters: Labels | None,
) -> None:
    regions = len(outcome)
    for name, table in (
        ("exposure", exposure),
        ("endogenous", regressor),
        ("shares", shares),
        ("controls", controls),
        ("weights", weights),
        ("outcome", outcome),
    ):
        if len(table) != regions:
            raise InputError(
                f"{len(table)} rows, the outcome has {regions}", where=name, hint="one row a region"
            )
        if not np.isfinite(table).all():
            raise InputError("a number is missing or not finite", where=name, hint="leave the region out")
    if clusters is not None and len(clusters) != shares.shape[1]:
        raise InputError(f"{len(clusters)} labels for {shares.shape[1]} sectors", where="clusters")
    if (weights <= 0).any():
        raise InputError("weights must be above zero", where="weights")
