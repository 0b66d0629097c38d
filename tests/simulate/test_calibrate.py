"""Calibration on the world pack keeps the accounts; elasticities are the table's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError, UnknownCodeError
from openward.observe import WorldPack, load_world
from openward.simulate.calibrate import SMALLEST_VALUE_ADDED, Calibration, calibrate, calibrate_with_notes
from openward.simulate.elasticities import elasticities, elasticity_table


@pytest.fixture(scope="module")
def world() -> WorldPack:
    return load_world()


def tariffs_of(world: WorldPack, rate: float, seed: int = 0) -> np.ndarray:
    rates = np.random.default_rng(seed).uniform(0, rate, world.flows.shape)
    home = np.arange(len(world.economies))
    rates[home, home] = 0.0
    return rates


def assert_accounts_close(calibration: Calibration, pack: WorldPack) -> None:
    base = calibration.baseline
    output = base.flows.sum(axis=0)
    revenue = (base.tariffs * base.flows).sum(axis=(1, 2))
    income = (base.value_added * output).sum(axis=1) + revenue + base.deficits
    spending = income[:, None] * base.final
    paid = (base.flows * (1 + base.tariffs)).sum(axis=1)
    demanded = np.einsum("nkj,nj->nk", base.use, output) + spending
    size = paid.sum(axis=1, keepdims=True)
    np.testing.assert_allclose((demanded - paid) / size, 0.0, atol=1e-9)
    np.testing.assert_allclose(base.value_added + base.use.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(base.final.sum(axis=1), 1.0, atol=1e-12)
    assert abs(base.deficits.sum()) < 1e-9 * income.sum()
    assert (base.final >= 0).all()
    assert base.value_added.min() >= SMALLEST_VALUE_ADDED - 1e-12
    for field in ("flows", "tariffs", "value_added", "use", "final", "theta", "deficits"):
        assert np.isfinite(getattr(base, field)).all(), field
    np.testing.assert_array_equal(base.flows, pack.flows)


@pytest.mark.parametrize("rate", [0.0, 0.1, 1.5])
def test_income_equals_expenditure_in_every_market(world: WorldPack, rate: float) -> None:
    theta = elasticities("caliendo-parro", sectors=world.sectors)
    assert_accounts_close(calibrate_with_notes(world, tariffs_of(world, rate), theta=theta), world)


def test_empty_producers_carry_value_added_one(world: WorldPack) -> None:
    base = calibrate(world, np.zeros_like(world.flows), theta=elasticities("uniform-4"))
    empty = world.output == 0
    assert empty.sum() == 51
    np.testing.assert_array_equal(base.value_added[empty], 1.0)


def test_squeezed_industries_are_capped_and_named(world: WorldPack) -> None:
    calibration = calibrate_with_notes(world, tariffs_of(world, 1.5), theta=elasticities("uniform-4"))
    assert calibration.capped
    assert calibration.moved_value > 0
    assert any(f"{len(calibration.capped)} industries" in note for note in calibration.notes)


def test_name_defaults_to_the_packs_name_and_the_pack_is_left_alone(world: WorldPack) -> None:
    before = world.use_value.copy()
    base = calibrate(world, tariffs_of(world, 0.2), theta=elasticities("uniform-4"))
    assert base.name == "world2022"
    assert not np.shares_memory(base.flows, world.flows)
    np.testing.assert_array_equal(world.use_value, before)


def small_world(seed: int, n: int, j: int) -> WorldPack:
    rng = np.random.default_rng(seed)
    flows = rng.gamma(0.5, 1.0, (n, n, j)) * (rng.random((n, n, j)) < 0.8)
    output, absorbed = flows.sum(axis=0), flows.sum(axis=1)
    # Inputs take less than what is bought of each kind; an industry may still use more than it makes.
    weights = rng.random((n, j, j)) * (output > 0)[:, None, :]
    total = weights.sum(axis=2, keepdims=True)
    use = absorbed[:, :, None] * rng.uniform(0, 0.9, (n, j, 1)) * weights / np.where(total > 0, total, 1.0)
    final = absorbed - use.sum(axis=2)
    return WorldPack(
        name="small",
        year=2000,
        currency="USD",
        scale=1.0,
        source="",
        licence="",
        economies=tuple(f"E{i}" for i in range(n)),
        sectors=tuple(f"S{k}" for k in range(j)),
        flows=flows,
        use_value=use,
        final_value=final,
        output=output,
        assumed_balanced=(),
        notes=(),
    )


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 5), j=st.integers(1, 4), rate=st.floats(0, 2))
def test_accounts_hold_on_any_small_world(seed: int, n: int, j: int, rate: float) -> None:
    pack = small_world(seed, n, j)
    calibration = calibrate_with_notes(pack, tariffs_of(pack, rate, seed), theta=np.full(j, 4.0))
    base = calibration.baseline
    paid = (base.flows * (1 + base.tariffs)).sum(axis=1)
    income = (base.value_added * pack.output).sum(axis=1) + base.deficits
    income = income + (base.tariffs * base.flows).sum(axis=(1, 2))
    demanded = np.einsum("nkj,nj->nk", base.use, pack.output) + income[:, None] * base.final
    np.testing.assert_allclose(demanded, paid, atol=1e-9 * paid.sum())


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), factor=st.floats(1e-3, 1e3))
def test_scaling_values_leaves_shares_alone(seed: int, factor: float) -> None:
    pack = small_world(seed, 3, 3)
    scaled = dataclasses.replace(
        pack,
        flows=pack.flows * factor,
        use_value=pack.use_value * factor,
        final_value=pack.final_value * factor,
        output=pack.output * factor,
    )
    rates = tariffs_of(pack, 0.3, seed)
    one, other = (calibrate(p, rates, theta=np.full(3, 4.0)) for p in (pack, scaled))
    for field in ("value_added", "use", "final"):
        np.testing.assert_allclose(getattr(one, field), getattr(other, field), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("bad", [np.nan, -1.0, np.inf])
def test_impossible_rates_are_refused(world: WorldPack, bad: float) -> None:
    rates = np.zeros_like(world.flows)
    rates[0, 1, 0] = bad
    with pytest.raises(InputError, match="tariffs"):
        calibrate(world, rates, theta=elasticities("uniform-4"))


def test_wrong_shapes_and_home_tariffs_are_refused(world: WorldPack) -> None:
    rates = np.zeros_like(world.flows)
    with pytest.raises(InputError, match="shape"):
        calibrate(world, rates[:, :, :3], theta=elasticities("uniform-4"))
    with pytest.raises(InputError, match="theta"):
        calibrate(world, rates, theta=np.zeros(50))
    rates[3, 3, 0] = 0.1
    with pytest.raises(InputError, match="home"):
        calibrate(world, rates, theta=elasticities("uniform-4"))


def test_table_covers_the_pack_in_order_and_says_where_it_is_from(world: WorldPack) -> None:
    rows = elasticity_table()
    assert tuple(row.industry for row in rows) == world.sectors
    assert all(row.source for row in rows)
    by_code = {row.industry: row for row in rows}
    assert by_code["C19"].theta == 64.85
    assert by_code["K"].theta == 8.22
    assert "convention" in by_code["K"].note


def test_sets_scale_and_unknown_sets_are_refused() -> None:
    np.testing.assert_allclose(elasticities("caliendo-parro", scale=0.5) * 2, elasticities("caliendo-parro"))
    np.testing.assert_array_equal(elasticities("uniform-4", sectors=["X", "Y"]), [4.0, 4.0])
    with pytest.raises(UnknownCodeError, match="caliendo") as caught:
        elasticities("caliendo")
    assert "caliendo-parro" in caught.value.hint
    with pytest.raises(UnknownCodeError, match="ZZ"):
        elasticities("caliendo-parro", sectors=["A01", "ZZ"])
    with pytest.raises(InputError, match="scale"):
        elasticities("uniform-4", scale=0.0)


def test_elasticities_are_the_papers(shared: Path) -> None:
    frame = pl.read_parquet(shared / "data" / "economy" / "cp1993_theta.parquet")
    paper = set(frame["theta"].round(2).to_list())
    single = [row for row in elasticity_table() if ";" not in row.paper_sectors]
    assert {row.theta for row in single} <= paper | {8.22}
