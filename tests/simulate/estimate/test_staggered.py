"""Staggered entry: what was put into a simulated panel comes out, where plain two-way effects miss it."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors
from openward.simulate.estimate.effects import Array, Index
from openward.simulate.estimate.ppml import ppml
from openward.simulate.estimate.run import estimate
from openward.simulate.estimate.spec_reading import parse_estimate_spec
from openward.simulate.estimate.staggered import NEVER, averages, cells, cohorts, total_change

EARLY, LATE, PERIODS = 3, 6, 9
EFFECTS = {EARLY: (0.2, 0.30), LATE: (0.1, 0.05)}
"""By cohort: effect at entry, and what each period adds: it grows much faster for the early cohort."""


def truth(cohort: Index, period: Index) -> Array:
    out = np.zeros(len(cohort))
    for g, (first, slope) in EFFECTS.items():
        on = (cohort == g) & (period >= g)
        out[on] = first + slope * (period[on] - g)
    return out


def simulated(units: int = 600) -> tuple[Array, Array, Index, Index, Index]:
    rng = np.random.default_rng(20230901)
    unit, period = (one.ravel() for one in np.meshgrid(np.arange(units), np.arange(PERIODS), indexing="ij"))
    group = np.array([EARLY, LATE, NEVER])[np.arange(units) % 3]
    cohort = group[unit]
    size = rng.normal(2.0, 0.5, units) + (group == EARLY) * 0.4
    common = np.cumsum(rng.normal(0.05, 0.1, PERIODS))
    mean = np.exp(size[unit] + common[period] + truth(cohort, period))
    outcome = mean * rng.gamma(20.0, 1 / 20.0, len(mean))
    return outcome, (period >= cohort).astype(float), unit, period, cohort


def test_known_effects_come_back_where_plain_two_way_effects_are_biased() -> None:
    y, treated, unit, period, cohort = simulated()
    plain = ppml(outcome=y, regressors={"in": treated}, effects=[unit, period], clusters=[unit])
    true_effects = truth(cohort, period)[treated == 1]
    listed, columns = cells(cohort=cohort, period=period, compare_with="not-yet")
    fitted = ppml(outcome=y, regressors=columns, effects=[unit, period], clusters=[unit])
    assert len(listed) == (PERIODS - EARLY) + (PERIODS - LATE)
    expected = np.array([EFFECTS[c.cohort][0] + EFFECTS[c.cohort][1] * c.since for c in listed])
    far = np.abs(fitted.coefficients - expected) / fitted.standard_errors
    assert far.max() < 3.0
    rows = np.array([column.sum() for column in columns.values()])
    sums, path = averages(
        cells=listed, rows=rows, coefficients=fitted.coefficients, covariance=fitted.covariance
    )
    overall = sums[0]
    assert overall.value == pytest.approx(true_effects.mean(), abs=2.5 * overall.standard_error)
    assert overall.standard_error < 0.03
    # The plain estimate is off by far more than its own error.
    assert abs(plain.coefficients[0] - true_effects.mean()) > 5 * plain.standard_errors[0]
    assert [point.since for point in path] == list(range(PERIODS - EARLY))
    # Both cohorts have the same count, so entry's effect is the mean of the two.
    assert path[0].value == pytest.approx(0.15, abs=3 * path[0].standard_error)


def test_effects_before_entry_are_none_where_there_are_none() -> None:
    y, _, unit, period, cohort = simulated()
    listed, columns = cells(cohort=cohort, period=period, compare_with="never")
    before = [cell for cell in listed if cell.since < 0]
    assert {cell.since for cell in before if cell.cohort == EARLY} == {-3, -2}
    fitted = ppml(outcome=y, regressors=columns, effects=[unit, period], clusters=[unit])
    t = fitted.coefficients / fitted.standard_errors
    assert np.abs(t[[cell.since < 0 for cell in listed]]).max() < 3.0


def test_cells_are_saturated_differences_in_two_groups_and_two_periods() -> None:
    # With two groups and two periods the effect is the log of the ratio of ratios of means, exactly.
    unit = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    period = np.array([0, 1] * 4)
    cohort = np.array([1, 1, 1, 1, NEVER, NEVER, NEVER, NEVER])
    y = np.array([1.0, 6.0, 3.0, 6.0, 2.0, 3.0, 4.0, 6.0])
    _, columns = cells(cohort=cohort, period=period, compare_with="not-yet")
    fitted = ppml(outcome=y, regressors=columns, effects=[unit, period])
    assert fitted.coefficients[0] == pytest.approx(np.log((12 / 4) / (9 / 6)), abs=1e-9)


def test_averages_by_hand() -> None:
    listed, columns = cells(
        cohort=np.array([1, 1, 1, 1, 1, 1, 2, 2, 2, NEVER, NEVER, NEVER]),
        period=np.array([0, 1, 2] * 4),
        compare_with="not-yet",
    )
    assert [(cell.cohort, cell.period) for cell in listed] == [(1, 1), (1, 2), (2, 2)]
    rows = np.array([column.sum() for column in columns.values()])
    covariance = np.diag([0.04, 0.01, 0.09])
    sums, path = averages(
        cells=listed, rows=rows, coefficients=np.array([0.1, 0.4, 0.7]), covariance=covariance
    )
    found = {one.name: (one.value, one.standard_error) for one in sums}
    assert found["average effect"] == pytest.approx((0.34, (0.16 * 0.04 + 0.16 * 0.01 + 0.04 * 0.09) ** 0.5))
    assert found["entered 1"] == pytest.approx((0.25, (0.25 * 0.04 + 0.25 * 0.01) ** 0.5))
    assert found["in 2"] == pytest.approx((0.5, (4 / 9 * 0.01 + 1 / 9 * 0.09) ** 0.5))
    assert [(point.since, point.rows) for point in path] == [(0, 3), (1, 2)]


def test_total_change_and_its_error() -> None:
    observed, b = np.array([8.0, 3.0]), np.array([np.log(2.0), 0.0])
    covariance = np.array([[0.01, 0.002], [0.002, 0.02]])
    found = total_change(observed=observed, coefficients=b, covariance=covariance)
    assert found.value == pytest.approx(11 / 7 - 1)

    def value(at: Array) -> float:
        return total_change(observed=observed, coefficients=at, covariance=covariance).value

    step = 1e-6
    gradient = np.array([(value(b + step * e) - value(b - step * e)) / (2 * step) for e in np.eye(2)])
    assert found.standard_error == pytest.approx((gradient @ covariance @ gradient) ** 0.5, rel=1e-6)


def test_who_was_in_from_the_start_and_who_left() -> None:
    unit = np.repeat(np.arange(4), 3)
    period = np.tile(np.arange(3), 4)
    treatment = np.array([1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0], dtype=float)
    found = cohorts(treatment=treatment, unit=unit, period=period)
    assert found.cohort[::3].tolist() == [0, 1, 1, NEVER]
    assert found.already[::3].tolist() == [True, False, False, False]
    assert found.reversed_[::3].tolist() == [False, False, True, False]


@pytest.mark.parametrize("treatment", [np.zeros(6), np.ones(6)])
def test_nobody_enters(treatment: NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match="no unit enters"):
        cohorts(treatment=treatment, unit=np.repeat([0, 1], 3), period=np.tile([0, 1, 2], 2))


def test_nothing_left_to_compare_with() -> None:
    cohort, period = np.repeat([1, 2], 3), np.tile([0, 1, 2], 2)
    with pytest.raises(InputError, match="from 2 on every unit has entered"):
        cells(cohort=cohort, period=period, compare_with="not-yet")


SPEC = """
schema: openward.estimate/1
name: s
title: s
source: simulated
data: {file: p.parquet, exporter: a, importer: b, year: t}
outcome: y
estimates:
  - name: e
    method: staggered
    domestic: drop
    treatment: d
    compare_with: never
    effects: [{product: [exporter, importer]}, {product: [year]}]
    clusters: [{product: [exporter, importer]}]
