"""Baseline directories: anybody's data in, checked; a calibrated world out (``openward.baseline/1``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline
from openward.simulate.baseline_assembly import assemble
from openward.simulate.baseline_checks import Tables, check_tables
from openward.simulate.baseline_head import SCHEMA, BaselineHead, SectorHead, head_text, read_head
from openward.simulate.folders import check_names, find_tables, replace_folder
from openward.simulate.long_form import Column, Faults, read_table, to_array, to_frame
from openward.simulate.shock_dir import ShockReading, read_shock, read_shock_with_notes, write_shock

__all__ = [
    "BaselineReading",
    "ShockReading",
    "read_baseline",
    "read_baseline_with_notes",
    "read_shock",
    "read_shock_with_notes",
    "write_baseline",
    "write_shock",
]

TABLES: Mapping[str, tuple[tuple[str, ...], Column]] = {
    "flows": (("importer", "exporter", "sector"), Column("value", low=0.0)),
    "tariffs": (("importer", "exporter", "sector"), Column("rate", low=-1.0, open_low=True)),
    "value_added": (("economy", "sector"), Column("share", low=0.0)),
    "use": (("economy", "input", "using"), Column("share", low=-1.0)),
    "final": (("economy", "sector"), Column("share", low=0.0)),
    "elasticities": (("sector",), Column("theta", low=0.0, open_low=True)),
    "deficits": (("economy",), Column("value")),
}
OPTIONAL = frozenset({"use", "final", "deficits"})


@dataclass(frozen=True, slots=True, eq=False)
class BaselineReading:
    """A baseline from a directory and what was derived or noticed while reading.

    Attributes
    ----------
    baseline : Baseline
    notes : tuple of str
    """

    baseline: Baseline
    notes: tuple[str, ...]


def read_baseline(directory: Path) -> Baseline:
    """Read a baseline directory of Parquet or CSV tables.

    Parameters
    ----------
    directory : Path
        Folder with the files of CONTRACTS "Baseline directory".

    Returns
    -------
    Baseline
        Economies in the order of their first row in ``value_added.parquet``, sectors as in ``baseline.yaml``.

    Raises
    ------
    InputErrors
        Everything that is wrong, each with file, column, rows and a hint.
    """
    return read_baseline_with_notes(directory).baseline


def read_baseline_with_notes(directory: Path) -> BaselineReading:
    """Read a baseline directory as `read_baseline`, and tell what was derived.

    Each table is Parquet or, under the same name, CSV. Without ``use`` there are no input-output links and
    value added is all of output. Without ``final``, final spending is what the balance leaves: purchases at
    buyers' prices less inputs; negative residuals are set to zero and reported. Without ``deficits`` they are
    imports less exports. A note says where the tables are not in equilibrium with each other, or where a
    tariff looks as if it were typed in percent.
    """
    faults = Faults()
    head = read_head(directory / "baseline.yaml", faults=faults)
    if head is None:
        faults.stop()
        raise AssertionError("a head that is not usable always leaves a fault")
    check_names(directory, known=(*TABLES,), faults=faults)
    found = find_tables(directory, known=(*TABLES,), faults=faults)
    paths = {name: directory / f"{name}.parquet" for name in TABLES} | found
    frames = {
        name: read_table(paths[name], keys=keys, column=column, faults=faults)
        for name, (keys, column) in TABLES.items()
        if name not in OPTIONAL or name in found
    }
    tables = _tables(directory, head=head, frames=frames, paths=paths, faults=faults)
    check_tables(tables, faults=faults)
    faults.stop()
    baseline, notes = assemble(tables)
    return BaselineReading(baseline=baseline, notes=notes)


def write_baseline(
    baseline: Baseline,
    directory: Path,
    *,
    sector_names: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> None:
    """Write a baseline as a directory of Parquet tables, all or nothing.

    Parameters
    ----------
    baseline : Baseline
    directory : Path
        Must not exist, unless ``overwrite``; written beside its place and moved there when complete.
    sector_names : mapping, optional
        Names of sectors; their codes by default.
    overwrite : bool
        Replace a directory that is there.

    Raises
    ------
    RefusedError
        The directory exists.
    """
    names = sector_names or {}
    head = BaselineHead(
        schema=SCHEMA,
        name=baseline.name,
        year=baseline.year,
        currency=baseline.currency,
        scale=float(baseline.scale),
        source=baseline.source,
        licence=baseline.licence,
        sectors=[
            SectorHead(code=code, name=names.get(code, code), tradable=bool(tradable))
            for code, tradable in zip(baseline.sectors, baseline.tradable, strict=True)
        ],
    )
    home = np.eye(len(baseline.economies), dtype=bool)[:, :, None]
    keeps = {
        "flows": (baseline.flows != 0) | home,
        "tariffs": baseline.tariffs != 0,
        "use": baseline.use != 0,
    }
    arrays = _stored(baseline)
    with replace_folder(directory, overwrite=overwrite) as folder:
        (folder / "baseline.yaml").write_text(head_text(head), encoding="utf-8")
        for name, (keys, column) in TABLES.items():
            codes = {key: _codes(key, economies=baseline.economies, sectors=baseline.sectors) for key in keys}
            frame = to_frame(arrays[name], codes=codes, name=column.name, keep=keeps.get(name))
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd")


def _stored(baseline: Baseline) -> dict[str, Array]:
    return {
        "flows": baseline.flows,
        "tariffs": baseline.tariffs,
        "value_added": baseline.value_added,
        "use": baseline.use,
        "final": baseline.final,
        "elasticities": baseline.theta,
        "deficits": baseline.deficits,
    }


def _codes(key: str, *, economies: tuple[str, ...], sectors: tuple[str, ...]) -> tuple[str, ...]:
    return economies if key in ("importer", "exporter", "economy") else sectors


def _tables(
    directory: Path,
    *,
    head: BaselineHead,
    frames: Mapping[str, pl.DataFrame | None],
    paths: Mapping[str, Path],
    faults: Faults,
) -> Tables:
    economies, sectors = _economies(frames), tuple(sector.code for sector in head.sectors)
    sizes = {"importer": len(economies), "exporter": len(economies), "economy": len(economies)}
    arrays: dict[str, Array] = {}
    for name, frame in frames.items():
        if frame is None:
            continue
        keys, path = TABLES[name][0], paths[name]
        codes = {key: _codes(key, economies=economies, sectors=sectors) for key in keys}
        if name == "flows":
            _check_complete(path, frame, codes=codes, faults=faults)
        empty = np.nan if name in ("value_added", "elasticities", "deficits") else 0.0
        start = np.full([sizes.get(key, len(sectors)) for key in keys], empty)
        arrays[name] = to_array(path, frame, codes=codes, start=start, faults=faults)
    refused = (
        name
        for name, frame in frames.items()
        if frame is not None and frame[TABLES[name][1].name].has_nulls()
    )
    return Tables(
        directory=directory,
        head=head,
        economies=economies,
        sectors=sectors,
        arrays=arrays,
        paths=paths,
        unusable=frozenset(refused),
    )


def _economies(frames: Mapping[str, pl.DataFrame | None]) -> tuple[str, ...]:
    """Economies by their first row in value added; by importers where that table is not usable."""
    for name, key in (("value_added", "economy"), ("flows", "importer")):
        frame = frames.get(name)
        if frame is not None:
            return tuple(frame[key].drop_nulls().unique(maintain_order=True).to_list())
    return ()


def _check_complete(
    path: Path, frame: pl.DataFrame, *, codes: Mapping[str, tuple[str, ...]], faults: Faults
) -> None:
    """Every economy must buy and sell, every sector must be sold: a missing one is an error, not a zero."""
    for key, known in codes.items():
        there = set(frame[key].drop_nulls().unique().to_list())
        missing = [code for code in known if code not in there]
        if missing:
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            faults.add(
                InputError(
                    f"no row with {key} " + ", ".join(missing[:5]) + more,
                    where=f"{path}: {key}",
                    hint="add its flows, with zeros if there are none, or remove it from the other files",
                )
            )
