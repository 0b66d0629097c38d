from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from openward.indicators.tariffs import (
    average_rate,
    dispersion,
    duty_over_imports,
    effective_protection,
    overhang,
    share_above,
    share_free,
    uniform_equivalent,
    welfare_equivalent,
)

RATES = np.array([0.0, 0.05, 0.10, 0.45])
LINES = np.array([2.0, 1.0, 1.0, 1.0])

rates = arrays(np.float64, 6, elements=st.floats(0, 3, allow_subnormal=False))
weights = arrays(np.float64, 6, elements=st.floats(0.01, 1e3, allow_subnormal=False))


def test_averages_and_shares_by_hand() -> None:
    assert average_rate(rates=RATES, weights=LINES) == pytest.approx(0.12)
    assert share_free(rates=RATES, weights=LINES) == pytest.approx(0.4)
    assert share_above(rates=RATES, weights=LINES, bound=0.15) == pytest.approx(0.2)
    assert share_above(rates=np.array([0.15]), weights=np.ones(1), bound=0.15) == 0.0
    assert overhang(bound=RATES + 0.02, applied=RATES, weights=LINES) == pytest.approx(0.02)
    assert duty_over_imports(duty=np.array([3.0, 1.0]), imports=np.array([50.0, 50.0])) == pytest.approx(0.04)


def test_dispersion_by_hand() -> None:
    found = dispersion(rates=np.array([0.0, 0.2]), weights=np.array([1.0, 1.0]))
    assert found is not None
    assert (found.mean, found.deviation, found.variation) == pytest.approx((0.1, 0.1, 1.0))
    flat = dispersion(rates=np.zeros(2), weights=np.ones(2))
    assert flat is not None
    assert flat.variation is None


def test_a_tariff_on_nothing_has_no_average() -> None:
    none = np.zeros(3)
    assert average_rate(rates=none, weights=none) is None
    assert dispersion(rates=none, weights=none) is None
    assert duty_over_imports(duty=none, imports=none) is None
    assert welfare_equivalent(rates=none, imports=none, elasticities=none) is None


def test_uniform_equivalents_by_hand() -> None:
    args = {"rates": np.array([0.0, 0.3]), "imports": np.array([200.0, 100.0])}
    assert uniform_equivalent(**args, elasticities=np.ones(2)) == pytest.approx(0.1)
    assert uniform_equivalent(**args, elasticities=np.array([1.0, 2.0])) == pytest.approx(0.15)
    assert welfare_equivalent(**args, elasticities=np.ones(2)) == pytest.approx(np.sqrt(0.03))


@given(rates, weights, weights)
def test_the_welfare_equivalent_is_never_below_that_of_imports(
    t: np.ndarray, m: np.ndarray, e: np.ndarray
) -> None:
    otri = uniform_equivalent(rates=t, imports=m, elasticities=e)
    tri = welfare_equivalent(rates=t, imports=m, elasticities=e)
    assert otri is not None
    assert tri is not None
    assert t.min() - 1e-12 <= otri <= tri + 1e-12 <= t.max() + 2e-12


def test_effective_protection_of_a_text_book_case() -> None:
    """A 20 % duty on a car of 100 at world prices with inputs of 60 that pay 10 %: (20 - 6) / 40 = 35 %."""
    free_share = 0.6
    domestic = free_share * 1.10 / 1.20
    found = effective_protection(
        rates=np.array([0.20, 0.10]), coefficients=np.array([[0.0, 0.0], [domestic, 0.0]])
    )
    assert found == pytest.approx([0.35, 0.10])


def test_effective_protection_is_the_rise_in_value_added() -> None:
    """The closed form equals value added at home prices over value added at world prices, less one."""
    draw = np.random.default_rng(3)
    t = draw.uniform(0, 0.5, 5)
    b = draw.uniform(0, 0.12, (5, 5))
    home = 1 - b.sum(axis=0)
    world = 1 / (1 + t) - (b / (1 + t)[:, None]).sum(axis=0)
    assert effective_protection(rates=t, coefficients=b) == pytest.approx(home / world - 1)


def test_protection_has_no_rate_where_nothing_is_added_at_world_prices() -> None:
    found = effective_protection(rates=np.array([1.0, 0.0]), coefficients=np.array([[0, 0], [0.6, 0]]))
    assert np.isnan(found[0])


@given(st.floats(0, 2), arrays(np.float64, (3, 3), elements=st.floats(0, 0.3, allow_subnormal=False)))
def test_a_uniform_tariff_protects_uniformly(t: float, b: np.ndarray) -> None:
    found = effective_protection(rates=np.full(3, t), coefficients=b)
    assert found == pytest.approx(np.full(3, t))


def test_duty_collected_by_the_united_states_in_2024(shared: Path) -> None:
    """2.4 % of imports for consumption, 10.9 % of those from China, by the Census Bureau's own duty."""
    path = shared / "data/economy/us_imports_2024_hs10.parquet"
    if not path.is_file():
        pytest.skip("no US imports of 2024 in the shared data")
    table = pl.read_parquet(path)

    def rate(rows: pl.DataFrame) -> float | None:
        return duty_over_imports(duty=rows["duty_usd"].to_numpy(), imports=rows["imports_usd"].to_numpy())

    assert rate(table) == pytest.approx(0.024, abs=5e-4)
    assert rate(table.filter(pl.col("origin").cast(pl.String) == "CHN")) == pytest.approx(0.109, abs=5e-4)
