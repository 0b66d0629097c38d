"""An index as plain rows and as one document (``openward.index-result/1``): nothing is left to say."""

from __future__ import annotations

from dataclasses import asdict
from math import ceil, floor
from typing import Any

import numpy as np

from openward.indicators.composite.build import Index
from openward.indicators.composite.published import Comparison
from openward.indicators.composite.sobol import Sensitivity
from openward.indicators.composite.uncertainty import Uncertainty

SCHEMA = "openward.index-result/1"


def result_rows(index: Index, uncertainty: Uncertainty | None) -> list[dict[str, Any]]:
    """Give one row a unit, best first; the rank interval holds 90 % and is widened to whole ranks."""
    intervals = {one.unit: one for one in uncertainty.intervals} if uncertainty is not None else {}
    order = np.argsort(np.where(np.isnan(index.scores), -np.inf, index.scores), kind="stable")[::-1]
    parts = [k for k in index.hierarchy.children[index.hierarchy.root] if k >= index.hierarchy.indicators]
    rows = []
    for k in order:
        unit = index.units[k]
        held = intervals.get(unit)
        rows.append(
            {
                "rank": _whole(index.ranks[k]),
                "unit": unit,
                "name": index.names.get(unit, ""),
                "score": _number(index.scores[k]),
                "rank_low": None if held is None or held.low is None else floor(held.low),
                "rank_high": None if held is None or held.high is None else ceil(held.high),
                **{index.hierarchy.codes[c]: _number(index.values[k, c]) for c in parts},
                "coverage_pct": round(100.0 * float(index.coverage[k]), 1),
            }
        )
    return rows


def result_dict(
    index: Index,
    *,
    uncertainty: Uncertainty | None,
    sensitivity: Sensitivity | None,
    comparison: Comparison | None,
) -> dict[str, Any]:
    """Give everything about an index: rows, weights, unavailable indicators, trail, failures, comparison."""
    tree, spec = index.hierarchy, index.spec
    return {
        "schema": SCHEMA,
        "name": spec.name,
        "title": spec.title,
        "source": spec.source,
        "notes": [*spec.notes, *index.notes],
        "units": result_rows(index, uncertainty),
        "columns": [
            {"code": code, "level": tree.levels[k], "weight": float(index.weights[k])}
            for k, code in enumerate(tree.codes)
        ],
        "unavailable": [
            {"code": one.code, "name": one.name, "needs": one.needs} for one in spec.indicators if one.needs
        ],
        "uncertainty": None
        if uncertainty is None
        else {
            "replicates": uncertainty.replicates,
            "failed": uncertainty.failed,
            "seed": uncertainty.seed,
            "level_pct": 90,
            "failures": [asdict(one) for one in uncertainty.failures],
        },
        "sensitivity": None if sensitivity is None else asdict(sensitivity),
        "published": None if comparison is None else asdict(comparison),
        "changes": [asdict(one) for one in index.changes],
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
