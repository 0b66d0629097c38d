"""Law -> shock: two laws on one day become a change of tariffs that a model can be solved for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from openward.book.model import Book
from openward.book.reform import Reform, apply
from openward.determine.table import RateTable, rate_table
from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.lines import changed, comparable, reference_shares, step_lines


@dataclass(frozen=True, slots=True, eq=False)
class LawShock:
    """A change of law as a shock, with the counts that say what it leans on.

    Attributes
    ----------
    shock : Shock
        ``tariffs`` (the rate that gives the revenue) and ``price_wedge``.
    shares : [N, N, J, S]
        Tariff-inclusive shares of the line classes under the law after: where the next step starts.
    changed : bool array [N, N, J]
        Cells with a class whose rate moved.
    no_trade : int
        Changed cells without any trade in the baseline: the shock says nothing about them.
    unknown : int
        Cells of foreign goods in which some class's rate is not known under one of the laws: there it is
        held unchanged.
    unknown_lines : int
        Counted tariff lines (importer, sector, class) whose rate is not known for some partner.
    """

    shock: Shock
    shares: Array
    changed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    no_trade: int
    unknown: int
    unknown_lines: int


def chain_shock(
    before: RateTable,
    after: RateTable,
    baseline: Baseline,
    *,
    shares: Array,
    theta: Array | None = None,
    name: str = "",
) -> LawShock:
    """Turn two laws into a shock, from where the line shares stand under the first.

    Parameters
    ----------
    before, after : RateTable
        Applied rates under the two laws, on the economies and sectors of the baseline.
    baseline : Baseline
        A world under the law ``before``: its ``tariffs`` are the revenue rates of that law.
    shares : [N, N, J, S]
        Tariff-inclusive shares of the line classes under ``before``; ``reference_shares`` of the baseline
        year's law to begin with, then the ``shares`` of each step.
    theta : [J], optional
        Elasticities (default: the baseline's).
    name : str

    Raises
    ------
    InputError
        Where the tables and the baseline are not about the same economies and sectors.
    """
    _same_axes(before, after, baseline)
    elasticities = baseline.theta if theta is None else theta
    old, new = before.rates, comparable(before, after)
    moved = changed(shares, old, new)
    tariffs, wedge, carried = baseline.tariffs.copy(), np.ones_like(baseline.tariffs), shares.copy()
    if moved.any():
        sector = np.nonzero(moved)[2]
        step = step_lines(
            shares=shares[moved], before=old[moved], after=new[moved], theta=elasticities[sector]
        )
        tariffs[moved], wedge[moved], carried[moved] = step.revenue_rate, step.price_hat, step.shares
    gaps = ~(before.known & after.known)
    return LawShock(
        shock=Shock(name=name, tariffs=tariffs, price_wedge=wedge),
        shares=carried,
        changed=moved,
        no_trade=int((moved & (baseline.flows == 0)).sum()),
        unknown=int((gaps & (before.shares[:, None] > 0)).any(axis=3).sum()),
        unknown_lines=int(before.lines[gaps.any(axis=1)].sum()),
    )


def shock_between(before: RateTable, after: RateTable, baseline: Baseline, *, name: str = "") -> Shock:
    """Turn two laws into a shock, with line shares at the importers' reference weights under the first.

    Identical tables give a wedge of exactly one and exactly the baseline's tariffs.
    """
    return chain_shock(before, after, baseline, shares=reference_shares(before), name=name).shock


def shock_from(reform: Reform, book: Book, baseline: Baseline, on: date) -> Shock:
    """Turn a reform into a shock on a baseline that holds the law of ``book`` on a day.

    Parameters
    ----------
    reform : Reform
    book : Book
        The law before, frozen if need be (:func:`openward.book.reform.freeze`).
    baseline : Baseline
    on : date
        Day both laws are read on.

    Raises
    ------
    UnknownCodeError, RefusedError, InputErrors
        Where the reform cannot be applied to the book.
    """
    economies, sectors = baseline.economies, baseline.sectors
    before = rate_table(book, on=on, economies=economies, sectors=sectors)
    after = rate_table(apply(book, reform), on=on, economies=economies, sectors=sectors)
    return shock_between(before, after, baseline, name=reform.name)


def _same_axes(before: RateTable, after: RateTable, baseline: Baseline) -> None:
    for table in (before, after):
        for axis, mine, theirs in (
            ("economies", table.economies, baseline.economies),
            ("sectors", table.sectors, baseline.sectors),
        ):
            if mine != theirs:
                raise InputError(
                    f"the law and the baseline are not about the same {axis}",
                    hint=f"ask rate_table for the baseline's {axis}, in its order",
                    where=baseline.name,
                )
