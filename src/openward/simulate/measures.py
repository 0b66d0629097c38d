"""More of what an outcome says: values, terms of trade by partner, jobs by industry, prices by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from openward.errors import InputError
from openward.indicators.diversion import creation_diversion
from openward.simulate.baseline import Array, Outcome


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """Measures of an outcome; values in the baseline's unit at world value added of the baseline.

    Attributes
    ----------
    equivalent_variation, compensating_variation : [N]
        What the change is worth at prices before; at prices after (homothetic preferences).
    terms_of_trade_pct : [N, N]
        First-order terms of trade of an economy (first axis) with a partner, percent of its final spending;
        they sum to the outcome's.
    employment_hat : [N, J]
        Work of each industry where labor moves freely and value-added shares stay: output over the wage.
    moved_jobs_pct : [N]
        Share of work that changes industry: half the sum of absolute changes in shares.
    created, diverted : [N]
        Trade created and diverted by importer, where a tariff of the pair moved.
    """

    equivalent_variation: Array
    compensating_variation: Array
    terms_of_trade_pct: Array
    employment_hat: Array
    moved_jobs_pct: Array
    created: Array
    diverted: Array


def measure(outcome: Outcome) -> Measures:
    """Work out the measures of an outcome."""
    before, after = outcome.baseline, outcome.after
    output = before.flows.sum(axis=0)
    earned = before.value_added * output
    income = earned.sum(axis=1) + outcome.tariff_revenue_before + before.deficits
    real, index = 1 + outcome.real_income_pct / 100, 1 + outcome.price_index_pct / 100
    change = outcome.unit_cost_hat - 1.0
    sold = np.einsum("inj,nj->ni", before.flows, change)
    bought = np.einsum("nij,ij->ni", before.flows, change)
    jobs = outcome.output_hat / outcome.wage_hat[:, None]
    share = earned / earned.sum(axis=1, keepdims=True)
    now = earned * outcome.output_hat
    moved = np.abs(now / now.sum(axis=1, keepdims=True) - share).sum(axis=1) / 2
    split = creation_diversion(
        before=before.flows, after=after.flows, moved=np.not_equal(before.tariffs, after.tariffs)
    )
    return Measures(
        equivalent_variation=income * (real - 1.0),
        compensating_variation=income * index * (real - 1.0),
        terms_of_trade_pct=100.0 * (sold - bought) / income[:, None],
        employment_hat=jobs,
        moved_jobs_pct=100.0 * moved,
        created=np.asarray(split.created.sum(axis=1)),
        diverted=np.asarray(split.diverted.sum(axis=1)),
    )


def consumer_prices(outcome: Outcome, groups: Mapping[str, str]) -> dict[str, Array]:
    """Give the change in consumer prices by group of sectors, percent [N]; zero where nothing is consumed.

    Parameters
    ----------
    outcome : Outcome
    groups : mapping of sector to group

    Raises
    ------
    InputError
        A sector without a group.
    """
    sectors, final = outcome.baseline.sectors, outcome.baseline.final
    lacking = [code for code in sectors if code not in groups]
    if lacking:
        raise InputError(
            "no group for " + ", ".join(lacking[:5]), hint="give every sector one", where="consumer prices"
        )
    out = {}
    for group in dict.fromkeys(groups[code] for code in sectors):
        weight = final * np.array([groups[code] == group for code in sectors])
        total = weight.sum(axis=1)
        logs = (weight * np.log(outcome.price_hat)).sum(axis=1)
        mean = np.divide(logs, total, out=np.zeros_like(logs), where=total > 0)
        out[group] = 100.0 * np.expm1(mean)
    return out


def measure_rows(outcome: Outcome) -> list[dict[str, Any]]:
    """Give the measures by economy as plain numbers, with the partners that matter most for its prices."""
    found, codes = measure(outcome), outcome.baseline.economies
    rows = []
    for n, code in enumerate(codes):
        most = np.argsort(-np.abs(found.terms_of_trade_pct[n]))[:3]
        rows.append(
            {
                "economy": code,
                "equivalent_variation": float(found.equivalent_variation[n]),
                "compensating_variation": float(found.compensating_variation[n]),
                "trade_created": float(found.created[n]),
                "trade_diverted": float(found.diverted[n]),
                "moved_jobs_pct": float(found.moved_jobs_pct[n]),
                "terms_of_trade_pct_by_partner": {
                    codes[i]: float(found.terms_of_trade_pct[n, i]) for i in most if i != n
                },
            }
        )
    return rows
