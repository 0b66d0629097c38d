"""Input-output tables in wide csv files: one row a seller, one column a buyer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl

from openward.errors import InputError, MissingDataError
from openward.observe.input_output import InputOutput, input_output

ICIO_PARTS: Mapping[str, str] = MappingProxyType({"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"})
"""Kinds of firms the OECD tables keep apart, and their economy (extended tables, China and Mexico)."""

TOTALS = ("TOTAL", "TOT", "OUT", "OUTPUT", "X", "VA", "VALU", "TLS", "GO")
"""Names of sums that the files carry beside nodes and final demand, in upper case."""

_WIOD_KEYS = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
_WIOD_INDUSTRIES = 56


@dataclass(frozen=True, slots=True)
class _Wide:
    """A file taken apart: numbers with the names of rows and columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: np.typing.NDArray[np.float64]


def read_wide_csv(
    path: Path,
    *,
    year: int | None,
    unit: str,
    source: str,
    separator: str = "_",
    final_prefix: str = "",
    parts: Mapping[str, str] = MappingProxyType({}),
) -> InputOutput:
    """Read a square table with its final demand.

    The first column names the rows. A name that is both a row and a column is a node, ``ECONOMY_SECTOR``;
    other columns that begin with an economy are final demand there, and are summed by economy; columns and
    rows of sums are left out. A stated output column that is off its row sum is noted and not used.

    Parameters
    ----------
    path : Path
    year, unit, source
        As in `InputOutput`.
    separator : str
        Between economy and sector, first occurrence.
    final_prefix : str
        What columns of final demand begin with before the economy (``FD.``).
    parts : mapping
        Economies of the file that are a part of another (`ICIO_PARTS`); they become nodes of it.

    Raises
    ------
    MissingDataError
        There is no such file.
    InputError
        No nodes, rows missing for columns, blanks, or a column that is neither.
    """
    wide = _read(path)
    columns = set(wide.columns)
    nodes = [row for row in wide.rows if row in columns and row.upper() not in TOTALS]
    if not nodes:
        raise InputError(
            "no name is both a row and a column",
            where=str(path),
            hint=f"nodes are named ECONOMY{separator}SECTOR on both sides",
        )
    split = [name.split(separator, 1) for name in nodes]
    _one_sided(wide, nodes=nodes, separator=separator, path=path)
    bad = [name for name, both in zip(nodes, split, strict=True) if len(both) != 2]
    if bad:
        raise InputError(f"{bad[0]!r} has no {separator!r} between economy and sector", where=str(path))
    return _assemble(
        wide,
        path=path,
        nodes=nodes,
        economy_of=[parts.get(economy, economy) for economy, _ in split],
        sector_of=[sector for _, sector in split],
        final_of={
            name: parts.get(_economy(name, prefix=final_prefix, separator=separator), "")
            or _economy(name, prefix=final_prefix, separator=separator)
            for name in wide.columns
            if name not in set(nodes) and name.upper() not in TOTALS
        },
        year=year,
        unit=unit,
        source=source,
    )


def read_icio(path: Path, *, year: int) -> InputOutput:
    """Read a yearly csv of the OECD inter-country input-output tables (small or extended edition).

    Rows and columns are ``AUS_A01_02``; final demand ``AUS_HFCE``, ``AUS_NPISH``, ``AUS_GGFC``, ``AUS_GFCF``,
    ``AUS_INVNT``, ``AUS_DPABR`` (or ``AUS_NONRES``); rows ``TLS``, ``VA``, ``OUT`` (or ``AUS_TAXSUB``,
    ``VALU``, ``OUTPUT``) are sums. Value added here is output less inputs, so it includes ``TLS``.
    """
    return read_wide_csv(
        path,
        year=year,
        unit="million USD",
        source=f"OECD Inter-Country Input-Output tables, {year}",
        parts=ICIO_PARTS,
    )


def read_wiod_2016(path: Path) -> InputOutput:
    """Read a yearly csv of the WIOD 2016 release: 44 economies, 56 industries, five final uses.

    Columns ``IndustryCode, IndustryDescription, Country, RNr, Year``, then ``AUS1`` to ``ROW61``, ``TOT``;
    the industry with number k of an economy is column ``ECONOMYk``, numbers 57 to 61 are final uses.
    """
    if not path.is_file():
        raise _absent(path)
    frame = pl.read_csv(path, infer_schema_length=None)
    missing = [name for name in _WIOD_KEYS if name not in frame.columns]
    if missing:
        raise InputError(f"no column {missing[0]!r}", where=str(path), hint="columns of the 2016 release")
    frame = frame.filter(pl.col("Country") != "TOT")
    names = [f"{economy}{number}" for economy, number in frame.select("Country", "RNr").iter_rows()]
    kept = [name for name in frame.columns if name not in _WIOD_KEYS]
    wide = _Wide(tuple(names), tuple(kept), _numbers(frame.select(kept), path))
    years = frame["Year"].unique().to_list()
    if len(years) != 1:
        raise InputError(f"{len(years)} years in one table", where=str(path), hint="one file a year")
    return _assemble(
        wide,
        path=path,
        nodes=names,
        economy_of=frame["Country"].to_list(),
        sector_of=frame["IndustryCode"].to_list(),
        final_of={
            name: name.rstrip("0123456789")
            for name in kept
            if name.upper() not in TOTALS and int(name[len(name.rstrip("0123456789")) :]) > _WIOD_INDUSTRIES
        },
        year=int(years[0]),
        unit="million USD",
        source=f"World Input-Output Database, release 2016, {years[0]}",
    )


