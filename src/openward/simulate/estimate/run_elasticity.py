"""One column of the table: trade elasticities by sector from tariffs."""

from __future__ import annotations

import numpy as np

from openward.errors import InputError
from openward.simulate.estimate.effects import Array
from openward.simulate.estimate.estimated import ColumnResult, Fact
from openward.simulate.estimate.panel import Panel
from openward.simulate.estimate.ppml import ppml
from openward.simulate.estimate.ratio import ratio_elasticity
from openward.simulate.estimate.spec import ElasticityColumn, EstimateSpec, Product


def run_elasticity(spec: EstimateSpec, column: ElasticityColumn, panel: Panel) -> ColumnResult:
    """Estimate an elasticity for each sector (one, where the spec names no sectors).

    Sectors are estimated apart, so the covariance between them is zero by construction.

    Parameters
    ----------
    spec : EstimateSpec
    column : ElasticityColumn
    panel : Panel
        Rows that take part; trade of an economy with itself is left out.
    """
    panel = panel.foreign()
    keys = list(panel.key_columns())
    if panel.frame.select(keys).is_duplicated().any():
        raise InputError("several rows have the same keys", where=panel.where, hint="sum them first")
    if panel.data.year is not None and panel.frame[panel.data.year].n_unique() > 1:
        raise InputError(
            "elasticities are estimated on one year", where=column.name, hint="name it in where: one_of"
        )
    rate = panel.numbers(column.tariff) / (100.0 if column.tariff_unit == "percent" else 1.0)
    value = panel.numbers(spec.outcome)
    if (value < 0).any() or (rate <= -1).any():
        raise InputError("negative trade, or a rate of -100 %", where=panel.where, hint="mend the rows")
    spent = value * (1.0 + rate) if column.values == "net-of-tariff" else value
    sector = panel.strings("sector") if panel.data.sector else np.full(len(value), "all")
    names, theta, errors, rows, notes = [], [], [], [], [_said(column)]
    for one in dict.fromkeys(sector.tolist()):
        here = np.flatnonzero(sector == one)
        part = Panel(panel.frame[here.tolist()], panel.whole, panel.data, panel.where)
        try:
            found = (
                _ratio(part, spent[here], rate[here])
                if column.estimator == "ratio"
                else _ppml(part, spent[here], rate[here])
            )
        except InputError as error:
            notes.append(f"{column.name}: {one}: {error.message}")
            continue
        names.append(one)
        theta.append(float(found["theta"]))  # type: ignore[arg-type]
        errors.append(float(found["error by pair"]))  # type: ignore[arg-type]
        rows.append({"sector": one, **found})
    if not names:
        raise InputError("no sector gives an elasticity", where=column.name, hint="; ".join(notes[1:4]))
    low = [name for name, value in zip(names, theta, strict=True) if value <= 0]
    if low:
        notes.append(f"{column.name}: not positive, so of no use in a model: {', '.join(low)}")
    return ColumnResult(
        name=column.name,
        method="elasticity",
        names=tuple(names),
        coefficients=np.array(theta),
        covariance=np.diag(np.array(errors) ** 2),
        dropped=(),
        facts={
            "n": len(value),
            "estimator": column.estimator,
            "economies": len({*panel.strings("exporter").tolist(), *panel.strings("importer").tolist()}),
            "domestic trade": "left out",
            "converged": True,
        },
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _said(column: ElasticityColumn) -> str:
    if column.estimator == "ratio":
        return f"{column.name}: least squares on triads (Caliendo and Parro 2015); errors by pair"
    return f"{column.name}: PPML with exporter, importer and symmetric pair effects; errors by pair"


def _ratio(panel: Panel, spent: Array, rate: Array) -> dict[str, Fact]:
    exporter, importer = panel.strings("exporter"), panel.strings("importer")
    economies = np.unique(np.concatenate([exporter, importer]))
    n = len(economies)
    flows, rates = np.zeros((n, n)), np.full((n, n), np.nan)
    at = np.searchsorted(economies, importer), np.searchsorted(economies, exporter)
    flows[at], rates[at] = spent, rate
    found = ratio_elasticity(flows=flows, rates=rates)
    return {
        "theta": found.theta,
        "standard_error": found.standard_error,
        "error by pair": found.pair_error,
        "rows": found.triads,
    }


def _ppml(panel: Panel, spent: Array, rate: Array) -> dict[str, Fact]:
    pair = panel.codes(Product(product=["exporter", "importer"], symmetric=True))
    sides = [panel.codes(Product(product=[one])) for one in ("exporter", "importer")]
    fitted = ppml(
        outcome=spent,
        regressors={"ln(1 + tariff)": np.log1p(rate)},
        effects=[*sides, pair],
        clusters=[pair],
    )
    error = float(fitted.standard_errors[0])
    return {
        "theta": -float(fitted.coefficients[0]),
        "standard_error": error,
        "error by pair": error,
        "rows": int(fitted.used.sum()),
    }
