"""Shipments (``openward.shipments/1``): columns checked, words turned into positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError

if TYPE_CHECKING:
    import polars as pl

SCHEMA = "openward.shipments/1"
REQUIRED = ("row", "flow", "from", "to", "origin", "hs", "edition", "on", "value", "currency")
OPTIONAL = (
    "quantity",
    "unit",
    "claim",
    "proof",
    "parties",
    "end_use",
    "zone",
    "additional_code",
    "facts",
)
Small = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of words: the position of each row's word in ``words``; -1 where it is null or empty."""

    at: Small
    words: tuple[str, ...]

    def map(self, table: NDArray[Any], otherwise: object) -> NDArray[Any]:
        """Give what a table says of each row's word."""
        padded = np.append(table, np.array([otherwise], dtype=table.dtype))
        return padded[self.at]

    def word(self, row: int) -> str:
        """Give the word of a row; empty where it has none."""
        at = int(self.at[row])
        return self.words[at] if at >= 0 else ""


def check_columns(names: Sequence[str], *, where: str) -> None:
    """Refuse a table without the columns that are required.

    Raises
    ------
    InputError
        Naming all that are missing, or unknown.
    """
    unknown = [name for name in names if name not in {*REQUIRED, *OPTIONAL}]
    missing = [name for name in REQUIRED if name not in names]
    if unknown and not missing:
        raise InputError(
            f"the shipments have unknown columns: {', '.join(unknown)}",
            hint=f"leave them out; {SCHEMA} has {', '.join((*REQUIRED, *OPTIONAL))}",
            where=where,
        )
    if missing:
        raise InputError(
            f"the shipments lack the column{'s' * (len(missing) > 1)} {', '.join(missing)}",
            hint=f"{SCHEMA} needs {', '.join(REQUIRED)}; {', '.join(OPTIONAL)} may be there",
            where=where,
        )


def either(first: Coded, other: Coded) -> Coded:
    """Give the word of one column, and that of another where the first has none."""
    words = tuple(dict.fromkeys((*first.words, *other.words)))
    place = {word: k for k, word in enumerate(words)}
    mine = first.map(np.array([place[word] for word in first.words], dtype=np.int32), -1)
    theirs = other.map(np.array([place[word] for word in other.words], dtype=np.int32), -1)
    return Coded(np.where(mine < 0, theirs, mine).astype(np.int32), words)


def coded(column: pl.Series) -> Coded:
    """Number the words of a column; spaces around them do not count."""
    import polars as pl

    text = column if column.dtype == pl.String else column.cast(pl.String, strict=False)
    held = text.cast(pl.Categorical).to_physical()
    place = held.fill_null(0).to_numpy()
    filled = held.is_not_null().to_numpy()
    if not filled.any():
        return Coded(np.full(len(text), -1, dtype=np.int32), ())
    first = np.full(int(place.max()) + 1, -1, dtype=np.int64)
    first[place[filled]] = np.flatnonzero(filled)
    used = np.flatnonzero(first >= 0)
    words = text.gather(first[used]).str.strip_chars().to_list()
    number = {word: k for k, word in enumerate(dict.fromkeys(word for word in words if word))}
    table = np.full(len(first), -1, dtype=np.int32)
    table[used] = [number.get(word, -1) for word in words]
    return Coded(np.where(filled, table[place], -1).astype(np.int32), tuple(number))


def numbers(column: pl.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give a column as floats, and which rows hold something that is not a number."""
    import polars as pl

    read = column if column.dtype == pl.Float64 else column.cast(pl.Float64, strict=False)
    broken = (read.is_null() & column.is_not_null()).to_numpy()
    return read.fill_null(float("nan")).to_numpy(), broken


def days(column: pl.Series) -> tuple[Small, NDArray[np.bool_]]:
    """Give a column of days as day numbers, and which rows hold something that is not a day."""
    import polars as pl

    if column.dtype == pl.String:
        read = column.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
    elif column.dtype == pl.Date:
        read = column
    elif isinstance(column.dtype, pl.Datetime):
        read = column.cast(pl.Date)
    else:
        read = pl.Series(column.name, [None] * len(column), dtype=pl.Date)
    broken = (read.is_null() & column.is_not_null()).to_numpy()
    return read.to_physical().fill_null(0).to_numpy().astype(np.int32), broken
