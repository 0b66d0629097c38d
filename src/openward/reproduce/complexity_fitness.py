"""Fitness, complexity and proximity of 226 economies, as an R package of the field publishes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import MissingDataError
from openward.indicators.complexity import (
    Array,
    advantage_matrix,
    eigenvalue_complexity,
    fitness,
    proximity,
    revealed_advantage,
)
from openward.reproduce.reproduction import Cell, Reproduction, compare

NAME = "complexity-fitness"
SOURCE = "economiccomplexity 2.0.0 (CRAN): fitness, eigenvalue and proximity on world trade 1998-2000, SITC"
TOLERANCE = 1e-8
EIGENVALUE = {"afg": -0.5764283, "ago": -1.7770752}
PRINTED_DIGITS = 5e-8
PROXIMITY = ("afg", "ago", 0.015873016)
NOTES = (
    "Fitness is the twentieth iterate, the first being ones. The eigenvalue index is standardized with the "
    "sample standard deviation. Its two figures and the proximity are printed with seven and nine digits.",
)


def reproduce(data: Path) -> Reproduction:
    """Compute all published indices again."""
    folder = data / "measure" / "ecomplexity"
    economies, products, exports = read_exports(folder / "world_trade_avg_1998_to_2000.csv.gz")
    m = advantage_matrix(rca=revealed_advantage(exports=exports))
    found = fitness(advantage=m)
    cells = _against(folder / "expected_complexity_index_country.csv", economies, found.economies, "fitness")
    cells += _against(
        folder / "expected_complexity_index_product.csv", products, found.products, "product complexity"
    )
    index = dict(zip(economies, eigenvalue_complexity(advantage=m).economies, strict=True))
    cells += [
        compare(code, "eigenvalue", published=known, computed=float(index[code]), tolerance=PRINTED_DIGITS)
        for code, known in EIGENVALUE.items()
    ]
    one, other, known = PROXIMITY
    near = proximity(advantage=np.ascontiguousarray(m.T))[economies.index(one), economies.index(other)]
    cells.append(
        compare(f"{one}-{other}", "proximity", published=known, computed=float(near), tolerance=TOLERANCE)
    )
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)


def read_exports(path: Path) -> tuple[list[str], list[str], Array]:
    """Read exports by economy and product into a dense matrix, in the order of the codes."""
    if not path.is_file():
        raise MissingDataError(
            "the table is not there", where=str(path), hint="name the data folder with --data"
        )
    frame = pl.read_csv(path, schema_overrides={"product": pl.String, "value": pl.Float64})
    wide = frame.pivot(on="product", index="country", values="value").sort("country").fill_null(0.0)
    products = sorted(column for column in wide.columns if column != "country")
    return wide["country"].to_list(), products, wide.select(products).to_numpy()


def _against(path: Path, codes: list[str], computed: Array, column: str) -> list[Cell]:
    if not path.is_file():
        raise MissingDataError(
            "the table is not there", where=str(path), hint="name the data folder with --data"
        )
    published = pl.read_csv(path, schema_overrides={"code": pl.String})
    ours = dict(zip(codes, computed, strict=True))
    return [
        compare(code, column, published=value, computed=float(ours[code]), tolerance=TOLERANCE)
        for code, value in published.iter_rows()
    ]
