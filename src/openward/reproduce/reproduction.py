"""A published result computed again, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["reproduced", "differs", "beside"]

SCHEMA = "openward.reproduction/1"
ROUNDING = 1e-9
"""Slack on a tolerance, so that half a printed digit is inside."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number.

    Attributes
    ----------
    row, column : str
    published : float or None
        As printed; None: not published, set beside for comparison.
    computed : float
    tolerance : float or None
        Largest absolute difference that counts as reproduced.
    verdict : {"reproduced", "differs", "beside"}
    """

    row: str
    column: str
    published: float | None
    computed: float
    tolerance: float | None
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """Give the cell as CONTRACTS writes it."""
        return {
            "row": self.row,
            "column": self.column,
            "published": self.published,
            "computed": self.computed,
            "tolerance": self.tolerance,
            "verdict": self.verdict,
        }


def compare(row: str, column: str, *, published: float, computed: float, tolerance: float) -> Cell:
    """Hold a computed number against a published one."""
    within = abs(computed - published) <= tolerance + ROUNDING
    return Cell(row, column, published, computed, tolerance, "reproduced" if within else "differs")


def beside(row: str, column: str, computed: float) -> Cell:
    """Set a number beside the published ones that was not published itself."""
    return Cell(row, column, None, computed, None, "beside")


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A published result beside ours (``openward.reproduction/1``).

    Attributes
    ----------
    name, source : str
    cells : tuple of Cell
    notes : tuple of str
        Conventions that make it match, and what to know.
    """

    name: str
    source: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]

    @property
    def reproduced(self) -> bool:
        """True where no published cell differs."""
        return all(cell.verdict != "differs" for cell in self.cells)

    def as_dict(self) -> dict[str, Any]:
        """Give the reproduction as CONTRACTS writes it."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "source": self.source,
            "cells": [cell.as_dict() for cell in self.cells],
            "notes": list(self.notes),
        }
