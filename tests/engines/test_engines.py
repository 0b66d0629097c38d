"""One function, three engines, the same numbers: every table indicator of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from tests.engines import samples

from openward.indicators.catalogue import Indicator, indicators

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

RELATIVE = 1e-9
# Differences of like numbers (a Theil index near zero) keep the noise of their parts.
ABSOLUTE = 1e-12

TABLE = {name: entry for name, entry in indicators().items() if entry.kind == "table"}

pytestmark = [pytest.mark.engines]


def compute(entry: Indicator, engine: Callable[[str], Any]) -> pl.DataFrame:
    """Run an indicator on the tables of an engine, and sort what it gives."""
    tables = {name.replace("-", "_"): nw.from_native(engine(name)).lazy() for name in entry.inputs}
    result = entry.compute(**tables)
    frame: pl.DataFrame = result.collect(backend="polars").to_native()
    assert set(frame.columns) == {*entry.keys, "value"}
    keys = list(entry.keys)
    return frame.select(*keys, "value").with_columns(_plain(frame, keys)).sort(keys)


def _plain(frame: pl.DataFrame, keys: list[str]) -> list[pl.Expr]:
    """Integers and texts differ in width from engine to engine."""
    return [pl.col(key).cast(pl.Int64 if frame.schema[key].is_integer() else pl.String) for key in keys]


@pytest.fixture(scope="module")
def spark_tables(spark: SparkSession) -> Iterator[dict[str, Any]]:
    """Give the sample in Spark's memory; plans are interpreted, for a few rows repay no compiling."""
    plain = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
    }
    before = {key: spark.conf.get(key) for key in plain}
    for key, value in plain.items():
        spark.conf.set(key, value)
    made = {name: samples.on_spark(make(), spark).cache() for name, make in samples.TABLES.items()}
    yield made
    for frame in made.values():
        frame.unpersist()
    for key, value in before.items():
        spark.conf.set(key, str(value))


def assert_equal(left: pl.DataFrame, right: pl.DataFrame) -> None:
    """Compare keys exactly and values to the tolerance."""
    keys = [name for name in left.columns if name != "value"]
    assert left.select(keys).equals(right.select(keys))
    gap = (left["value"] - right["value"]).abs()
    allowed = RELATIVE * left["value"].abs().clip(lower_bound=0) + ABSOLUTE
    worst = (gap - allowed).max()
    assert worst is None or worst <= 0, f"apart by {gap.max()}"


@pytest.mark.parametrize("name", TABLE)
def test_polars_and_duckdb_agree(name: str) -> None:
    entry = TABLE[name]
    with duckdb.connect() as connection:
        ours = compute(entry, lambda table: samples.on_polars(samples.TABLES[table]()))
        theirs = compute(entry, lambda table: connection.from_arrow(samples.TABLES[table]().to_arrow()))
    assert len(ours) > 0
    assert_equal(ours, theirs)


@pytest.mark.parametrize("name", TABLE)
def test_polars_and_spark_agree(name: str, spark_tables: dict[str, Any]) -> None:
    entry = TABLE[name]
    ours = compute(entry, lambda table: samples.on_polars(samples.TABLES[table]()))
    assert_equal(ours, compute(entry, spark_tables.__getitem__))


def test_the_comparison_can_fail() -> None:
    left = pl.DataFrame({"year": [1], "value": [1.0]})
    with pytest.raises(AssertionError, match="apart"):
        assert_equal(left, pl.DataFrame({"year": [1], "value": [1.0 + 1e-8]}))
    with pytest.raises(AssertionError):
        assert_equal(left, pl.DataFrame({"year": [2], "value": [1.0]}))
