"""Load a table into a workspace: written aside, audited, and only then made part of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from openward.errors import InputError, InputErrors, OpenwardError, RefusedError
from openward.observe.audit import Audit, Reference, audit
from openward.observe.catalogue import NAME as CATALOGUE
from openward.observe.catalogue import write_catalogue
from openward.observe.dictionary import Dataset
from openward.observe.durable import locked, storage_error
from openward.observe.manifest import Manifest, StoredFile, StoredTable, write_manifest
from openward.observe.shipped import goods_pairs
from openward.observe.staging import Staged, settle, stage, sweep
from openward.observe.workspace import manifest_of

LOCK = ".lock"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Attributes
    ----------
    table : StoredTable
        The vintage as it is now stored.
    audit : Audit
    years : tuple of int
        Years that were written.
    replaced : tuple of int
        Those of them that were there before.
    swept : tuple of str
        Leftovers of an earlier load that was broken off.
    catalogued : bool
        Whether the DuckDB catalogue was made anew; without it the tables are stored all the same.
    """

    table: StoredTable
    audit: Audit
    years: tuple[int, ...]
    replaced: tuple[int, ...]
    swept: tuple[str, ...]
    catalogued: bool


def load(
    root: Path,
    frame: pl.LazyFrame,
    *,
    of: Dataset,
    vintage: str,
    source: str,
    licence: str,
    classification: str | None = None,
    origin: str = "",
    accept: Collection[str] = (),
    replace: bool = False,
) -> Loaded:
    """Store a table as one vintage of a dataset.

    Nothing that was stored changes unless the whole load succeeds: files are written aside, audited, moved,
    and become part of the workspace when the manifest is renamed. Years that the vintage does not have yet
    are added.

    Parameters
    ----------
    root : Path
        The workspace; a new or empty folder becomes one.
    frame : LazyFrame
        Columns and types of the dataset (`openward.observe.readers.conform`).
    of : Dataset
        Canonical.
    vintage : str
        Letters, digits, dot, dash and underscore.
    source, licence : str
    classification : str, optional
        Of the products.
    origin : str
        What was loaded, for the manifest.
    accept : collection of str
        Kinds of findings that refuse a table and that the user takes on; kept in the manifest.
    replace : bool
        Whether years that are there already are replaced; otherwise they refuse the load.

    Raises
    ------
    InputErrors
        The audit refuses the table.
    RefusedError
        A year is there already; another process is loading; writing is not allowed.
    InputError
        The disk is full, or the table is empty.
    """
    if not _NAME.fullmatch(vintage):
        hint = "letters, digits, dot, dash and underscore, such as V202501"
        raise InputError(f"{vintage!r} is not the name of a vintage", where=of.name, hint=hint)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with locked(root / LOCK):
            before = manifest_of(root)
            swept = sweep(root, before)
            try:
                staged = stage(root, frame, of=of, vintage=vintage)
                done = _admit(root, before, staged, of, vintage, classification, accept, replace)
                table, report, replaced = done
                full = _named(table, source=source, licence=licence, origin=origin)
                settle(root, staged)
                after = before.with_table(full)
                write_manifest(root, after)
            except BaseException:
                # The manifest is read again: the rename may have happened before the failure.
                sweep(root, manifest_of(root))
                raise
            catalogued = _catalogue(root, after)
    except OpenwardError:
        raise
    except (OSError, pl.exceptions.PolarsError) as error:
        named = storage_error(error, where=root)
        if named is None:
            what = str(error).splitlines()[0]
            named = InputError(f"could not be read to its end: {what}", where=origin or of.name, hint=_FETCH)
        raise named from error
    years = tuple(item.stored.year for item in staged if item.stored.year is not None)
    return Loaded(
        table=full, audit=report, years=years, replaced=replaced, swept=swept, catalogued=catalogued
    )


_FETCH = "the file may be half a download: fetch it again"


@cache
def world_reference() -> Reference:
    """Give the goods trade of the world that ships, for comparison."""
    pairs, year = goods_pairs()
    return Reference(pairs=pairs, name=f"the world of {year} that ships", year=year)


def _catalogue(root: Path, manifest: Manifest) -> bool:
    """Make the catalogue anew; one that cannot be made is removed: a stale one shows old tables."""
    try:
        write_catalogue(root, manifest)
    except (OSError, duckdb.Error):
        (root / CATALOGUE).unlink(missing_ok=True)
        return False
    return True


def _admit(
    root: Path,
    before: Manifest,
    staged: tuple[Staged, ...],
    of: Dataset,
    vintage: str,
    classification: str | None,
    accept: Collection[str],
    replace: bool,
) -> tuple[StoredTable, Audit, tuple[int, ...]]:
    """Audit staged files and put them beside what the vintage has; raise where that is not allowed."""
    if not sum(item.stored.rows for item in staged):
        raise InputError("there are no rows", where=of.name, hint="look at the file; nothing was changed")
    known = before.find(of.name, vintage)
    place = f"{of.name} {vintage}"
    new = {item.stored.year: item.stored for item in staged}
    old = {file.year: file for file in known.files} if known else {}
    both = sorted(year or 0 for year in set(new) & set(old))
    if both and not replace:
        which = "this vintage" if both == [0] else "years " + ", ".join(map(str, both))
        raise RefusedError(
            f"{which} of {place} is stored already",
            where=str(root),
            hint="name another vintage (they stay side by side), or replace it with --replace",
        )
    if known and known.classification != classification and set(old) - set(new):
        raise RefusedError(
            f"{place} is stored in {known.classification}, this is {classification}",
            where=str(root),
            hint="name another vintage",
        )
    report = audit(
        [pl.scan_parquet(item.path) for item in staged],
        of=of,
        where=place,
        classification=classification,
        reference=world_reference() if "exporter" in of.columns else None,
    )
    refused = [finding for finding in report.refused if finding.kind not in accept]
    if refused:
        raise InputErrors([finding.as_error() for finding in refused])
    merged: dict[int | None, StoredFile] = {**old, **new}
    files = tuple(merged[year] for year in sorted(merged, key=lambda year: year or 0))
    table = StoredTable(
        dataset=of.name,
        vintage=vintage,
        source="",
        licence="",
        classification=classification,
        loaded=datetime.now(UTC).isoformat(timespec="seconds"),
        origin="",
        findings=tuple(finding.as_dict() for finding in report.findings),
        accepted=tuple(sorted({finding.kind for finding in report.refused})),
        files=files,
    )
    return table, report, tuple(both)


def _named(table: StoredTable, *, source: str, licence: str, origin: str) -> StoredTable:
    from dataclasses import replace as changed

    return changed(table, source=source, licence=licence, origin=origin)