"""


def test_a_spec_gives_the_path_and_says_who_was_left_out(tmp_path) -> None:  # type: ignore[no-untyped-def]
    y, d, unit, period, _ = simulated(300)
    frame = pl.DataFrame({"a": [f"E{u}" for u in unit], "b": "W", "t": period + 2000, "y": y, "d": d})
    early = frame.filter(pl.col("a") == "E0").with_columns(a=pl.lit("ALWAYS"), d=pl.lit(1.0))
    pl.concat([frame, early]).write_parquet(tmp_path / "p.parquet")
    (found,) = estimate(parse_estimate_spec(SPEC, where="s"), tmp_path).columns
    assert found.facts["pairs in from the start, left out"] == 1
    assert (found.facts["pairs that enter"], found.facts["pairs that never enter"]) == (200, 100)
    assert [test.name for test in found.tests] == ["one effect for all", "before entry"]
    assert found.tests[0].p < 1e-6
    assert found.tests[1].p > 0.001
    left = frame.with_columns(
        d=pl.when(pl.col("a") == "E0", pl.col("t") == 2008).then(0).otherwise(pl.col("d"))
    )
    left.write_parquet(tmp_path / "p.parquet")
    with pytest.raises(InputErrors, match="d ends again for 1 pairs, first E0 to W"):
        estimate(parse_estimate_spec(SPEC, where="s"), tmp_path)
