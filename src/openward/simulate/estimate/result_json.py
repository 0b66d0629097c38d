"""A table of estimates as a document (``openward.estimate-result/1``) and as rows."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from openward.simulate.estimate.estimated import ColumnResult, EstimateResult

SCHEMA: Literal["openward.estimate-result/1"] = "openward.estimate-result/1"
Z95 = 1.959963984540054
FOOT = (
    "n", "separated", "alone in a level", "pseudo_r2", "iterations", "converged", "domestic trade", "effects",
    "clusters", "small sample",
)  # fmt: skip


def result_document(result: EstimateResult) -> dict[str, Any]:
    """Give everything, coefficients with their covariance."""
    return {
        "schema": SCHEMA,
        "name": result.name,
        "title": result.title,
        "source": result.source,
        "outcome": result.outcome,
        "file": result.file,
        "columns": [_column(one) for one in result.columns],
        "notes": list(result.notes),
    }


def _column(one: ColumnResult) -> dict[str, Any]:
    return {
        "name": one.name,
        "method": one.method,
        "coefficients": coefficient_rows(one),
        "covariance": one.covariance.tolist(),
        "dropped": list(one.dropped),
        "facts": one.facts,
        "tests": [
            {
                "name": test.name,
                "hypothesis": test.hypothesis,
                "chi2": test.statistic,
                "degrees": test.freedom,
                "p": test.p,
            }
            for test in one.tests
        ],
        "sums": [
            {"name": each.name, "value": each.value, "standard_error": each.standard_error}
            for each in one.sums
        ],
        "path": [
            {
                "since": point.since,
                "value": point.value,
                "standard_error": point.standard_error,
                "rows": point.rows,
            }
            for point in one.path
        ],
        "rows": list(one.rows),
        "notes": list(one.notes),
    }


def coefficient_rows(one: ColumnResult) -> list[dict[str, Any]]:
    """Give a row for each coefficient: estimate, error, z, p and 95 % interval."""
    from scipy.stats import norm

    errors = one.standard_errors
    rows = []
    for k, term in enumerate(one.names):
        b, error = float(one.coefficients[k]), float(errors[k])
        z = b / error if error > 0 else None
        rows.append(
            {
                "column": one.name,
                "term": term,
                "estimate": b,
                "standard_error": error,
                "z": z,
                "p": None if z is None else float(2 * norm.sf(abs(z))),
                "low95": b - Z95 * error,
                "high95": b + Z95 * error,
            }
        )
    return rows


def table_rows(result: EstimateResult) -> list[dict[str, str]]:
    """Lay columns side by side as papers do: ``estimate (error)`` by term, then what they rest on.

    Staggered columns show averages in place of the many coefficients by cohort and year.
    """
    shown = [_shown(one) for one in result.columns]
    names = [one.name for one in result.columns]

    def row(label: str, cells: list[str]) -> dict[str, str]:
        return {"": label, **dict(zip(names, cells, strict=True))}

    since = sorted({point.since for one in result.columns for point in one.path})
    first = [f"{one} years since entry" for one in since]
    terms = dict.fromkeys([*first, *(term for column in shown for term in column)])
    out = [row(term, [column.get(term, "") for column in shown]) for term in terms]
    tests = dict.fromkeys(test.name for one in result.columns for test in one.tests)
    for name in tests:
        each = [next((test for test in one.tests if test.name == name), None) for one in result.columns]
        cells = ["" if t is None else f"chi2({t.freedom}) {t.statistic:.2f}, {_p(t.p)}" for t in each]
        out.append(row(f"test: {name}", cells))
    dropped = [", ".join(one.dropped) for one in result.columns]
    if any(dropped):
        out.append(row("dropped (explained by effects or terms)", dropped))
    facts = dict.fromkeys([*FOOT, *(key for one in result.columns for key in one.facts)])
    facts.pop("last change", None)
    for key in facts:
        if any(one.facts.get(key) is not None for one in result.columns):
            out.append(row(key, [_fact(one.facts.get(key)) for one in result.columns]))
    return out


def _shown(one: ColumnResult) -> dict[str, str]:
    hidden = (
        {name for name in one.names if name.startswith("entered ")} if one.method == "staggered" else set()
    )
    errors = one.standard_errors
    out = {
        name: _cell(float(one.coefficients[k]), float(errors[k]))
        for k, name in enumerate(one.names)
        if name not in hidden
    }
    for point in one.path:
        out[f"{point.since} years since entry"] = _cell(point.value, point.standard_error)
    return out | {each.name: _cell(each.value, each.standard_error) for each in one.sums}


def _p(p: float) -> str:
    return f"p {p:.3f}" if p >= 0.0005 else "p < 0.001"


def _cell(value: float, error: float) -> str:
    return f"{value:.3f} ({error:.3f})"


def _fact(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if value and not np.isclose(value, 1.0, atol=0.1) else f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
