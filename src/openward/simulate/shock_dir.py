"""Shock directories: a change to a baseline as tables (CONTRACTS, "Shock directory")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, MissingDataError
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.folders import check_names, find_tables, replace_folder
from openward.simulate.large_rates import large_rates
from openward.simulate.long_form import Column, Faults, read_table, to_array, to_frame

TABLES: Mapping[str, tuple[tuple[str, ...], Column]] = {
    "tariffs": (("importer", "exporter", "sector"), Column("rate", low=-1.0, open_low=True)),
    "trade_costs": (
        ("importer", "exporter", "sector"),
        Column("factor", low=0.0, open_low=True, may_be_infinite=True),
    ),
    "productivity": (("economy", "sector"), Column("factor", low=0.0, open_low=True)),
    "deficits": (("economy",), Column("value")),
    "elasticities": (("sector",), Column("theta", low=0.0, open_low=True)),
    "export_taxes": (("importer", "exporter", "sector"), Column("rate", low=-1.0, open_low=True)),
    "quotas": (("importer", "exporter", "sector"), Column("factor", low=0.0, open_low=True)),
    "export_quotas": (("importer", "exporter", "sector"), Column("factor", low=0.0, open_low=True)),
}

BALANCE = 1e-6
"""How far the sum of deficits may be from zero, relative to world trade and home sales."""


@dataclass(frozen=True, slots=True, eq=False)
class ShockReading:
    """A shock from a directory and what was noticed while reading.

    Attributes
    ----------
    shock : Shock
    notes : tuple of str
    """

    shock: Shock
    notes: tuple[str, ...]


def read_shock(directory: Path, baseline: Baseline) -> Shock:
    """Read a shock directory against a baseline.

    Parameters
    ----------
    directory : Path
        Folder with any of the tables ``tariffs``, ``trade_costs``, ``productivity``, ``deficits``,
        ``elasticities``, ``export_taxes``, ``quotas`` and ``export_quotas``, each ``.parquet`` or ``.csv``; a
        missing row leaves the baseline's value (factors: 1; taxes: 0; quotas: none).
    baseline : Baseline
        Gives economies, sectors and the values that stay.

    Returns
    -------
    Shock
        Named like the folder; parts without a table are None.

    Raises
    ------
    MissingDataError
        The folder is not there or holds no table.
    InputErrors
        Everything that is wrong, each with file, column, rows and a hint.
    """
    return read_shock_with_notes(directory, baseline).shock


def read_shock_with_notes(directory: Path, baseline: Baseline) -> ShockReading:
    """Read a shock directory as `read_shock`, and tell what looks doubtful in it."""
    faults = Faults()
    present = find_tables(directory, known=(*TABLES,), faults=faults)
    check_names(directory, known=(*TABLES,), faults=faults)
    if not present and not faults.found:
        raise MissingDataError(
            "not a shock directory: it holds none of the tables",
            where=str(directory),
            hint="tables are " + ", ".join(TABLES) + ", each .parquet or .csv",
        )
    start = _unchanged(baseline)
    arrays: dict[str, Array] = {}
    for name, path in present.items():
        keys, column = TABLES[name]
        frame = read_table(path, keys=keys, column=column, faults=faults)
        if frame is not None:
            codes = {key: _codes(key, baseline) for key in keys}
            arrays[name] = to_array(path, frame, codes=codes, start=start[name], faults=faults)
    _check(present, baseline=baseline, arrays=arrays, faults=faults)
    faults.stop()
    shock = Shock(
        name=directory.name,
        tariffs=arrays.get("tariffs"),
        trade_costs=arrays.get("trade_costs"),
        productivity=arrays.get("productivity"),
        deficits=arrays.get("deficits"),
        theta=arrays.get("elasticities"),
        export_taxes=arrays.get("export_taxes"),
        quotas=arrays.get("quotas"),
        export_quotas=arrays.get("export_quotas"),
    )
    if shock.tariffs is None:
        return ShockReading(shock, ())
    new = np.where(shock.tariffs != baseline.tariffs, shock.tariffs, 0.0)
    codes_of = {"economies": baseline.economies, "sectors": baseline.sectors}
    return ShockReading(shock, large_rates(new, **codes_of, file=f"The shock's {present['tariffs'].name}"))


def write_shock(shock: Shock, baseline: Baseline, directory: Path, *, overwrite: bool = False) -> None:
    """Write the parts of a shock that differ from the baseline, all or nothing.

    Parameters
    ----------
    shock : Shock
        Without ``price_wedge``, which the format has no table for.
    baseline : Baseline
    directory : Path
        Must not exist, unless ``overwrite``.
    overwrite : bool
        Replace a directory that is there.

    Raises
    ------
    InputError
        A price wedge.
    RefusedError
        The directory exists.
    """
    if shock.price_wedge is not None:
        raise InputError(
            "a shock directory has no table for price wedges",
            hint="keep the reform file, or fold the wedge into trade_costs",
        )
    start = _unchanged(baseline)
    parts = {
        "tariffs": shock.tariffs,
        "trade_costs": shock.trade_costs,
        "productivity": shock.productivity,
        "deficits": shock.deficits,
        "elasticities": shock.theta,
        "export_taxes": shock.export_taxes,
        "quotas": shock.quotas,
        "export_quotas": shock.export_quotas,
    }
    with replace_folder(directory, overwrite=overwrite) as folder:
        for name, values in parts.items():
            if values is None:
                continue
            keys, column = TABLES[name]
            changed: NDArray[np.bool_] = np.not_equal(values, start[name])
            codes = {key: _codes(key, baseline) for key in keys}
            frame = to_frame(values, codes=codes, name=column.name, keep=changed)
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd")


def _unchanged(baseline: Baseline) -> dict[str, Array]:
    return {
        "tariffs": baseline.tariffs,
        "trade_costs": np.ones_like(baseline.flows),
        "productivity": np.ones_like(baseline.value_added),
        "deficits": baseline.deficits,
        "elasticities": baseline.theta,
        "export_taxes": np.zeros_like(baseline.flows),
        "quotas": np.full_like(baseline.flows, np.inf),
        "export_quotas": np.full_like(baseline.flows, np.inf),
    }


def _codes(key: str, baseline: Baseline) -> tuple[str, ...]:
    return baseline.economies if key in ("importer", "exporter", "economy") else baseline.sectors


def _check(
    paths: Mapping[str, Path], *, baseline: Baseline, arrays: Mapping[str, Array], faults: Faults
) -> None:
    home = np.arange(len(baseline.economies))
    if "tariffs" in arrays and (arrays["tariffs"][home, home] != 0).any():
        faults.add(
            InputError(
                "tariffs on home sales",
                where=f"{paths['tariffs']}: rate",
                hint="remove rows where importer and exporter are the same",
            )
        )
    if "deficits" in arrays and not abs(arrays["deficits"].sum()) <= BALANCE * baseline.flows.sum():
        faults.add(
            InputError(
                f"deficits sum to {arrays['deficits'].sum():.6g}, not to zero",
                where=f"{paths['deficits']}: value",
                hint="a missing row keeps the baseline's deficit; give all economies that change",
            )
        )
