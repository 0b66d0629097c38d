"""The facts of a list, as a file gives them (``openward.retaliation/1``)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from openward.calculate.exact import NotNegative, Positive
from openward.calculate.reading import Strict, read

SCHEMA = "openward.retaliation/1"
Basis = Literal["duty-collected", "trade-lost"]


class Struck(Strict):
    """A line of our exports that the other side's measure strikes: value a year, duty added, elasticity."""

    line: str
    value: Positive
    added_duty: Positive
    duty: NotNegative = Field(description="before the measure")
    elasticity: NotNegative | None = None


class Candidate(Strict):
    """A line of our imports from them that could bear a duty.

    ``supplier_share`` is their part of our imports of the line: what is hard to replace costs more to tax.
    """

    line: str
    value: Positive
    duty: NotNegative
    added_duty: Positive
    elasticity: NotNegative | None = None
    supplier_share: NotNegative = Field(le=1)
    excluded: str = ""


class RetaliationCase(Strict):
    """All facts of a list; either the lines struck, or the amount authorized, says how large it may be."""

    against: str
    basis: Basis
    currency: str
    struck: tuple[Struck, ...] = ()
    authorized: Positive | None = None
    tolerance: NotNegative = Field(lt=1)
    candidates: tuple[Candidate, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if bool(self.struck) == (self.authorized is not None):
            raise ValueError("state the lines struck or the amount authorized, one of them")
        lines = [one.line for one in self.candidates]
        if len(set(lines)) < len(lines):
            raise ValueError("a candidate line stated twice")
        if self.basis == "trade-lost":
            rows: tuple[Struck | Candidate, ...] = (*self.struck, *self.candidates)
            lacking = [one.line for one in rows if one.elasticity is None]
            if lacking:
                raise ValueError(f"trade lost needs an elasticity for {', '.join(lacking)}")
        return self


def read_retaliation(path: Path) -> RetaliationCase:
    """Read a case; errors as `openward.calculate.reading.read`."""
    return read(path, RetaliationCase, schema=SCHEMA)
