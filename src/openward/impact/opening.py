"""Part 2, opening: who gains, what trade is created and diverted, how much of it agreements cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.codes.economies import economy
from openward.impact.result import BilateralRow, EconomyRow, OpeningPart
from openward.indicators.diversion import CreationDiversion
from openward.simulate.baseline import Array, Outcome

MOST_PAIRS = 25


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the opening part is rendered from; arrays in the order of the outcome's economies.

    Attributes
    ----------
    split : CreationDiversion
    moved : bool array [N, N]
        Pairs (importer, exporter) of which some applied rate moved.
    coverage_before, coverage_after : [N]
        Share of goods trade under agreements in force, fraction.
    low_pct, high_pct : [N]
        Smallest and largest real income change over the elasticities tried.
    """

    split: CreationDiversion
    moved: NDArray[np.bool_]
    coverage_before: Array
    coverage_after: Array
    low_pct: Array
    high_pct: Array


def percent_change(before: float, after: float) -> float | None:
    """Give the change in percent, or None where the base is zero."""
    return None if before == 0 else 100.0 * float(after / before - 1.0)


def foreign(flows: Array) -> Array:
    """Give the flows [importer, exporter] over all sectors without domestic sales."""
    total: Array = flows.sum(axis=2)
    np.fill_diagonal(total, 0.0)
    return total


def opening_part(outcome: Outcome, measured: Measured, *, parties: frozenset[str]) -> OpeningPart:
    """Gather the opening part from a solved step of the law."""
    before, after = foreign(outcome.baseline.flows), foreign(outcome.after.flows)
    spending = final_spending(outcome)
    created, diverted = measured.split.created.sum(axis=1), measured.split.diverted.sum(axis=1)
    rows = [
        EconomyRow(
            economy=code,
            name=economy(code).name,
            party=code in parties,
            real_income_pct=float(outcome.real_income_pct[n]),
            real_income_musd=float(outcome.real_income_pct[n] / 100.0 * spending[n]),
            terms_of_trade_pct=float(outcome.terms_of_trade_pct[n]),
            volume_of_trade_pct=float(outcome.volume_of_trade_pct[n]),
            path_integrated_pct=None
            if outcome.path_integrated_pct is None
            else float(outcome.path_integrated_pct[n]),
            real_wage_pct=float(outcome.real_wage_pct[n]),
            price_index_pct=float(outcome.price_index_pct[n]),
            revenue_before_musd=float(outcome.tariff_revenue_before[n]),
            revenue_after_musd=float(outcome.tariff_revenue_after[n]),
            exports_pct=percent_change(before[:, n].sum(), after[:, n].sum()),
            imports_pct=percent_change(before[n].sum(), after[n].sum()),
            trade_created_musd=float(created[n]),
            trade_diverted_musd=float(diverted[n]),
            coverage_before_pct=100.0 * float(measured.coverage_before[n]),
            coverage_after_pct=100.0 * float(measured.coverage_after[n]),
            low_pct=float(measured.low_pct[n]),
            high_pct=float(measured.high_pct[n]),
        )
        for n, code in enumerate(outcome.baseline.economies)
    ]
    return OpeningPart(
        economies=tuple(rows),
        bilateral=_pairs(outcome, before, after, measured.moved),
        world_real_income_pct=float(outcome.real_income_pct @ spending / spending.sum()),
        trade_created_musd=float(created.sum()),
        trade_diverted_musd=float(diverted.sum()),
    )


def final_spending(outcome: Outcome) -> Array:
    """Give final spending [N] before the reform: income from work and capital, tariffs and the deficit."""
    world = outcome.baseline
    output = world.flows.sum(axis=0)
    income: Array = (world.value_added * output).sum(axis=1) + outcome.tariff_revenue_before + world.deficits
    return income


def _pairs(
    outcome: Outcome, before: Array, after: Array, moved: NDArray[np.bool_]
) -> tuple[BilateralRow, ...]:
    codes = outcome.baseline.economies
    pairs = sorted(np.argwhere(moved), key=lambda p: -abs(after[p[0], p[1]] - before[p[0], p[1]]))
    return tuple(
        BilateralRow(
            importer=codes[n],
            exporter=codes[i],
            before_musd=float(before[n, i]),
            after_musd=float(after[n, i]),
            change_pct=percent_change(float(before[n, i]), float(after[n, i])),
        )
        for n, i in pairs[:MOST_PAIRS]
    )
