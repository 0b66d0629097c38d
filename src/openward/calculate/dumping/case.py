"""The facts of a dumping calculation, as a file gives them (``openward.dumping/1``)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from openward.calculate.exact import NotNegative, Number, Positive
from openward.calculate.jurisdiction import Method, Proceeding
from openward.calculate.reading import Strict, parse, read

SCHEMA = "openward.dumping/1"


class Deductions(Strict):
    """Amounts per unit taken off a price to come to ex-works; what is not stated was not claimed."""

    discounts: NotNegative | None = None
    rebates: NotNegative | None = None
    inland_freight: NotNegative | None = None
    ocean_freight: NotNegative | None = None
    insurance: NotNegative | None = None
    handling: NotNegative | None = None
    packing: NotNegative | None = None
    credit: NotNegative | None = None
    commission: NotNegative | None = None
    warranty: NotNegative | None = None
    technical_service: NotNegative | None = None
    advertising: NotNegative | None = None
    import_duty: NotNegative | None = None
    indirect_tax: NotNegative | None = None
    level_of_trade: NotNegative | None = None
    further_processing: NotNegative | None = None
    reseller_selling: NotNegative | None = None
    reseller_profit: NotNegative | None = None


class Additions(Strict):
    """Amounts per unit added to a price."""

    duty_drawback: NotNegative | None = None
    interest_revenue: NotNegative | None = None
    freight_revenue: NotNegative | None = None
    level_of_trade: NotNegative | None = None


class Sale(Strict):
    """A sale of the like product.

    Attributes
    ----------
    id, pcn : str
        Of the transaction; product control number.
    quantity, price : Fraction
        Units sold; gross price per unit in the currency of the case.
    related : bool
        The customer is related to the seller.
    at_arms_length : bool or None
        The authority's finding for a related customer, where the law has no figure.
    """

    id: str
    pcn: str
    on: date | None = None
    quantity: Positive
    price: Positive
    customer: str
    related: bool = False
    at_arms_length: bool | None = None
    deductions: Deductions = Deductions()
    additions: Additions = Additions()


class ExportSale(Sale):
    """A sale to the importing economy.

    Attributes
    ----------
    cif : Fraction or None
        CIF value per unit at the border, duty unpaid; the denominator where the law says so.
    basis : str
        ``export``: paid by an independent buyer; ``constructed``: first independent resale of a related
        importer, less the reseller's costs and profit.
    """

    cif: Positive | None = None
    region: str = ""
    basis: Literal["export", "constructed"] = "export"

    @model_validator(mode="after")
    def _reseller(self) -> Self:
        if self.basis == "constructed":
            missing = [
                name
                for name in ("reseller_selling", "reseller_profit")
                if getattr(self.deductions, name) is None
            ]
            if missing:
                raise ValueError(f"a constructed export price needs deductions.{' and '.join(missing)}")
        return self


class Cost(Strict):
    """Cost of production per unit of a product control number: manufacture, selling and general, finance."""

    pcn: str
    manufacture: NotNegative
    selling_general: NotNegative
    finance: NotNegative

    @property
    def total(self) -> Number:
        """Cost of production per unit."""
        return self.manufacture + self.selling_general + self.finance


class Profit(Strict):
    """Profit for a constructed value, as a fraction of cost, where sales give none."""

    rate: NotNegative
    basis: str = Field(min_length=1)


class ThirdCountry(Strict):
    """Sales to an appropriate third country."""

    economy: str
    sales: tuple[Sale, ...] = Field(min_length=1)


class Match(Strict):
    """The home product compared with an exported one that is not sold at home.

    ``difference`` is the variable cost of the exported product less that of the home product, per unit.
    """

    pcn: str
    to: str
    difference: Number


class Firm(Strict):
    """One exporter or producer examined by itself."""

    name: str
    home_sales: tuple[Sale, ...] = ()
    export_sales: tuple[ExportSale, ...] = Field(min_length=1)
    costs: tuple[Cost, ...] = ()
    third_country: ThirdCountry | None = None
    fallback: Literal["third-country", "constructed"] | None = None
    profit: Profit | None = None
    matches: tuple[Match, ...] = ()
    underselling: NotNegative | None = None

    @model_validator(mode="after")
    def _once(self) -> Self:
        for what, keys in (
            ("cost", [one.pcn for one in self.costs]),
            ("match", [one.pcn for one in self.matches]),
            ("home sale", [one.id for one in self.home_sales]),
            ("export sale", [one.id for one in self.export_sales]),
        ):
            twice = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
            if twice:
                raise ValueError(f"{what} stated twice: {', '.join(twice)}")
        return self


class Other(Strict):
    """An exporter with no calculation of its own.

    ``kind`` is ``cooperating`` (outside the sample), ``facts-available`` (its rate was decided on facts
    available: give ``rate``) or ``non-cooperating``.
    """

    name: str
    kind: Literal["cooperating", "facts-available", "non-cooperating"]
    rate: NotNegative | None = None

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if (self.kind == "facts-available") != (self.rate is not None):
            raise ValueError("rate goes with kind facts-available, and only with it")
        return self


class DumpingCase(Strict):
    """All facts of a case; money per unit in one currency, converted by the user at the days of sale."""

    product: str
    unit: str
    currency: str
    importer: str
    exporter: str
    proceeding: Proceeding
    rules: str | None = None
    method: Method | Literal["pattern"]
    offsets: bool | None = None
    firms: tuple[Firm, ...] = Field(min_length=1)
    others: tuple[Other, ...] = ()


def read_dumping(path: Path) -> DumpingCase:
    """Read a case; errors as `openward.calculate.reading.read`."""
    return read(path, DumpingCase, schema=SCHEMA)


def parse_dumping(text: str, *, where: str = "text") -> DumpingCase:
    """Read a case from YAML text."""
    return parse(text, DumpingCase, schema=SCHEMA, where=where)
