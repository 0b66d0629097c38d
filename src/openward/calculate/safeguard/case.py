"""The facts of a safeguard calculation, as a file gives them (``openward.safeguard/1``)."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from openward.calculate.exact import NotNegative, Positive
from openward.calculate.reading import Strict, read

SCHEMA = "openward.safeguard/1"


class SafeguardCase(Strict):
    """All facts of a safeguard calculation.

    Attributes
    ----------
    imports, output : mapping of year to quantity
        All origins; the domestic industry.
    unrepresentative : mapping of year to reason
        Years left out of the representative level.
    origins : mapping of economy to (mapping of year to quantity)
        For the allocation of a quota; the rest is "others".
    developing : tuple of str
        Origins that are developing members (SG Agreement art 9.1).
    years, extension : int
        Length of the measure and of its extension, in years.
    growth : Fraction
        How much the quota grows each year.
    """

    product: str
    unit: str
    rules: str | None = None
    imports: dict[int, NotNegative] = Field(min_length=2)
    output: dict[int, Positive] = Field(min_length=2)
    unrepresentative: dict[int, str] = Field(default_factory=dict)
    origins: dict[str, dict[int, NotNegative]] = Field(default_factory=dict)
    developing: tuple[str, ...] = ()
    years: int = Field(ge=1)
    extension: int = Field(0, ge=0)
    growth: NotNegative

    @model_validator(mode="after")
    def _same(self) -> Self:
        lacking = sorted(set(self.imports) - set(self.output))
        if lacking:
            raise ValueError(
                f"no output for {', '.join(map(str, lacking))}: relative increase needs every year"
            )
        strange = sorted(set(self.unrepresentative) - set(self.imports))
        if strange:
            raise ValueError(f"unrepresentative years without imports: {', '.join(map(str, strange))}")
        unknown = sorted(set(self.developing) - set(self.origins))
        if unknown:
            raise ValueError(f"developing origins that are not origins: {', '.join(unknown)}")
        return self


def read_safeguard(path: Path) -> SafeguardCase:
    """Read a case; errors as `openward.calculate.reading.read`."""
    return read(path, SafeguardCase, schema=SCHEMA)
