"""Folders of tables: names checked on reading, written all or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from openward.errors import InputError, RefusedError
from openward.simulate.long_form import Faults

SUFFIXES = (".parquet", ".csv")
"""Forms a table may have; a folder holds each table in one of them."""


def check_names(directory: Path, *, known: Sequence[str], faults: Faults) -> None:
    """Report tables whose name is none of the known ones: a typing error must not pass unseen."""
    for path in sorted(path for suffix in SUFFIXES for path in directory.glob(f"*{suffix}")):
        if path.stem not in known:
            near = get_close_matches(path.stem, known, n=1)
            hint = f"did you mean {near[0]}{path.suffix}?" if near else "tables are " + ", ".join(known)
            faults.add(InputError("no table of this name is read", where=str(path), hint=hint))


def find_tables(directory: Path, *, known: Sequence[str], faults: Faults) -> dict[str, Path]:
    """Find the tables of a folder, as Parquet or CSV.

    Parameters
    ----------
    directory : Path
    known : sequence of str
        Names of tables.
    faults : Faults
        Gets tables that are there in both forms.

    Returns
    -------
    dict of table name to Path
        Of the tables that are there.
    """
    found = {}
    for name in known:
        there = [path for suffix in SUFFIXES if (path := directory / f"{name}{suffix}").is_file()]
        if len(there) > 1:
            faults.add(
                InputError(
                    f"{' and '.join(path.name for path in there)} are both there",
                    where=str(directory),
                    hint="keep one of them",
                )
            )
        if there:
            found[name] = there[0]
    return found


@contextmanager
def replace_folder(directory: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a scratch folder that takes the place of ``directory`` when the block ends without error.

    Parameters
    ----------
    directory : Path
    overwrite : bool
        Replace a directory that is there.

    Raises
    ------
    RefusedError
        The directory exists and is not to be replaced, or is a file.
    """
    if directory.exists() and (not overwrite or not directory.is_dir()):
        raise RefusedError(
            "there is something at this place already",
            where=str(directory),
            hint="choose another or overwrite",
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}-") as scratch:
        fresh, old = Path(scratch) / "new", Path(scratch) / "old"
        fresh.mkdir()
        yield fresh
        if directory.exists():
            directory.rename(old)
        try:
            fresh.rename(directory)
        except OSError:
            if old.exists():
                old.rename(directory)
            raise
        if old.exists():
            shutil.rmtree(old)
