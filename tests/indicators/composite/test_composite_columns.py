"""Kernels on one column: moments, winsorizing, imputing, normalizing, ranking; figures by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from openward.errors import InputError
from openward.indicators.composite.denominate import denominated
from openward.indicators.composite.impute import filled_by_mean, filled_by_median, filled_from_before
from openward.indicators.composite.moments import kurtosis, skewness
from openward.indicators.composite.normalize import normalized
from openward.indicators.composite.ranks import descending_ranks
from openward.indicators.composite.statistics import column_statistics
from openward.indicators.composite.steps import Rule
from openward.indicators.composite.treat import logged, treated, winsorized

FIVE = np.array([1.0, 2.0, 3.0, 4.0, 10.0])
NAN = float("nan")


def test_moments_are_those_of_spreadsheets() -> None:
    assert skewness(values=FIVE) == pytest.approx(1.6970562748)
    assert kurtosis(values=FIVE) == pytest.approx(3.152)
    assert skewness(values=np.array([1.0, 2.0])) is None
    assert kurtosis(values=np.array([5.0, 5.0, 5.0, 5.0])) is None


def test_winsorizing_sets_tied_extremes_together_and_counts_cells() -> None:
    x = np.array([*range(1, 31), 900.0, 1000.0])
    out, points, _ = winsorized(values=x, skew=2.0, kurt=3.5, max_points=5)
    assert points == 2
    assert list(out[-3:]) == [30.0, 30.0, 30.0]
    assert list(out[:-2]) == list(x[:-2])
    halfway, counted, enough = winsorized(values=x, skew=2.0, kurt=3.5, max_points=1)
    assert counted == 1
    assert not enough
    assert list(halfway[-2:]) == [900.0, 900.0]


def test_low_outliers_are_set_upward() -> None:
    x = -np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 1000.0])
    out, points, _ = winsorized(values=x, skew=2.0, kurt=3.5, max_points=5)
    assert points == 1
    assert out[-1] == -11.0


def test_a_column_winsorizing_does_not_mend_is_transformed_from_the_original() -> None:
    x = np.array([0.0] * 30 + [1.0, 10.0, 100.0, 1000.0])
    found = treated(values=x, skew=2.0, kurt=3.5, max_points=1, otherwise="log-ct")
    assert found.points == 0
    assert found.how.startswith("log-ct")
    assert found.values == pytest.approx(logged(values=x, mirror=False))
    assert found.values[0] == pytest.approx(np.log(10.0))
    kept = treated(values=FIVE, skew=2.0, kurt=3.5, max_points=5, otherwise="log-ct")
    assert kept.how == ""
    assert kept.values is FIVE


def test_the_mirrored_logarithm_keeps_the_order() -> None:
    out = logged(values=-FIVE, mirror=True)
    assert list(np.argsort(out)) == list(np.argsort(-FIVE))


def test_denominating_leaves_out_what_has_no_size() -> None:
    out = denominated(values=np.array([6.0, 6.0, 6.0]), denominator=np.array([3.0, 0.0, NAN]))
    assert out[0] == 2.0
    assert np.isnan(out[1:]).all()


def test_filling() -> None:
    x = np.array([1.0, NAN, 4.0, 4.0])
    assert filled_by_mean(values=x)[1] == 3.0
    assert filled_by_median(values=x)[1] == 4.0
    assert filled_from_before(values=x, earlier=[np.array([9.0, NAN, 9.0, 9.0]), np.full(4, 7.0)])[1] == 7.0
    assert np.isnan(filled_by_mean(values=np.array([NAN, NAN]))).all()


@pytest.mark.parametrize(
    ("rule", "direction", "expected"),
    [
        (Rule(method="min-max", low=0, high=100), 1, [0.0, 100 / 9, 200 / 9, 300 / 9, 100.0]),
        (Rule(method="min-max", low=0, high=1), -1, [1.0, 8 / 9, 7 / 9, 6 / 9, 0.0]),
        (Rule(method="rank"), 1, [1.0, 2.0, 3.0, 4.0, 5.0]),
        (Rule(method="percentile"), -1, [90.0, 70.0, 50.0, 30.0, 10.0]),
        (Rule(method="goalposts", low=2, high=4), 1, [0.0, 0.0, 50.0, 100.0, 100.0]),
        (Rule(method="goalposts", low=2, high=4), -1, [100.0, 100.0, 50.0, 0.0, 0.0]),
        (Rule(method="distance-to-best"), 1, [10.0, 20.0, 30.0, 40.0, 100.0]),
        (Rule(method="none"), -1, [-1.0, -2.0, -3.0, -4.0, -10.0]),
    ],
)
def test_normalizing(rule: Rule, direction: int, expected: list[float]) -> None:
    out = normalized(values=FIVE, direction=direction, rule=rule, target=None, where="x")
    assert out == pytest.approx(expected)


def test_z_scores_and_targets() -> None:
    z = normalized(
        values=FIVE, direction=1, rule=Rule(method="z-score", mean=10, sd=2), target=None, where="x"
    )
    assert z.mean() == pytest.approx(10.0)
    assert z.std(ddof=1) == pytest.approx(2.0)
    to = Rule(method="distance-to-target", low=0, high=100)
    out = normalized(values=FIVE, direction=1, rule=to, target=5.0, where="x")
    assert out == pytest.approx([0.0, 25.0, 50.0, 75.0, 100.0])


def test_what_cannot_be_compared_is_refused() -> None:
    flat, rule = np.full(4, 3.0), Rule(method="min-max", low=0, high=1)
    with pytest.raises(InputError, match="all units have 3"):
        normalized(values=flat, direction=1, rule=rule, target=None, where="x")
    with pytest.raises(InputError, match="no unit has a value"):
        normalized(values=np.full(3, NAN), direction=1, rule=rule, target=None, where="x")
    with pytest.raises(ValueError, match="takes low and high"):
        Rule(method="min-max", low=0)
    with pytest.raises(ValueError, match="not below"):
        Rule(method="min-max", low=1, high=0)


def test_ties_share_the_least_rank_or_its_mean() -> None:
    scores = np.array([[3.0, 1.0, 3.0, NAN, 2.0]])
    least = descending_ranks(scores=scores, ties="least")[0]
    assert list(np.nan_to_num(least, nan=-1)) == [1, 4, 1, -1, 3]
    assert list(np.nan_to_num(descending_ranks(scores=scores, ties="mean")[0], nan=-1)) == [
        1.5,
        4,
        1.5,
        -1,
        3,
    ]


@given(arrays(np.float64, (3, 8), elements=st.integers(0, 9).map(float)))
def test_a_rank_counts_the_better_ones(scores: np.ndarray) -> None:
    ranks = descending_ranks(scores=scores, ties="least")
    for row, got in zip(scores, ranks, strict=True):
        assert list(got) == [1 + int((row > value).sum()) for value in row]


def test_statistics_of_a_column() -> None:
    one = column_statistics(values=np.array([[0.0], [2.0], [2.0], [NAN]]), codes=["x"])[0]
    assert (one.available, one.nonzero, one.unique, one.same, one.units) == (3, 2, 2, 2, 4)
    assert one.mean == pytest.approx(4 / 3)
    assert one.kurtosis is None
    assert not one.outliers
