"""The spec of an estimation (``openward.estimate/1``): data, terms, and the columns of a table."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from openward.simulate.estimate.spec_terms import Term

SCHEMA: Literal["openward.estimate/1"] = "openward.estimate/1"
Name = Annotated[str, Field(min_length=1)]
Value = str | int | float


class Part(BaseModel):
    """A part of a spec; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Where(Part):
    """Rows that take part: those whose ``column`` meets every condition.

    Attributes
    ----------
    column : str
    one_of, none_of : list
        Values wanted, values left out.
    at_least, at_most : float
        Bounds, both included.
    """

    column: Name
    one_of: list[Value] | None = None
    none_of: list[Value] | None = None
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Where:
        if all(one is None for one in (self.one_of, self.none_of, self.at_least, self.at_most)):
            raise ValueError("say one_of, none_of, at_least or at_most")
        return self


class Data(Part):
    """Where the rows are, and which columns say who and when.

    Attributes
    ----------
    file : str
        Parquet or CSV, in the folder given with ``--data`` (else beside the spec).
    exporter, importer : str
        Columns.
    year : str, optional
        Column of whole years; needed for lags, leads, phasing-in, borders by year and staggered entry.
    sector : str, optional
        Column of sectors: part of the key of a row.
    where : list of Where
        For every column of the table. Lags and leads look at all years of the file.
    """

    file: Name
    exporter: Name
    importer: Name
    year: Name | None = None
    sector: Name | None = None
    where: list[Where] = []


class Product(Part):
    """A set of dummies: one for each combination of the columns.

    Attributes
    ----------
    product : list of str
        ``exporter``, ``importer``, ``year``, ``sector``, or columns of the file.
    symmetric : bool
        Exporter and importer count as a pair, the same both ways.
    """

    product: Annotated[list[Name], Field(min_length=1)]
    symmetric: bool = False

    @model_validator(mode="after")
    def _pair(self) -> Product:
        if self.symmetric and not {"exporter", "importer"} <= set(self.product):
            raise ValueError("symmetric is about a product of exporter and importer")
        return self

    @property
    def label(self) -> str:
        """Name for people."""
        return " x ".join(self.product) + (" (the same both ways)" if self.symmetric else "")


class Combination(Part):
    """A sum of coefficients, with its delta-method error.

    Attributes
    ----------
    name : str
    of : mapping of term to weight
    """

    name: Name
    of: Annotated[dict[Name, float], Field(min_length=1)]


class Test(Part):
    """A joint hypothesis, tested by Wald's statistic: all zero, or all equal.

    Attributes
    ----------
    name : str
    zero, equal : list of str
        Terms.
    """

    __test__ = False

    name: Name
    zero: list[Name] | None = None
    equal: list[Name] | None = None

    @model_validator(mode="after")
    def _one(self) -> Test:
        if (self.zero is None) == (self.equal is None):
            raise ValueError("say either zero or equal")
        if len(self.zero or self.equal or []) < (1 if self.zero is not None else 2):
            raise ValueError("names too few terms")
        return self


class _Column(Part):
    name: Name
    domestic: Literal["keep", "drop"]
    where: list[Where] = []
    effects: Annotated[list[Product], Field(min_length=1)]
    clusters: list[Product] = []
    convention: Literal["stata", "none", "full"] = "stata"


class PpmlColumn(_Column):
    """Poisson pseudo-maximum likelihood with fixed effects.

    Attributes
    ----------
    domestic : {"keep", "drop"}
        Trade of an economy with itself.
    effects, clusters : list of Product
    convention : {"stata", "none", "full"}
        Small-sample factor of the variance.
    bias_correction : {"none", "two-way", "three-way"}
        Weidner and Zylkin (2021).
    tests, combinations : list
    """

    method: Literal["ppml"]
    regressors: Annotated[list[Name], Field(min_length=1)]
    bias_correction: Literal["none", "two-way", "three-way"] = "none"
    tests: list[Test] = []
    combinations: list[Combination] = []


class StaggeredColumn(_Column):
    """Entry at different dates, without comparisons to pairs that entered before (extended two-way effects).

    Attributes
    ----------
    treatment : str
        Term that is 0 until a pair enters and 1 from then on.
    controls : list of str
        Other regressors.
    compare_with : {"not-yet", "never"}
        Pairs that have not entered yet count as comparison until they do; or only pairs that never do (then
        coefficients before entry are estimated too, and tested).
    reversals : {"error", "drop"}
        What to do with pairs that leave.
    """

    method: Literal["staggered"]
    treatment: Name
    controls: list[Name] = []
    compare_with: Literal["not-yet", "never"]
    reversals: Literal["error", "drop"] = "error"


class LassoColumn(_Column):
    """Selection among many terms: penalized PPML, then PPML on what is selected.

    Attributes
    ----------
    candidates : list of str
        Terms to select from.
    unpenalized : list of str
        Terms that stay.
    penalty : {"plug-in", "bic"}
        Plug-in: from the spread of the scores, by cluster; it keeps out noise. BIC: least
        criterion on a path.
    """

    method: Literal["lasso"]
    candidates: Annotated[list[Name], Field(min_length=2)]
    unpenalized: list[Name] = []
    penalty: Literal["plug-in", "bic"]


class ElasticityColumn(Part):
    """Trade elasticities by sector from tariffs.

    Attributes
    ----------
    tariff : str
        Column of ad valorem tariffs.
    tariff_unit : {"percent", "fraction"}
    values : {"net-of-tariff", "tariff-inclusive"}
        What the outcome is; net values are multiplied by ``1 + tariff``.
    estimator : {"ratio", "ppml"}
        Ratio: ordinary least squares on the triads of Caliendo and Parro (2015). PPML: exporter, importer and
        symmetric pair effects.
    """

    method: Literal["elasticity"]
    name: Name
    estimator: Literal["ratio", "ppml"]
    tariff: Name
    tariff_unit: Literal["percent", "fraction"]
    values: Literal["net-of-tariff", "tariff-inclusive"]
    where: list[Where] = []


Column = Annotated[
    PpmlColumn | StaggeredColumn | LassoColumn | ElasticityColumn, Field(discriminator="method")
]


class EstimateSpec(Part):
    """``openward.estimate/1``.

    Attributes
    ----------
    name, title, source : str
    data : Data
    outcome : str
        Column of non-negative values.
    terms : mapping of name to term
        Terms by name; a name that is a column of the file needs no entry.
    estimates : list of columns
    notes : list of str
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_name: Literal["openward.estimate/1"] = Field(alias="schema")
    name: Name
    title: Name
    source: str
    data: Data
    outcome: Name
    terms: dict[Name, Term] = {}
    estimates: Annotated[list[Column], Field(min_length=1)]
    notes: list[str] = []

    @model_validator(mode="after")
    def _distinct(self) -> EstimateSpec:
        names = [one.name for one in self.estimates]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two estimates are called {', '.join(twice)}")
        return self
