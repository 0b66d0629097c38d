"""Write a drafted book as a folder: first beside its place, checked by loading, then renamed into it."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from openward.book.documents import quota_document, to_yaml
from openward.book.importers.cells import LIST_MARK, write_measures, write_table
from openward.book.importers.draft import Draft
from openward.book.model import Book, LegalAct, Measure
from openward.errors import InputError, RefusedError


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    folder : Path
    measures : int
    rows : mapping
        Rows by fate: imported, in part, rejected, nothing (to import).
    nothing : mapping
        Rows with nothing to import, by reason.
    rejected : int
        Entries of ``tables/rejected.csv`` (a row may have several).
    notes : tuple of str
    """

    folder: Path
    measures: int
    rows: Mapping[str, int]
    nothing: Mapping[str, int]
    rejected: int
    notes: tuple[str, ...]

    @cached_property
    def book(self) -> Book:
        """The book, loaded from the folder."""
        from openward.book import load

        return load(self.folder)


def write_book(draft: Draft, folder: Path, *, format: str, source: str, sha256: str) -> Imported:
    """Write a draft to a folder that must not exist yet, or be empty.

    Nothing appears at ``folder`` unless the whole book was written and loads.

    Raises
    ------
    RefusedError
        The folder holds something.
    InputError
        No row could be imported.
    """
    from openward.book import load

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(
            "there is something there already", where=str(folder), hint="name a new folder with --out"
        )
    if not draft.measures:
        first = draft.ledger.rejects[0] if draft.ledger.rejects else None
        raise InputError(
            f"no row of {draft.ledger.rows} could be imported",
            where=f"{source}:{first.line}" if first else source,
            hint=f"the first problem: {first.reason}" if first else "the file has no rows with law in them",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_files(draft, made, {"format": format, "source": source, "sha256": sha256})
        load(made)
        if folder.exists():
            folder.rmdir()
        made.chmod(0o755)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return Imported(
        folder,
        len(draft.measures),
        draft.ledger.account(),
        dict(draft.ledger.empty),
        len(draft.ledger.rejects),
        tuple(draft.notes),
    )


def _write_files(draft: Draft, folder: Path, origin: dict[str, str]) -> None:
    face: dict[str, Any] = {
        "schema": "openward.book/1",
        "name": draft.name,
        "title": draft.title,
        "economy": draft.economy,
        "covered_from": draft.covered_from.isoformat(),
        "covered_to": draft.covered_to.isoformat(),
        "sources": list(draft.sources),
        "note": draft.note,
    }
    (folder / "book.yaml").write_text(to_yaml({k: v for k, v in face.items() if v}), encoding="utf-8")
    acts = dict(draft.acts)
    if draft.precedence:
        acts = {act.id: act for act in _copy_precedence(draft.precedence, folder)} | acts
    write_table(folder / "acts.csv", [_act_row(act) for act in acts.values()])
    by_instrument: dict[str, list[Measure]] = {}
    for measure in draft.measures.values():
        by_instrument.setdefault(measure.instrument.value, []).append(measure)
    for instrument, measures in by_instrument.items():
        write_measures(folder / "measures" / f"{instrument}.csv", measures)
    if draft.memberships:
        rows = [
            {
                "group": m.group,
                "economy": m.economy,
                "from": m.valid.start,
                "to": m.valid.end,
                "source": m.source,
                "status": m.status.value,
            }
            for m in draft.memberships
        ]
        write_table(folder / "memberships" / "groups.csv", rows)
    if draft.quotas:
        document = {
            "schema": "openward.quotas/1",
            "quotas": [quota_document(q) for q in draft.quotas.values()],
        }
        (folder / "quotas.yaml").write_text(to_yaml(document), encoding="utf-8")
    for edition, nodes in draft.nodes.items():
        nodes_rows: list[dict[str, Any]] = [
            {
                "code": n.code,
                "suffix": n.suffix,
                "from": n.valid.start,
                "to": n.valid.end,
                "indent": n.indent,
                "leaf": "true" if n.leaf else "false",
                "name": n.name,
                "sid": n.sid,
            }
            for n in nodes
        ]
        write_table(folder / "nomenclature" / f"{edition}.csv", nodes_rows)
    _write_account(draft, folder / "tables", origin)


def _write_account(draft: Draft, tables: Path, origin: dict[str, str]) -> None:
    ledger = draft.ledger
    rejects = [
        {"line": r.line, "column": r.column, "reason": r.reason, "hint": r.hint, "row": _raw(r.row)}
        for r in ledger.rejects
    ]
    write_table(tables / "rejected.csv", rejects, header=("line", "column", "reason", "hint", "row"))
    for name, rows in draft.tables.items():
        write_table(tables / name, rows)
    account = {
        "schema": "openward.import/1",
        **origin,
        "rows": ledger.rows,
        "fates": ledger.account(),
        "nothing_to_import": dict(ledger.empty),
        "rejected_cells": len(ledger.rejects),
        "measures": len(draft.measures),
        "notes": list(draft.notes),
    }
    (tables / "import.yaml").write_text(to_yaml(account), encoding="utf-8")


def _copy_precedence(book: str, folder: Path) -> list[LegalAct]:
    """Copy the order of duties of a shipped book, and give the acts that it cites."""
    from openward.book import load
    from openward.book.shelf import book_folder

    file = book_folder(book) / "precedence.yaml"
    shutil.copyfile(file, folder / "precedence.yaml")
    text = file.read_text(encoding="utf-8")
    cited = dict.fromkeys(re.findall(r"^\s*act: (\S+)$", text, re.MULTILINE))
    held = load(book).acts
    return [held[name] for name in cited if name in held]


def _raw(cells: Sequence[str]) -> str:
    return " | ".join(cells)


def _act_row(act: LegalAct) -> dict[str, Any]:
    names = (
        "id",
        "jurisdiction",
        "kind",
        "title",
        "number",
        "signed",
        "published",
        "in_force",
        "repealed",
        "url",
        "source",
    )
    return {name: getattr(act, name) for name in names} | {
        "articles": LIST_MARK.join(article.number for article in act.articles),
        "status": act.status.value,
    }
