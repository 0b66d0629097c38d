"""What an index is made of: correlations, internal consistency, principal components, single indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, OpenwardError
from openward.indicators.composite.build import Index, build
from openward.indicators.composite.data import IndexData
from openward.indicators.composite.ranks import descending_ranks
from openward.indicators.composite.spec import IndexSpec

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Correlation:
    """Correlation of two columns.

    Attributes
    ----------
    one, other : str
    value : float or None
        None where fewer than three units have both, or one does not vary.
    p_value : float or None
        Two-sided, of no correlation (Student's t; for ranks an approximation).
    units : int
    """

    one: str
    other: str
    value: float | None
    p_value: float | None
    units: int


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Principal components of standardized columns.

    Attributes
    ----------
    codes : tuple of str
    explained : [C]
        Share of the variance of each component, the largest first.
    loadings : [C, C]
        Column of a component; the first is oriented to a positive sum.
    """

    codes: tuple[str, ...]
    explained: Array
    loadings: Array


@dataclass(frozen=True, slots=True)
class Removal:
    """The index without one indicator or aggregate.

    Attributes
    ----------
    code : str
    mean_change, largest_change : float or None
        Of rank, absolute; None where the index cannot be built without it.
    unit : str
        Whose rank changes most.
    why : str
        Why the index could not be built.
    """

    code: str
    mean_change: float | None
    largest_change: float | None
    unit: str
    why: str = ""


def correlation(*, x: Array, y: Array, one: str, other: str, by_rank: bool = False) -> Correlation:
    """Correlate two columns [U] over the units that have both."""
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    n = int(x.size)
    if by_rank and n:
        x, y = descending_ranks(scores=np.stack([x, y]), ties="mean")
    if n < 3 or x.std() == 0 or y.std() == 0:
        return Correlation(one, other, None, None, n)
    from scipy.special import stdtr

    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))
    t = np.inf if abs(r) == 1.0 else abs(r) * np.sqrt((n - 2) / (1 - r * r))
    return Correlation(one, other, r, float(2.0 * stdtr(n - 2, -t)), n)


def correlations(index: Index, *, level: int, ancestors: int) -> tuple[Correlation, ...]:
    """Correlate the columns of two levels of a built index."""
    tree = index.hierarchy
    return tuple(
        correlation(x=index.values[:, up], y=index.values[:, k], one=tree.codes[up], other=tree.codes[k])
        for k in tree.at(level)
        for up in tree.at(ancestors)
        if up != k
    )


def cronbach_alpha(*, values: Array) -> float | None:
    """Give the internal consistency of columns [U, C] (Cronbach 1951).

    ``C / (C - 1) (1 - sum of variances / variance of the sum)``.

    Units with a gap are left out; None for fewer than two columns or no spread.
    """
    x = values[~np.isnan(values).any(axis=1)]
    count = x.shape[1]
    if count < 2 or x.shape[0] < 2:
        return None
    whole = float(x.sum(axis=1).var(ddof=1))
    return None if whole == 0 else count / (count - 1) * (1.0 - float(x.var(axis=0, ddof=1).sum()) / whole)


def components(*, values: Array, codes: Sequence[str]) -> Components:
    """Give the principal components of [U, C], columns standardized.

    Raises
    ------
    InputError
        A column that does not vary, or fewer than three units without gaps.
    """
    x = values[~np.isnan(values).any(axis=1)]
    flat = [code for k, code in enumerate(codes) if x.shape[0] < 3 or x[:, k].std() == 0]
    if flat:
        raise InputError(
            f"columns do not vary: {', '.join(flat)}",
            where="components",
            hint="leave them out or impute first",
        )
    roots, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(x, rowvar=False)))
    roots, vectors = roots[::-1], vectors[:, ::-1]
    signs = np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    return Components(tuple(codes), np.maximum(roots, 0.0) / len(codes), vectors * signs)


def remove_one(spec: IndexSpec, data: IndexData, *, level: int = 1) -> tuple[Removal, ...]:
    """Build the index without each column of a level (weight zero) and compare ranks with the whole."""
    whole = build(spec, data)
    return tuple(_without(spec, data, whole, whole.hierarchy.codes[k]) for k in whole.hierarchy.at(level))


def _without(spec: IndexSpec, data: IndexData, whole: Index, code: str) -> Removal:
    light = {"weight": 0.0}
    changed = spec.model_copy(
        update={
            "indicators": tuple(
                one.model_copy(update=light) if one.code == code else one for one in spec.indicators
            ),
            "aggregates": tuple(
                one.model_copy(update=light) if one.code == code else one for one in spec.aggregates
            ),
        }
    )
    try:
        part = build(changed, data)
    except OpenwardError as error:
        return Removal(code, None, None, "", str(error).split("\n")[0])
    before = dict(zip(whole.units, whole.ranks, strict=True))
    change = np.array([abs(rank - before[unit]) for unit, rank in zip(part.units, part.ranks, strict=True)])
    if np.isnan(change).all():
        return Removal(code, None, None, "", "no unit is ranked")
    most = int(np.nanargmax(change))
    return Removal(code, float(np.nanmean(change)), float(change[most]), part.units[most])
