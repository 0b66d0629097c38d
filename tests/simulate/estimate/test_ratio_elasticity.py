"""Elasticities from tariffs: exact on made flows, and beside the published ones on the authors' data."""

import numpy as np
import polars as pl
import pytest

from openward.errors import InputError, InputErrors
from openward.simulate.estimate.effects import Array
from openward.simulate.estimate.ratio import ratio_elasticity
from openward.simulate.estimate.run import estimate
from openward.simulate.estimate.spec_reading import parse_estimate_spec

THETA = 4.5


def world(noise: float = 0.0, n: int = 12) -> tuple[Array, Array]:
    """Flows of a gravity model with symmetric trade costs and asymmetric tariffs."""
    rng = np.random.default_rng(1993)
    rates = rng.uniform(0.0, 0.3, (n, n))
    np.fill_diagonal(rates, 0.0)
    symmetric = rng.normal(0, 1, (n, n))
    logs = rng.normal(0, 1, n)[:, None] + rng.normal(0, 1, n)[None] + symmetric + symmetric.T
    flows = np.exp(logs - THETA * np.log1p(rates) + noise * rng.normal(0, 1, (n, n)))
    return flows, rates


def test_everything_but_tariffs_cancels() -> None:
    flows, rates = world()
    found = ratio_elasticity(flows=flows, rates=rates)
    assert found.theta == pytest.approx(THETA, abs=1e-10)
    assert found.triads == 12 * 11 * 10 // 6


def test_errors_that_allow_for_shared_pairs_cover_the_truth() -> None:
    flows, rates = world(noise=0.5, n=25)
    found = ratio_elasticity(flows=flows, rates=rates)
    assert abs(found.theta - THETA) < 3 * found.pair_error
    # Each triad shares its pairs with 22 others: independence would be far too sure.
    assert found.pair_error > 2 * found.standard_error


def test_three_economies_by_hand() -> None:
    flows = np.array([[0, 2.0, 3.0], [5.0, 0, 7.0], [11.0, 13.0, 0]])
    rates = np.array([[0, 0.1, 0.0], [0.0, 0, 0.0], [0.2, 0.0, 0]])
    with pytest.raises(InputError, match="1 triads"):
        ratio_elasticity(flows=flows, rates=rates)
    four = np.ones((4, 4))
    four[:3, :3] = flows
    duty = np.zeros((4, 4))
    duty[:3, :3] = rates
    # Triads in order 012, 013, 023, 123: the left and right sides written out.
    y = np.log([2 * 7 * 11 / (5 * 13 * 3), 2 / 5, 3 / 11, 7 / 13])
    x = np.log([1.1 * 1.2, 1.1, 1 / 1.2, 1.0])
    found = ratio_elasticity(flows=four, rates=duty)
    assert found.theta == pytest.approx(-(x @ y) / (x @ x))


def test_unknown_rates_and_missing_trade_leave_triads_out() -> None:
    flows, rates = world()
    flows[0, 1] = 0.0
    rates[2, 3] = np.nan
    found = ratio_elasticity(flows=flows, rates=rates)
    assert found.triads == 220 - 10 - 10
    assert found.theta == pytest.approx(THETA, abs=1e-10)


def test_tariffs_that_do_not_discriminate_say_nothing() -> None:
    flows, rates = world()
    same = np.repeat(rates.mean(axis=1, keepdims=True), 12, axis=1)
    with pytest.raises(InputError, match="they cancel"):
        ratio_elasticity(flows=flows, rates=same)


SPEC = """
schema: openward.estimate/1
name: e
title: e
source: made up
data: {file: f.parquet, exporter: x, importer: m}
outcome: v
estimates:
  - {name: r, method: elasticity, estimator: ratio, tariff: t, tariff_unit: percent, values: net-of-tariff}
  - {name: p, method: elasticity, estimator: ppml, tariff: t, tariff_unit: percent, values: net-of-tariff}
"""


def test_both_estimators_from_a_spec(tmp_path) -> None:  # type: ignore[no-untyped-def]
    flows, rates = world()
    n = len(flows)
    m, x = (one.ravel() for one in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    frame = pl.DataFrame(
        {
            "x": [f"E{k:02}" for k in x],
            "m": [f"E{k:02}" for k in m],
            # The file has values before tariffs, in percent rates, as customs publish them.
            "v": (flows / (1 + rates)).ravel(),
            "t": 100 * rates.ravel(),
        }
    )
    frame.write_parquet(tmp_path / "f.parquet")
    result = estimate(parse_estimate_spec(SPEC, where="e"), tmp_path)
    for one in result.columns:
        assert one.names == ("all",)
        assert one.coefficients[0] == pytest.approx(THETA, abs=1e-6)
    pl.concat([frame, frame.head(5)]).write_parquet(tmp_path / "f.parquet")
    with pytest.raises(InputErrors, match="the same keys"):
        estimate(parse_estimate_spec(SPEC, where="e"), tmp_path)
