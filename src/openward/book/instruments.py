"""The controlled lists of the book, read from ``instruments.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class InstrumentEntry:
    """One instrument in words; ``effect`` says what its measures state: ``duty``, ``items`` or ``text``."""

    id: str
    name: str
    description: str
    effect: str
    unit: str


@dataclass(frozen=True, slots=True)
class ConditionEntry:
    """One kind of condition in words."""

    kind: str
    description: str


@cache
def instrument_entries() -> dict[str, InstrumentEntry]:
    """Give the instruments by id, in the order of the file."""
    return {row["id"]: InstrumentEntry(**row) for row in _declared()["instruments"]}


@cache
def condition_entries() -> dict[str, ConditionEntry]:
    """Give the kinds of condition, in the order of the file."""
    return {row["kind"]: ConditionEntry(**row) for row in _declared()["conditions"]}


@cache
def _declared() -> dict[str, Any]:
    text = Path(__file__).with_name("instruments.yaml").read_text(encoding="utf-8")
    declared: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return declared
