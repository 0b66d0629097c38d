"""Canonical tables come out of what ships and out of public files, in the units of the dictionary."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from openward.errors import MissingDataError, UnknownCodeError
from openward.observe.dictionary import dataset, datasets, faults
from openward.observe.tables import read

CANONICAL = ("trade", "trade-total", "macro")


def cell(frame: pl.LazyFrame, column: str, **where: str | int) -> float:
    found = frame.filter(**where).select(column).collect()
    assert found.height == 1
    return float(found.item())


@pytest.mark.parametrize("name", CANONICAL)
def test_what_ships_fits_the_dictionary(name: str) -> None:
    table = read(name, None)
    assert faults(table.frame.collect(), of=table.dataset) == ()
    assert table.vintage
    assert table.notes


@pytest.mark.parametrize("name", CANONICAL)
def test_public_files_fit_the_dictionary(name: str, shared: Path) -> None:
    table = read(name, shared / "data")
    assert faults(table.frame.collect(), of=table.dataset) == ()
    kinds = set(table.frame.collect_schema().dtypes())
    assert pl.Categorical not in kinds


def test_the_total_that_ships_is_the_sum_of_its_parts() -> None:
    parts = read("trade", None).frame.group_by("exporter", "importer").agg(pl.col("value").sum())
    total = read("trade-total", None).frame
    both = total.join(parts, on=["exporter", "importer"], how="full").collect()
    assert both.null_count().sum_horizontal().item() == 0
    assert (both["value"] / both["value_right"] - 1).abs().max() < 1e-12  # type: ignore[operator]


def test_published_figures_in_the_units_of_the_dictionary(shared: Path) -> None:
    data = shared / "data"
    total = read("trade-total", data).frame
    # BACI 2018: China sold 500.9 billion USD to the United States; bought 118.6 (thousand USD here).
    assert cell(total, "value", year=2018, exporter="CHN", importer="USA") == pytest.approx(500.9e6, rel=1e-4)
    assert cell(total, "value", year=2018, exporter="USA", importer="CHN") == pytest.approx(118.6e6, rel=1e-3)
    macro = read("macro", data).frame
    # World Bank: GDP of China in 2020 was 14.6 trillion USD with 1,411 million people (million USD here).
    assert cell(macro, "gdp", economy="CHN", year=2020) == pytest.approx(14.6e6, rel=5e-3)
    assert cell(macro, "population", economy="CHN", year=2020) == pytest.approx(1411e6, rel=1e-3)
    # WTO: merchandise exports of China in 2024 were 3,577 billion USD, 20.02 % of GDP with services.
    assert cell(macro, "goods_exports", economy="CHN", year=2024) == pytest.approx(3.577e6, rel=1e-3)
    assert cell(macro, "exports_ratio", economy="CHN", year=2024) == pytest.approx(0.2002, abs=1e-4)
    # 19.53 % of 15.85 trillion.
    assert cell(macro, "exports", economy="CHN", year=2021) == pytest.approx(0.195262 * 15.851e6, rel=1e-3)


def test_a_series_of_an_economy_is_never_spliced(shared: Path) -> None:
    macro = read("macro", shared / "data").frame
    china = macro.filter(economy="CHN").select("year", "goods_exports", "fdi_inflow", "fdi_inflow_ratio")
    rows = china.drop_nulls("fdi_inflow_ratio").collect()
    # The World Bank series of China's merchandise exports lacks 2001, other sources have it: still empty.
    assert rows.filter(year=2001)["goods_exports"].item() is None
    assert rows.filter(year=2020)["fdi_inflow"].item() == pytest.approx(253_096, rel=1e-3)


def test_foreign_trade_only(shared: Path) -> None:
    for data in (None, shared / "data"):
        for name in ("trade", "trade-total"):
            home = read(name, data).frame.filter(pl.col("exporter") == pl.col("importer")).collect()
            assert home.height == 0


def test_products_are_sections_where_nothing_finer_is_at_hand(shared: Path) -> None:
    table = read("trade", shared / "data")
    assert table.classification == "SITC1 sections"
    products = table.frame.select(pl.col("product").unique().sort()).collect()["product"].to_list()
    assert products == list("0123456789")


def test_missing_tables_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="trade_bilateral_baci_2023") as caught:
        read("trade-total", tmp_path)
    assert "openward data get" in caught.value.hint
    with pytest.raises(MissingDataError, match="no such folder"):
        read("trade", tmp_path / "absent")
    with pytest.raises(UnknownCodeError) as unknown:
        read("trade-totals", tmp_path)
    assert "trade-total" in unknown.value.hint


def test_recipes_name_columns_that_exist() -> None:
    for public in (entry for entry in datasets().values() if entry.recipe is not None):
        assert public.recipe is not None
        target = dataset(public.recipe.gives)
        assert public.name in target.found_as
        renamed = public.recipe.options.get("rename", {})
        assert set(renamed) <= set(public.columns)
        assert set(renamed.values()) <= set(target.columns)
