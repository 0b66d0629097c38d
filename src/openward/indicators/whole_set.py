"""The whole set of trade indicators of a year in one reading of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import InputError, MissingDataError
from openward.indicators.complexity import (
    Complexity,
    advantage_matrix,
    eigenvalue_complexity,
    revealed_advantage,
)
from openward.indicators.whole_set_reading import Array, Axis, batches, scan, years_of
from openward.indicators.whole_set_sums import Sums

Mask = NDArray[np.bool_]
Index = NDArray[np.intp]

CONCENTRATED = 0.4
"""Herfindahl-Hirschman index of suppliers above which the European Commission calls supply concentrated."""
SUBSTITUTABLE = 1.0
"""Imports over exports above which it holds that own exports could not stand in."""


@dataclass(frozen=True, slots=True, eq=False)
class WholeSet:
    """Indicators of one year. C economies, P products; 0 where a ratio has no denominator.

    Attributes
    ----------
    year : int or None
        None where the table does not say.
    rows, domestic : int
        Foreign rows read; rows left out because exporter and importer are one.
    economies, products : tuple of str
        Codes in their order.
    exports, imports : [C, P]
        In the unit of the table.
    bilateral : [C, C]
        Trade by exporter and importer.
    rca : [C, P]
        Balassa's revealed comparative advantage of exports.
    supplier_hhi, top_share : [C, P]
        Concentration of suppliers of an importer's product and the share of the largest, fractions.
    export_product_hhi, export_market_hhi, import_supplier_hhi : [C]
        Concentration of exports over products and over markets, of imports over suppliers, fractions.
    concentrated, net_imported : bool [C, P]
        Suppliers concentrated above the threshold; imports above exports.
    grubel_lloyd : [C, P]
        Overlap of exports and imports of a product, 0..1.
    grubel_lloyd_total : [C]
        The same weighted by trade.
    intensity : [C, C]
        Trade intensity by exporter and importer; 1 where trade is as the partner's weight lets expect.
    ranked_economies, ranked_products : int arrays
        Positions of those that have complexity: they export; somebody exports them.
    complexity : Complexity or None
        Of these, in that order; None where fewer than three of either export.
    """

    year: int | None
    rows: int
    domestic: int
    economies: tuple[str, ...]
    products: tuple[str, ...]
    exports: Array
    imports: Array
    bilateral: Array
    rca: Array
    supplier_hhi: Array
    top_share: Array
    export_product_hhi: Array
    export_market_hhi: Array
    import_supplier_hhi: Array
    concentrated: Mask
    net_imported: Mask
    grubel_lloyd: Array
    grubel_lloyd_total: Array
    intensity: Array
    ranked_economies: Index
    ranked_products: Index
    complexity: Complexity | None

    @property
    def dependent(self) -> Mask:
        """Products that an importer buys from few suppliers and does not sell as much of, [C, P]."""
        return self.concentrated & self.net_imported


def whole_set(
    source: Path | pl.DataFrame | pl.LazyFrame,
    *,
    year: int | None = None,
    concentration: float = CONCENTRATED,
    substitution: float = SUBSTITUTABLE,
) -> WholeSet:
    """Compute the whole set from a table of trade, read once.

    Parameters
    ----------
    source : Path or frame
        Parquet file, a folder of them, or a frame, with the columns of the dataset ``trade`` or of BACI
        (``t, i, j, k, v``). Codes held as numbers get leading zeros: economies three digits, products six.
    year : int, optional
        Needed where the table has several.
    concentration, substitution : float
        Thresholds of `WholeSet.concentrated` and `WholeSet.net_imported`.

    Raises
    ------
    MissingDataError
        No file, no such column, no such year.
    InputError
        Several years and none named; missing codes; missing or negative values; rows that share their key.

    Notes
    -----
    Values equal those of the catalogue entries of the same names. Memory is the tables of the result and one
    batch of rows, whatever the length of the file.
    """
    where = str(source) if isinstance(source, Path) else "trade"
    frame = scan(source)
    if year is None:
        year = _only_year(years_of(frame), where)
    economies, products, sums = Axis(3), Axis(6), Sums()
    for batch in batches(frame, year=year, economies=economies, products=products, where=where):
        sums.add(batch, economies=len(economies.codes), products=len(products.codes))
    if not sums.rows:
        raise MissingDataError(
            "no foreign trade" + ("" if year is None else f" in {year}"),
            where=where,
            hint="name a year that the table has",
        )
    repeated = sums.repeated()
    if repeated:
        raise InputError(
            f"{repeated} rows share exporter, importer and product with another",
            where=where,
            hint="sum them, or keep one vintage: openward data audit names the rows",
        )
    return _indicators(year, economies, products, sums, concentration, substitution)


def trade_intensity(*, bilateral: Array) -> Array:
    """Give trade intensity [C, C]: a market's share in exports over its share in what the others sell.

    ``(X_ij / X_i) / (M_j / (M - M_i))``, imports of the exporter itself left out of the world (Kojima 1964,
    Hitotsubashi J. Econ. 5; Drysdale and Garnaut 1982). 0 where any part is zero.

    Parameters
    ----------
    bilateral : [C, C]
        By exporter and importer, no domestic sales.
    """
    sold, bought = bilateral.sum(axis=1), bilateral.sum(axis=0)
    expected = np.outer(sold / np.maximum(bought.sum() - bought, np.finfo(float).tiny), bought)
    return divided(bilateral, expected)


def divided(above: Array, below: Array) -> Array:
    """Divide, 0 where the denominator is not positive."""
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))


def _only_year(years: tuple[int | None, ...], where: str) -> int | None:
    if len(years) > 1:
        raise InputError(
            f"the table has {len(years)} years, {years[0]} to {years[-1]}",
            where=where,
            hint="name one with year=, or take them in turn with whole_sets",
        )
    return years[0] if years else None


def _indicators(
    year: int | None,
    economies: Axis,
    products: Axis,
    sums: Sums,
    concentration: float,
    substitution: float,
) -> WholeSet:
    by_economy = np.argsort(np.array(economies.codes), kind="stable")
    by_product = np.argsort(np.array(products.codes), kind="stable")
    cells = np.ix_(by_economy, by_product)
    exports, imports = sums.exports[cells], sums.imports[cells]
    bilateral = sums.bilateral[np.ix_(by_economy, by_economy)]
    sold, bought = exports.sum(axis=1), imports.sum(axis=1)
    both = exports + imports
    matched = both - np.abs(exports - imports)
    rca = revealed_advantage(exports=exports)
    supplier_hhi = divided(sums.squares[cells], imports**2)
    ranked_economies, ranked_products = np.flatnonzero(sold > 0), np.flatnonzero(exports.any(axis=0))
    return WholeSet(
        year=year,
        rows=sums.rows,
        domestic=sums.domestic,
        economies=tuple(economies.codes[e] for e in by_economy),
        products=tuple(products.codes[p] for p in by_product),
        exports=exports,
        imports=imports,
        bilateral=bilateral,
        rca=rca,
        supplier_hhi=supplier_hhi,
        top_share=divided(sums.largest[cells], imports),
        export_product_hhi=divided((exports**2).sum(axis=1), sold**2),
        export_market_hhi=divided((bilateral**2).sum(axis=1), sold**2),
        import_supplier_hhi=divided((bilateral**2).sum(axis=0), bought**2),
        concentrated=supplier_hhi > concentration,
        net_imported=imports > substitution * exports,
        grubel_lloyd=divided(matched, both),
        grubel_lloyd_total=divided(matched.sum(axis=1), both.sum(axis=1)),
        intensity=trade_intensity(bilateral=bilateral),
        ranked_economies=ranked_economies,
        ranked_products=ranked_products,
        complexity=_complexity(rca[np.ix_(ranked_economies, ranked_products)]),
    )


def _complexity(rca: Array) -> Complexity | None:
    if min(rca.shape) < 3:
        return None
    return eigenvalue_complexity(advantage=advantage_matrix(rca=rca))
