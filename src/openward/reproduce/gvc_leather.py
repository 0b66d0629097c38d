"""Value added of the leather example of three economies, as R packages of the field publish it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import MissingDataError
from openward.indicators.value_added.accounts import Accounts, table_accounts
from openward.indicators.value_added.kww import kww
from openward.indicators.value_added.sources import (
    domestic_in_exports,
    exports_in_exports,
    imports_in_exports,
    origin_of_exports,
    value_added_advantage,
)
from openward.indicators.value_added.wwz import wwz
from openward.observe.input_output import Array, InputOutput
from openward.observe.input_output_csv import read_wide_csv
from openward.reproduce.reproduction import Cell, Reproduction, compare

NAME = "gvc-leather"
SOURCE = "decompr and gvc (CRAN): Leontief, KWW, WWZ, i2e, e2r and NRCA of the leather table"
TOLERANCE = 1e-6
NOTES = (
    "Importing to export (i2e) is foreign value added in an industry's exports, exporting to re-export (e2r) "
    "an industry's value added in the exports of others, NRCA the revealed advantage in value added.",
)


def reproduce(data: Path) -> Reproduction:
    """Compute all published tables again."""
    folder = data / "measure" / "gvc"
    table = read_wide_csv(
        folder / "leather_table.csv",
        year=None,
        unit="made up",
        source="decompr",
        separator=".",
        final_prefix="FD.",
    )
    ready = table_accounts(table)
    cells = [
        *_kww(folder, table, ready),
        *_wwz(folder, table, ready),
        *_industries(folder, table, ready),
        *_origins(folder, table, ready),
    ]
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)


def _kww(folder: Path, table: InputOutput, ready: Accounts) -> Iterable[Cell]:
    terms = kww(accounts=ready)
    for row in _read(folder / "leather_kww.csv").iter_rows(named=True):
        at = table.economies.index(row["Country"])
        for term, values in terms.items():
            yield _cell(row["Country"], f"KWW {term}", row[term], values[at])


def _wwz(folder: Path, table: InputOutput, ready: Accounts) -> Iterable[Cell]:
    terms = wwz(accounts=ready)
    for row in _read(folder / "leather_wwz.csv").iter_rows(named=True):
        if row["Exporting_Country"] == row["Importing_Country"]:
            continue
        at = table.node_labels.index(f"{row['Exporting_Country']}.{row['Exporting_Industry']}")
        to = table.economies.index(row["Importing_Country"])
        for term, values in terms.items():
            name = f"{table.node_labels[at]} to {row['Importing_Country']}"
            yield _cell(name, f"WWZ {term}", row[term], values[at, to])


def _industries(folder: Path, table: InputOutput, ready: Accounts) -> Iterable[Cell]:
    shape = (len(table.economies), len(table.sectors))
    advantage = value_added_advantage(by_sector=domestic_in_exports(accounts=ready).reshape(shape))
    for column, ours in (
        ("i2e", imports_in_exports(accounts=ready)),
        ("e2r", exports_in_exports(accounts=ready)),
        ("nrca", advantage.ravel()),
    ):
        published = _read(folder / f"leather_gvc_{column}.csv")[column].to_list()
        for label, known, value in zip(table.node_labels, published, ours, strict=True):
            yield _cell(label, column, known, value)


def _origins(folder: Path, table: InputOutput, ready: Accounts) -> Iterable[Cell]:
    found: tuple[tuple[str, str, Array, tuple[str, ...]], ...] = (
        ("exports", "FVAX", origin_of_exports(accounts=ready), table.node_labels),
        ("output", "FVAX", ready.v[:, None] * ready.B * ready.x[None, :], table.node_labels),
        ("final_demand", "Final_Demand", ready.v[:, None] * (ready.B @ ready.Y), table.economies),
    )
    for name, column, ours, columns in found:
        published = _read(folder / f"leather_leontief_{name}.csv")[column].to_list()
        labels = [f"{row} in {to}" for row in table.node_labels for to in columns]
        for label, known, value in zip(labels, published, np.ravel(ours), strict=True):
            yield _cell(label, f"Leontief {name}", known, value)


def _cell(row: str, column: str, published: float, computed: float) -> Cell:
    return compare(row, column, published=published, computed=float(computed), tolerance=TOLERANCE)


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise MissingDataError(
            "the table is not there", where=str(path), hint="name the data folder with --data"
        )
    return pl.read_csv(path)
