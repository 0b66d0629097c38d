"""Complexity indices of every year of a table of trade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import polars as pl

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.complexity import (
    Array,
    advantage_matrix,
    density,
    eigenvalue_complexity,
    fitness,
    opportunity_gain,
    outlook,
    proximity,
    revealed_advantage,
)
from openward.indicators.frames import flows

ECONOMY, PRODUCT, CELL = ("year", "economy"), ("year", "product"), ("year", "economy", "product")
ATLAS = "Hausmann, Hidalgo et al. (2014), The Atlas of Economic Complexity, technical box"
SPACE = "Hidalgo, Klinger, Barabasi and Hausmann (2007), Science 317, 482-487"
FITNESS = "Tacchella, Cristelli, Caldarelli, Gabrielli and Pietronero (2012), Scientific Reports 2, 723"
SAMPLE = "depends on which economies and products are in: tiny exporters make outliers; choose the sample"
STANDARD = "standardized within the year: differences between years are changes of place, not of level"


@dataclass(frozen=True, slots=True, eq=False)
class Advantages:
    """Matrix of advantage of a year, 1 or 0, [C, P], with its codes in order."""

    year: int
    economies: list[str]
    products: list[str]
    matrix: Array


def advantages(trade: Frame, *, cutoff: float) -> Iterator[Advantages]:
    """Give the matrix of every year, economies and products without any advantage left out."""
    exports = flows(trade, of="exporter", partner="importer", by=("product",)).collect("polars").to_native()
    for (year,), rows in exports.sort("year").group_by("year", maintain_order=True):
        economies, products = rows["economy"].unique().sort(), rows["product"].unique().sort()
        table = np.zeros((len(economies), len(products)))
        at = economies.search_sorted(rows["economy"]).to_numpy(), products.search_sorted(rows["product"])
        table[at[0], at[1].to_numpy()] = rows["value"].to_numpy()
        matrix = advantage_matrix(rca=revealed_advantage(exports=table), cutoff=cutoff)
        own, common = matrix.any(axis=1), matrix.any(axis=0)
        yield Advantages(
            year=int(str(year)),
            economies=economies.filter(pl.Series(own)).to_list(),
            products=products.filter(pl.Series(common)).to_list(),
            matrix=np.ascontiguousarray(matrix[np.ix_(own, common)]),
        )


def long_form(trade: Frame, keys: tuple[str, ...], kernel: Callable[[Array], Array], cutoff: float) -> Frame:
    """Apply a kernel to the matrix of every year and give its result with its keys."""
    parts = [_named(found, keys, kernel(found.matrix)) for found in advantages(trade, cutoff=cutoff)]
    schema = {key: pl.Int64 if key == "year" else pl.String for key in keys} | {"value": pl.Float64}
    return nw.from_native(pl.concat(parts) if parts else pl.DataFrame(schema=schema)).lazy()


def _named(found: Advantages, keys: tuple[str, ...], values: Array) -> pl.DataFrame:
    axes = [found.economies if key == "economy" else found.products for key in keys if key != "year"]
    columns: dict[str, pl.Series] = {}
    for place, (key, codes) in enumerate(zip(keys[1:], axes, strict=True)):
        shape = [len(codes) if axis == place else 1 for axis in range(values.ndim)]
        at = np.broadcast_to(np.arange(len(codes)).reshape(shape), values.shape).ravel()
        columns[key] = pl.Series(codes, dtype=pl.String).gather(pl.Series(at))
    frame = pl.DataFrame(columns).with_columns(value=pl.Series(values.ravel()))
    return frame.select(pl.lit(found.year, dtype=pl.Int64).alias("year"), *keys[1:], "value")


@indicator(
    "eci",
    title="Economic complexity index",
    group="advantage",
    kind="dense",
    definition="What an economy's advantages, and who else has them, say of the capabilities behind them: "
    "the second eigenvector of economies linked through products, standardized.",
    formula=r"\tilde M_{cc'}=\sum_p\frac{M_{cp}M_{c'p}}{k_c k_p},\quad ECI=\frac{v_2-\bar v_2}{s(v_2)}",
    inputs=("trade",),
    keys=ECONOMY,
    unit="standard deviations",
    reference="Hidalgo and Hausmann (2009), PNAS 106; " + ATLAS,
    traps=(SAMPLE, STANDARD, "orientation is a convention: here along diversity"),
)
def eci(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Give the index of economies by year."""
    return long_form(trade, ECONOMY, lambda m: eigenvalue_complexity(advantage=m).economies, cutoff)


