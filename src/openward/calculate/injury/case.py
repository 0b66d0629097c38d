"""The facts of an injury calculation, as a file gives them (``openward.injury/1``)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from openward.calculate.exact import NotNegative, Number, Positive
from openward.calculate.injury.factors import FACTORS
from openward.calculate.reading import Strict, read

SCHEMA = "openward.injury/1"


class Series(Strict):
    """A factor over the periods; a period without a figure is left out of `values` and named.

    Attributes
    ----------
    unit : str
    values : mapping of period to number
    """

    unit: str
    values: dict[str, Number] = Field(min_length=1)


class Finding(Strict):
    """A factor on which there is no series: what was found, in words."""

    finding: str = Field(min_length=1)


class PriceRow(Strict):
    """Prices of a product at the same level of trade, per unit.

    Attributes
    ----------
    imported : Fraction
        Landed price of the imports: CIF, duty and costs after importation.
    cif : Fraction
        CIF value, the denominator of the injury margin.
    domestic : Fraction
        Ex-works price of the domestic industry.
    cost : Fraction
        Its cost of production.
    target_profit : Fraction
        Profit on turnover it could expect without dumping.
    """

    pcn: str
    quantity: Positive
    imported: Positive
    cif: Positive
    domestic: Positive
    cost: NotNegative
    target_profit: NotNegative = Field(lt=1)


class Cause(Strict):
    """A known factor other than the dumped imports (art 3.5), and what was found of it."""

    factor: Literal[
        "imports not dumped",
        "demand",
        "patterns of consumption",
        "restrictive practices",
        "competition among producers",
        "technology",
        "export performance",
        "productivity",
        "other",
    ]
    before: Number | None = None
    after: Number | None = None
    unit: str = ""
    separated: str = Field(min_length=1)
    breaks_the_link: bool


class Source(Strict):
    """Imports under investigation from one origin."""

    economy: str
    margin: NotNegative
    volume: NotNegative
    same_competition: bool


class InjuryCase(Strict):
    """All facts of an injury calculation."""

    product: str
    periods: tuple[str, ...] = Field(min_length=2)
    rules: str | None = None
    factors: dict[str, Series | Finding]
    prices: tuple[PriceRow, ...] = ()
    causes: tuple[Cause, ...] = ()
    sources: tuple[Source, ...] = ()
    total_imports: Positive | None = None
    consumption: Positive | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = {one.name for one in FACTORS}
        strange = sorted(set(self.factors) - known)
        if strange:
            raise ValueError(
                f"not factors of art 3.4: {', '.join(strange)}; known are {', '.join(sorted(known))}"
            )
        for name, series in self.factors.items():
            if isinstance(series, Series):
                other = sorted(set(series.values) - set(self.periods))
                if other:
                    raise ValueError(f"{name} has periods that the case does not: {', '.join(other)}")
        return self


def read_injury(path: Path) -> InjuryCase:
    """Read a case; errors as `openward.calculate.reading.read`."""
    return read(path, InjuryCase, schema=SCHEMA)
