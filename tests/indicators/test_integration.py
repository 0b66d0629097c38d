"""Integration of groups and pairs, trade within industries, and preferences: hand-worked values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from openward.book.loading import load
from openward.book.model import Instrument
from openward.errors import UnknownCodeError
from openward.indicators.catalogue import Frame, find
from openward.indicators.integration_book import adjusted_margin, preference_margin
from openward.indicators.integration_pairs import complementarity

TOTAL = [
    ("AAA", "BBB", 30.0),
    ("BBB", "AAA", 20.0),
    ("AAA", "CCC", 25.0),
    ("DDD", "BBB", 25.0),
    ("CCC", "DDD", 60.0),
    ("DDD", "CCC", 40.0),
]


def frame(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> Frame:
    table = pl.DataFrame(rows, schema=names, orient="row")
    return nw.from_native(table if "year" in names else table.with_columns(year=pl.lit(2020))).lazy()


def total() -> Frame:
    return frame(TOTAL, ("exporter", "importer", "value"))


def values(name: str, **given: Any) -> dict[Any, float]:
    table = find(name).compute(**given).collect("polars").to_native()
    keys = [key for key in find(name).keys if key != "year"]
    assert table["value"].is_finite().all()
    rows = table.select(*keys, "value").iter_rows()
    return {row[:-1] if len(row) > 2 else (row[0] if keys else ""): row[-1] for row in rows}


def test_a_group_by_hand() -> None:
    # Within 50 (counted twice), across 50, without 100: S = 100/150, world 400, outsiders 250.
    given = {"trade_total": total(), "members": ("AAA", "BBB")}
    assert values("intra-group-share", **given) == pytest.approx({"": 2 / 3})
    assert values("intra-group-intensity", **given) == pytest.approx({"": (2 / 3) / (150 / 400)})
    assert values("intra-group-intensity-homogeneous", **given) == pytest.approx({"": (2 / 3) / (50 / 250)})
    inner, outer = (2 / 3) / 0.2, (1 / 3) / 0.8
    assert values("introversion", **given) == pytest.approx({"": (inner - outer) / (inner + outer)})


def test_introversion_of_random_partners_and_of_a_closed_group() -> None:
    even = [(a, b, 1.0) for a in "ABCD" for b in "ABCD"]
    given = {"trade_total": frame(even, ("exporter", "importer", "value")), "members": ("A", "B")}
    assert values("introversion", **given) == pytest.approx({"": 0.0})
    closed = [("A", "B", 1.0), ("C", "D", 1.0)]
    given["trade_total"] = frame(closed, ("exporter", "importer", "value"))
    assert values("introversion", **given) == {"": 1.0}


def test_members_are_those_of_the_year() -> None:
    # The Philippines joined in June 2023: its trade with China is inside from that year on.
    rows = [(year, "CHN", partner, 1.0) for year in (2022, 2023) for partner in ("JPN", "PHL")]
    given = {"trade_total": frame(rows, ("year", "exporter", "importer", "value")), "group": "RCEP"}
    table = find("intra-group-share").compute(**given).collect("polars").to_native().sort("year")
    assert table["value"].to_list() == pytest.approx([2 / 3, 1.0])
    with pytest.raises(UnknownCodeError):
        values("intra-group-share", trade_total=total(), group="NOSUCH")


def test_orientation_of_products_by_hand() -> None:
    rows = [
        ("AAA", "BBB", "p", 30.0),
        ("AAA", "BBB", "q", 10.0),
        ("AAA", "CCC", "p", 5.0),
        ("BBB", "CCC", "q", 15.0),
        ("CCC", "AAA", "p", 99.0),
    ]
    found = values(
        "regional-orientation",
        trade=frame(rows, ("exporter", "importer", "product", "value")),
        members=("AAA", "BBB"),
    )
    assert found == pytest.approx({"p": (30 / 40) / (5 / 20), "q": (10 / 40) / (15 / 20)})


def test_bilateral_intensity_by_hand() -> None:
    found = values("trade-intensity", trade_total=total())
    # AAA sends 30 of 55 to BBB, which buys 55 of the 180 that others than AAA buy.
    assert found["AAA", "BBB"] == pytest.approx((30 / 55) / (55 / 180))
    assert ("AAA", "DDD") not in found


def test_trade_within_products_by_hand() -> None:
    rows = [
        (2020, "AAA", "BBB", "p", 30.0),
        (2020, "BBB", "AAA", "p", 10.0),
        (2020, "AAA", "BBB", "q", 20.0),
        (2021, "AAA", "BBB", "p", 40.0),
        (2021, "BBB", "AAA", "p", 16.0),
        (2021, "BBB", "AAA", "r", 8.0),
    ]
    trade = frame(rows, ("year", "exporter", "importer", "product", "value"))
    first = nw.from_native(trade.to_native().filter(pl.col("year") == 2020)).lazy()
    assert values("grubel-lloyd", trade=first)["AAA", "p"] == pytest.approx(0.5)
    assert values("grubel-lloyd-total", trade=first)["AAA"] == pytest.approx(20 / 60)
    assert values("grubel-lloyd-bilateral", trade=first)["BBB", "AAA"] == pytest.approx(20 / 60)
    moved = values("marginal-intra-industry", trade=trade)
    # AAA: exports of p up 10, imports up 6; q gone; r new.
    assert moved["AAA", "p"] == pytest.approx(1 - 4 / 16)
    assert moved["AAA", "q"] == moved["AAA", "r"] == 0.0
    assert values("marginal-intra-industry-total", trade=trade)["AAA"] == pytest.approx(1 - 32 / 44)
    assert values("marginal-intra-industry", trade=trade, span=2) == {}


def test_complementarity_by_hand() -> None:
    exports, imports = np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([[1.0, 1.0], [5.0, 0.0]])
    found = complementarity(exports=exports, imports=imports)
    np.testing.assert_allclose(found, [[0.75, 0.75], [0.5, 0.0]])
    rows = [("AAA", "BBB", "p", 3.0), ("AAA", "BBB", "q", 1.0), ("BBB", "AAA", "q", 2.0)]
    pairs = values("complementarity", trade=frame(rows, ("exporter", "importer", "product", "value")))
    assert pairs == pytest.approx({("AAA", "BBB"): 1.0, ("BBB", "AAA"): 1.0})


def test_margins_by_hand() -> None:
    flows, applied, standard = np.zeros((3, 3, 2)), np.zeros((3, 3, 2)), np.zeros((3, 3, 2))
    flows[0, 1], flows[0, 2] = [30.0, 10.0], [20.0, 0.0]
    standard[0, 1:] = [0.10, 0.04]
    applied[0, 1], applied[0, 2] = [0.0, 0.04], [0.10, 0.04]
    counted = np.ones((3, 3, 2), dtype=bool)
    plain = preference_margin(flows=flows, applied=applied, standard=standard, counted=counted)
    assert plain.margin[0] == pytest.approx([0.0, 0.075, 0.0])
    assert plain.traded.sum() == 2
    adjusted = adjusted_margin(flows=flows, applied=applied, counted=counted)
    # The second product has one supplier and falls out.
    assert adjusted.margin[0] == pytest.approx([0.0, 0.10, -0.10])


def test_a_reform_of_the_book_moves_coverage_and_margins() -> None:
    book, on = load("chn"), date(2024, 6, 1)
    rows = [("VNM", "CHN", "C26", 50.0), ("USA", "CHN", "C26", 50.0), ("CHN", "VNM", "C13T15", 10.0)]
    trade = frame(rows, ("exporter", "importer", "product", "value"))
    none = {k: m for k, m in book.measures.items() if m.instrument is not Instrument.PREFERENTIAL_DUTY}
    without = replace(book, measures=MappingProxyType(none))
    covered = values("agreement-coverage", book=book, on=on, trade=trade)
    assert covered["VNM"] == 1.0
    assert covered["CHN"] == pytest.approx(60 / 110)
    assert values("agreement-coverage", book=without, on=on, trade=trade)["VNM"] == 0.0
    margins = values("preference-margin", book=book, on=on, trade=trade)
    assert margins["VNM", "CHN"] > 0.0
    assert margins["USA", "CHN"] == 0.0
    assert set(values("preference-margin", book=without, on=on, trade=trade).values()) == {0.0}
    adjusted = values("preference-margin-adjusted", book=book, on=on, trade=trade)
    assert adjusted["VNM", "CHN"] == pytest.approx(-adjusted["USA", "CHN"])


def test_use_of_preferences_by_hand() -> None:
    rows = [
        ("MEX", "USA", "01", 60.0, 30.0, 0.05),
        ("MEX", "USA", "02", 40.0, 40.0, 0.02),
        ("MEX", "USA", "03", 500.0, 0.0, 0.0),
        ("MEX", "USA", "04", 500.0, 0.0, None),
    ]
    names = ("exporter", "importer", "product", "value", "preferential", "standard_rate")
    assert values("preference-utilization", preference_use=frame(rows, names)) == {("MEX", "USA"): 0.7}


def test_use_of_the_north_american_agreement(shared: Path) -> None:
    folder = shared / "data" / "economy"
    imports = pl.read_parquet(folder / "us_imports_canmex_monthly_hs10.parquet").with_columns(
        pl.col("hts10", "origin", "month").cast(pl.String)
    )
    rates = pl.read_parquet(folder / "us_mfn_2025_hs8.parquet").select(
        hs8=pl.col("hs8").cast(pl.String), standard_rate="mfn_rate"
    )
    year = imports.filter(pl.col("month").str.starts_with("2025")).with_columns(
        hs8=pl.col("hts10").str.slice(0, 8)
    )
    table = (
        year.group_by("hs8", "origin")
        .agg(pl.col("imports_usd").sum() / 1e3, pl.col("usmca_usd").sum() / 1e3)
        .join(rates, on="hs8", how="left")
        .select(
            year=pl.lit(2025),
            exporter="origin",
            importer=pl.lit("USA"),
            product="hs8",
            value="imports_usd",
            preferential="usmca_usd",
            standard_rate="standard_rate",
        )
    )
    found = values("preference-utilization", preference_use=nw.from_native(table).lazy())
    eligible = table.filter(pl.col("standard_rate") > 0)
    for origin in ("CAN", "MEX"):
        rows = eligible.filter(pl.col("exporter") == origin)
        share = float(rows["preferential"].to_numpy().sum() / rows["value"].to_numpy().sum())
        assert found[origin, "USA"] == pytest.approx(share)
        assert 0.5 < share < 1.0
