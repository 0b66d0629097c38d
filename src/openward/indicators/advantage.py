"""Revealed advantage: which products an economy exports more of than the world does."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, flows

CELL = ("year", "economy", "product")
GROSS = "exports are gross: assembling imported parts counts as advantage in the product assembled"
POLICY = "duties and subsidies shape trade: what is revealed is what was sold, not what it cost to make"
LEVEL = "depends on the classification and its level: compare within one"
ALL = "every product that somebody exports has a row for every economy that exports anything; most are zero"


def cells(trade: Frame) -> Frame:
    """Give exports and their margins: ``year, economy, product, x, of_economy, of_product, world``."""
    exports = flows(trade, of="exporter", partner="importer", by=("product",)).select(*CELL, x="value")
    exports = exports.with_columns(x=nw.col("x").cast(nw.Float64()))
    by_economy = exports.group_by("year", "economy").agg(of_economy=nw.col("x").sum())
    by_product = exports.group_by("year", "product").agg(of_product=nw.col("x").sum())
    world = exports.group_by("year").agg(world=nw.col("x").sum())
    grid = by_economy.join(by_product, on="year", how="inner").join(world, on="year", how="inner")
    return grid.join(exports, on=list(CELL), how="left").with_columns(x=nw.col("x").fill_null(0.0))


def balassa() -> nw.Expr:
    """Give revealed comparative advantage from the columns of `cells`."""
    return nw.col("x") / nw.col("of_economy") / (nw.col("of_product") / nw.col("world"))


@indicator(
    "rca",
    title="Revealed comparative advantage",
    group="advantage",
    definition="A product's share in an economy's exports over its share in world exports; 1 is the world.",
    formula=r"\frac{x_{cp}/x_c}{x_p/x}",
    inputs=("trade",),
    keys=CELL,
    unit="ratio",
    reference="Balassa (1965), Manchester School 33, 99-123",
    traps=(
        ALL,
        GROSS,
        POLICY,
        LEVEL,
        "no upper bound, and skewed: small economies reach values that large ones cannot",
    ),
)
def rca(*, trade: Frame) -> Frame:
    """Give Balassa's index by year, economy and product."""
    return finish(cells(trade), CELL, balassa())


@indicator(
    "rca-symmetric",
    title="Symmetric revealed comparative advantage",
    group="advantage",
    definition="Balassa's index mapped to -1..1, so that advantage and disadvantage weigh alike.",
    formula=r"\frac{RCA_{cp}-1}{RCA_{cp}+1}",
    inputs=("trade",),
    keys=CELL,
    unit="index, -1 to 1",
    reference="Dalum, Laursen and Villumsen (1998), International Review of Applied Economics 12, 423-443",
    traps=(ALL, GROSS, "-1 wherever nothing is exported, however small the product"),
)
def rca_symmetric(*, trade: Frame) -> Frame:
    """Give the symmetric index by year, economy and product."""
    return finish(cells(trade), CELL, (balassa() - 1.0) / (balassa() + 1.0))


@indicator(
    "rca-normalized",
    title="Normalized revealed comparative advantage",
    group="advantage",
    definition="Exports of a product less what the economy's size lets expect, over world exports; sums to "
    "zero over economies and over products.",
    formula=r"\frac{x_{cp}}{x}-\frac{x_c\,x_p}{x^2}",
    inputs=("trade",),
    keys=CELL,
    unit="fraction of world exports",
    reference="Yu, Cai and Leung (2009), Annals of Regional Science 43, 267-282",
    traps=(ALL, GROSS, "tiny numbers: papers print them times 10,000", "large products dominate"),
)
def rca_normalized(*, trade: Frame) -> Frame:
    """Give the normalized index by year, economy and product."""
    expected = nw.col("of_economy") / nw.col("world") * (nw.col("of_product") / nw.col("world"))
    return finish(cells(trade), CELL, nw.col("x") / nw.col("world") - expected)


@indicator(
    "rca-additive",
    title="Additive revealed comparative advantage",
    group="advantage",
    definition="A product's share in an economy's exports less its share in world exports.",
    formula=r"\frac{x_{cp}}{x_c}-\frac{x_p}{x}",
    inputs=("trade",),
    keys=CELL,
    unit="fraction",
    reference="Hoen and Oosterhaven (2006), Annals of Regional Science 40, 677-691",
    traps=(ALL, GROSS, "sums to zero over an economy's products: a gain here is a loss there"),
)
def rca_additive(*, trade: Frame) -> Frame:
    """Give the additive index by year, economy and product."""
    share = nw.col("x") / nw.col("of_economy")
    return finish(cells(trade), CELL, share - nw.col("of_product") / nw.col("world"))


@indicator(
    "rca-diversity",
    title="Products with advantage",
    group="advantage",
    definition="How many products an economy exports with advantage (its diversity).",
    formula=r"\sum_p [RCA_{cp}\ge 1]",
    inputs=("trade",),
    keys=("year", "economy"),
    unit="products",
    reference="Hidalgo and Hausmann (2009), PNAS 106, eq. 3",
    traps=(LEVEL, "an index of 1.01 counts as much as one of 50"),
)
def rca_diversity(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Count products with advantage by year and economy."""
    return _counted(trade, "economy", cutoff)


@indicator(
    "rca-ubiquity",
    title="Economies with advantage",
    group="advantage",
    definition="How many economies export a product with advantage (its ubiquity).",
    formula=r"\sum_c [RCA_{cp}\ge 1]",
    inputs=("trade",),
    keys=("year", "product"),
    unit="economies",
    reference="Hidalgo and Hausmann (2009), PNAS 106, eq. 4",
    traps=("few exporters may mean a scarce resource as well as a hard craft", LEVEL),
)
def rca_ubiquity(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Count economies with advantage by year and product."""
    return _counted(trade, "product", cutoff)


def _counted(trade: Frame, key: str, cutoff: float) -> Frame:
    has = nw.when(balassa() >= cutoff).then(1.0).otherwise(0.0)
    marked = cells(trade).select("year", key, has=has)
    return finish(marked.group_by("year", key).agg(nw.col("has").sum()), ("year", key), nw.col("has"))