def _assemble(
    wide: _Wide,
    *,
    path: Path,
    nodes: Sequence[str],
    economy_of: Sequence[str],
    sector_of: Sequence[str],
    final_of: Mapping[str, str],
    year: int | None,
    unit: str,
    source: str,
) -> InputOutput:
    economies, sectors = list(dict.fromkeys(economy_of)), list(dict.fromkeys(sector_of))
    strange = [name for name, economy in final_of.items() if economy not in economies]
    if strange:
        raise InputError(
            f"column {strange[0]!r} is neither a node, nor a sum, nor final demand of an economy of the rows",
            where=str(path),
            hint=f"economies: {', '.join(economies[:10])}",
        )
    row_at = {name: at for at, name in enumerate(wide.rows)}
    column_at = {name: at for at, name in enumerate(wide.columns)}
    absent = [name for name in nodes if name not in column_at]
    if absent:
        raise InputError(f"row {absent[0]!r} has no column", where=str(path), hint="the table is square")
    rows = [row_at[name] for name in nodes]
    final = np.zeros((len(nodes), len(economies)))
    for name, economy in final_of.items():
        final[:, economies.index(economy)] += wide.values[rows, column_at[name]]
    table = input_output(
        economies=economies,
        sectors=sectors,
        Z=wide.values[np.ix_(rows, [column_at[name] for name in nodes])],
        F=final,
        year=year,
        unit=unit,
        source=source,
        notes=_notes(wide, rows=rows, column_at=column_at, final=final, nodes=nodes),
        node_economy=np.array([economies.index(code) for code in economy_of], dtype=np.intp),
        node_sector=np.array([sectors.index(code) for code in sector_of], dtype=np.intp),
        node_labels=nodes,
    )
    return table


def _one_sided(wide: _Wide, *, nodes: Sequence[str], separator: str, path: Path) -> None:
    """Raise where a node has a row or a column only: its column would pass for final demand."""
    known = set(nodes)
    sectors = {name.split(separator, 1)[-1] for name in nodes}
    for side, other, names in (("column", "row", wide.columns), ("row", "column", wide.rows)):
        alone = [
            name
            for name in names
            if name not in known and separator in name and name.split(separator, 1)[1] in sectors
        ]
        if alone:
            raise InputError(
                f"{side} {alone[0]!r} has no {other}", where=str(path), hint="the table is square"
            )


def _notes(
    wide: _Wide,
    *,
    rows: list[int],
    column_at: Mapping[str, int],
    final: np.typing.NDArray[np.float64],
    nodes: Sequence[str],
) -> tuple[str, ...]:
    stated = [name for name in column_at if name.upper() in ("OUT", "OUTPUT", "X", "GO", "TOT", "TOTAL")]
    if not stated:
        return ()
    sums = wide.values[np.ix_(rows, [column_at[name] for name in nodes])].sum(axis=1) + final.sum(axis=1)
    off = float(np.abs(wide.values[rows, column_at[stated[0]]] - sums).max(initial=0.0))
    if off <= 1e-9 * max(1.0, float(np.abs(sums).max(initial=0.0))):
        return ()
    return (f"the file's column {stated[0]} is off the sum of the row by up to {off:.6g}; the sum is used",)


def _economy(name: str, *, prefix: str, separator: str) -> str:
    return name.removeprefix(prefix).split(separator, 1)[0]


def _read(path: Path) -> _Wide:
    if not path.is_file():
        raise _absent(path)
    frame = pl.read_csv(path, infer_schema_length=None)
    names = frame.to_series(0).cast(pl.String).to_list()
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"row {twice!r} comes twice", where=str(path), hint="one row a seller")
    body = frame.drop(frame.columns[0])
    return _Wide(tuple(names), tuple(body.columns), _numbers(body, path))


def _numbers(frame: pl.DataFrame, path: Path) -> np.typing.NDArray[np.float64]:
    try:
        numbers = frame.cast(pl.Float64)
    except pl.exceptions.PolarsError as error:
        raise InputError("a cell is not a number", where=str(path), hint=str(error).split("\n")[0]) from error
    blank = [name for name, count in numbers.null_count().row(0, named=True).items() if count]
    if blank:
        raise InputError(f"column {blank[0]!r} has blanks", where=str(path), hint="no sale is a zero")
    return numbers.to_numpy()


def _absent(path: Path) -> MissingDataError:
    return MissingDataError("the input-output table is not there", where=str(path), hint="name the csv file")
