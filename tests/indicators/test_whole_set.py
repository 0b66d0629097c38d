"""The whole set of a year: hand-worked values, several years, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from openward.errors import InputError, MissingDataError
from openward.indicators.whole_set import trade_intensity, whole_set
from openward.indicators.whole_set_years import Progress, whole_sets

ROWS = [
    ("AAA", "BBB", "010121", 30.0),
    ("AAA", "CCC", "010121", 10.0),
    ("AAA", "BBB", "020110", 20.0),
    ("BBB", "AAA", "020110", 15.0),
    ("BBB", "CCC", "020110", 5.0),
    ("CCC", "BBB", "010121", 10.0),
    ("CCC", "AAA", "030211", 10.0),
]


def trade(rows: list[tuple[str, str, str, float]] = ROWS, year: int = 2023) -> pl.DataFrame:
    names = ("exporter", "importer", "product", "value")
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(year=pl.lit(year))


def test_values_by_hand() -> None:
    found = whole_set(trade())
    assert found.economies == ("AAA", "BBB", "CCC")
    assert found.products == ("010121", "020110", "030211")
    assert (found.year, found.rows, found.domestic) == (2023, 7, 0)
    # AAA sells 40 of its 60 in the first product, the world 50 of 100.
    assert found.rca[0] == pytest.approx([(40 / 60) / 0.5, (20 / 60) / 0.4, 0.0])
    # BBB buys 30 and 10 of the first product.
    assert found.supplier_hhi[1, 0] == pytest.approx(0.75**2 + 0.25**2)
    assert found.top_share[1, 0] == pytest.approx(0.75)
    assert found.concentrated[1, 0]
    assert found.dependent[1, 0]
    # BBB sells as much of the second product as it buys.
    assert found.grubel_lloyd[1] == pytest.approx([0.0, 1.0, 0.0])
    assert not found.net_imported[1, 1]
    assert found.grubel_lloyd_total[1] == pytest.approx(40 / 80)
    assert found.export_product_hhi[0] == pytest.approx((4**2 + 2**2) / 6**2)
    assert found.export_market_hhi[0] == pytest.approx((5**2 + 1**2) / 6**2)
    assert found.import_supplier_hhi[1] == pytest.approx((5**2 + 1**2) / 6**2)
    # AAA sends 50 of 60 to BBB, which takes 60 of the 75 that others than AAA buy.
    assert found.intensity[0, 1] == pytest.approx((50 / 60) / (60 / 75))
    assert found.complexity is not None


def test_columns_of_baci_and_leading_zeros() -> None:
    numbers = {"AAA": 4, "BBB": 156, "CCC": 842}
    baci = trade().select(
        t="year",
        i=pl.col("exporter").replace_strict(numbers, return_dtype=pl.Int16),
        j=pl.col("importer").replace_strict(numbers, return_dtype=pl.Int16),
        k=pl.col("product").cast(pl.Int32),
        v="value",
        q=pl.lit(None, dtype=pl.Float64),
    )
    found, named = whole_set(baci), whole_set(trade())
    assert found.economies == ("004", "156", "842")
    assert found.products == named.products
    np.testing.assert_array_equal(found.rca, named.rca)


def test_order_of_rows_and_size_of_batches_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    E, P = 300, 1500
    keys = rng.choice(E * E * P, 4000, replace=False)
    rows = [
        (f"E{key // P // E:03d}", f"E{key // P % E:03d}", f"{key % P:06d}", float(rng.lognormal()))
        for key in keys
    ]
    whole = whole_set(trade(rows))
    monkeypatch.setattr("openward.indicators.whole_set_reading.BATCH", 170)
    again = whole_set(trade(list(reversed(rows))).lazy())
    assert whole.economies == again.economies
    assert whole.domestic == again.domestic == sum(one == other for one, other, *_ in rows) > 0
    foreign = sum(value for one, other, _, value in rows if one != other)
    assert whole.exports.sum() == pytest.approx(foreign)
    for name in ("exports", "imports", "bilateral", "rca", "supplier_hhi", "top_share", "intensity"):
        np.testing.assert_allclose(getattr(whole, name), getattr(again, name), rtol=1e-12)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("AAA", "BBB", "010121", 1.0), "share exporter, importer and product"),
        (("AAA", "BBB", "040101", -1.0), "negative"),
        (("AAA", "BBB", "040101", float("nan")), "not numbers"),
        (("AAA", None, "040101", None), "1 rows have no importer"),
    ],
)
def test_bad_rows_are_named(row: tuple[str, str, str, float], said: str) -> None:
    with pytest.raises(InputError, match=said):
        whole_set(trade([*ROWS, row]))


def test_all_kinds_of_bad_rows_at_once() -> None:
    with pytest.raises(InputError) as raised:
        whole_set(trade([*ROWS, ("AAA", None, "040101", -1.0)]))  # type: ignore[list-item]
    assert "no importer" in str(raised.value)
    assert "negative" in str(raised.value)


def test_tables_it_cannot_take(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="no column product"):
        whole_set(trade().drop("product"))
    with pytest.raises(MissingDataError, match="no such file"):
        whole_set(tmp_path / "absent.parquet")
    with pytest.raises(MissingDataError, match="no foreign trade in 1999"):
        whole_set(trade(), year=1999)
    with pytest.raises(InputError, match="2 years, 2022 to 2023"):
        whole_set(pl.concat([trade(), trade(year=2022)]))
    with pytest.raises(InputError, match="hold codes as text"):
        whole_set(trade().with_columns(pl.lit(8521101100).alias("product")))


def test_years_one_after_another(tmp_path: Path) -> None:
    later = trade([(e, i, p, 2 * v) for e, i, p, v in ROWS[:5]], year=2024)
    pl.concat([later, trade()]).write_parquet(tmp_path / "two.parquet")
    trade(year=2022).write_parquet(tmp_path / "one.parquet")
    told: list[Progress] = []
    found = list(whole_sets([tmp_path / "two.parquet", tmp_path / "one.parquet"], progress=told.append))
    assert [one.year for one in found] == [2022, 2023, 2024]
    assert told == [Progress(1, 3, 2022, 7), Progress(2, 3, 2023, 14), Progress(3, 3, 2024, 19)]
    np.testing.assert_array_equal(found[0].rca, whole_set(trade()).rca)
    assert found[2].exports.sum() == 160.0


def test_a_year_in_two_files_is_two_vintages(tmp_path: Path) -> None:
    for name in ("a", "b"):
        trade().write_parquet(tmp_path / f"{name}.parquet")
    with pytest.raises(InputError, match="2023 is also in"):
        list(whole_sets([tmp_path / "a.parquet", tmp_path / "b.parquet"]))
    with pytest.raises(InputError, match="share exporter"):
        list(whole_sets(tmp_path))


def test_intensity_is_one_where_trade_follows_weights() -> None:
    # Each of n equal economies sells the same to every other.
    even = np.full((4, 4), 5.0)
    np.fill_diagonal(even, 0.0)
    assert trade_intensity(bilateral=even)[0, 1:] == pytest.approx([1.0, 1.0, 1.0])
