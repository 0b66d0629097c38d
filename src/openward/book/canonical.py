"""Canonical form of an edit script: RFC 8785 JSON, edits sorted, so that equal reforms have equal hashes."""

from __future__ import annotations

from collections.abc import Iterable

import rfc8785

from openward.book.documents import edit_document, plain
from openward.book.edits import Edit


def canonical_order(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Sort edits by date, kind, id (and by their canonical JSON where all three are equal)."""
    return tuple(sorted(edits, key=_key))


def _key(edit: Edit) -> tuple[str, str, str, bytes]:
    return edit.start.isoformat(), edit.kind, edit.subject, rfc8785.dumps(plain(edit_document(edit)))


def canonical_json(edits: Iterable[Edit]) -> bytes:
    """Give the RFC 8785 JSON of ``schema`` and ``edits``.

    Edits are written as in files with everything that says nothing left out (``status: official``, empty
    lists) and duty sentences in their canonical spelling.
    """
    ordered = [plain(edit_document(edit)) for edit in canonical_order(edits)]
    return rfc8785.dumps({"schema": "openward.reform/1", "edits": ordered})
