"""Aggregation and weights: means by hand, gaps, and that one replicate never sees another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.errors import InputError
from openward.indicators.composite.aggregate import aggregated
from openward.indicators.composite.weigh import equal_correlation_weights, pca_weights

NAN = float("nan")
METHODS = ("arithmetic", "geometric", "harmonic", "median", "copeland")


def one(values: list[list[float]], weights: list[float], method: str, minimum: float = 0.0) -> list[float]:
    """Aggregate columns given as units by children."""
    x = np.array(values)
    out = aggregated(
        children=[x[:, k, None] for k in range(x.shape[1])],
        weights=[np.array([w]) for w in weights],
        method=method,
        minimum_available=minimum,
        where="top",
    )
    return list(out[:, 0])


def test_means_by_hand() -> None:
    assert one([[4.0, 9.0], [3.0, 6.0]], [1, 1], "arithmetic") == pytest.approx([6.5, 4.5])
    assert one([[4.0, 9.0], [3.0, 6.0]], [1, 3], "arithmetic") == pytest.approx([7.75, 5.25])
    assert one([[4.0, 9.0], [3.0, 6.0]], [1, 1], "geometric") == pytest.approx([6.0, 18**0.5])
    assert one([[4.0, 12.0], [3.0, 6.0]], [1, 1], "harmonic") == pytest.approx([6.0, 4.0])
    assert one([[4.0, 1.0, 7.0], [3.0, 6.0, 5.0]], [1, 1, 1], "median") == pytest.approx([4.0, 5.0])
    assert one([[4.0, 1.0, 7.0, 5.0]], [1, 1, 1, 1], "median") == pytest.approx([4.5])
    assert one([[1.0, 2.0, 9.0]], [1, 1, 3], "median") == pytest.approx([9.0])


def test_copeland_counts_majorities() -> None:
    # First beats second on two of three, both beat the third on all.
    assert one([[3.0, 3.0, 1.0], [2.0, 2.0, 5.0], [1.0, 1.0, 0.0]], [1, 1, 1], "copeland") == [2, 0, -2]
    assert one([[3.0, 1.0], [2.0, 5.0]], [1, 1], "copeland") == [0, 0]
    assert one([[3.0, 1.0], [2.0, 5.0]], [1, 2], "copeland") == [-1, 1]


def test_gaps_scale_the_other_weights_up_until_too_little_is_left() -> None:
    values = [[4.0, NAN, 8.0], [NAN, NAN, NAN], [NAN, 3.0, NAN]]
    got = one(values, [1, 1, 2], "arithmetic", minimum=0.5)
    assert got[0] == pytest.approx(20 / 3)
    assert np.isnan(got[1:]).all()
    assert one(values, [1, 1, 2], "arithmetic")[2] == pytest.approx(3.0)


@pytest.mark.parametrize("method", ["geometric", "harmonic"])
def test_means_that_need_positive_values_say_so(method: str) -> None:
    with pytest.raises(InputError, match="needs positive values"):
        one([[0.0, 2.0]], [1, 1], method)


def test_no_weight_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="sum to zero"):
        one([[1.0, 2.0]], [0, 0], "arithmetic")


@given(st.integers(0, 2**31), st.sampled_from(METHODS), st.booleans())
def test_replicates_do_not_touch_each_other(seed: int, method: str, with_gaps: bool) -> None:
    rng = np.random.default_rng(seed)
    x = rng.uniform(1.0, 100.0, size=(6, 4))
    if with_gaps:
        x[rng.uniform(size=x.shape) < 0.2] = NAN
    w = rng.uniform(0.5, 1.5, size=(4, 9))
    children = [x[:, k, None] for k in range(4)]

    def run(columns: slice) -> np.ndarray:
        weights = [np.ascontiguousarray(w[k, columns]) for k in range(4)]
        return aggregated(
            children=children, weights=weights, method=method, minimum_available=0.3, where="top"
        )

    whole = run(slice(None))
    apart = np.concatenate([run(slice(k, k + 1)) for k in range(9)], axis=1)
    assert np.array_equal(whole, apart, equal_nan=True)


def test_principal_component_weights_are_equal_for_columns_alike() -> None:
    rng = np.random.default_rng(3)
    common = rng.normal(size=400)
    x = np.stack([common + 0.5 * rng.normal(size=400) for _ in range(3)], axis=1)
    assert pca_weights(values=x, where="top") == pytest.approx([1.0, 1.0, 1.0], abs=0.05)
    x[:, 2] *= -1
    with pytest.raises(InputError, match="load against"):
        pca_weights(values=x, where="top")


def test_equal_correlation_weights_do_what_they_say() -> None:
    rng = np.random.default_rng(4)
    common = rng.normal(size=200)
    x = np.stack([common * s + rng.normal(size=200) for s in (0.5, 1.0, 2.0)], axis=1)
    w = equal_correlation_weights(values=x, where="top")
    r = [np.corrcoef(x[:, k], x @ w)[0, 1] for k in range(3)]
    assert r == pytest.approx([r[0]] * 3, abs=1e-6)
    assert w.mean() == pytest.approx(1.0)
