"""Write a book as one folder that loads again: the law it holds, without the books it was made of.

What a reform took away must not come back with an included book or with the groups of ``codes``, so the
folder includes nothing and its ``memberships`` are all there are.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openward.book.documents import measure_document, plain, quota_document, to_yaml
from openward.book.importers.cells import write_table
from openward.book.model import Book, LegalAct, Measure, Quota
from openward.codes.membership import Membership
from openward.codes.terms import Status
from openward.errors import RefusedError

_ACT = ("id", "jurisdiction", "kind", "title", "number", "signed", "published", "in_force", "repealed", "url")


def save(book: Book, folder: Path, *, title: str = "") -> None:
    """Write a book to a folder that must not exist yet, or be empty.

    Nothing appears at ``folder`` unless the whole book was written and loads.

    Parameters
    ----------
    book : Book
    folder : Path
    title : str, optional
        Of the new book; else the title that the book has.

    Raises
    ------
    RefusedError
        The folder holds something.
    """
    from openward.book.loading import load

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError("there is something there already", where=str(folder), hint="name a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(book, made, title)
        load(made)
        if folder.exists():
            folder.rmdir()
        made.chmod(0o755)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _write(book: Book, folder: Path, title: str) -> None:
    face = {
        "schema": "openward.book/1",
        "name": book.name,
        "title": title or book.meta.get("title", ""),
        "economy": book.economy,
        "covered_from": book.covered_from.isoformat(),
        "covered_to": book.covered_to.isoformat(),
        "memberships": "all",
        "sources": list(book.meta.get("sources", ())),
        "note": book.meta.get("note", ""),
    }
    _write_yaml(folder / "book.yaml", {name: told for name, told in face.items() if told})
    past = book.records
    acts = [*book.acts.values(), *(one for one in past if isinstance(one, LegalAct))]
    _write_json(folder / "acts.json", "openward.acts/1", acts=map(_act, acts))
    measures = [*book.measures.values(), *(one for one in past if isinstance(one, Measure))]
    _write_json(
        folder / "measures" / "measures.json", "openward.measure/1", measures=map(measure_document, measures)
    )
    quotas = [*book.quotas.values(), *(one for one in past if isinstance(one, Quota))]
    if quotas:
        _write_json(folder / "quotas.json", "openward.quotas/1", quotas=map(quota_document, quotas))
    members = [*book.memberships, *(one for one in past if isinstance(one, Membership))]
    write_table(folder / "memberships" / "groups.csv", [_membership(one) for one in members])
    lines = [
        {
            "economy": one.economy,
            "sector": one.sector,
            "code": one.code,
            "share": repr(one.share),
            "lines": one.lines,
            "source": one.source,
        }
        for one in book.lines
    ]
    write_table(folder / "lines.csv", lines)
    for kind in ("precedence", "valuation"):
        rules: Mapping[str, Any] = book.meta.get(kind, {})
        for economy, document in rules.items():
            _write_yaml(folder / kind / f"{'all' if economy == '*' else economy}.yaml", plain(document))
    for edition, nomenclature in book.nomenclatures.items():
        nodes = [
            {
                "code": node.code,
                "suffix": node.suffix,
                "from": node.valid.start,
                "to": node.valid.end,
                "indent": node.indent,
                "leaf": "true" if node.leaf else "false",
                "name": node.name,
                "sid": node.sid,
            }
            for node in nomenclature.nodes
        ]
        write_table(folder / "nomenclature" / f"{edition}.csv", nodes)


def _write_yaml(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(to_yaml(document), encoding="utf-8")


def _write_json(path: Path, schema: str, **records: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    document = {"schema": schema} | {name: list(held) for name, held in records.items()}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _act(act: LegalAct) -> dict[str, Any]:
    document = {name: plain(getattr(act, name)) for name in (*_ACT, "source", "recorded", "withdrawn")}
    document["articles"] = {article.number: article.text for article in act.articles}
    if act.status is not Status.OFFICIAL:
        document["status"] = act.status.value
    return {name: told for name, told in document.items() if told or name in {"jurisdiction", "kind"}}


def _membership(one: Membership) -> dict[str, Any]:
    return {
        "group": one.group,
        "economy": one.economy,
        "from": one.valid.start,
        "to": one.valid.end,
        "source": one.source,
        "status": one.status.value,
        "recorded": one.recorded,
        "withdrawn": one.withdrawn,
    }
