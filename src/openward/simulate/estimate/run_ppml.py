"""One column of the table by PPML: regressors, bias correction, tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from openward.errors import InputError, InputErrors, OpenwardError
from openward.simulate.estimate.effects import Array, Index
from openward.simulate.estimate.estimated import ColumnResult, Fact, Sum, WaldTest, wald, weighted_sum
from openward.simulate.estimate.incidental import IncidentalCorrection, correct_incidental
from openward.simulate.estimate.panel import Panel
from openward.simulate.estimate.ppml import PoissonEstimate, ppml
from openward.simulate.estimate.spec import (
    Combination,
    EstimateSpec,
    LassoColumn,
    PpmlColumn,
    Product,
    StaggeredColumn,
    Test,
)
from openward.simulate.estimate.terms import regressors


def run_ppml(spec: EstimateSpec, column: PpmlColumn, panel: Panel) -> ColumnResult:
    """Estimate a column of the table.

    Parameters
    ----------
    spec : EstimateSpec
    column : PpmlColumn
    panel : Panel
        Rows that take part.
    """
    built = regressors(panel, column.regressors, spec.terms)
    fitted = fit_ppml(spec, column, panel, built)
    names, coefficients, covariance = fitted.names, fitted.coefficients, fitted.covariance
    facts = facts_of(fitted, column, panel)
    notes = few_clusters(column.name, fitted)
    if column.bias_correction != "none":
        corrected = _corrected(spec, column, panel, fitted)
        coefficients, covariance = corrected.coefficients, corrected.covariance
        for k, name in enumerate(names):
            facts[f"bias of {name}"] = float(corrected.bias[k])
            facts[f"uncorrected {name}"] = float(fitted.coefficients[k])
            facts[f"uncorrected error of {name}"] = float(fitted.standard_errors[k])
        notes.append(
            f"{column.name}: {column.bias_correction} correction of Weidner and Zylkin (2021); errors by pair"
        )
    _known([*column.tests, *column.combinations], tuple(built), fitted.dropped)
    return ColumnResult(
        name=column.name,
        method="ppml",
        names=names,
        coefficients=coefficients,
        covariance=covariance,
        dropped=fitted.dropped,
        facts=facts,
        tests=tuple(_test(one, names, coefficients, covariance) for one in column.tests),
        sums=tuple(_sum(one, names, coefficients, covariance) for one in column.combinations),
        notes=tuple(notes),
    )


def fit_ppml(
    spec: EstimateSpec,
    column: PpmlColumn | StaggeredColumn | LassoColumn,
    panel: Panel,
    built: Mapping[str, Array],
) -> PoissonEstimate:
    """Fit regressors with the effects and clusters of a column."""
    return ppml(
        outcome=panel.numbers(spec.outcome),
        regressors=built,
        effects=[panel.codes(one) for one in column.effects],
        clusters=cluster_codes(column.clusters, panel),
        convention=column.convention,
    )


def cluster_codes(clusters: Sequence[Product], panel: Panel) -> list[Index]:
    """Number the clusters of each way.

    Raises
    ------
    InputError
        A way has one cluster: then no variance can be told.
    """
    out = [panel.codes(one) for one in clusters]
    for product, codes in zip(clusters, out, strict=True):
        if int(codes.max()) == 0:
            raise InputError(
                f"there is one cluster by {product.label}",
                where="clusters",
                hint="cluster by something with many levels (pairs), or name no clusters",
            )
    return out


def few_clusters(name: str, fitted: PoissonEstimate) -> list[str]:
    """Say where there are fewer clusters than coefficients: then joint tests have no meaning."""
    least = min(fitted.clusters, default=len(fitted.fitted))
    if least > len(fitted.names):
        return []
    return [
        f"{name}: {least} clusters for {len(fitted.names)} coefficients: errors and tests are not reliable"
    ]


def facts_of(
    fitted: PoissonEstimate, column: PpmlColumn | StaggeredColumn | LassoColumn, panel: Panel
) -> dict[str, Fact]:
    """Say what an estimate rests on."""
    inside = panel.domestic_rows()
    ways = ", ".join(
        f"{one.label} ({count})" for one, count in zip(column.clusters, fitted.clusters, strict=True)
    )
    return {
        "n": int(fitted.used.sum()),
        "separated": fitted.separated,
        "alone in a level": fitted.alone,
        "pseudo_r2": fitted.pseudo_r2,
        "iterations": fitted.iterations,
        "converged": fitted.converged,
        "last change": fitted.change,
        "domestic trade": f"{inside} rows" if inside else "left out" if column.domestic == "drop" else "none",
        "effects": "; ".join(one.label for one in column.effects),
        "clusters": ways or "none (robust to heteroskedasticity)",
        "small sample": fitted.convention,
    }


def _corrected(
    spec: EstimateSpec, column: PpmlColumn, panel: Panel, fitted: PoissonEstimate
) -> IncidentalCorrection:
    with_pairs = column.bias_correction == "three-way"
    sides = {frozenset(("exporter", "year")), frozenset(("importer", "year"))}
    pair = frozenset(("exporter", "importer"))
    wanted = sides | ({pair} if with_pairs else set())
    found = [frozenset(one.product) for one in column.effects]
    if set(found) != wanted or any(one.symmetric for one in column.effects) or len(found) != len(wanted):
        raise InputError(
            f"the {column.bias_correction} correction is for effects exporter x year and importer x year"
            + (" and exporter x importer, one for each direction" if with_pairs else " only"),
            where="bias_correction",
            hint="write the effects so, or leave the correction out",
        )
    return correct_incidental(
        fitted,
        outcome=panel.numbers(spec.outcome),
        exporter=panel.strings("exporter"),
        importer=panel.strings("importer"),
        period=panel.strings("year"),
        pair_effects=with_pairs,
    )


def _known(asked: Sequence[Test | Combination], names: tuple[str, ...], dropped: tuple[str, ...]) -> None:
    """Raise for every term of a test or sum that was not estimated."""
    faults: list[OpenwardError] = []
    for one in asked:
        terms = list(one.of) if isinstance(one, Combination) else [*(one.zero or []), *(one.equal or [])]
        for term in terms:
            if term not in names:
                hint = f"the terms are {', '.join(names)}"
                faults.append(InputError(f"no coefficient is called {term!r}", where=one.name, hint=hint))
            elif term in dropped:
                hint = "the effects or other terms explain it"
                faults.append(InputError(f"{term} was not estimated", where=one.name, hint=hint))
    if faults:
        raise InputErrors(faults)


def _test(one: Test, names: tuple[str, ...], coefficients: Array, covariance: Array) -> WaldTest:
    unit = np.eye(len(names))
    rows = [unit[names.index(term)] for term in (one.zero or one.equal or [])]
    if one.equal is not None:
        rows = [row - rows[0] for row in rows[1:]]
    said = " = ".join(one.zero or one.equal or []) + (" = 0" if one.zero is not None else "")
    return wald(one.name, said, np.array(rows), coefficients, covariance)


def _sum(one: Combination, names: tuple[str, ...], coefficients: Array, covariance: Array) -> Sum:
    weights = np.array([one.of.get(name, 0.0) for name in names])
    return weighted_sum(one.name, weights, coefficients, covariance)
