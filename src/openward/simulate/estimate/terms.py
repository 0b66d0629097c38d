"""Terms of a spec become regressors: one column of numbers each, or several with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from openward.errors import InputError, InputErrors, OpenwardError, UnknownCodeError
from openward.simulate.estimate.effects import Array
from openward.simulate.estimate.panel import Panel
from openward.simulate.estimate.spec_terms import (
    BordersTerm,
    ColumnTerm,
    LagTerm,
    LeadTerm,
    LogRateTerm,
    LogTerm,
    PhasedTerm,
    ProductTerm,
    Term,
)


def regressors(panel: Panel, names: Sequence[str], terms: Mapping[str, Term]) -> dict[str, Array]:
    """Build the regressors of one column of a table.

    Parameters
    ----------
    panel : Panel
    names : sequence of str
        Terms, or columns of the file.
    terms : mapping of name to term

    Returns
    -------
    mapping of name to [n]
        A term that stands for several dummies gives one entry each, named ``TERM: WHICH``.

    Raises
    ------
    InputErrors
        Every term that cannot be built, with the reason.
    """
    out: dict[str, Array] = {}
    faults: list[OpenwardError] = []
    for name in names:
        try:
            out.update(_build(panel, name, terms, ()))
        except InputErrors as several:
            faults += several.errors
        except InputError as one:
            faults.append(one)
    if faults:
        raise InputErrors(faults)
    return out


def columns_of(terms: Mapping[str, Term]) -> list[str]:
    """Name the columns of the file that terms rest on (products may name terms as well)."""
    out = []
    for term in terms.values():
        for key in ("column", "log", "log_one_plus", "lag", "lead", "phased"):
            value = getattr(term, key, None)
            if isinstance(value, str):
                out.append(value)
        if isinstance(term, ProductTerm):
            out += [name for name in term.product if name not in terms]
    return out


def _build(panel: Panel, name: str, terms: Mapping[str, Term], inside: tuple[str, ...]) -> dict[str, Array]:
    if name in inside:
        raise InputError("a product contains itself", where=f"terms {name}", hint="name a column in it")
    term = terms.get(name)
    if term is None:
        if name not in panel.frame.columns:
            raise UnknownCodeError(
                f"{name} is neither a term nor a column", where=panel.where, hint="define it under terms"
            )
        return {name: panel.numbers(name)}
    if isinstance(term, ColumnTerm):
        return {name: panel.numbers(term.column)}
    if isinstance(term, LogTerm):
        return {name: _log(panel, panel.numbers(term.log), term.log, name)}
    if isinstance(term, LogRateTerm):
        rate = panel.numbers(term.log_one_plus) / (100.0 if term.unit == "percent" else 1.0)
        return {name: _log(panel, 1.0 + rate, f"1 + {term.log_one_plus}", name)}
    if isinstance(term, LagTerm):
        return {name: _shifted(panel, term.lag, -term.years, term.missing, name)}
    if isinstance(term, LeadTerm):
        return {name: _shifted(panel, term.lead, term.years, term.missing, name)}
    if isinstance(term, PhasedTerm):
        return _phased(panel, term, name)
    if isinstance(term, BordersTerm):
        return _borders(panel, term, name)
    return _product(panel, term, name, terms, inside)


def _log(panel: Panel, values: Array, of: str, name: str) -> Array:
    bad = np.flatnonzero(values <= 0)
    if len(bad):
        first = panel.frame.row(int(bad[0]), named=True)
        who = ", ".join(str(first[key]) for key in panel.key_columns())
        raise InputError(
            f"the logarithm of {of}, which is not positive in {len(bad)} rows, first {who}",
            where=f"terms {name}",
            hint="leave the rows out with where; adding a small number moves the estimates",
        )
    return np.log(values)


def _shifted(panel: Panel, column: str, years: int, missing: str, name: str) -> Array:
    year = panel.data.year
    assert year is not None
    keys = [key for key in panel.key_columns() if key != year]
    there = panel.whole.select(*keys, (pl.col(year) - years).alias(year), pl.col(column).alias("__value"))
    if there.select(*keys, year).is_duplicated().any():
        raise InputError(
            "several rows have the same exporter, importer and year",
            where=f"terms {name}",
            hint="name the column of sectors, or sum them first",
        )
    joined = panel.frame.select("__row", *keys, year).join(there, on=[*keys, year], how="left").sort("__row")
    values = joined["__value"].cast(pl.Float64)
    absent = values.is_null() | values.is_nan()
    if absent.any() and missing == "error":
        first = joined.filter(absent).row(0, named=True)
        raise InputError(
            f"{column} of {abs(years)} years {'before' if years < 0 else 'after'} is not in the file for "
            f"{int(absent.sum())} rows, first {', '.join(str(first[key]) for key in (*keys, year))}",
            where=f"terms {name}",
            hint="keep years that have it (where), or say missing: zero",
        )
    order = np.argsort(panel.frame["__row"].to_numpy(), kind="stable")
    out = np.empty(len(values))
    out[order] = values.fill_nan(None).fill_null(0.0).to_numpy()
    return out


def _phased(panel: Panel, term: PhasedTerm, name: str) -> dict[str, Array]:
    assert panel.data.year is not None
    entry = panel.frame[term.phased].cast(pl.Int64, strict=False)
    if entry.null_count() > panel.frame[term.phased].null_count():
        raise InputError(f"{term.phased} holds what is no year", where=f"terms {name}", hint="1994, or empty")
    since = (panel.frame[panel.data.year] - entry).cast(pl.Float64).fill_null(-np.inf).to_numpy()
    steps = sorted(set(term.years))
    out = {}
    for at, following in zip(steps, [*steps[1:], None], strict=True):
        on = since >= at
        if term.form == "windows" and following is not None:
            on &= since < following
        said = f"{at} years on" if at > 0 else "entry" if at == 0 else f"{-at} years before"
        out[f"{name}: {said}"] = on.astype(np.float64)
    return out


def _borders(panel: Panel, term: BordersTerm, name: str) -> dict[str, Array]:
    abroad = (panel.frame[panel.data.exporter] != panel.frame[panel.data.importer]).to_numpy()
    if term.border == "once":
        return {name: abroad.astype(np.float64)}
    assert panel.data.year is not None
    year = panel.frame[panel.data.year].to_numpy()
    shown = [int(one) for one in np.unique(year) if one not in term.omit]
    return {f"{name}: {one}": (abroad & (year == one)).astype(np.float64) for one in shown}


def _product(
    panel: Panel, term: ProductTerm, name: str, terms: Mapping[str, Term], inside: tuple[str, ...]
) -> dict[str, Array]:
    total: dict[str, Array] = {"": np.ones(len(panel.frame))}
    for factor in term.product:
        built = _build(panel, factor, terms, (*inside, name))
        many = len(built) > 1
        total = {
            "; ".join(part for part in (label, other.partition(": ")[2] if many else "") if part): a * b
            for label, a in total.items()
            for other, b in built.items()
        }
    return {f"{name}: {label}" if label else name: values for label, values in total.items()}
