"""Revealed advantage, balances, unit values and income content, against hand-worked and published values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from openward.indicators.catalogue import Frame, find
from openward.indicators.complexity import (
    advantage_matrix,
    eigenvalue_complexity,
    opportunity_gain,
    outlook,
    proximity,
    revealed_advantage,
)
from openward.indicators.whole_set import whole_set
from openward.reproduce.complexity_fitness import read_exports

ROWS = [
    ("AAA", "BBB", "010121", 30.0, 3.0),
    ("AAA", "CCC", "010121", 10.0, 2.0),
    ("AAA", "BBB", "020110", 20.0, None),
    ("BBB", "AAA", "020110", 15.0, 5.0),
    ("BBB", "CCC", "020110", 5.0, 1.0),
    ("CCC", "BBB", "010121", 10.0, 5.0),
    ("CCC", "AAA", "030211", 10.0, 1.0),
]


def frame(table: pl.DataFrame) -> Frame:
    return nw.from_native(table).lazy()


def trade() -> pl.DataFrame:
    names = ("exporter", "importer", "product", "value", "quantity")
    return pl.DataFrame(ROWS, schema=names, orient="row").with_columns(year=pl.lit(2023))


def values(name: str, **inputs: Any) -> dict[Any, float]:
    table = find(name).compute(**inputs).collect("polars").to_native()
    keys = [key for key in find(name).keys if key != "year"]
    assert table.columns == [*find(name).keys, "value"]
    assert table.select(find(name).keys).is_duplicated().sum() == 0
    assert table["value"].is_finite().all()
    return {row[:-1] if len(row) > 2 else row[0]: row[-1] for row in table.select(*keys, "value").iter_rows()}


def test_four_forms_of_advantage_by_hand() -> None:
    table = frame(trade())
    # AAA: 40 of 60 in the first product, where the world sells 50 of 100.
    assert values("rca", trade=table)["AAA", "010121"] == pytest.approx(4 / 3)
    assert values("rca-symmetric", trade=table)["AAA", "010121"] == pytest.approx(1 / 7)
    assert values("rca-normalized", trade=table)["AAA", "010121"] == pytest.approx(0.4 - 0.6 * 0.5)
    assert values("rca-additive", trade=table)["AAA", "010121"] == pytest.approx(2 / 3 - 1 / 2)
    assert values("rca", trade=table)["AAA", "030211"] == 0.0
    assert values("rca-symmetric", trade=table)["AAA", "030211"] == -1.0
    assert len(values("rca", trade=table)) == 9


def test_forms_that_sum_to_zero() -> None:
    for name in ("rca-normalized", "rca-additive", "lafay"):
        found = values(name, trade=frame(trade()))
        for economy in ("AAA", "BBB", "CCC"):
            assert sum(v for (e, _), v in found.items() if e == economy) == pytest.approx(0.0, abs=1e-15)
    normalized = values("rca-normalized", trade=frame(trade()))
    for product in ("010121", "020110", "030211"):
        assert sum(v for (_, p), v in normalized.items() if p == product) == pytest.approx(0.0, abs=1e-15)


def test_counts_of_advantage() -> None:
    # CCC: half in the first product, as the world: an index of exactly one counts.
    assert values("rca-diversity", trade=frame(trade())) == {"AAA": 1.0, "BBB": 1.0, "CCC": 2.0}
    assert values("rca-ubiquity", trade=frame(trade())) == {"010121": 2.0, "020110": 1.0, "030211": 1.0}


def test_balances_by_hand() -> None:
    table = frame(trade())
    index = values("trade-balance-index", trade=table)
    assert index["AAA", "010121"] == 1.0
    assert index["AAA", "020110"] == pytest.approx((20 - 15) / 35)
    assert index["AAA", "030211"] == -1.0
    # AAA sells 60 and buys 25.
    expected = ((20 - 15) / 35 - (60 - 25) / 85) * 35 / 85
    assert values("lafay", trade=table)["AAA", "020110"] == pytest.approx(expected)


def test_unit_values_leave_out_rows_without_quantity() -> None:
    found = values("relative-unit-value", trade=frame(trade()))
    assert found["AAA", "010121"] == pytest.approx((40 / 5) / (50 / 10))
    assert found["BBB", "020110"] == pytest.approx(1.0)
    assert ("AAA", "020110") not in found


def test_income_of_products_and_exports_by_hand() -> None:
    macro = pl.DataFrame(
        {
            "year": [2023] * 3,
            "economy": ["AAA", "BBB", "CCC"],
            "gdp": [300.0, 100.0, None],
            "population": [1e4, 1e4, 1e4],
        }
    )
    inputs = {"trade": frame(trade()), "macro": frame(macro)}
    # AAA 30,000 and BBB 10,000 a person; shares in the second product 1/3 and 1; CCC has no output.
    prody = values("prody", **inputs)
    assert prody == pytest.approx({"010121": 30_000.0, "020110": (30_000 / 3 + 10_000) / (4 / 3)})
    expy = values("expy", **inputs)
    assert expy["AAA"] == pytest.approx(2 / 3 * 30_000 + 1 / 3 * 15_000)
    assert expy["CCC"] == pytest.approx(30_000.0)


def random_trade(seed: int, *, economies: int, products: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    i, j, k = np.nonzero(rng.random((economies, economies, products)) < 0.2)
    i, j, k = i[i != j], j[i != j], k[i != j]
    return pl.DataFrame(
        {
            "exporter": [f"E{n:02d}" for n in i],
            "importer": [f"E{n:02d}" for n in j],
            "product": [f"{n:06d}" for n in k],
            "value": rng.lognormal(0, 2, len(i)),
        }
    ).with_columns(year=pl.lit(2023), quantity=pl.lit(None, dtype=pl.Float64))


def test_whole_set_equals_the_catalogue() -> None:
    table = random_trade(3, economies=15, products=60)
    whole, lazy = whole_set(table), frame(table)
    total = frame(table.group_by("year", "exporter", "importer").agg(pl.col("value").sum()))

    def dense(name: str, rows: tuple[str, ...], columns: tuple[str, ...] | None) -> np.ndarray[Any, Any]:
        given = {"trade": lazy, "trade_total": total}
        found = values(
            name, **{key.replace("-", "_"): given[key.replace("-", "_")] for key in find(name).inputs}
        )
        if columns is None:
            return np.array([found.get(row, 0.0) for row in rows])
        return np.array([[found.get((row, column), 0.0) for column in columns] for row in rows])

    E, P = whole.economies, whole.products
    close = np.testing.assert_allclose
    close(dense("rca", E, P), whole.rca, rtol=1e-9)
    close(dense("grubel-lloyd", E, P), whole.grubel_lloyd, rtol=1e-9, atol=1e-12)
    close(dense("grubel-lloyd-total", E, None), whole.grubel_lloyd_total, rtol=1e-9)
    for name in ("export-product-hhi", "export-market-hhi", "import-supplier-hhi"):
        close(dense(name, E, None), getattr(whole, name.replace("-", "_")), rtol=1e-9)
    intensity = find("trade-intensity").compute(trade_total=total).collect("polars").to_native()
    by_pair = {row[1:3]: row[3] for row in intensity.iter_rows()}
    close([[by_pair.get((i, j), 0.0) for j in E] for i in E], whole.intensity, rtol=1e-9)
    assert whole.complexity is not None
    ranked = [E[n] for n in whole.ranked_economies]
    close(dense("eci", tuple(ranked), None), whole.complexity.economies, rtol=1e-7)
    made = tuple(P[n] for n in whole.ranked_products)
    close(dense("pci", made, None), whole.complexity.products, rtol=1e-7)


def test_gain_is_the_change_of_the_outlook() -> None:
    rng = np.random.default_rng(2)
    m = (rng.random((8, 12)) < 0.4).astype(float)
    m[:, 0], m[0] = 1.0, 1.0
    m[0, 3] = 0.0
    near, worth = proximity(advantage=m), rng.normal(size=12)
    gain = opportunity_gain(advantage=m, closeness=near, product_complexity=worth)
    before = outlook(advantage=m, closeness=near, product_complexity=worth)
    assert (gain[m == 1] == 0).all()
    for c, p in zip(*np.nonzero(m == 0), strict=True):
        more = m.copy()
        more[c, p] = 1.0
        after = outlook(advantage=more, closeness=near, product_complexity=worth)
        assert gain[c, p] == pytest.approx((after - before)[c], abs=1e-12)


def test_proximity_is_the_smaller_conditional_probability() -> None:
    rng = np.random.default_rng(4)
    m = (rng.random((30, 600)) < 0.3).astype(float)
    m[:, 7] = 0.0
    near = proximity(advantage=m)
    for p, q in rng.integers(0, 600, (200, 2)):
        both, larger = (m[:, p] * m[:, q]).sum(), max(m[:, p].sum(), m[:, q].sum())
        assert near[p, q] == (both * (1 / larger) if larger else 0.0)
    assert (near == near.T).all()


def test_real_exports_give_the_published_index(shared: Path) -> None:
    folder = shared / "data" / "measure" / "ecomplexity"
    economies, products, exports = read_exports(folder / "world_trade_avg_1998_to_2000.csv.gz")
    i, k = np.nonzero(exports)
    rows = pl.DataFrame(
        {
            "year": np.full(len(i), 1999),
            "exporter": np.array(economies)[i],
            "importer": "world",
            "product": np.array(products)[k],
            "value": exports[i, k],
        }
    )
    lazy = frame(rows)
    index = values("eci", trade=lazy)
    assert index["afg"] == pytest.approx(-0.5764283, abs=5e-8)
    assert index["ago"] == pytest.approx(-1.7770752, abs=5e-8)
    assert values("fitness", trade=lazy)["ago"] == pytest.approx(0.039995162, abs=1e-8)
    income = pl.read_csv(folder / "world_gdp_avg_1998_to_2000.csv")
    code, amount = income.columns[0], income.columns[1]
    macro = income.select(
        year=pl.lit(1999), economy=code, gdp=pl.col(amount).cast(pl.Float64) / 1e6, population=pl.lit(1.0)
    )
    found = values("prody", trade=lazy, macro=frame(macro))
    known = dict(income.select(code, pl.col(amount).cast(pl.Float64)).iter_rows())
    has = np.array([known.get(e) is not None for e in economies]) & (exports.sum(axis=1) > 0)
    shares = exports[has] / exports[has].sum(axis=1, keepdims=True)
    y = np.array([known[e] for e, one in zip(economies, has, strict=True) if one])
    for p in (0, 100, 400, 700):
        assert found[products[p]] == pytest.approx(shares[:, p] @ y / shares[:, p].sum(), rel=1e-10)
    assert eigenvalue_complexity(
        advantage=advantage_matrix(rca=revealed_advantage(exports=exports))
    ).economies[economies.index("chn")] == pytest.approx(index["chn"], abs=1e-9)
