"""The profile of an economy as a result: every figure with its unit, year, basis and source."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = "openward.profile/1"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures are from; `number` is how they refer to it."""

    number: int
    name: str
    vintage: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Place among economies with a figure for the same year; rank 1 is the largest value.

    Attributes
    ----------
    rank, of : int
    median : float
        In the unit of the figure.
    """

    rank: int
    of: int
    median: float


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure, or why there is none.

    Attributes
    ----------
    key, label : str
        Name of the indicator (with its term), and what the page calls it.
    value : float or None
        In `unit`; None where `missing` says why.
    unit : str
        Rates and shares are fractions.
    year : int or None
        None where the figure has a date of law instead, said in `basis`.
    basis : str
        What is counted.
    source : int or None
        Number of a `Source`.
    standing : Standing or None
    missing : str
    """

    key: str
    label: str
    value: float | None
    unit: str
    year: int | None
    basis: str
    source: int | None
    standing: Standing | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A topic of the page: the answer first, then figures; `notes` say what the figures do not."""

    key: str
    title: str
    answer: str
    quantities: tuple[Quantity, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A year of trade over GDP: the economy, and quartiles over the economies of that year (fractions)."""

    year: int
    value: float
    low: float
    median: float
    high: float
    economies: int


@dataclass(frozen=True, slots=True)
class Peer:
    """Trade over GDP of an economy in the latest year (fraction)."""

    code: str
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Partner:
    """A trading partner: million USD, and fractions of the economy's exports and imports."""

    code: str
    name: str
    exports: float
    imports: float
    export_share: float
    import_share: float


@dataclass(frozen=True, slots=True)
class Product:
    """An exported product.

    Attributes
    ----------
    exports : float
        Million USD.
    share : float
        Fraction of exports.
    rca : float or None
        Balassa index; 1 is the world's average.
    complexity : float or None
        Product complexity index, standard deviations.
    """

    code: str
    name: str
    exports: float
    share: float
    rca: float | None
    complexity: float | None


@dataclass(frozen=True, slots=True)
class Dependency:
    """An imported product that few sell.

    Attributes
    ----------
    imports : float
        Million USD.
    share : float
        Fraction of all imports.
    supplier, supplier_name : str
        The largest.
    supplier_share : float
        Fraction of the imports of the product.
    concentration : float
        Herfindahl-Hirschman index of suppliers (CDI1), 0 to 1.
    single_point : bool
        One supplier above half, too few others at scale.
    strategic : bool
        All three criteria of the European Commission.
    """

    code: str
    name: str
    imports: float
    share: float
    supplier: str
    supplier_name: str
    supplier_share: float
    concentration: float
    single_point: bool
    strategic: bool


@dataclass(frozen=True, slots=True)
class IndexRank:
    """Place in the composite index, or why there is none.

    Attributes
    ----------
    score, low, high : float, int, int or None
        Score of the index; the rank interval, 90 % of `replicates`.
    rank, of : int or None
    available, wanted : int
        Indicators of the spec that have data here, and all of them.
    """

    title: str
    year: int | None
    score: float | None
    rank: int | None
    low: int | None
    high: int | None
    of: int | None
    replicates: int
    available: int
    wanted: int
    source: int | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """Verdicts on published figures about the economy, or why there are none."""

    ledger: str
    counts: tuple[tuple[str, int], ...]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """All of a page.

    Attributes
    ----------
    economy, name : str
    asked_year : int or None
        Figures are of this year or the latest before it.
    headline : str
        The answer: how open, how exposed.
    openness, trade, products_section, dependency, chains, law, index_section : Section
    course : tuple of Point
        Years at hand, rising.
    peers : tuple of Peer
        All economies of the latest year of `course`.
    partners : tuple of Partner
        The largest, by exports plus imports.
    partners_year, products_year : int or None
    products : tuple of Product
    dependencies : tuple of Dependency
    products_total, dependencies_total : int
        Products exported and imported, of which the lists give some.
    product_kind : str
        What a product is: ``industries`` or ``products``.
    index : IndexRank
    claims : ClaimCount
    sources : tuple of Source
    gaps : tuple of str
        Everything that is missing, with the reason.
    """

    economy: str
    name: str
    asked_year: int | None
    headline: str
    openness: Section
    trade: Section
    products_section: Section
    dependency: Section
    chains: Section
    law: Section
    index_section: Section
    course: tuple[Point, ...]
    peers: tuple[Peer, ...]
    partners: tuple[Partner, ...]
    partners_year: int | None
    products: tuple[Product, ...]
    products_year: int | None
    dependencies: tuple[Dependency, ...]
    products_total: int
    dependencies_total: int
    product_kind: str
    index: IndexRank
    claims: ClaimCount
    sources: tuple[Source, ...]
    gaps: tuple[str, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections in the order of the page."""
        return (
            self.openness,
            self.trade,
            self.products_section,
            self.dependency,
            self.chains,
            self.law,
            self.index_section,
        )
