"""Audit what is at hand: the tables that ship, those in a workspace, or public files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from openward.errors import MissingDataError
from openward.observe.audit import Audit, audit
from openward.observe.dictionary import dataset, datasets
from openward.observe.loading import world_reference
from openward.observe.staging import year_of
from openward.observe.tables import Table, read
from openward.observe.workspace import is_workspace, manifest_of, select


def audit_all(data: Path | None, *, name: str | None = None, vintage: str | None = None) -> Iterator[Audit]:
    """Audit every canonical table that is there.

    Parameters
    ----------
    data : Path, optional
        Workspace or folder of public files; None for what ships.
    name : str, optional
        Only this dataset.
    vintage : str, optional
        Only this vintage; every stored one by default.

    Raises
    ------
    MissingDataError
        There is none.
    """
    names = [dataset(name).name] if name else [d.name for d in datasets().values() if d.role == "canonical"]
    any_found = False
    for each in names:
        for table in _tables(data, each, vintage):
            any_found = True
            yield _audit(table)
    if not any_found:
        where = "what ships" if data is None else str(data)
        raise MissingDataError("no table to audit", where=where, hint="openward data load FILE stores one")


def _tables(data: Path | None, name: str, vintage: str | None) -> Iterator[Table]:
    if data is not None and is_workspace(data):
        for stored in manifest_of(data).of(name):
            if vintage in (None, stored.vintage):
                # As stored, self-trade among it; `read` leaves that out.
                frame = select(data, name, vintage=stored.vintage).frame
                yield Table(frame, dataset(name), stored.vintage, stored.source, stored.classification, ())
        return
    try:
        yield read(name, data)
    except MissingDataError:
        return


def _audit(table: Table) -> Audit:
    cut = year_of(table.dataset)
    pieces = [table.frame]
    if cut is not None:
        years = table.frame.select(cut.alias("y").unique().sort()).collect()["y"].to_list()
        pieces = [table.frame.filter(cut.eq_missing(pl.lit(year))) for year in years]
    return audit(
        pieces,
        of=table.dataset,
        where=f"{table.dataset.name} {table.vintage}" if len(table.vintage) < 30 else table.dataset.name,
        classification=table.classification,
        reference=world_reference() if "exporter" in table.dataset.columns else None,
    )
