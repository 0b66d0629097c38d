"""Does the end of a monthly series stand out from its own trend, seasons and noise? Many series at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError

Floats = NDArray[np.float64]
SEASONS = 12
LEAST_MONTHS = 36
"""Two of three years must be outside the window, or season, trend and effect cannot be told apart."""

_MAD = 1.4826
_CLIP = 2.0
_ROUNDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class WindowEffect:
    """What the last months add to a series, with its uncertainty.

    Attributes
    ----------
    effect : array [S]
        Log points by which the mean of the window lies above what trend and season say.
    error : array [S]
        Standard error of `effect`, for noise that follows AR(1).
    scale : array [S]
        Robust standard deviation of a month's noise, log points.
    rho : float
        First autocorrelation of the noise, pooled over the series.
    expected : array [S, W]
        Logarithm of the volume that trend and season say for the months of the window.
    """

    effect: Floats
    error: Floats
    scale: Floats
    rho: float
    expected: Floats

    @property
    def z(self) -> Floats:
        """Effect in standard errors [S]."""
        return self.effect / self.error

    def evidence(self, *, rise: float) -> Floats:
        """Weigh a change of the factor `rise` against no change: the log likelihood ratio [S].

        For an estimate b with standard error s and the effect d = ln(rise) this is d (b - d/2) / s^2
        (Neyman and Pearson 1933; Wald 1945, the increment of a sequential test). Unlike z it does not grow
        when a tight series moves by a hair: only changes nearer to `rise` than to nothing count for it.

        Parameters
        ----------
        rise : float
            Factor such as 1.5 (half as much again) or 0.5 (halved).
        """
        if not (np.isfinite(rise) and rise > 0 and rise != 1):
            raise InputError(f"a change by the factor {rise} is no change to look for", hint="1.5, or 0.5")
        d = float(np.log(rise))
        return np.asarray(d * (self.effect - d / 2) / self.error**2)


def window_effect(*, log_volume: Floats, window: int) -> WindowEffect:
    """Estimate what the last `window` months add to each series.

    ``y[t] = level + slope t + season[t mod 12] + effect [t in window] + noise[t]``, by least squares on all
    series at once (the design is the same, so the estimate is one product of matrices). Months whose
    residual exceeds two robust standard deviations are drawn in to that bound (Huber 1981, 7.8: winsorized
    pseudo-values) and the fit is repeated, so that a lump or an old shock does not pass for season or noise.
    The noise is AR(1) with one pooled coefficient, from the medians over series of their autocorrelation,
    corrected for the fitted terms by (1 + 4 rho)/T (Kendall 1954) at first order.

    Parameters
    ----------
    log_volume : array [S, T]
        Logarithms, one row a series; T at least 36.
    window : int
        Months at the end, 1 to 12.

    Returns
    -------
    WindowEffect

    Raises
    ------
    InputError
        A short history, a window of the wrong length, or values that are not finite.
    """
    y = np.asarray(log_volume, dtype=float)
    if y.ndim != 2 or y.shape[1] < LEAST_MONTHS:
        raise InputError(
            f"a history of {y.shape[-1]} months is too short",
            hint=f"{LEAST_MONTHS} are needed for season and trend",
        )
    if not 1 <= window <= SEASONS:
        raise InputError(f"a window of {window} months", hint="1 to 12")
    if not np.isfinite(y).all():
        raise InputError("a logarithm is not finite", hint="leave series with gaps out")
    months = y.shape[1]
    design = _design(months, window)
    solve = np.linalg.pinv(design)
    pseudo = y
    for _ in range(_ROUNDS):
        fitted = (pseudo @ solve.T) @ design.T
        residual = y - fitted
        bound = _CLIP * _spread(residual, window)[:, None]
        pseudo = fitted + np.clip(residual, -bound, bound)
    terms = pseudo @ solve.T
    residual = y - terms @ design.T
    free = months / (months - design.shape[1])
    scale = _spread(residual, window) * np.sqrt(free)
    rho = _autocorrelation(residual[:, :-window], months)
    lag = np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    factor = float(solve[-1] @ (rho**lag) @ solve[-1])
    without = design[-window:].copy()
    without[:, -1] = 0
    return WindowEffect(terms[:, -1], scale * np.sqrt(factor), scale, rho, terms @ without.T)


def _design(months: int, window: int) -> Floats:
    t = np.arange(months)
    columns = [np.ones(months), (t - t.mean()) / SEASONS]
    # The last season is minus the sum of the others, so that seasons and level are told apart.
    columns += [(t % SEASONS == k) - 1.0 * (t % SEASONS == SEASONS - 1) for k in range(SEASONS - 1)]
    return np.column_stack([*columns, t >= months - window]).astype(float)


def _spread(residual: Floats, window: int) -> Floats:
    """Median absolute residual outside the window, as a standard deviation; never below one percent."""
    outside = np.abs(residual[:, :-window])
    half = outside.shape[1] // 2
    outside.partition((half - 1, half), axis=1)
    odd = outside.shape[1] % 2
    median = outside[:, half] if odd else (outside[:, half - 1] + outside[:, half]) / 2
    # A series that never moves would make every movement infinitely surprising.
    return np.maximum(_MAD * median, 0.01)


def _autocorrelation(residual: Floats, months: int) -> float:
    # Signs instead of sizes: an outlier counts once. Normal noise with correlation r agrees in sign with
    # probability 1/2 + arcsin(r)/pi (Sheppard 1899).
    signs = np.signbit(residual)
    agreeing = float(np.mean(signs[:, 1:] == signs[:, :-1]))
    raw = float(np.sin(np.pi * (agreeing - 0.5)))
    return float(np.clip(raw + (1 + 4 * raw) / months, 0.0, 0.9))
