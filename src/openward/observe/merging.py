"""Put the parts of a table together: a whole year, series or reporter from one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from openward.observe.dictionary import Combine, Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A canonical table from one source.

    Attributes
    ----------
    frame : LazyFrame
    vintage, source : str
    classification : str or None
        Of the products.
    notes : tuple of str
    """

    frame: pl.LazyFrame
    vintage: str
    source: str
    classification: str | None = None
    notes: tuple[str, ...] = ()


def merge(parts: Sequence[Part], *, of: Dataset) -> Part:
    """Put parts together, the first preferred; nothing is averaged and no series is spliced.

    Parameters
    ----------
    parts : sequence of Part
        At least one.
    of : Dataset
        Says what is taken whole: years of a trade table, series of an economy in `macro`, a flow as one
        reporter counted it in a monthly table.
    """
    frame, notes = _WAYS[of.combine](parts, of)
    classes = dict.fromkeys(part.classification for part in parts if part.classification)
    return Part(
        frame=frame,
        vintage="; ".join(dict.fromkeys(part.vintage for part in parts)),
        source="; ".join(dict.fromkeys(part.source for part in parts)),
        classification=" and ".join(classes) or None,
        notes=(*notes, *dict.fromkeys(note for part in parts for note in part.notes)),
    )


def _years(parts: Sequence[Part], of: Dataset) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """Take every year from the first part that has it."""
    if len(parts) == 1:
        return parts[0].frame, ()
    taken: set[int] = set()
    kept, notes = [], []
    for part in parts:
        years = set(part.frame.select(pl.col("year").unique()).collect()["year"].to_list())
        new = years - taken
        if new:
            kept.append(part.frame if new == years else part.frame.filter(pl.col("year").is_in(sorted(new))))
            notes.append(f"{spans(new)}: {part.vintage}")
        taken |= new
    return pl.concat(kept), tuple(notes)


def _reporters(parts: Sequence[Part], of: Dataset) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """Take a flow of a reporter from the first part that has it: two counts of one border are not spliced."""
    if len(parts) == 1:
        return parts[0].frame, ()
    key = ["reporter", "flow"]
    rows = pl.concat(part.frame.with_columns(part=pl.lit(at)) for at, part in enumerate(parts))
    kept = rows.filter(pl.col("part") == pl.col("part").min().over(key)).select(of.columns)
    return kept, ("every flow of a reporter is from one source, in the order the sources are named",)


def _series(parts: Sequence[Part], of: Dataset) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """Take every column of an economy from the first part that has a figure in it."""
    key = list(of.key)
    values = [name for name in of.columns if name not in key]
    rows = pl.concat(
        part.frame.unpivot(on=values, index=key).drop_nulls("value").with_columns(part=pl.lit(at))
        for at, part in enumerate(parts)
    ).filter(pl.col("part") == pl.col("part").min().over("economy", "variable"))
    wide = (
        rows.group_by(key)
        .agg(pl.col("value").filter(pl.col("variable") == name).first().alias(name) for name in values)
        .select(of.columns)
        .sort(key)
    )
    note = "every series of an economy is from one source, in the order the sources are named"
    filled, more = _products(wide, of)
    return filled, (*((note,) if len(parts) > 1 else ()), *more)


def _products(frame: pl.LazyFrame, of: Dataset) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """Fill a series that an economy lacks as a whole with the product of two that it has."""
    filled, notes = [], []
    for field in (field for field in of.fields if field.product_of):
        one, other = field.product_of
        absent = pl.col(field.name).is_null().all().over(of.key[0])
        product = (pl.col(one) * pl.col(other)).alias(field.name)
        filled.append(pl.when(absent).then(product).otherwise(field.name).alias(field.name))
        if frame.select((product.is_not_null() & absent).any()).collect().item():
            notes.append(f"{field.name}: {one} times {other} where an economy has no series of its own")
    return frame.with_columns(filled), tuple(notes)


def spans(years: set[int]) -> str:
    """Write years as ``2000-2020, 2023``."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


_Way = Callable[[Sequence[Part], Dataset], tuple[pl.LazyFrame, tuple[str, ...]]]
_WAYS: Mapping[Combine, _Way] = MappingProxyType(
    {"years": _years, "series": _series, "reporters": _reporters}
)
