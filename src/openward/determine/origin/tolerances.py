"""De minimis of the schemes, by chapter: data with its article."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from openward.determine.origin.cumulation import Tolerance
from openward.determine.origin.rule import Basis


def tolerances_of(scheme: str) -> Mapping[str, Tolerance]:
    """Give the tolerance of a scheme for each chapter.

    A scheme whose article was not read has one of unknown size, up to ``ceiling``: between nothing and that,
    materials that do not change classification leave the answer undecided.
    """
    table = _table()
    for group in table["groups"]:
        if scheme in group["schemes"]:
            return _chapters(group["rows"])
    return _chapters(table["unread"])


@cache
def _table() -> dict[str, Any]:
    text = (files(__package__) / "data" / "tolerances.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _chapters(rows: list[dict[str, Any]]) -> dict[str, Tolerance]:
    found: dict[str, Tolerance] = {}
    for row in rows:
        tolerance = Tolerance(
            share=Decimal(row["share"]),
            ceiling=Decimal(row.get("ceiling", row["share"])),
            by_weight=row["by"] == "weight",
            covers_obtained=bool(row.get("covers_obtained", False)),
            citation=row["citation"],
            basis=Basis(row.get("basis", Basis.EX_WORKS)),
        )
        for part in row["chapters"].split(","):
            first, _, last = part.strip().partition("-")
            for chapter in range(int(first), int(last or first) + 1):
                found.setdefault(f"{chapter:02d}", tolerance)
    return found