@indicator(
    "pci",
    title="Product complexity index",
    group="advantage",
    kind="dense",
    definition="The same for products: average complexity of the economies with advantage in one.",
    formula=r"PCI=\frac{u-\bar u}{s(u)},\quad u_p=\frac{1}{k_p}\sum_c M_{cp}\,v_{2,c}",
    inputs=("trade",),
    keys=PRODUCT,
    unit="standard deviations",
    reference="Hidalgo and Hausmann (2009), PNAS 106; " + ATLAS,
    traps=(SAMPLE, STANDARD),
)
def pci(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Give the index of products by year."""
    return long_form(trade, PRODUCT, lambda m: eigenvalue_complexity(advantage=m).products, cutoff)


@indicator(
    "fitness",
    title="Economic fitness",
    group="advantage",
    kind="dense",
    definition="Diversification weighted by complexity, where a product that weak economies make counts as "
    "simple; mean one.",
    formula=r"F_c^{(n)}\propto\sum_p M_{cp}Q_p^{(n-1)},\quad "
    r"Q_p^{(n)}\propto\left(\sum_c M_{cp}/F_c^{(n-1)}\right)^{-1}",
    inputs=("trade",),
    keys=ECONOMY,
    unit="index, mean 1",
    reference=FITNESS,
    traps=(SAMPLE, "need not converge above zero: the number of iterates is part of the definition"),
)
def economic_fitness(*, trade: Frame, cutoff: float = 1.0, iterations: int = 20) -> Frame:
    """Give fitness by year and economy."""
    return long_form(trade, ECONOMY, lambda m: fitness(advantage=m, iterations=iterations).economies, cutoff)


@indicator(
    "fitness-product",
    title="Product complexity by fitness",
    group="advantage",
    kind="dense",
    definition="Complexity of a product by the fitness map: bounded by its weakest exporter; mean one.",
    formula=r"Q_p^{(n)}\propto\left(\sum_c M_{cp}/F_c^{(n-1)}\right)^{-1}",
    inputs=("trade",),
    keys=PRODUCT,
    unit="index, mean 1",
    reference=FITNESS,
    traps=(SAMPLE, "one weak exporter by a slip in the data makes a product simple"),
)
def fitness_product(*, trade: Frame, cutoff: float = 1.0, iterations: int = 20) -> Frame:
    """Give product complexity by the fitness map, by year."""
    return long_form(trade, PRODUCT, lambda m: fitness(advantage=m, iterations=iterations).products, cutoff)


@indicator(
    "product-density",
    title="Density around a product",
    group="advantage",
    kind="dense",
    definition="Share of the proximities to a product that lie at products the economy has advantage in.",
    formula=r"\omega_{cp}=\frac{\sum_q M_{cq}\phi_{qp}}{\sum_q\phi_{qp}},\quad "
    r"\phi_{pq}=\frac{\sum_c M_{cp}M_{cq}}{\max(k_p,k_q)}",
    inputs=("trade",),
    keys=CELL,
    unit="fraction",
    reference=SPACE,
    traps=(SAMPLE, "a product is near itself: having it lifts its own density"),
)
def product_density(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Give density by year, economy and product."""
    return long_form(trade, CELL, lambda m: density(advantage=m, closeness=proximity(advantage=m)), cutoff)


@indicator(
    "product-proximity",
    title="Proximity of products",
    group="advantage",
    kind="dense",
    definition="Smaller of the two chances that an economy with advantage in one product has it in the "
    "other.",
    formula=r"\phi_{pq}=\frac{\sum_c M_{cp}M_{cq}}{\max(k_p,k_q)}",
    inputs=("trade",),
    keys=("year", "product", "partner_product"),
    unit="fraction",
    reference=SPACE,
    traps=(SAMPLE, "as many rows as products squared", "products of one exporter are near by chance"),
)
def product_proximity(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Give proximity by year and pair of products."""
    keys = ("year", "product", "partner_product")
    return long_form(trade, keys, lambda m: proximity(advantage=m), cutoff)


@indicator(
    "coi",
    title="Complexity outlook index",
    group="advantage",
    kind="dense",
    definition="How much complexity lies near what an economy makes and does not make yet.",
    formula=r"COI_c=\sum_p\omega_{cp}(1-M_{cp})PCI_p",
    inputs=("trade",),
    keys=ECONOMY,
    unit="index",
    reference=ATLAS,
    traps=(SAMPLE, "low both where little is near and where nearly all is made already"),
)
def coi(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Give the outlook by year and economy."""
    return long_form(trade, ECONOMY, _outlook, cutoff)


@indicator(
    "cog",
    title="Complexity outlook gain",
    group="advantage",
    kind="dense",
    definition="How much an economy's outlook would gain by advantage in a product it does not have it in.",
    formula=r"COG_{cp}=\sum_{q\ne p}\frac{\phi_{pq}}{\sum_r\phi_{rq}}(1-M_{cq})PCI_q-\omega_{cp}PCI_p",
    inputs=("trade",),
    keys=CELL,
    unit="index",
    reference=ATLAS,
    traps=(SAMPLE, "zero where the economy has the product", "proximities are held as they are"),
)
def cog(*, trade: Frame, cutoff: float = 1.0) -> Frame:
    """Give the gain by year, economy and product."""
    return long_form(trade, CELL, _gain, cutoff)


def _outlook(matrix: Array) -> Array:
    worth = eigenvalue_complexity(advantage=matrix).products
    return outlook(advantage=matrix, closeness=proximity(advantage=matrix), product_complexity=worth)


def _gain(matrix: Array) -> Array:
    worth = eigenvalue_complexity(advantage=matrix).products
    return opportunity_gain(advantage=matrix, closeness=proximity(advantage=matrix), product_complexity=worth)
