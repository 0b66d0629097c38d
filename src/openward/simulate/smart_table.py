"""SMART on a table of tariff lines and suppliers, as users have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import InputError, InputErrors, MissingDataError
from openward.simulate.smart import SUBSTITUTION, SUPPLY, LineEffects, smart_lines

KEYS = ("product", "partner")
NEEDED = ("imports", "rate_before", "rate_after")
OPTIONAL: Mapping[str, str] = {
    "demand_elasticity": "demand",
    "substitution": "substitution",
    "supply_elasticity": "supply",
    "utilization": "utilization",
}
EFFECTS = (
    "creation",
    "diversion",
    "imports_after",
    "revenue_before",
    "revenue_after",
    "welfare",
)


@dataclass(frozen=True, slots=True)
class SmartOptions:
    """What stands in for a column that the table lacks, and what holds for all lines.

    Attributes
    ----------
    demand_elasticity : float, optional
        Zero or less; None: the table must have the column.
    substitution, supply_elasticity, utilization : float
        See `smart_lines`.
    threshold : float
        Smallest cut that is claimed, a fraction.
    """

    demand_elasticity: float | None = None
    substitution: float = SUBSTITUTION
    supply_elasticity: float = SUPPLY
    utilization: float = 1.0
    threshold: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class SmartResult:
    """Effects line by line.

    Attributes
    ----------
    lines : DataFrame
        The rows given, with ``creation, diversion, imports_after, revenue_before, revenue_after, welfare`` in
        the unit of imports, ``price_pct`` and ``rate_used``.
    notes : tuple of str
    """

    lines: pl.DataFrame
    notes: tuple[str, ...]

    def by(self, *keys: str) -> pl.DataFrame:
        """Sum over lines; without keys, over everything."""
        sums = [pl.col(name).sum() for name in ("imports", *EFFECTS)]
        return (
            self.lines.group_by(list(keys), maintain_order=True).agg(sums)
            if keys
            else self.lines.select(sums)
        )


def smart(table: pl.DataFrame, options: SmartOptions) -> SmartResult:
    """Work out what a change of rates does, line by line.

    Parameters
    ----------
    table : DataFrame
        One row a line and supplier: ``product``, ``partner``, ``imports``, ``rate_before``, ``rate_after``
        (fractions), and optionally ``demand_elasticity``, ``substitution``, ``supply_elasticity`` and
        ``utilization``.
    options : SmartOptions

    Raises
    ------
    MissingDataError
        A column is not there.
    InputErrors
        A pair twice, a missing value, or one out of range.
    """
    missing = [name for name in (*KEYS, *NEEDED) if name not in table.columns]
    if "demand_elasticity" not in table.columns and options.demand_elasticity is None:
        missing.append("demand_elasticity")
    if missing:
        raise MissingDataError(
            "the table has no column " + ", ".join(missing),
            hint="it needs product, partner, imports, rate_before, rate_after and demand_elasticity "
            "(a column, or one number for all lines)",
            where="smart",
        )
    table = table.with_columns(pl.col(list(KEYS)).cast(pl.String))
    _check(table)
    numbers = {field: _column(table, name, getattr(options, name)) for name, field in OPTIONAL.items()}
    line = table["product"].rank("dense").cast(pl.Int64).to_numpy() - 1
    effects = smart_lines(
        line=line.astype(np.intp),
        imports=_column(table, "imports", None),
        before=_column(table, "rate_before", None),
        after=_column(table, "rate_after", None),
        threshold=options.threshold,
        **numbers,
    )
    return SmartResult(_with(table, effects), _notes(table, effects))


def read_smart(path: Path) -> pl.DataFrame:
    """Read a table of lines, Parquet or CSV; codes stay text.

    Raises
    ------
    MissingDataError, InputError
    """
    if not path.is_file():
        raise MissingDataError("no such table", where=str(path), hint="give a .parquet or .csv file")
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, schema_overrides={"product": pl.String, "partner": pl.String})
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            f"not a table that can be read: {error}", where=str(path), hint="give Parquet or CSV"
        ) from error


def _column(
    table: pl.DataFrame, name: str, fallback: float | None
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    if name not in table.columns:
        return np.full(table.height, np.nan if fallback is None else fallback)
    values = table[name]
    if not values.dtype.is_numeric():
        raise InputError(
            f"the column {name} holds {values.dtype}, not numbers", where="smart", hint="rates are fractions"
        )
    return np.asarray(values.cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _check(table: pl.DataFrame) -> None:
    found: list[InputError] = []
    for key in KEYS:
        if table[key].null_count():
            found.append(InputError(f"{table[key].null_count()} rows without {key}", where=key))
    twice = table.select(KEYS).is_duplicated()
    if twice.any():
        first = table.filter(twice).row(0, named=True)
        found.append(
            InputError(
                f"{int(twice.sum())} rows share product and partner, first "
                f"{first['product']} {first['partner']}",
                where="product, partner",
                hint="add them up: one row a line and supplier",
            )
        )
    if not table.height:
        found.append(InputError("the table has no rows", where="smart"))
    if found:
        raise InputErrors(found)


def _with(table: pl.DataFrame, effects: LineEffects) -> pl.DataFrame:
    columns = [pl.Series(name, getattr(effects, name)) for name in EFFECTS]
    return table.with_columns(
        *columns, pl.Series("price_pct", 100.0 * effects.price), pl.Series("rate_used", effects.rate_used)
    )


def _notes(table: pl.DataFrame, effects: LineEffects) -> tuple[str, ...]:
    notes = []
    idle = int((table["imports"] == 0).sum())
    if idle:
        notes.append(f"{idle} rows have no imports before: nothing can be said of them.")
    if effects.capped:
        notes.append(f"In {effects.capped} rows the rise in duty takes away all imports.")
    same = table.filter(pl.col("rate_after") != pl.col("rate_before")).height
    notes.append(f"The rate of {same} of {table.height} rows changes.")
    return tuple(notes)
