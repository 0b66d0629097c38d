"""What no table of a baseline directory can tell alone: shares, home sales, deficits, missing cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array
from openward.simulate.baseline_head import BaselineHead
from openward.simulate.long_form import Faults

TOLERANCE = 1e-6
"""How far shares may be from one, and deficits from what flows imply, relative to their size."""

_CROSSING = 1e-12
"""Part of world trade below which a sector does not cross borders."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The arrays of a directory.

    Attributes
    ----------
    directory : Path
    head : BaselineHead
    economies, sectors : tuple of str
    arrays : mapping of table name to array
        Absent tables are left out; a cell without a row is NaN in value added, elasticities and deficits.
    paths : mapping of table name to Path
        Where each table is, or would be.
    unusable : frozenset of str
        Tables with rows that were refused: what they seem to lack or to miss in sum is no fault of its own.
    """

    directory: Path
    head: BaselineHead
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    arrays: Mapping[str, Array]
    paths: Mapping[str, Path]
    unusable: frozenset[str] = frozenset()

    def where(self, table: str, column: str) -> str:
        """Name a column of a table in an error."""
        return f"{self.paths[table]}: {column}"

    def file(self, table: str) -> str:
        """Name the file of a table."""
        return self.paths[table].name


def check_tables(tables: Tables, *, faults: Faults) -> None:
    """Check the tables of a directory against each other.

    Parameters
    ----------
    tables : Tables
    faults : Faults
        Gets everything that is wrong; tables that could not be read are passed over.
    """
    present = tables.arrays

    def sound(*names: str) -> bool:
        return set(names) <= set(present) and not tables.unusable & set(names)

    if sound("elasticities"):
        _check_elasticities(tables, faults=faults)
    if "tariffs" in present:
        _check_tariffs(tables, faults=faults)
    if sound("final"):
        _check_final(tables, faults=faults)
    if sound("flows"):
        _check_flows(tables, faults=faults)
    if "flows" in present and sound("value_added") and "use" not in tables.unusable:
        _check_costs(tables, faults=faults)
    if "flows" in present and sound("deficits"):
        _check_deficits(tables, faults=faults)


def _check_elasticities(tables: Tables, *, faults: Faults) -> None:
    faults.cells(
        np.isnan(tables.arrays["elasticities"]),
        labels=(tables.sectors,),
        what="no elasticity",
        where=tables.where("elasticities", "theta"),
        hint="every sector of baseline.yaml needs one",
    )


def _check_tariffs(tables: Tables, *, faults: Faults) -> None:
    faults.cells(
        np.einsum("nnk->nk", tables.arrays["tariffs"]) != 0,
        labels=(tables.economies, tables.sectors),
        what="tariff on home sales",
        where=tables.where("tariffs", "rate"),
        hint="remove rows where importer and exporter are the same",
    )


def _check_final(tables: Tables, *, faults: Faults) -> None:
    total = tables.arrays["final"].sum(axis=1)
    span = f"{total.min():.6g} and {total.max():.6g}" if total.size else "nothing"
    faults.cells(
        np.abs(total - 1) > TOLERANCE,
        labels=(tables.economies,),
        what="shares of final spending do not sum to one",
        where=tables.where("final", "share"),
        hint=f"sums lie between {span}; divide by them, or leave the file out: the balance gives them",
    )


def _check_flows(tables: Tables, *, faults: Faults) -> None:
    flows = tables.arrays["flows"]
    if np.einsum("nnk->", flows) == 0:
        faults.add(
            InputError(
                "no home sales",
                where=tables.where("flows", "value"),
                hint="rows with importer = exporter hold output less exports",
            )
        )
    tradable = np.array([sector.tradable for sector in tables.head.sectors])
    crossing = flows.sum(axis=(0, 1)) - np.einsum("nnk->k", flows)
    faults.cells(
        ~tradable & (crossing > _CROSSING * flows.sum()),
        labels=(tables.sectors,),
        what="a sector that is not tradable crosses borders",
        where=tables.where("flows", "sector"),
        hint="mark it tradable in baseline.yaml",
    )


def _check_costs(tables: Tables, *, faults: Faults) -> None:
    made, share = tables.arrays["flows"].sum(axis=0) > 0, tables.arrays["value_added"]
    labels, where = (tables.economies, tables.sectors), tables.where("value_added", "share")
    faults.cells(
        made & np.isnan(share),
        labels=labels,
        what="no value added for an industry that sells",
        where=where,
        hint="add the row",
    )
    use = tables.arrays.get("use")
    total = share if use is None else share + use.sum(axis=1)
    faults.cells(
        made & (np.abs(total - 1) > TOLERANCE),
        labels=labels,
        what="value added and inputs do not sum to one",
        where=where,
        hint=f"without {tables.file('use')} value added must be one; add the file"
        if use is None
        else "both are shares of gross output, inputs with tariff",
    )
    faults.cells(
        ~(np.where(made, np.nan_to_num(share), 0.0).sum(axis=1) > 0),
        labels=(tables.economies,),
        what="an economy without value added has no income",
        where=where,
        hint="correct its shares or its flows",
    )


def _check_deficits(tables: Tables, *, faults: Faults) -> None:
    given, flows = tables.arrays["deficits"], tables.arrays["flows"]
    where = tables.where("deficits", "value")
    missing = np.isnan(given)
    faults.cells(
        missing,
        labels=(tables.economies,),
        what="no deficit",
        where=where,
        hint="give all economies, or leave the file out to take imports less exports",
    )
    if missing.any():
        return
    if abs(given.sum()) > TOLERANCE * flows.sum():
        faults.add(
            InputError(
                f"deficits sum to {given.sum():.6g}, not to zero",
                where=where,
                hint="leave the file out to take imports less exports",
            )
        )
