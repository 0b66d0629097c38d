"""The facts of an adjustment calculation, as a file gives them (``openward.adjustment/1``)."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from openward.calculate.exact import NotNegative, Number, Positive
from openward.calculate.reading import Strict, read

SCHEMA = "openward.adjustment/1"


class Employment(Strict):
    """Workers of a region in an industry in the base year."""

    region: str
    industry: str
    workers: NotNegative


class Shock(Strict):
    """Rise of imports of an industry over the period; its workers in the whole economy in the base year."""

    industry: str
    imports_change: Number
    workers: Positive


class Petition(Strict):
    """A group of workers and what is known of it, tested under a programme."""

    name: str
    programme: str
    facts: dict[str, Number]


class AdjustmentCase(Strict):
    """All facts of an adjustment calculation; `total_workers` are all workers of each region."""

    currency: str
    total_workers: dict[str, Positive] = Field(default_factory=dict)
    employment: tuple[Employment, ...] = ()
    shocks: tuple[Shock, ...] = ()
    petitions: tuple[Petition, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        industries = {one.industry for one in self.shocks}
        strange = sorted({one.industry for one in self.employment} - industries)
        if strange:
            raise ValueError(
                f"no shock for {', '.join(strange)}; state imports_change: 0 where there was none"
            )
        regions = sorted({one.region for one in self.employment} - set(self.total_workers))
        if regions:
            raise ValueError(f"no total_workers for {', '.join(regions)}")
        pairs = [(one.region, one.industry) for one in self.employment]
        if len(set(pairs)) < len(pairs):
            raise ValueError("employment of a region in an industry stated twice")
        return self


def read_adjustment(path: Path) -> AdjustmentCase:
    """Read a case; errors as `openward.calculate.reading.read`."""
    return read(path, AdjustmentCase, schema=SCHEMA)
