"""What an estimation gives: columns of a table with their covariance and the evidence behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from openward.simulate.estimate.effects import Array

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class WaldTest:
    """A joint test: ``statistic`` is chi-squared with ``freedom`` degrees under the hypothesis."""

    name: str
    hypothesis: str
    statistic: float
    freedom: int
    p: float


@dataclass(frozen=True, slots=True)
class Sum:
    """A weighted sum of coefficients with its delta-method standard error."""

    name: str
    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class PathPoint:
    """Average effect ``since`` years after entry (negative: before), in log points, over ``rows`` rows."""

    since: int
    value: float
    standard_error: float
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class ColumnResult:
    """One column of the table.

    Attributes
    ----------
    name : str
    method : {"ppml", "staggered", "lasso", "elasticity"}
    names : tuple of str
        Coefficients [k].
    coefficients : [k]
    covariance : [k, k]
    dropped : tuple of str
        Terms that effects or other terms explain.
    facts : mapping
        ``n``, ``separated``, ``alone``, ``pseudo_r2``, ``iterations``, ``converged`` and others.
    tests : tuple of WaldTest
    sums : tuple of Sum
    path : tuple of PathPoint
    rows : tuple of mappings
        Further results of the method: coefficients by cohort and year, the path of penalties, sectors.
    notes : tuple of str
    """

    name: str
    method: Literal["ppml", "staggered", "lasso", "elasticity"]
    names: tuple[str, ...]
    coefficients: Array
    covariance: Array
    dropped: tuple[str, ...]
    facts: dict[str, Fact]
    tests: tuple[WaldTest, ...] = ()
    sums: tuple[Sum, ...] = ()
    path: tuple[PathPoint, ...] = ()
    rows: tuple[dict[str, Fact], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def standard_errors(self) -> Array:
        """Square roots of the variances [k]."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class EstimateResult:
    """A table of estimates.

    Attributes
    ----------
    name, title, source, outcome, file : str
    columns : tuple of ColumnResult
    notes : tuple of str
    """

    name: str
    title: str
    source: str
    outcome: str
    file: str
    columns: tuple[ColumnResult, ...]
    notes: tuple[str, ...] = ()


def weighted_sum(name: str, weights: Array, coefficients: Array, covariance: Array) -> Sum:
    """Give ``w'b`` and ``sqrt(w'Vw)``.

    Parameters
    ----------
    weights, coefficients : [k]
    covariance : [k, k]
    """
    variance = float(weights @ covariance @ weights)
    return Sum(name, float(weights @ coefficients), max(variance, 0.0) ** 0.5)


def wald(name: str, hypothesis: str, restrictions: Array, coefficients: Array, covariance: Array) -> WaldTest:
    r"""Test :math:`R\beta = 0` by :math:`(R\beta)'(RVR')^{+}R\beta`, with the rank of :math:`RVR'`.

    Parameters
    ----------
    restrictions : [q, k]
    coefficients : [k]
    covariance : [k, k]
    """
    from scipy.stats import chi2

    gap = restrictions @ coefficients
    variance = restrictions @ covariance @ restrictions.T
    freedom = int(np.linalg.matrix_rank(variance, hermitian=True))
    statistic = float(gap @ np.linalg.pinv(variance, rcond=1e-12, hermitian=True) @ gap)
    return WaldTest(name, hypothesis, statistic, freedom, float(chi2.sf(statistic, max(freedom, 1))))
