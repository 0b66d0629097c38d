"""The manifest of a workspace: which files are the tables, with checksums; the only truth about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from openward.errors import InputError
from openward.observe.durable import replace_file

SCHEMA = "openward.workspace/1"
NAME = "openward-workspace.json"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file.

    Attributes
    ----------
    path : str
        Relative to the workspace, with forward slashes.
    year : int or None
        The year it holds; None where a table is not cut by year.
    rows, bytes : int
    sha256 : str
    """

    path: str
    year: int | None
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One vintage of one dataset.

    Attributes
    ----------
    dataset, vintage : str
    source, licence : str
    classification : str or None
        Of the products.
    loaded : str
        Time of the last load, UTC, ISO 8601.
    origin : str
        Name and SHA-256 of what was loaded last.
    findings : tuple of mapping
        What the audits of its loads found.
    accepted : tuple of str
        Kinds of findings that were to refuse the load and were accepted by the user.
    files : tuple of StoredFile
        In the order of years.
    """

    dataset: str
    vintage: str
    source: str
    licence: str
    classification: str | None
    loaded: str
    origin: str
    findings: tuple[Mapping[str, Any], ...]
    accepted: tuple[str, ...]
    files: tuple[StoredFile, ...]

    @property
    def rows(self) -> int:
        """Rows in all files."""
        return sum(file.rows for file in self.files)

    @property
    def bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.bytes for file in self.files)

    @property
    def years(self) -> tuple[int, ...]:
        """Years stored."""
        return tuple(file.year for file in self.files if file.year is not None)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that is stored.

    Attributes
    ----------
    generation : int
        Raised by every write.
    tables : tuple of StoredTable
        By dataset and vintage.
    """

    generation: int = 0
    tables: tuple[StoredTable, ...] = ()

    def of(self, dataset: str) -> tuple[StoredTable, ...]:
        """Give the vintages of a dataset."""
        return tuple(table for table in self.tables if table.dataset == dataset)

    def find(self, dataset: str, vintage: str) -> StoredTable | None:
        """Give one vintage of a dataset, or None."""
        return next((table for table in self.of(dataset) if table.vintage == vintage), None)

    def with_table(self, table: StoredTable) -> Manifest:
        """Give the next generation, with a vintage added or put in another's place."""
        others = [t for t in self.tables if (t.dataset, t.vintage) != (table.dataset, table.vintage)]
        ordered = sorted([*others, table], key=lambda t: (t.dataset, t.vintage))
        return replace(self, generation=self.generation + 1, tables=tuple(ordered))


def read_manifest(root: Path) -> Manifest:
    """Read the manifest of a workspace.

    Raises
    ------
    InputError
        It is damaged, or of another schema.
    """
    path = root / NAME
    hint = "restore the file from a copy; the tables themselves are in the folder tables"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "the manifest of the workspace is not readable", where=str(path), hint=hint
        ) from error
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != SCHEMA:
        what = f"the workspace has schema {schema!r}, this openward reads {SCHEMA!r}"
        raise InputError(
            what, where=str(path), hint="use the openward that wrote it, or load into a new folder"
        )
    try:
        tables = tuple(_table(dict(entry)) for entry in raw["tables"])
        return Manifest(generation=int(raw["generation"]), tables=tables)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"the manifest is damaged: {error}", where=str(path), hint=hint) from error


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Make a manifest the truth: the moment at which a write has happened."""
    content = {"schema": SCHEMA, **asdict(manifest)}
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    replace_file(root / NAME, (text + "\n").encode())


def _table(raw: dict[str, Any]) -> StoredTable:
    return StoredTable(
        files=tuple(StoredFile(**file) for file in raw.pop("files")),
        findings=tuple(raw.pop("findings")),
        accepted=tuple(raw.pop("accepted")),
        **raw,
    )
