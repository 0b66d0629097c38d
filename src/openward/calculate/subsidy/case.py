"""The facts of a subsidy calculation, as a file gives them (``openward.subsidy/1``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from openward.calculate.exact import NotNegative, Positive
from openward.calculate.reading import Strict, read

SCHEMA = "openward.subsidy/1"
Sales = Literal["total", "export", "product"]


class _Programme(Strict):
    name: str
    tied_to: Sales
    specific: bool


class Grant(_Programme):
    """Money received; recurring grants are expensed in their year, others may be allocated.

    ``approved_sales`` are the sales of the year of approval, for the test that lets small grants be expensed.
    """

    kind: Literal["grant", "equity"]
    amount: Positive
    year: int
    recurring: bool
    approved_sales: Positive | None = None


class Loan(_Programme):
    """A loan below the benchmark; `share_of_year` is the part of the period it was outstanding."""

    kind: Literal["loan"]
    principal: Positive
    rate: NotNegative
    benchmark: NotNegative
    share_of_year: Positive = Field(le=1)


class Guarantee(_Programme):
    """Interest without and with the guarantee, and the fee paid for it."""

    kind: Literal["guarantee"]
    interest_without: NotNegative
    interest_with: NotNegative
    fee: NotNegative


class Tax(_Programme):
    """Revenue forgone: what was due by law and what was paid."""

    kind: Literal["tax"]
    due: NotNegative
    paid: NotNegative


class Provided(_Programme):
    """Goods or services provided below the market price."""

    kind: Literal["input"]
    quantity: Positive
    market_price: NotNegative
    paid: NotNegative


class Purchased(_Programme):
    """Goods bought by the government above the market price."""

    kind: Literal["purchase"]
    quantity: Positive
    market_price: NotNegative
    paid: NotNegative


Programme = Annotated[Grant | Loan | Guarantee | Tax | Provided | Purchased, Field(discriminator="kind")]


class Allocation(Strict):
    """How non-recurring subsidies are spread: the method, the life of assets in years, the discount rate."""

    method: Literal["declining-balance", "straight-line"]
    life: int = Field(ge=1)
    discount: NotNegative


class SubsidyCase(Strict):
    """All facts of one firm in one period."""

    firm: str
    year: int
    currency: str
    rules: str | None = None
    developing: bool
    sales: dict[Sales, Positive]
    allocation: Allocation | None = None
    programmes: tuple[Programme, ...] = Field(min_length=1)


def read_subsidy(path: Path) -> SubsidyCase:
    """Read a case; errors as `openward.calculate.reading.read`."""
    return read(path, SubsidyCase, schema=SCHEMA)
