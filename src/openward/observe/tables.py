"""Read a table of the dictionary: from a workspace, from public files, or from what ships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from openward.errors import MissingDataError
from openward.observe.dictionary import Dataset, dataset, datasets
from openward.observe.merging import Part, merge, spans
from openward.observe.readers import foreign, read_public
from openward.observe.shipped import shipped
from openward.observe.workspace import is_workspace, manifest_of, select


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of the dictionary, and where it is from.

    Attributes
    ----------
    frame : LazyFrame
        Columns of the dataset, in its order; codes are strings.
    dataset : Dataset
        Columns, units, key.
    vintage, source : str
        Of the data.
    classification : str or None
        Of the products, such as ``HS2022`` or ``ICIO 2025 industries``; None where there are none.
    notes : tuple of str
        What a reader of the numbers must know.
    """

    frame: pl.LazyFrame
    dataset: Dataset
    vintage: str
    source: str
    classification: str | None
    notes: tuple[str, ...]


def read(name: str, data: Path | None = None, *, vintage: str | None = None) -> Table:
    """Read a canonical table.

    Parameters
    ----------
    name : str
        Canonical dataset, such as ``trade-total``.
    data : Path, optional
        A workspace, or a folder of public files that the dictionary knows; None for what ships inside the
        package.
    vintage : str, optional
        Of a workspace; the latest by name by default, and the notes say so where there are several.

    Returns
    -------
    Table

    Raises
    ------
    UnknownCodeError
        No dataset has that name.
    MissingDataError
        The data do not have it; the message says what was looked for, the hint how to get it.
    """
    entry = dataset(name)
    if data is not None and is_workspace(data):
        return _stored(entry, data, vintage)
    parts = _found(entry, data) if data is not None else shipped(name)
    if not parts:
        raise _missing(entry, data)
    merged = merge(parts, of=entry)
    return Table(
        frame=merged.frame,
        dataset=entry,
        vintage=merged.vintage,
        source=merged.source,
        classification=merged.classification,
        notes=merged.notes,
    )


def _stored(entry: Dataset, data: Path, vintage: str | None) -> Table:
    chosen = select(data, entry.name, vintage=vintage)
    accepted = tuple(f"accepted at loading: {kind}" for kind in chosen.table.accepted)
    return Table(
        frame=foreign(chosen.frame),
        dataset=entry,
        vintage=chosen.table.vintage,
        source=chosen.table.source,
        classification=chosen.table.classification,
        notes=(*chosen.notes, *accepted),
    )


def at_hand(data: Path) -> Iterator[Mapping[str, str | int]]:
    """List the canonical tables of a workspace, or those that public files in a folder give."""
    if is_workspace(data):
        for stored in manifest_of(data).tables:
            yield {
                "name": stored.dataset,
                "vintage": stored.vintage,
                "years": spans(set(stored.years)),
                "rows": stored.rows,
                "findings": len(stored.findings),
                "licence": stored.licence,
                "source": stored.source,
            }
        return
    if not data.is_dir():
        raise _no_folder(data)
    for entry in datasets().values():
        for public in map(dataset, entry.found_as):
            path = locate(public, data)
            if path is not None:
                yield {
                    "name": entry.name,
                    "vintage": public.vintage,
                    "file": path.name,
                    "as": public.name,
                    "licence": public.licence,
                    "source": public.source,
                }


def require_workspace(data: Path) -> None:
    """Raise unless a folder is a workspace."""
    if not is_workspace(data):
        raise MissingDataError(
            "this folder is no workspace",
            where=str(data),
            hint="openward data load FILE --data DIR makes one",
        )


def locate(public: Dataset, data: Path) -> Path | None:
    """Find a public file in a folder: at its path, or by its name alone."""
    for path in (data / public.file, data / Path(public.file).name):
        if path.is_file():
            return path
    return None


def _found(entry: Dataset, data: Path) -> tuple[Part, ...]:
    if not data.is_dir():
        raise _no_folder(data)
    parts = []
    for public in map(dataset, entry.found_as):
        path = locate(public, data)
        if path is None or public.recipe is None:
            continue
        parts.append(
            Part(
                frame=foreign(read_public(path, of=public)),
                vintage=public.vintage,
                source=public.source,
                classification=public.recipe.classification,
                notes=public.recipe.notes,
            )
        )
    return tuple(parts)


def _no_folder(data: Path) -> MissingDataError:
    return MissingDataError("there is no such folder", where=str(data), hint="name it with --data DIR")


def _missing(entry: Dataset, data: Path | None) -> MissingDataError:
    files = ", ".join(dataset(name).file for name in entry.found_as) or "no public file is known for it"
    where = "what ships with openward" if data is None else str(data)
    looked = f"looked for {files}" if data is not None else "give a folder of data with --data DIR"
    hint = f"{entry.get} fetches it" if entry.get else "load a table with: openward data load FILE"
    return MissingDataError(f"no table {entry.name!r}: {looked}", where=where, hint=hint)
