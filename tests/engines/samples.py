"""Small seeded tables that every indicator can run on, and their three engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from openward.observe.input_output import InputOutput, input_output

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ECONOMIES = ("CHN", "DEU", "JPN", "LAO", "USA", "VNM")
PRODUCTS = ("010121", "080929", "270900", "610910", "850440", "854231", "870380", "880240")
YEARS = (2019, 2020, 2021, 2022)
SEED = 20240229


def trade() -> pl.DataFrame:
    """Trade with holes: flows that come and go, and quantities that are not known."""
    draw = np.random.default_rng(SEED)
    rows = [
        (year, exporter, importer, product)
        for year in YEARS
        for exporter in ECONOMIES
        for importer in ECONOMIES
        for product in PRODUCTS
        if exporter != importer
    ]
    n = len(rows)
    frame = pl.DataFrame(rows, schema=["year", "exporter", "importer", "product"], orient="row")
    value = np.round(draw.lognormal(6, 2, n), 3)
    quantity = np.round(value / draw.lognormal(1, 0.5, n), 3)
    known, traded = draw.random(n) < 0.9, draw.random(n) < 0.6
    return frame.with_columns(
        pl.col("year").cast(pl.Int32),
        value=pl.Series(value),
        quantity=pl.when(pl.Series(known)).then(pl.Series(quantity)),
    ).filter(pl.Series(traded))


def trade_total() -> pl.DataFrame:
    """The same by pair."""
    return trade().group_by("year", "exporter", "importer").agg(pl.col("value").sum()).sort(pl.all())


def macro() -> pl.DataFrame:
    """Accounts of the economies and the world; some series are empty."""
    draw = np.random.default_rng(SEED + 1)
    keys = [(economy, year) for economy in (*ECONOMIES, "WLD") for year in YEARS]
    n = len(keys)
    frame = pl.DataFrame(keys, schema={"economy": pl.String, "year": pl.Int32}, orient="row")
    gdp = draw.lognormal(13, 1, n)
    flows = ("exports", "imports", "goods_exports", "goods_imports", "services_exports", "services_imports")
    columns = {name: gdp * draw.uniform(0.05, 0.4, n) for name in flows}
    columns |= {name: gdp * draw.normal(0.01, 0.02, n) for name in ("fdi_inflow", "fdi_outflow")}
    columns |= {
        "gdp": gdp,
        "gdp_real": gdp * draw.uniform(0.8, 1.0, n),
        "gdp_ppp": gdp * draw.uniform(1, 3, n),
    }
    columns |= {f"{name}_ratio": draw.uniform(0.05, 0.6, n) for name in ("exports", "imports", "goods_trade")}
    columns |= {f"{name}_ratio": draw.normal(0.01, 0.02, n) for name in ("fdi_inflow", "fdi_outflow")}
    columns |= {"terms_of_trade": draw.uniform(80, 120, n), "high_technology_share": draw.uniform(0, 0.5, n)}
    columns |= {"population": np.round(draw.lognormal(17, 1, n))}
    filled = frame.with_columns(pl.Series(name, np.round(values, 6)) for name, values in columns.items())
    no_ratio, no_accounts = pl.col("economy").is_in(["DEU", "JPN"]), pl.col("economy") == "JPN"
    published = [name for name in columns if name.endswith("_ratio")]
    return filled.with_columns(
        *(pl.when(~no_ratio).then(pl.col(name)).alias(name) for name in published),
        *(pl.when(~no_accounts).then(pl.col(name)).alias(name) for name in ("exports", "imports")),
        pl.when(pl.col("economy") != "LAO").then(pl.col("terms_of_trade")).alias("terms_of_trade"),
    )


def table_of_industries() -> InputOutput:
    """Give a regular table of three economies and four sectors."""
    draw = np.random.default_rng(SEED + 2)
    g, s = 3, 4
    inputs = draw.uniform(0, 4, (g * s, g * s))
    final = draw.uniform(5, 30, (g * s, g))
    home = np.repeat(np.arange(g), s)
    final[np.arange(g * s), home] += 60
    return input_output(
        economies=ECONOMIES[:g],
        sectors=("A01", "C10", "C29", "K"),
        Z=inputs,
        F=final,
        year=2022,
        unit="million USD",
        source="made up",
    )


def preference_use() -> pl.DataFrame:
    """Imports, the part that claimed a preference, and standard rates of which some are zero or not known."""
    draw = np.random.default_rng(SEED + 2)
    rows = trade().drop("quantity")
    n = rows.height
    rates = pl.Series(np.round(draw.uniform(-0.05, 0.2, n).clip(0.0), 3))
    return rows.with_columns(
        preferential=pl.col("value") * pl.Series(draw.random(n)),
        standard_rate=pl.when(pl.Series(draw.random(n) < 0.8)).then(rates),
    )


TABLES = {"trade": trade, "trade-total": trade_total, "macro": macro, "preference-use": preference_use}


def needed(name: str) -> dict[str, Any]:
    """Give the arguments that an indicator cannot do without and no table of the dictionary holds."""
    import narwhals as nw

    if name == "stock-adjusted-dependency":
        stocks = trade().group_by("year", "importer", "product").agg(pl.col("value").sum() / 20)
        return {"stocks": nw.from_native(stocks.lazy())}
    if name == "bound-overhang":
        return {"bound": {"CHN": 0.10}}
    if name == "trade-facilitation":
        return {"scores": {"CHN": {"information": 1.5}}}
    return {}


def on_polars(frame: pl.DataFrame) -> Any:
    """Give the table as a Polars query."""
    return frame.lazy()


def on_duckdb(frame: pl.DataFrame) -> Any:
    """Give the table as a DuckDB relation."""
    import duckdb

    return duckdb.from_arrow(frame.to_arrow())


def on_spark(frame: pl.DataFrame, spark: SparkSession) -> Any:
    """Give the table as a PySpark frame."""
    return spark.createDataFrame(frame.to_arrow())
