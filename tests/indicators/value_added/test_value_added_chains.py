"""Positions in chains, sources of value and footprints, by hand and against published series."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError, UsageError
from openward.indicators.value_added.entries_chains import is_service
from openward.indicators.value_added.entries_exports import exports_decomposition_flows
from openward.indicators.value_added.footprint import footprint, solve_output
from openward.indicators.value_added.participation import (
    downstreamness,
    position,
    upstreamness,
    without_stocks,
)
from openward.indicators.value_added.sources import value_added_advantage
from openward.observe.input_output import input_output
from openward.observe.input_output_wiod import read_wiod_table


def test_chain_of_three_by_hand() -> None:
    # ore -> steel -> cars -> final use; half of steel and half of cars is inputs
    Z = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    output = np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(upstreamness(Z=Z, output=output), [3.0, 2.0, 1.0])
    np.testing.assert_allclose(downstreamness(Z=Z, output=output), [1.0, 1.5, 1.75])


def test_position_is_zero_in_the_middle_and_positive_upstream() -> None:
    found = position(
        backward=np.array([1.0, 1.0]), forward=np.array([1.0, 3.0]), exports=np.array([4.0, 4.0])
    )
    np.testing.assert_allclose(found, [0.0, np.log(1.75 / 1.25)])


def test_upstreamness_of_2011_is_near_the_published_series(shared: Path) -> None:
    economy = shared / "data" / "economy"
    found = read_wiod_table(economy)
    table, stocks = found.table, found.stocks.sum(axis=1)
    series = pl.read_parquet(economy / "upstreamness_antras_chor.parquet").filter(pl.col("YEAR") == "2011")
    known = {
        (code, f"c{int(number)}"): (u, d)
        for code, number, u, d in series.select("ISO3C", "WIOT2013_n", "GVC_Ui", "GVC_Di").iter_rows()
    }
    pairs = [
        known[table.economies[g], table.sectors[s]]
        for g, s in zip(table.node_economy, table.node_sector, strict=True)
    ]
    published = np.array(pairs, dtype=float)
    large = (table.output > 10_000) & np.isfinite(published).all(axis=1)
    assert large.sum() > 800
    Z = without_stocks(Z=table.Z, output=table.output, stocks=stocks)
    # the table at hand is rounded to millions, the series was computed before rounding
    ahead = upstreamness(Z=Z, output=table.output)[large] - published[large, 0]
    behind = downstreamness(Z=Z, output=table.output)[large] - published[large, 1]
    for apart in (np.abs(ahead), np.abs(behind)):
        assert np.median(apart) < 0.0015
        assert apart.max() < 0.015


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_footprints_sum_to_what_is_produced(seed: int) -> None:
    rng = np.random.default_rng(seed)
    at = np.repeat(np.arange(4), 3)
    Z = rng.lognormal(0, 1, (12, 12))
    F = rng.lognormal(1, 1, (12, 4))
    output = Z.sum(axis=1) + F.sum(axis=1)
    jobs = rng.random(12) * output
    found = footprint(Z=Z, F=F, output=output, extension=jobs, node_economy=at.astype(np.intp))
    assert found.residual <= 1e-12
    np.testing.assert_allclose(found.flows.sum(axis=1), found.production, rtol=1e-9)
    assert found.consumption.sum() == pytest.approx(jobs.sum())
    exact = np.linalg.solve(np.eye(12) - Z / output[None, :], F)
    np.testing.assert_allclose(solve_output(Z=Z, F=F, output=output).values, exact, rtol=1e-9)


def test_emissions_without_output_are_refused() -> None:
    nothing = np.zeros((2, 2))
    with pytest.raises(InputError, match="1 industries have an extension and no output"):
        footprint(
            Z=nothing,
            F=np.array([[1.0, 0.0], [0.0, 0.0]]),
            output=np.array([1.0, 0.0]),
            extension=np.array([1.0, 1.0]),
            node_economy=np.array([0, 1]),
        )


def test_advantage_averages_to_one() -> None:
    exports = np.array([[1.0, 3.0], [2.0, 2.0]])
    np.testing.assert_allclose(value_added_advantage(by_sector=exports), [[2 / 3, 1.2], [4 / 3, 0.8]])
    with pytest.raises(InputError):
        value_added_advantage(by_sector=np.array([[0.0, 0.0], [1.0, 1.0]]))


def test_services_are_known_by_their_codes() -> None:
    assert [is_service(code) for code in ("G", "J62_63", "C10T12", "A01", "F", "c19", "c18")] == [
        True,
        True,
        False,
        False,
        False,
        True,
        False,
    ]


def test_unknown_approach_is_named() -> None:
    table = input_output(
        economies=("AAA", "BBB"),
        sectors=("x",),
        Z=np.array([[0.0, 4.0], [2.0, 0.0]]),
        F=np.array([[6.0, 0.0], [0.0, 8.0]]),
        year=None,
        unit="1",
        source="made up",
    )
    with pytest.raises(UsageError, match="'first'"):
        exports_decomposition_flows(input_output=table, approach="first")
    rows = exports_decomposition_flows(input_output=table, approach="sink").collect().to_native()
    assert set(rows["exporter"]) == {"AAA", "BBB"}
    assert rows.filter((pl.col("exporter") == "AAA") & (pl.col("term") == "exports"))["value"].to_list() == [
        4.0
    ]
