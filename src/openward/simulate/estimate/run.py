"""Run the spec of an estimation, column by column."""

from __future__ import annotations

from pathlib import Path

from openward.errors import InputErrors, OpenwardError
from openward.simulate.estimate.estimated import ColumnResult, EstimateResult
from openward.simulate.estimate.panel import ROLES, Panel, read_panel
from openward.simulate.estimate.run_elasticity import run_elasticity
from openward.simulate.estimate.run_lasso import run_lasso
from openward.simulate.estimate.run_ppml import run_ppml
from openward.simulate.estimate.run_staggered import run_staggered
from openward.simulate.estimate.spec import (
    Column,
    ElasticityColumn,
    EstimateSpec,
    PpmlColumn,
    StaggeredColumn,
)
from openward.simulate.estimate.terms import columns_of


def estimate(spec: EstimateSpec, folder: Path) -> EstimateResult:
    """Estimate every column of a spec.

    Parameters
    ----------
    spec : EstimateSpec
    folder : Path
        The spec's file is relative to it.

    Raises
    ------
    MissingDataError
        The file is not there.
    InputErrors
        Everything that keeps a column from being estimated, named by column.
    NotConvergedError
        An estimate does not converge.
    """
    panel = read_panel(spec.data, folder, wanted=[spec.outcome, *_wanted(spec)])
    columns: list[ColumnResult] = []
    faults: list[OpenwardError] = []
    for one in spec.estimates:
        try:
            columns.append(_column(spec, one, panel))
        except InputErrors as several:
            faults += [_named(error, one.name) for error in several.errors]
        except OpenwardError as error:
            if error.code == "not-converged":
                raise _named(error, one.name) from error
            faults.append(_named(error, one.name))
    if faults:
        raise InputErrors(faults)
    return EstimateResult(
        name=spec.name,
        title=spec.title,
        source=spec.source,
        outcome=spec.outcome,
        file=spec.data.file,
        columns=tuple(columns),
        notes=tuple(spec.notes),
    )


def _column(spec: EstimateSpec, one: Column, panel: Panel) -> ColumnResult:
    panel = panel.narrowed(one.where)
    if isinstance(one, ElasticityColumn):
        return run_elasticity(spec, one, panel)
    if one.domestic == "drop":
        panel = panel.foreign()
    if isinstance(one, PpmlColumn):
        return run_ppml(spec, one, panel)
    if isinstance(one, StaggeredColumn):
        return run_staggered(spec, one, panel)
    return run_lasso(spec, one, panel)


def _wanted(spec: EstimateSpec) -> list[str]:
    """Name every column of the file that the spec leans on, so that all absent ones are said at once."""
    out = columns_of(spec.terms)
    for one in spec.estimates:
        out += [condition.column for condition in one.where]
        if isinstance(one, ElasticityColumn):
            out.append(one.tariff)
            continue
        products = [*one.effects, *one.clusters]
        out += [name for each in products for name in each.product if name not in ROLES]
        if isinstance(one, PpmlColumn):
            named = one.regressors
        elif isinstance(one, StaggeredColumn):
            named = [one.treatment, *one.controls]
        else:
            named = [*one.candidates, *one.unpenalized]
        out += [name for name in named if name not in spec.terms]
    return out


def _named(error: OpenwardError, name: str) -> OpenwardError:
    """Say in which column of the table an error is."""
    where = f"estimates {name}" + (f", {error.where}" if error.where else "")
    return type(error)(error.message, hint=error.hint, where=where)
