"""Dependency by product, on tables small enough to do by hand."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import MissingDataError
from openward.indicators.dependency import products, reverse, world

K, L = "850440", "854231"


def trade(*rows: tuple[str, str, str, float], year: int = 2022) -> pl.DataFrame:
    """Make trade of (exporter, importer, product, value)."""
    return pl.DataFrame(
        [(year, i, n, k, v) for i, n, k, v in rows],
        schema={
            "year": pl.Int32,
            "exporter": pl.String,
            "importer": pl.String,
            "product": pl.String,
            "value": pl.Float64,
        },
        orient="row",
    )


def run(function: Any, frame: pl.DataFrame, **options: Any) -> dict[tuple[Any, ...], float]:
    """Compute an indicator: keys to value."""
    found = function(trade=nw.from_native(frame.lazy()), **options).collect().to_native()
    assert found.columns[-1] == "value"
    return {row[:-1]: row[-1] for row in found.iter_rows()}


ONE = trade(
    ("CHN", "DEU", K, 80.0),
    ("USA", "DEU", K, 20.0),
    ("DEU", "FRA", K, 50.0),
    ("CHN", "FRA", K, 50.0),
    ("FRA", "CHN", K, 10.0),
    ("CHN", "USA", K, 30.0),
    ("USA", "CHN", L, 5.0),
)
DEU, FRA = (2022, "DEU", K), (2022, "FRA", K)


def test_the_three_criteria_of_single_economies() -> None:
    assert run(products.supplier_concentration, ONE)[DEU] == pytest.approx(0.8**2 + 0.2**2)
    assert run(products.foreign_weight, ONE)[DEU] == 1.0
    assert run(products.home_substitutability, ONE)[DEU] == pytest.approx(100 / 50)
    flags = run(products.strategic_dependency, ONE)
    assert flags[DEU] == 1.0
    assert flags[FRA] == 1.0  # imports 100, exports 10
    assert flags[(2022, "CHN", K)] == 0.0  # one supplier, but it exports far more than it imports


def test_a_product_that_is_not_exported_has_no_third_ratio_and_meets_the_criterion() -> None:
    usa = (2022, "CHN", L)
    assert usa not in run(products.home_substitutability, ONE)
    assert run(products.strategic_dependency, ONE)[usa] == 1.0


def test_a_union_counts_as_one() -> None:
    home = {"home": ("DEU", "FRA"), "home_name": "EU"}
    union = (2022, "EU", K)
    # From outside 80 + 20 + 50, inside 50; China 130, the United States 20; exports 50 inside and 10 outside.
    assert run(products.supplier_concentration, ONE, **home)[union] == pytest.approx(
        (130 / 150) ** 2 + (20 / 150) ** 2
    )
    assert run(products.foreign_weight, ONE, **home)[union] == pytest.approx(150 / 200)
    assert run(products.home_substitutability, ONE, **home)[union] == pytest.approx(150 / 60)
    assert run(products.strategic_dependency, ONE, **home)[union] == 1.0
    assert run(products.strategic_dependency, ONE, weight=0.8, **home)[union] == 0.0
    assert not [key for key in run(products.supplier_concentration, ONE, **home) if key[1] in ("DEU", "FRA")]


def test_dependent_imports_weigh_the_flags() -> None:
    both = pl.concat([ONE, trade(("USA", "DEU", L, 30.0), ("CHN", "DEU", L, 30.0), ("FRA", "DEU", L, 40.0))])
    assert run(products.strategic_dependency, both)[(2022, "DEU", L)] == 0.0  # HHI 0.34
    assert run(products.dependent_imports, both)[(2022, "DEU")] == pytest.approx(0.5)


def test_world_market_and_top_supplier() -> None:
    # Exports of K: China 160, the United States 20, Germany 50, France 10, in all 240.
    assert run(world.world_export_concentration, ONE)[(2022, K)] == pytest.approx(
        (160**2 + 20**2 + 50**2 + 10**2) / 240**2
    )
    assert run(world.top_supplier_share, ONE)[DEU] == pytest.approx(0.8)


def test_alternatives_at_scale() -> None:
    table = trade(
        ("CHN", "JPN", K, 100.0),
        ("USA", "JPN", K, 10.0),
        ("USA", "DEU", K, 60.0),
        ("FRA", "DEU", K, 50.0),
        ("KOR", "DEU", K, 49.0),
        ("JPN", "DEU", K, 900.0),
    )
    japan = (2022, "JPN", K)
    # Half of 100: the United States (60 elsewhere) and France (50) reach it, Korea (49) does not.
    assert run(world.alternative_suppliers, table)[japan] == 2.0
    assert run(world.alternative_suppliers, table, scale=0.55)[japan] == 1.0
    assert run(world.single_point_of_failure, table)[japan] == 0.0
    assert run(world.single_point_of_failure, table, scale=0.55)[japan] == 1.0


def test_suppliers_that_tie_count_as_each_others_alternative() -> None:
    table = trade(("CHN", "JPN", K, 50.0), ("USA", "JPN", K, 50.0))
    assert run(world.alternative_suppliers, table)[(2022, "JPN", K)] == 1.0


def test_criteria_count_and_persistence_takes_years_in_a_row() -> None:
    table = pl.concat([ONE.with_columns(year=pl.lit(y, pl.Int32)) for y in (2019, 2020, 2021)])
    found = run(world.dependency_criteria, table)
    # Germany: suppliers and substitution; the world market has a Herfindahl index of 0.496: above 0.4 too.
    assert found[(2019, "DEU", K)] == 3.0
    assert found[(2020, "DEU", K)] == 3.0
    assert found[(2021, "DEU", K)] == 4.0
    assert run(world.dependency_criteria, table, world=0.5)[(2021, "DEU", K)] == 3.0
    gap = table.filter(pl.col("year") != 2020)
    assert run(world.dependency_criteria, gap)[(2021, "DEU", K)] == 3.0
    assert run(world.dependency_criteria, gap, years=1)[(2021, "DEU", K)] == 4.0


def test_dependence_on_and_of_a_partner_mirror_each_other() -> None:
    ours = run(reverse.partner_dependency, ONE)
    theirs = run(reverse.reverse_dependency, ONE)
    assert ours[(2022, "DEU", "CHN")] == pytest.approx(0.8)
    assert theirs[(2022, "CHN", "DEU")] == pytest.approx(0.8)
    assert {(y, p, n): v for (y, n, p), v in theirs.items()} == ours
    assert (2022, "FRA", "CHN") not in ours  # exactly half is not more than half


def test_stocks_cover_part_of_a_stop() -> None:
    table = trade(("CHN", "DEU", K, 730.0), ("USA", "DEU", K, 270.0))
    stocks = pl.DataFrame({"year": [2022], "importer": ["DEU"], "product": [K], "value": [45.0]})
    lazy = nw.from_native(stocks.lazy())
    # 90 days of the largest supplier are 180; the stock covers a quarter.
    assert run(reverse.stock_adjusted_dependency, table, stocks=lazy)[DEU] == pytest.approx(0.73 * 0.75)
    assert run(reverse.stock_adjusted_dependency, table, stocks=lazy, days=20.0)[DEU] == 0.0
    with pytest.raises(MissingDataError, match="none were given"):
        run(reverse.stock_adjusted_dependency, table)


economy = st.sampled_from(("CHN", "DEU", "FRA", "JPN", "USA"))
rows = st.lists(
    st.tuples(economy, economy, st.sampled_from((K, L)), st.floats(0.01, 1e6)),
    min_size=1,
    max_size=25,
    unique_by=lambda r: r[:3],
).map(lambda found: [r for r in found if r[0] != r[1]])


@settings(max_examples=30, deadline=None)
@given(rows.filter(bool), st.floats(0.1, 1000))
def test_values_lie_in_their_range_and_units_do_not_matter(flows: Any, scale: float) -> None:
    table = trade(*flows)
    scaled = table.with_columns(pl.col("value") * scale)
    for function in (
        products.supplier_concentration,
        world.world_export_concentration,
        world.top_supplier_share,
    ):
        found = run(function, table)
        assert all(0 < value <= 1 + 1e-12 for value in found.values())
        assert run(function, scaled) == pytest.approx(found)
    hhi, top = run(products.supplier_concentration, table), run(world.top_supplier_share, table)
    assert all(top[key] ** 2 - 1e-12 <= hhi[key] <= top[key] + 1e-12 for key in hhi)
    assert set(run(products.strategic_dependency, table).values()) <= {0.0, 1.0}


@settings(max_examples=20, deadline=None)
@given(rows.filter(bool))
def test_zero_flows_and_another_product_change_nothing(flows: Any) -> None:
    table = trade(*flows)
    more = pl.concat([table, trade(("CHN", "JPN", "999999", 3.0), ("IND", "JPN", K, 0.0))])
    for function in (products.strategic_dependency, world.alternative_suppliers, world.dependency_criteria):
        found = run(function, more)
        assert {key: v for key, v in found.items() if key[2] != "999999"} == run(function, table)
