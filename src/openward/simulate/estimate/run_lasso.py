"""One column of the table by lasso: which candidates are selected, and PPML on those."""

from __future__ import annotations

import numpy as np

from openward.errors import InputError
from openward.simulate.estimate.effects import Array
from openward.simulate.estimate.estimated import ColumnResult, Fact
from openward.simulate.estimate.lasso import LassoFit, Problem, fit_lasso, penalty_path, plug_in, problem
from openward.simulate.estimate.panel import Panel
from openward.simulate.estimate.ppml import PoissonEstimate
from openward.simulate.estimate.run_ppml import cluster_codes, facts_of, few_clusters, fit_ppml
from openward.simulate.estimate.spec import EstimateSpec, LassoColumn
from openward.simulate.estimate.terms import regressors


def run_lasso(spec: EstimateSpec, column: LassoColumn, panel: Panel) -> ColumnResult:
    """Select among candidates and estimate what is selected.

    Parameters
    ----------
    spec : EstimateSpec
    column : LassoColumn
    panel : Panel
        Rows that take part.

    Notes
    -----
    The errors of the second step do not know of the first: they hold for the model that was selected.
    """
    if len(column.clusters) > 1:
        raise InputError(
            "the penalty takes one way of clusters", where="clusters", hint="keep one, such as the pair"
        )
    built = regressors(panel, [*column.unpenalized, *column.candidates], spec.terms)
    free = regressors(panel, column.unpenalized, spec.terms) if column.unpenalized else {}
    names = list(built)
    penalized = np.array([name not in free for name in names])
    groups = cluster_codes(column.clusters, panel)
    this = problem(
        outcome=panel.numbers(spec.outcome),
        columns=np.column_stack(list(built.values())),
        effects=[panel.codes(one) for one in column.effects],
        clusters=groups[0] if groups else None,
    )
    fits = [plug_in(this, penalized)] if column.penalty == "plug-in" else penalty_path(this, penalized)
    criteria = None if column.penalty == "plug-in" else bic(this, fits)
    fit = fits[0]
    if criteria is not None:
        near = fits[int(np.argmin(criteria))]
        fit = fit_lasso(this, penalty=near.penalty, loadings=near.loadings, start=near)
    chosen = [name for name, b in zip(names, fit.coefficients, strict=True) if b != 0.0]
    facts: dict[str, Fact] = {
        "penalty": fit.penalty,
        "candidates": int(penalized.sum()),
        "selected": sum(name not in free for name in chosen),
        "stationarity": stationarity(fit),
    }
    if not chosen:
        return _nothing(column, facts, names, fit)
    after = fit_ppml(spec, column, panel, {name: built[name] for name in chosen})
    facts = facts_of(after, column, panel) | facts
    return ColumnResult(
        name=column.name,
        method="lasso",
        names=after.names,
        coefficients=after.coefficients,
        covariance=after.covariance,
        dropped=after.dropped,
        facts=facts,
        rows=tuple(_row(name, k, fit, after) for k, name in enumerate(names)),
        notes=(
            *few_clusters(column.name, after),
            f"{column.name}: coefficients are PPML on what the lasso selects ({column.penalty}); "
            "their errors do not allow for the selection",
        ),
    )


def bic(this: Problem, fits: list[LassoFit]) -> Array:
    r"""Give the criterion :math:`D / \hat\varphi + k \ln G` of each fit.

    ``D`` is the deviance, ``k`` the number of coefficients, ``G`` the number of clusters (else of rows) and
    :math:`\hat\varphi` the dispersion (Pearson's statistic over rows) of the least penalized fit: without it
    the criterion of a pseudo-likelihood would change with the currency.
    """
    last = fits[-1]
    dispersion = float(((this.y - last.mean) ** 2 / last.mean).mean())
    count = len(this.y) if this.clusters is None else int(this.clusters.max()) + 1
    return np.array(
        [fit.deviance / dispersion + float((fit.coefficients != 0).sum()) * np.log(count) for fit in fits]
    )


def stationarity(fit: LassoFit) -> float:
    """Give the largest breach of the conditions of a minimum, relative to the bound of each score."""
    bound = fit.penalty * fit.loadings
    held = bound > 0
    gap = np.where(
        fit.coefficients != 0,
        np.abs(fit.score - bound * np.sign(fit.coefficients)),
        np.maximum(np.abs(fit.score) - bound, 0.0),
    )
    return float((gap[held] / bound[held]).max(initial=0.0))


def _row(name: str, k: int, fit: LassoFit, after: PoissonEstimate) -> dict[str, Fact]:
    at = after.names.index(name) if name in after.names else None
    bound = fit.penalty * fit.loadings[k]
    return {
        "term": name,
        "selected": bool(fit.coefficients[k] != 0.0),
        "lasso": float(fit.coefficients[k]),
        "after selection": None if at is None else float(after.coefficients[at]),
        "standard_error": None if at is None else float(after.standard_errors[at]),
        "score over bound": None if bound == 0 else float(abs(fit.score[k]) / bound),
    }


def _nothing(column: LassoColumn, facts: dict[str, Fact], names: list[str], fit: LassoFit) -> ColumnResult:
    return ColumnResult(
        name=column.name,
        method="lasso",
        names=(),
        coefficients=np.zeros(0),
        covariance=np.zeros((0, 0)),
        dropped=(),
        facts=facts,
        rows=tuple(
            {
                "term": name,
                "selected": False,
                "lasso": 0.0,
                "after selection": None,
                "standard_error": None,
                "score over bound": float(abs(fit.score[k]) / (fit.penalty * fit.loadings[k])),
            }
            for k, name in enumerate(names)
        ),
        notes=(f"{column.name}: the lasso selects nothing at this penalty",),
    )
