"""Edits of one reform that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openward.book.edits import Add, Amend, Edit, Join, Leave, Repeal
from openward.errors import RefusedError


def conflicts(edits: Sequence[Edit]) -> Iterator[RefusedError]:
    """Give every pair of edits that cannot both be meant."""
    groups: dict[tuple[object, ...], list[tuple[int, Edit]]] = {}
    for index, edit in enumerate(edits, start=1):
        kind = "member" if isinstance(edit, Join | Leave) else "measure"
        day = None if isinstance(edit, Add) else edit.start
        groups.setdefault((kind, edit.subject, day), []).append((index, edit))
    for together in groups.values():
        for k, (i, one) in enumerate(together):
            for j, other in together[k + 1 :]:
                why = _contradiction(one, other)
                if why:
                    yield RefusedError(
                        f"edits {i} and {j} of {one.subject!r} contradict each other: {why}",
                        hint="keep one of them, or give them different dates",
                        where=other.where,
                    )


def _contradiction(one: Edit, other: Edit) -> str:
    if isinstance(one, Add) and isinstance(other, Add):
        return "" if one.measure == other.measure else "both add it, with different content"
    if isinstance(one, Join | Leave) and one.kind != other.kind:
        return "join and leave on the same day"
    if isinstance(one, Repeal | Amend) and isinstance(other, Repeal | Amend) and one.kind != other.kind:
        return "repeal and amendment on the same day"
    if isinstance(one, Amend) and isinstance(other, Amend):
        mine, theirs = dict(_leaves(one.set)), dict(_leaves(other.set))
        for path in sorted(mine.keys() & theirs.keys()):
            if mine[path] != theirs[path]:
                return f"they set {path} to different values"
    return ""


def _leaves(patch: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in patch.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
