"""Readers: a public file, as its dictionary entry describes it, becomes a canonical table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from openward.codes.economies import economies
from openward.errors import InputError, InputErrors
from openward.observe.dictionary import Dataset, Recipe, dataset, shape_faults

WORLD = "WLD"
"""The world as published: only in `macro`, and never the sum of the rows."""

Reader = Callable[[pl.LazyFrame, Recipe, Dataset], pl.LazyFrame]


def read_public(path: Path, *, of: Dataset) -> pl.LazyFrame:
    """Read a public file as the canonical table that its recipe names.

    Parameters
    ----------
    path : Path
        Parquet or CSV.
    of : Dataset
        A dataset with a recipe.

    Returns
    -------
    LazyFrame
        Columns of the canonical dataset, in its order and types; what the file lacks is empty.

    Raises
    ------
    InputErrors
        The file does not have the columns of its dictionary entry.
    """
    if of.recipe is None:
        raise InputError(f"{of.name} has no recipe", where=str(path), hint="it is not a public dataset")
    raw = scan(path)
    wrong = shape_faults(raw.head(0).collect(), of=of, where=str(path))
    if wrong:
        raise InputErrors(wrong)
    target = dataset(of.recipe.gives)
    text = [name for name, kind in raw.collect_schema().items() if kind in (pl.Categorical, pl.Enum)]
    frame = READERS[of.recipe.reader](raw.with_columns(pl.col(text).cast(pl.String)), of.recipe, target)
    return conform(frame, to=target)


def scan(path: Path) -> pl.LazyFrame:
    """Open a Parquet or CSV file without reading it; codes in CSV keep their zeros."""
    try:
        if path.suffix == ".parquet":
            return pl.scan_parquet(path)
        return pl.scan_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError("not a readable table", where=str(path), hint=str(error).splitlines()[0]) from error


def conform(frame: pl.LazyFrame, *, to: Dataset) -> pl.LazyFrame:
    """Give a table the columns, order and types of a canonical dataset; absent columns are empty."""
    present = frame.collect_schema().names()
    return frame.select(
        (pl.col(f.name) if f.name in present else pl.lit(None)).cast(f.dtype).alias(f.name) for f in to.fields
    )


def _columns(frame: pl.LazyFrame, recipe: Recipe, target: Dataset) -> pl.LazyFrame:
    """Rename, leave out, recode, read dates, scale and add constants."""
    options = recipe.options
    frame = frame.rename(dict(options.get("rename", {})))
    for name, values in options.get("drop", {}).items():
        frame = frame.filter(~pl.col(name).is_in(list(values)))
    if "economy" in target.columns:
        frame = _known(frame, options)
    return frame.with_columns(
        *(pl.col(name).replace(dict(new)) for name, new in options.get("recode", {}).items()),
        *(pl.lit(value).alias(name) for name, value in options.get("constants", {}).items()),
        *(pl.col(name).str.to_date(written) for name, written in options.get("dates", {}).items()),
        *(_number(name, options) for name in target.columns if _is_changed(name, options)),
    )


def _is_changed(name: str, options: Mapping[str, Any]) -> bool:
    return name in options.get("scale", {}) or name in options.get("empty", {})


def _number(name: str, options: Mapping[str, Any]) -> pl.Expr:
    value = pl.col(name).cast(pl.Float64)
    if name in options.get("empty", {}):
        value = pl.when(value.is_finite() & (value != options["empty"][name])).then(value)
    factor: float = options.get("scale", {}).get(name, 1.0)
    return (value * factor).alias(name)


def _series(frame: pl.LazyFrame, recipe: Recipe, target: Dataset) -> pl.LazyFrame:
    """Turn one row a figure into one column a series."""
    options = recipe.options
    for name, wanted in options.get("where", {}).items():
        frame = frame.filter(pl.col(name) == wanted)
    frame = _known(frame, options)
    code, value = pl.col(options["series"]), pl.col(options["value"]).cast(pl.Float64)
    key = list(target.key)
    return frame.group_by(key).agg(
        (value.filter(code == name).drop_nulls().first() * column["scale"]).alias(column["column"])
        for name, column in options["names"].items()
    )


def _known(frame: pl.LazyFrame, options: Mapping[str, Any]) -> pl.LazyFrame:
    """Keep economies and the world; groups and private codes of the file are left out."""
    other = dict(options.get("economies", {}))
    known = [*economies(), WORLD]
    return frame.with_columns(pl.col("economy").replace(other)).filter(pl.col("economy").is_in(known))


def foreign(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Leave out trade of an economy with itself, where the table has two parties."""
    columns = frame.collect_schema().names()
    if "exporter" in columns and "importer" in columns:
        return frame.filter(pl.col("exporter") != pl.col("importer"))
    return frame


READERS: Mapping[str, Reader] = MappingProxyType({"columns": _columns, "series": _series})
