"""Write a table aside as Parquet files, a year each, without holding it in memory."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from openward.observe.dictionary import Dataset
from openward.observe.durable import sha256, sync_file, sync_folder
from openward.observe.manifest import Manifest, StoredFile

STAGING = ".staging"
TABLES = "tables"
SMALL = 3_000_000
"""Rows up to which a table is read once and cut in memory; a larger one is read once a year."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that is written, but not yet part of the workspace.

    Attributes
    ----------
    path : Path
        Where it is now.
    stored : StoredFile
        What the manifest will say.
    """

    path: Path
    stored: StoredFile


def stage(root: Path, frame: pl.LazyFrame, *, of: Dataset, vintage: str) -> tuple[Staged, ...]:
    """Write a table aside, one file a year, and sync it."""
    ident = uuid.uuid4().hex[:12]
    folder = root / STAGING / ident
    folder.mkdir(parents=True)
    cut = year_of(of)
    years = (
        [None]
        if cut is None
        else frame.select(cut.alias("y").unique().sort()).collect(engine="streaming")["y"].to_list()
    )
    small = frame
    if len(years) > 1 and int(frame.select(pl.len()).collect(engine="streaming").item()) <= SMALL:
        small = frame.collect().lazy()
    done = []
    for year in years:
        part = small if cut is None else small.filter(cut.eq_missing(pl.lit(year)))
        path = folder / f"{year}.parquet"
        part.sink_parquet(path, engine="streaming", compression="zstd", maintain_order=cut is None)
        sync_file(path)
        home = Path(TABLES) / f"dataset={of.name}" / f"vintage={vintage}"
        home = home if cut is None else home / f"year={year}"
        stored = StoredFile(
            path=(home / f"part-{ident}.parquet").as_posix(),
            year=year,
            rows=int(pl.scan_parquet(path).select(pl.len()).collect().item()),
            bytes=path.stat().st_size,
            sha256=sha256(path),
        )
        done.append(Staged(path=path, stored=stored))
    return tuple(done)


def settle(root: Path, staged: tuple[Staged, ...]) -> None:
    """Move staged files to where the manifest will look for them; until it does, nobody reads them."""
    for item in staged:
        target = root / item.stored.path
        target.parent.mkdir(parents=True, exist_ok=True)
        item.path.replace(target)
        sync_folder(target.parent)
    for folder in {item.path.parent for item in staged}:
        folder.rmdir()


def sweep(root: Path, manifest: Manifest) -> tuple[str, ...]:
    """Remove what no manifest names: leftovers of a load that was broken off, and files that were replaced.

    Returns
    -------
    tuple of str
        Names of what was removed, relative to the workspace.
    """
    kept = {root / file.path for table in manifest.tables for file in table.files}
    removed = []
    staging = root / STAGING
    for path in sorted(staging.glob("*")) if staging.is_dir() else ():
        shutil.rmtree(path)
        removed.append(path.relative_to(root).as_posix())
    for path in sorted((root / TABLES).rglob("*.parquet")):
        if path not in kept:
            path.unlink()
            removed.append(path.relative_to(root).as_posix())
    for path in sorted(root.glob(".*.tmp*")):
        path.unlink()
        removed.append(path.name)
    return tuple(removed)


def year_of(of: Dataset) -> pl.Expr | None:
    """Give the expression that cuts a table into years; None for a table that stays in one file."""
    if of.combine == "series":
        return None
    if "year" in of.columns:
        return pl.col("year")
    return pl.col("month").dt.year() if "month" in of.columns else None
