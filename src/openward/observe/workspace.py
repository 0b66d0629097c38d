"""A workspace: a folder of stored tables, each vintage beside the others, named by one manifest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from openward.errors import InputError, MissingDataError, RefusedError, UnknownCodeError
from openward.observe.durable import sha256
from openward.observe.manifest import NAME, Manifest, StoredTable, read_manifest


@dataclass(frozen=True, slots=True)
class Selection:
    """One vintage of a dataset, ready to read.

    Attributes
    ----------
    table : StoredTable
    frame : LazyFrame
        Scans only the files of the manifest.
    notes : tuple of str
        Says which vintage was taken where there are several.
    """

    table: StoredTable
    frame: pl.LazyFrame
    notes: tuple[str, ...]


def is_workspace(root: Path) -> bool:
    """Tell whether a folder is a workspace."""
    return (root / NAME).is_file()


def manifest_of(root: Path) -> Manifest:
    """Give the manifest of a folder; the empty one where nothing was loaded yet."""
    return read_manifest(root) if is_workspace(root) else Manifest()


def select(root: Path, dataset: str, *, vintage: str | None = None) -> Selection:
    """Choose one vintage of a dataset.

    Parameters
    ----------
    root : Path
    dataset : str
    vintage : str, optional
        The latest by name where none is named; the notes then say so.

    Raises
    ------
    MissingDataError
        The workspace does not have the dataset.
    UnknownCodeError
        It does not have that vintage.
    RefusedError
        Several vintages are asked for at once.
    InputError
        A file is absent or not of the size it was stored with.
    """
    stored = read_manifest(root).of(dataset)
    if not stored:
        raise MissingDataError(
            f"the workspace has no table {dataset!r}",
            where=str(root),
            hint="openward data load FILE stores one",
        )
    names = [table.vintage for table in stored]
    if vintage is not None and ("," in vintage or "+" in vintage or vintage == "*"):
        raise RefusedError(
            f"vintages of {dataset} are not mixed: {vintage}",
            where=str(root),
            hint="read them one by one and compare; a table from two vintages has revisions for growth",
        )
    if vintage is not None and vintage not in names:
        raise UnknownCodeError(
            f"no vintage {vintage!r} of {dataset}", where=str(root), hint="stored are " + ", ".join(names)
        )
    wanted = vintage or latest(names)
    table = next(table for table in stored if table.vintage == wanted)
    notes: tuple[str, ...] = ()
    if vintage is None and len(names) > 1:
        others = ", ".join(name for name in names if name != wanted)
        notes = (f"vintage {wanted} is read, the latest by name; stored beside it: {others}",)
    return Selection(table=table, frame=_scan(root, table), notes=notes)


def latest(vintages: list[str]) -> str:
    """Give the latest vintage by name; numbers inside names count as numbers."""
    return max(vintages, key=_natural)


def damage(root: Path, table: StoredTable) -> tuple[InputError, ...]:
    """Compare every file of a table with its checksum.

    Returns
    -------
    tuple of InputError
        A file that is absent, of another size, or of other bytes.
    """
    found = []
    for file in table.files:
        path = root / file.path
        error = _misses(path, file.bytes)
        if error is None and sha256(path) != file.sha256:
            error = InputError(
                "the file's bytes are not those that were stored", where=str(path), hint=_AGAIN
            )
        if error is not None:
            found.append(error)
    return tuple(found)


_AGAIN = "load this vintage again with --replace, or restore the file"


def _scan(root: Path, table: StoredTable) -> pl.LazyFrame:
    paths = [root / file.path for file in table.files]
    for path, file in zip(paths, table.files, strict=True):
        error = _misses(path, file.bytes)
        if error is not None:
            raise error
    return pl.scan_parquet(paths, hive_partitioning=False)


def _misses(path: Path, size: int) -> InputError | None:
    if not path.is_file():
        return InputError("a stored file is gone", where=str(path), hint=_AGAIN)
    if path.stat().st_size != size:
        what = f"half a file: {path.stat().st_size:,} bytes, stored were {size:,}"
        return InputError(what, where=str(path), hint=_AGAIN)
    return None


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts: list[tuple[int, int, str]] = []
    run = ""
    for letter in [*name, ""]:
        if run and (letter == "" or letter.isdigit() != run[-1].isdigit()):
            parts.append((1, int(run), "") if run.isdigit() else (0, 0, run))
            run = ""
        run += letter
    return parts
