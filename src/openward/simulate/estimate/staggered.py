"""Staggered entry: an effect for each cohort and period, and averages, without forbidden comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.estimate.effects import Array, Index
from openward.simulate.estimate.estimated import PathPoint, Sum, weighted_sum

Mask = NDArray[np.bool_]
NEVER = np.iinfo(np.int64).max
"""Cohort of units that do not enter while they are observed."""


@dataclass(frozen=True, slots=True, eq=False)
class Cohorts:
    """When units enter.

    Attributes
    ----------
    cohort : int array [n]
        First period with treatment of the row's unit; ``NEVER`` where there is none.
    already : bool array [n]
        Units treated whenever observed: no comparison is possible, and as comparisons they are forbidden.
    reversed_ : bool array [n]
        Units whose treatment ends.
    """

    cohort: Index
    already: Mask
    reversed_: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One dummy: a cohort in a period, ``since`` that many periods after entry."""

    name: str
    cohort: int
    period: int

    @property
    def since(self) -> int:
        """Periods since entry; negative before."""
        return self.period - self.cohort


def cohorts(*, treatment: Array, unit: Index, period: Index) -> Cohorts:
    """Find when each unit enters.

    Parameters
    ----------
    treatment : [n]
        0 or 1.
    unit : int array [n]
    period : int array [n]

    Raises
    ------
    InputError
        Treatment is not 0 or 1, or nobody enters.
    """
    if not np.isin(treatment, (0.0, 1.0)).all():
        raise InputError(
            "the treatment is not 0 or 1 in some rows", hint="use a dummy of entry", where="treatment"
        )
    size = int(unit.max()) + 1
    on = treatment == 1
    first, seen = np.full(size, NEVER), np.full(size, NEVER)
    last_off = np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(first, unit[on], period[on])
    np.minimum.at(seen, unit, period)
    np.maximum.at(last_off, unit[~on], period[~on])
    already = (first != NEVER) & (first <= seen)
    reversed_ = (first != NEVER) & (last_off > first)
    if not ((first != NEVER) & ~already).any():
        raise InputError(
            "no unit enters while it is observed",
            hint="is treatment constant in each pair?",
            where="treatment",
        )
    return Cohorts(first[unit], already[unit], reversed_[unit])


def cells(
    *, cohort: Index, period: Index, compare_with: Literal["not-yet", "never"]
) -> tuple[list[Cell], dict[str, Array]]:
    r"""Build the dummies of the extended two-way fixed-effects regression.

    Wooldridge (2023, "Simple approaches to nonlinear difference-in-differences with panel data"):
    a coefficient for each cohort ``g`` and period ``s >= g``. The remaining variation compares entrants with
    units that have not entered yet. With ``compare_with="never"`` there is one for the periods before the
    last one before ``g`` too, so that only units that never enter are compared with, and what happened
    before entry can be tested.

    Parameters
    ----------
    cohort : int array [n]
        ``NEVER`` for units that do not enter.
    period : int array [n]

    Raises
    ------
    InputError
        There is no unit to compare with in the last periods.
    """
    periods = np.unique(period)
    entering = [int(one) for one in np.unique(cohort) if one != NEVER]
    if not (cohort == NEVER).any():
        if compare_with == "never":
            raise InputError(
                "every unit enters in the end", hint="say compare_with: not-yet", where="compare_with"
            )
        last = entering[-1]
        if (period >= last).any():
            raise InputError(
                f"from {last} on every unit has entered: nothing is left to compare with",
                hint="keep the periods before (where: at_most)",
                where="treatment",
            )
    found: list[Cell] = []
    columns: dict[str, Array] = {}
    for g in entering:
        before = [int(s) for s in periods if s < g]
        for s in (int(one) for one in periods):
            if s < g and (compare_with == "not-yet" or s == before[-1]):
                continue
            column = ((cohort == g) & (period == s)).astype(np.float64)
            if column.any():
                cell = Cell(f"entered {g}, in {s}", g, s)
                found.append(cell)
                columns[cell.name] = column
    return found, columns


def averages(
    *, cells: list[Cell], rows: Array, coefficients: Array, covariance: Array
) -> tuple[list[Sum], list[PathPoint]]:
    r"""Average the effects over rows: over all, by cohort, by period, and by time since entry.

    :math:`\bar\delta = \sum n_{gs} \delta_{gs} / \sum n_{gs}`, with the delta-method error of a linear
    function.

    Parameters
    ----------
    cells : list of Cell [c]
    rows : [c]
        Observations used in each.
    coefficients : [c]
    covariance : [c, c]
    """
    after = np.array([cell.since >= 0 for cell in cells])

    def over(name: str, chosen: Mask) -> Sum:
        weights = np.where(chosen, rows, 0.0)
        return weighted_sum(name, weights / weights.sum(), coefficients, covariance)

    sums = [over("average effect", after)]
    for label, values in (
        ("entered", [cell.cohort for cell in cells]),
        ("in", [cell.period for cell in cells]),
    ):
        each = np.array(values)
        sums += [over(f"{label} {one}", after & (each == one)) for one in np.unique(each[after])]
    since = np.array([cell.since for cell in cells])
    path = []
    for one in np.unique(since):
        found = over("", since == one)
        path.append(PathPoint(int(one), found.value, found.standard_error, int(rows[since == one].sum())))
    return sums, path


def total_change(*, observed: Array, coefficients: Array, covariance: Array) -> Sum:
    r"""Give the change of the entrants' total, observed against without entry.

    The score of each dummy makes the fitted total of its cell the observed one, :math:`Y_{gs}`; without entry
    it would be :math:`Y_{gs} e^{-\delta_{gs}}`. The change is :math:`\sum Y / \sum Y e^{-\delta} - 1`
    (the average effect on the treated in levels, relative to the untreated mean),
    its error by the delta method, given what was traded.

    Parameters
    ----------
    observed : [c]
        Total outcome of the rows of each cell after entry.
    coefficients : [c]
    covariance : [c, c]
    """
    without = observed * np.exp(-coefficients)
    ratio = float(observed.sum() / without.sum())
    gradient = ratio * without / without.sum()
    variance = float(gradient @ covariance @ gradient)
    return Sum("change of the total of entrants", ratio - 1.0, max(variance, 0.0) ** 0.5)
