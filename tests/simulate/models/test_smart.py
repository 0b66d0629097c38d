"""SMART: cases worked by hand, and what always holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.cli.main import run
from openward.errors import InputErrors, MissingDataError
from openward.simulate.smart_table import SmartOptions, smart


def table(**columns: object) -> pl.DataFrame:
    base = {
        "product": ["A", "A"],
        "partner": ["P", "N"],
        "imports": [100.0, 300.0],
        "rate_before": [0.2, 0.2],
        "rate_after": [0.0, 0.2],
    }
    return pl.DataFrame(base | columns)


def test_a_preference_worked_by_hand() -> None:
    """eps -1.2, mu infinite: TC = 100 * -1.2 * -0.2 / 1.2 = 20; r = 1/1.2, sigma 2: r^-2 = 1.44."""
    options = SmartOptions(demand_elasticity=-1.2, substitution=2.0, supply_elasticity=np.inf)
    rows = smart(table(), options).lines
    np.testing.assert_allclose(rows["creation"], [20.0, 0.0], atol=1e-9)
    moved = 100 * 300 * 0.44 / (100 * 1.44 + 300)
    np.testing.assert_allclose(rows["diversion"], [moved, -moved], atol=1e-9)
    np.testing.assert_allclose(rows["revenue_before"], [20.0, 60.0], atol=1e-9)
    np.testing.assert_allclose(rows["revenue_after"], [0.0, 0.2 * (300 - moved)], atol=1e-9)
    np.testing.assert_allclose(rows["welfare"], [0.5 * 0.2 * 20, 0.0], atol=1e-9)
    np.testing.assert_allclose(rows["price_pct"], 0.0, atol=1e-12)


def test_finite_supply_utilization_and_threshold_by_hand() -> None:
    """mu 1.8, eps -1.2: TC is divided by 1 + 2/3; half used: t = 0.1; a cut of 20 points is below 25."""
    options = SmartOptions(demand_elasticity=-1.2, supply_elasticity=1.8, utilization=0.5)
    rows = smart(table(), options).lines
    np.testing.assert_allclose(rows["creation"][0], 100 * 1.2 * 0.1 / 1.2 / (5 / 3), atol=1e-9)
    np.testing.assert_allclose(rows["price_pct"][0], 100 * 0.06 / 1.8, atol=1e-9)
    np.testing.assert_allclose(rows["rate_used"], [0.1, 0.2], atol=1e-12)
    none = smart(table(), SmartOptions(demand_elasticity=-1.2, threshold=0.25)).by()
    assert none["creation"][0] == 0
    assert none["diversion"][0] == 0
    assert none["revenue_after"][0] == none["revenue_before"][0]


def test_a_cut_for_everybody_diverts_nothing() -> None:
    rows = smart(table(rate_after=[0.0, 0.0]), SmartOptions(demand_elasticity=-1.0)).lines
    assert (rows["diversion"] == 0).all()


rates = st.floats(0.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.floats(0, 1e6), rates, st.floats(0, 1)), min_size=1, max_size=20
    ),
    st.floats(-5, 0),
    st.floats(0, 8),
)
def test_creation_is_positive_for_cuts_and_diversion_sums_to_zero(
    rows: list[tuple[int, float, float, float]], demand: float, sigma: float
) -> None:
    data = pl.DataFrame(
        {
            "product": [str(row[0]) for row in rows],
            "partner": [str(n) for n in range(len(rows))],
            "imports": [row[1] for row in rows],
            "rate_before": [row[2] for row in rows],
            "rate_after": [row[2] * row[3] for row in rows],
        }
    )
    result = smart(data, SmartOptions(demand_elasticity=demand, substitution=sigma))
    assert (result.lines["creation"] >= 0).all()
    assert (result.lines["welfare"] >= 0).all()
    assert (result.lines["imports_after"] >= 0).all()
    by_line = result.by("product")
    np.testing.assert_allclose(by_line["diversion"], 0.0, atol=1e-9 * max(1.0, data["imports"].sum()))
    total = result.by()
    np.testing.assert_allclose(
        total["imports_after"][0], total["imports"][0] + total["creation"][0], rtol=1e-9, atol=1e-9
    )


def test_faults_are_named_together() -> None:
    with pytest.raises(MissingDataError, match="demand_elasticity"):
        smart(table(), SmartOptions())
    with pytest.raises(InputErrors, match="2 problems"):
        smart(table(imports=[-1.0, 2.0], rate_after=[0.0, None]), SmartOptions(demand_elasticity=-1))
    with pytest.raises(InputErrors, match="share product and partner"):
        smart(table(partner=["P", "P"]), SmartOptions(demand_elasticity=-1))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table().write_csv(tmp_path / "lines.csv")
    with pytest.raises(SystemExit) as stop:
        run(["smart", str(tmp_path / "lines.csv"), "--demand-elasticity", "-1.2", "--format", "csv"])
    assert stop.value.code == 0
    out = capsys.readouterr()
    assert out.out.splitlines()[0].startswith("partner,imports,creation")
    assert "1 of 2 rows" in out.err


def test_imports_of_2024_free_of_duty_from_one_origin(shared: Path) -> None:
    """The United States drops duties on Viet Nam: lines as published, duties as collected."""
    found = pl.read_parquet(shared / "data" / "economy" / "us_imports_2024_hs10.parquet")
    lines = found.filter(pl.col("imports_usd") > 0).select(
        product=pl.col("hs10").cast(pl.String),
        partner=pl.col("origin").cast(pl.String),
        imports="imports_usd",
        rate_before=pl.col("duty_usd") / pl.col("imports_usd"),
    )
    lines = lines.with_columns(
        rate_after=pl.when(pl.col("partner") == "VNM").then(0.0).otherwise(pl.col("rate_before"))
    )
    result = smart(lines, SmartOptions(demand_elasticity=-1.0))
    by = result.by("partner")
    vietnam = by.filter(pl.col("partner") == "VNM").row(0, named=True)
    assert vietnam["creation"] > 0
    assert vietnam["diversion"] > 0
    assert (by.filter(pl.col("partner") != "VNM")["diversion"] <= 1e-6).all()
    assert vietnam["revenue_after"] == 0
    duty = found.filter(pl.col("origin") == "VNM")["duty_usd"].sum()
    assert vietnam["revenue_before"] == pytest.approx(duty, rel=1e-6)
    total = result.by().row(0, named=True)
    assert abs(total["diversion"]) < 1e-9 * total["imports"]
