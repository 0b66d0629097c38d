"""An outcome in the form of CONTRACTS ``openward.outcome/1``: plain numbers, null with a reason, no NaN."""

from __future__ import annotations

from typing import Any

import numpy as np

from openward.simulate.baseline import Array, Outcome

SCHEMA = "openward.outcome/1"


def outcome_dict(
    outcome: Outcome, *, include_bilateral: bool = False, include_sectors: bool = False
) -> dict[str, Any]:
    """Give an outcome as nested dictionaries of strings, numbers and None.

    Parameters
    ----------
    outcome : Outcome
    include_bilateral : bool
        List the value of trade between every two economies before and after; otherwise the list is empty.
    include_sectors : bool
        List bilateral trade by sector as well (large: economies squared times sectors).

    Returns
    -------
    dict
        Where a percent change of a flow is None, ``reasons`` of the same entry says why;
        ``path_integrated_pct`` is None where it was not asked for. Values are in the baseline's
        unit at world value added of the baseline (the numeraire); trade is net of tariff.
    """
    return {
        "schema": SCHEMA,
        "model": outcome.model,
        "closure": outcome.closure,
        "numeraire": outcome.numeraire,
        "converged": outcome.converged,
        "iterations": outcome.iterations,
        "residual": outcome.residual,
        "seconds": outcome.seconds,
        "baseline": outcome.baseline.name,
        "shock": outcome.shock_name,
        "unit": {"currency": outcome.baseline.currency, "scale": outcome.baseline.scale},
        "empty_cells": outcome.empty_cells,
        "notes": list(outcome.notes),
        "economies": _economies(outcome),
        "bilateral": _bilateral(outcome, by_sector=include_sectors)
        if include_bilateral or include_sectors
        else [],
        "industries": _industries(outcome),
    }


def foreign(flows: Array) -> Array:
    """Give flows between economies [N, N, J]: home sales set to zero."""
    abroad = flows.copy()
    home = np.arange(len(flows))
    abroad[home, home] = 0.0
    return abroad


def _economies(outcome: Outcome) -> list[dict[str, Any]]:
    before, after = foreign(outcome.baseline.flows), foreign(outcome.after.flows)
    imports = before.sum(axis=(1, 2)), after.sum(axis=(1, 2))
    exports = before.sum(axis=(0, 2)), after.sum(axis=(0, 2))
    path = outcome.path_integrated_pct
    rows = []
    for n, code in enumerate(outcome.baseline.economies):
        row: dict[str, Any] = {
            "economy": code,
            "real_income_pct": float(outcome.real_income_pct[n]),
            "first_order": {
                "terms_of_trade_pct": float(outcome.terms_of_trade_pct[n]),
                "volume_of_trade_pct": float(outcome.volume_of_trade_pct[n]),
                "total_pct": float(outcome.first_order_pct[n]),
            },
            "path_integrated_pct": None if path is None else float(path[n]),
            "real_wage_pct": float(outcome.real_wage_pct[n]),
            "price_index_pct": float(outcome.price_index_pct[n]),
            "tariff_revenue_before": float(outcome.tariff_revenue_before[n]),
            "tariff_revenue_after": float(outcome.tariff_revenue_after[n]),
        }
        reasons = {}
        for name, (old, new) in (("exports", exports), ("imports", imports)):
            row[f"{name}_pct"] = _percent(old[n], new[n])
            if row[f"{name}_pct"] is None:
                reasons[f"{name}_pct"] = f"no {name} before"
        rows.append(_with_reasons(row, reasons))
    return rows


def _bilateral(outcome: Outcome, *, by_sector: bool) -> list[dict[str, Any]]:
    codes, sectors = outcome.baseline.economies, outcome.baseline.sectors
    before, after = foreign(outcome.baseline.flows), foreign(outcome.after.flows)
    old, new = before.sum(axis=2), after.sum(axis=2)
    rows: list[dict[str, Any]] = [
        {"importer": codes[n], "exporter": codes[i], "before": float(old[n, i]), "after": float(new[n, i])}
        for n, i in np.argwhere((old > 0) | (new > 0))
    ]
    if by_sector:
        rows += [
            {
                "importer": codes[n],
                "exporter": codes[i],
                "sector": sectors[j],
                "before": float(before[n, i, j]),
                "after": float(after[n, i, j]),
            }
            for n, i, j in np.argwhere((before > 0) | (after > 0))
        ]
    return rows


def _industries(outcome: Outcome) -> list[dict[str, Any]]:
    produced = outcome.baseline.flows.sum(axis=0) > 0
    bought = outcome.baseline.flows.sum(axis=1) > 0
    rows = []
    for n, code in enumerate(outcome.baseline.economies):
        for j, sector in enumerate(outcome.baseline.sectors):
            row: dict[str, Any] = {"economy": code, "sector": sector, "output_pct": None, "price_pct": None}
            reasons = {}
            if produced[n, j]:
                row["output_pct"] = float(100.0 * (outcome.output_hat[n, j] - 1.0))
            else:
                reasons["output_pct"] = "no output before"
            if bought[n, j]:
                row["price_pct"] = float(100.0 * (outcome.price_hat[n, j] - 1.0))
            else:
                reasons["price_pct"] = "nothing bought before"
            rows.append(_with_reasons(row, reasons))
    return rows


def _percent(old: float, new: float) -> float | None:
    return float(100.0 * (new / old - 1.0)) if old > 0 else None


def _with_reasons(row: dict[str, Any], reasons: dict[str, str]) -> dict[str, Any]:
    return {**row, "reasons": reasons} if reasons else row
