from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl
import pytest
from tests.indicators.small_trade import FIRST, trade, values

from openward.errors import MissingDataError
from openward.indicators.catalogue import Frame
from openward.observe.dictionary import dataset


def macro(*rows: dict[str, Any]) -> Frame:
    names = {field.name: field.dtype for field in dataset("macro").fields}
    return nw.from_native(pl.DataFrame(list(rows), schema=names).lazy())


AUT = {"economy": "AUT", "year": 2020, "gdp": 200.0, "exports": 60.0, "imports": 40.0}
LATER = {"economy": "AUT", "year": 2021, "gdp": 220.0, "exports": 80.0, "imports": 50.0}
GAP = {"economy": "AUT", "year": 2023, "gdp": 240.0, "exports": 90.0, "imports": 60.0}
NO_GDP = {"economy": "CHE", "year": 2020, "gdp": 0.0, "exports": 60.0, "imports": 40.0}


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-12)


def test_ratios_and_no_made_up_row_without_gdp() -> None:
    table = macro(AUT, NO_GDP)
    assert values("export-ratio", macro=table) == {"AUT": near(0.3)}
    assert values("import-ratio", macro=table) == {"AUT": near(0.2)}
    assert values("trade-ratio", macro=table) == {"AUT": near(0.5)}
    assert values("trade-balance-ratio", macro=table) == {"AUT": near(0.1)}
    # 40 of a demand of 200 - 60 + 40.
    assert values("import-penetration", macro=table) == {"AUT": near(40 / 180)}


def test_an_economy_keeps_one_basis_for_all_its_years() -> None:
    published = {**AUT, "exports_ratio": 0.35}
    found = values("export-ratio", macro=macro(published, LATER))
    assert found == {"AUT": near(0.35)}
    sums = {
        "economy": "BEL",
        "year": 2020,
        "gdp": 100.0,
        "goods_exports": 30.0,
        "services_exports": 10.0,
    }
    assert values("export-ratio", macro=macro(published, sums)) == {"AUT": near(0.35), "BEL": near(0.4)}


def test_goods_services_and_investment() -> None:
    row = {
        **AUT,
        "goods_exports": 40.0,
        "goods_imports": 30.0,
        "services_exports": 20.0,
        "services_imports": 10.0,
        "fdi_inflow": -4.0,
        "fdi_outflow": 6.0,
    }
    assert values("goods-trade-ratio", macro=macro(row))["AUT"] == near(0.35)
    assert values("services-trade-ratio", macro=macro(row))["AUT"] == near(0.15)
    assert values("fdi-inflow-ratio", macro=macro(row))["AUT"] == near(-0.02)
    assert values("fdi-outflow-ratio", macro=macro(row))["AUT"] == near(0.03)


def test_change_needs_the_calendar_year_before() -> None:
    table = macro(AUT, LATER, GAP)
    assert values("openness-growth", macro=table) == {"AUT": near((130 / 220) / 0.5 - 1)}
    assert values("export-growth-contribution", macro=table) == {"AUT": near(20 / 200)}
    assert values("net-export-growth-contribution", macro=table) == {"AUT": near(10 / 200)}


def test_shares_of_the_world() -> None:
    one = trade({2020: FIRST})
    assert values("export-world-share", trade_total=one) == {
        "AUT": near(100 / 210),
        "BEL": near(60 / 210),
        "CHE": near(50 / 210),
    }
    assert values("import-world-share", trade_total=one)["AUT"] == near(100 / 210)
    world = {"economy": "WLD", "year": 2020, "goods_exports": 400.0}
    own = {**AUT, "goods_exports": 40.0}
    assert values("published-world-share", macro=macro(own, world)) == {"AUT": near(0.1)}


def test_composite_trade_share_averages_over_economies_not_rows() -> None:
    # Trade in thousand USD: AUT 200, BEL 140, CHE 80; the average economy trades 140.
    rows = [
        {"economy": "AUT", "year": 2020, "gdp": 0.5},
        {"economy": "CHE", "year": 2020, "gdp": 0.1},
    ]
    found = values("composite-trade-share", trade_total=trade({2020: FIRST}), macro=macro(*rows))
    assert found == {"AUT": near(200 / 500 * 200 / 140), "CHE": near(80 / 100 * 80 / 140)}


def test_real_openness_takes_purchasing_power() -> None:
    table = macro(AUT)
    if "gdp_ppp" not in table.collect_schema().names():
        with pytest.raises(MissingDataError, match="gdp_ppp"):
            values("real-openness", macro=table)
    table = table.with_columns(gdp_ppp=nw.lit(400.0))
    assert values("real-openness", macro=table) == {"AUT": near(0.25)}
