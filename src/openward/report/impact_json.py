"""An impact study as JSON (``openward.impact/1``)."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from openward.errors import OpenwardError
from openward.impact.result import Impact

SCHEMA = "openward.impact/1"


def impact_dict(impact: Impact, *, include_bilateral: bool = False) -> dict[str, Any]:
    """Give a study as plain values, ready for ``json.dumps(..., allow_nan=False)``.

    Parameters
    ----------
    impact : Impact
    include_bilateral : bool
        Whether the outcome lists trade of every pair (some megabytes).

    Raises
    ------
    OpenwardError
        A figure is not finite: a bug, which must not leave as a number.
    """
    law = _plain(impact.law, "law")
    touched = {
        "lines": law.pop("touched_lines"),
        "partners": law.pop("touched_partners"),
        "trade_musd": law.pop("touched_trade_musd"),
        "outside_baseline": law.pop("outside_baseline"),
    }
    return {
        "schema": SCHEMA,
        "reform": {"name": impact.name, "title": dict(impact.title), "description": impact.description},
        "hash": impact.hash,
        "headline": impact.headline,
        "law": {
            "book": law.pop("book"),
            "from": law.pop("from_law"),
            "on": law.pop("on"),
            "edits": law.pop("edits"),
            "touched": touched,
            **law,
        },
        "opening": {
            **_plain(impact.opening, "opening"),
            "outcome": outcome(impact, include_bilateral=include_bilateral),
        },
        "safeguards": _plain(impact.safeguards, "safeguards"),
        "reliability": _plain(impact.reliability, "reliability"),
        "reproduce": _plain(impact.reproduce, "reproduce"),
        "notes": list(impact.notes),
        **({"uncertainty": _plain(impact.uncertainty, "uncertainty")} if impact.uncertainty else {}),
    }


def outcome(impact: Impact, *, include_bilateral: bool) -> dict[str, Any]:
    """Give the solved step of the law as ``openward.outcome/1``."""
    found: dict[str, Any] = _plain(impact.outcome.as_dict(include_bilateral=include_bilateral), "outcome")
    return found


def _plain(value: Any, where: str) -> Any:
    """Give a record as plain values: dates ISO, tuples as lists, no number that is not finite."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name), f"{where}.{f.name}") for f in fields(value)}
    if isinstance(value, dict):
        return {str(k): _plain(v, f"{where}.{k}") for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v, f"{where}[{k}]") for k, v in enumerate(value)]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise OpenwardError("a figure of the study is not a finite number", where=where)
    return value
