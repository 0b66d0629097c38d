"""The DuckDB catalogue of a workspace: a view for each table and vintage, made anew at every load."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from openward.observe.manifest import Manifest, StoredTable
from openward.observe.workspace import latest

NAME = "catalogue.duckdb"


def write_catalogue(root: Path, manifest: Manifest) -> Path:
    """Write the catalogue aside and put it in place, so that a reader of the old one is not disturbed.

    ``"trade@V202501"`` is a vintage; ``trade`` is the latest by name. Views hold full paths: after a
    workspace has moved, this makes them anew.
    """
    aside = root / f".{NAME}.{os.getpid()}.tmp"
    aside.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(aside)) as connection:
            for table in manifest.tables:
                connection.execute(_view(root, table, f"{table.dataset}@{table.vintage}"))
            for name in dict.fromkeys(table.dataset for table in manifest.tables):
                stored = manifest.of(name)
                newest = latest([table.vintage for table in stored])
                connection.execute(_view(root, next(t for t in stored if t.vintage == newest), name))
        os.replace(aside, root / NAME)
    finally:
        aside.unlink(missing_ok=True)
        aside.with_name(aside.name + ".wal").unlink(missing_ok=True)
    return root / NAME


def _view(root: Path, table: StoredTable, name: str) -> str:
    paths = ", ".join(_text(str((root / file.path).resolve())) for file in table.files)
    quoted = '"' + name.replace('"', '""') + '"'
    return f"CREATE VIEW {quoted} AS SELECT * FROM read_parquet([{paths}], hive_partitioning = false)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
