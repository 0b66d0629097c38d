from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError
from openward.indicators.complexity import (
    advantage_matrix,
    density,
    eigenvalue_complexity,
    fitness,
    outlook,
    proximity,
    revealed_advantage,
)


def _nested(economies: int = 6, products: int = 9) -> np.ndarray:
    """Economy c makes the first products only; each later product is made by fewer."""
    made = np.linspace(2, products, economies).astype(int)
    return (np.arange(products) < made[:, None]).astype(np.float64)


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_advantage_averages_to_one_and_ignores_the_unit(seed: int) -> None:
    exports = np.random.default_rng(seed).lognormal(0, 2, (5, 7))
    rca = revealed_advantage(exports=exports)
    weights = exports.sum(axis=0) / exports.sum()
    assert np.allclose(rca @ weights, 1.0)
    assert np.allclose(revealed_advantage(exports=1e3 * exports), rca)


def test_both_sides_give_the_same_index() -> None:
    rng = np.random.default_rng(3)
    m = (rng.random((12, 30)) < np.linspace(0.9, 0.3, 30)).astype(np.float64)
    wide, tall = eigenvalue_complexity(advantage=m), eigenvalue_complexity(advantage=m.T.copy())
    assert np.allclose(np.abs(wide.economies), np.abs(tall.products), atol=1e-9)
    W = (m / m.sum(axis=1, keepdims=True)) @ (m / m.sum(axis=0)).T
    spread = W @ wide.economies
    assert abs(np.corrcoef(spread, wide.economies)[0, 1]) == pytest.approx(1.0)


def test_more_diverse_economies_are_fitter() -> None:
    m = _nested()
    found = fitness(advantage=m)
    assert (np.diff(found.economies) > 0).all()
    assert found.iterations == 20
    assert found.products[-1] > found.products[0]


def test_proximity_and_density_are_shares() -> None:
    m = _nested()
    phi = proximity(advantage=m)
    assert np.allclose(phi, phi.T)
    assert np.allclose(np.diag(phi), 1.0)
    assert ((phi >= 0) & (phi <= 1)).all()
    near = density(advantage=m, closeness=phi)
    assert ((near >= 0) & (near <= 1 + 1e-12)).all()
    assert np.allclose(near[-1], 1.0)
    assert outlook(advantage=m, closeness=phi, product_complexity=np.ones(9))[-1] == pytest.approx(0.0)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        revealed_advantage(exports=np.array([[1.0, -1.0]]))
    m = _nested()
    m[0] = 0.0
    with pytest.raises(InputError, match="1 economies"):
        eigenvalue_complexity(advantage=m)
    with pytest.raises(InputError, match="fewer than three"):
        fitness(advantage=np.ones((2, 2)))
    assert advantage_matrix(rca=np.array([[0.99, 1.0]])).tolist() == [[0.0, 1.0]]
