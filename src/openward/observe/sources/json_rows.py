"""Rows out of JSON answers, with the place of every fault."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openward.errors import InputError, MissingDataError


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    MissingDataError
        No such file.
    InputError
        It is not whole; line named.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise MissingDataError("no such file", where=str(path), hint="check the path") from None
    except ValueError as broken:
        line = getattr(broken, "lineno", 1)
        raise InputError(
            f"the JSON is not whole: {broken}", where=f"{path.name}:{line}", hint="half a download"
        ) from None


def text(row: Mapping[str, Any], field: str, *, where: str) -> str:
    """Give a field that must be there, as text."""
    value = row.get(field)
    if value is None or isinstance(value, dict | list):
        raise InputError(f"{field!r} is missing", where=where, hint=f"fields: {', '.join(list(row)[:12])}")
    return str(value).strip()


def number(row: Mapping[str, Any], field: str, *, where: str) -> float | None:
    """Give a number, or None where the source has none.

    Raises
    ------
    InputError
        The field is missing, or is a text or not finite.
    """
    if field not in row:
        raise InputError(f"{field!r} is missing", where=where, hint=f"fields: {', '.join(list(row)[:12])}")
    value = row[field]
    if value is None or value == "":
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if isinstance(value, bool) or not math.isfinite(found):
        raise InputError(f"{field} is {value!r}, not a number", where=where)
    return found


def whole(row: Mapping[str, Any], field: str, *, where: str) -> int:
    """Give a whole number that must be there."""
    word = text(row, field, where=where)
    if not (word.isascii() and word.isdigit()):
        raise InputError(f"{field} is {word!r}, not a whole number", where=where)
    return int(word)
