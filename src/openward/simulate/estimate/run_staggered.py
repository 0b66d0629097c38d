"""One column of the table by extended two-way fixed effects."""

from __future__ import annotations

import numpy as np
import polars as pl

from openward.errors import InputError
from openward.simulate.estimate.effects import Array, Index
from openward.simulate.estimate.estimated import ColumnResult, Fact, WaldTest, wald
from openward.simulate.estimate.panel import Panel
from openward.simulate.estimate.run_ppml import facts_of, few_clusters, fit_ppml
from openward.simulate.estimate.spec import EstimateSpec, Product, StaggeredColumn
from openward.simulate.estimate.staggered import NEVER, averages, cells, cohorts, total_change
from openward.simulate.estimate.terms import regressors

PAIR = Product(product=["exporter", "importer"])


def run_staggered(spec: EstimateSpec, column: StaggeredColumn, panel: Panel) -> ColumnResult:
    """Estimate an effect for each cohort and year, and averages of them.

    Parameters
    ----------
    spec : EstimateSpec
    column : StaggeredColumn
    panel : Panel
        Rows that take part; units are directed pairs (and sectors, where the spec names them).
    """
    if not any({"exporter", "importer"} <= set(one.product) for one in column.effects):
        raise InputError(
            "the effects hold no pairs", where="effects", hint="add {product: [exporter, importer]}"
        )
    panel, dropped = _kept(spec, column, panel)
    treatment, unit, period = _treated(spec, column, panel)
    found = cohorts(treatment=treatment, unit=unit, period=period)
    listed, columns = cells(cohort=found.cohort, period=period, compare_with=column.compare_with)
    controls = regressors(panel, column.controls, spec.terms) if column.controls else {}
    fitted = fit_ppml(spec, column, panel, {**controls, **columns})
    estimated = [cell for cell in listed if cell.name in fitted.names]
    places = [fitted.names.index(cell.name) for cell in estimated]
    b, v = fitted.coefficients[places], fitted.covariance[np.ix_(places, places)]
    y = panel.numbers(spec.outcome)[fitted.used]
    inside = np.stack([columns[cell.name][fitted.used] for cell in estimated])
    rows, observed = inside.sum(axis=1), inside @ y
    after = np.array([cell.since >= 0 for cell in estimated])
    if not after.any():
        raise InputError(
            "the effects explain every dummy of entry", where="effects", hint="leave an effect out"
        )
    sums, path = averages(cells=estimated, rows=rows, coefficients=b, covariance=v)
    sums.insert(
        1, total_change(observed=observed[after], coefficients=b[after], covariance=v[np.ix_(after, after)])
    )
    tests = [_equal(b[after], v[np.ix_(after, after)])] if after.sum() > 1 else []
    if (~after).any():
        leads = np.eye(len(b))[~after]
        tests.append(wald("before entry", "every effect before entry = 0", leads, b, v))
    facts = facts_of(fitted, column, panel)
    facts |= dropped
    facts["pairs that enter"] = len(np.unique(unit[found.cohort != NEVER]))
    facts["pairs that never enter"] = len(np.unique(unit[found.cohort == NEVER]))
    facts["compared with"] = "pairs not in yet" if column.compare_with == "not-yet" else "pairs never in"
    errors = fitted.standard_errors[places]
    return ColumnResult(
        name=column.name,
        method="staggered",
        names=fitted.names,
        coefficients=fitted.coefficients,
        covariance=fitted.covariance,
        dropped=fitted.dropped,
        facts=facts,
        tests=tuple(tests),
        sums=tuple(sums),
        path=tuple(path),
        rows=tuple(
            {
                "entered": cell.cohort,
                "year": cell.period,
                "since": cell.since,
                "effect": float(b[k]),
                "standard_error": float(errors[k]),
                "rows": int(rows[k]),
            }
            for k, cell in enumerate(estimated)
        ),
        notes=(
            *few_clusters(column.name, fitted),
            f"{column.name}: an effect for each year of entry and year (Wooldridge 2023); averages by rows",
        ),
    )


def _treated(spec: EstimateSpec, column: StaggeredColumn, panel: Panel) -> tuple[Array, Index, Index]:
    built = regressors(panel, [column.treatment], spec.terms)
    if len(built) != 1:
        raise InputError("the treatment is several dummies", where="treatment", hint="name one 0/1 term")
    assert panel.data.year is not None
    names = [*PAIR.product, *(["sector"] if panel.data.sector else [])]
    period = panel.frame[panel.data.year].to_numpy().astype(np.int64)
    return next(iter(built.values())), panel.codes(Product(product=names)), period


def _kept(spec: EstimateSpec, column: StaggeredColumn, panel: Panel) -> tuple[Panel, dict[str, Fact]]:
    """Leave out pairs that are in from the start, and, if the spec says so, those that leave."""
    treatment, unit, period = _treated(spec, column, panel)
    found = cohorts(treatment=treatment, unit=unit, period=period)
    leaving = len(np.unique(unit[found.reversed_]))
    if leaving and column.reversals == "error":
        first = panel.frame.row(int(np.flatnonzero(found.reversed_)[0]), named=True)
        who = f"{first[panel.data.exporter]} to {first[panel.data.importer]}"
        raise InputError(
            f"{column.treatment} ends again for {leaving} pairs, first {who}",
            where="treatment",
            hint="say reversals: drop to leave these pairs out",
        )
    out = found.already | found.reversed_
    kept = Panel(panel.frame.filter(pl.Series(~out)), panel.whole, panel.data, panel.where)
    return kept, {
        "pairs in from the start, left out": len(np.unique(unit[found.already])),
        "pairs that leave, left out": leaving,
    }


def _equal(b: Array, v: Array) -> WaldTest:
    """Test that all effects are one number: what plain two-way effects take for granted."""
    unit = np.eye(len(b))
    return wald("one effect for all", "every effect after entry is the same", unit[1:] - unit[0], b, v)
